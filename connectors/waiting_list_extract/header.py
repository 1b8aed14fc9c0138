"""Recognises what an extract is by its header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.errors import RuleBroken
from helpdesk.extracts.columns import KNOWN, REQUIRED
from helpdesk.extracts.model import ExtractKind

_LIKE_A_NAME = re.compile(r"[A-Za-z][A-Za-z _./()-]{1,79}\d{0,2}")
"""What may be repeated in a message: a file without a header has a person in its first line."""


@dataclass(frozen=True)
class Header:
    """`places` gives the position of each known column, `width` how many fields each row must have."""

    kind: ExtractKind
    places: dict[str, int]
    width: int
    extra: tuple[str, ...]

    @classmethod
    def of(cls, record: Sequence[str], wanted: ExtractKind | None) -> Header:
        """Letter case and order do not matter. Raises RuleBroken with what is missing or twice there."""
        names = [name.strip().casefold() for name in record]
        kind = wanted or _recognised(names)
        known = {column.casefold(): column for column in KNOWN[kind]}
        missing = [c for c in REQUIRED[kind] if c.casefold() not in names]
        if missing:
            raise RuleBroken(_missing(kind, missing), field=missing[0])
        _refuse_twins(names, known)
        places = {known[name]: place for place, name in enumerate(names) if name in known}
        extra = tuple(_shown(record[place], place) for place, name in enumerate(names) if name not in known)
        return cls(kind, places, len(record), extra)


def _recognised(names: Sequence[str]) -> ExtractKind:
    """The kind with most of its required columns here; a file with less than half of either is something else."""
    held = set(names)
    shares = {kind: sum(c.casefold() in held for c in columns) / len(columns) for kind, columns in REQUIRED.items()}
    kind = max(shares, key=lambda k: shares[k])
    if shares[kind] < 0.5:
        raise RuleBroken("This is not an extract that the desk knows: its first line has no known set of columns.", field="file")
    return kind


def _missing(kind: ExtractKind, missing: Sequence[str]) -> str:
    what = kind.value.replace("_", " ")
    if len(missing) == 1:
        return f"This {what} file has no column {missing[0]}."
    return f"This {what} file has no columns {', '.join(missing)}."


def _refuse_twins(names: Sequence[str], known: dict[str, str]) -> None:
    """Of a column that is read there must be one; what stands beside it, named twice or not at all, is only reported."""
    for place, name in enumerate(names):
        if name in known and name in names[:place]:
            raise RuleBroken(f"The column {known[name]} stands in the header twice.", field="file")


def _shown(name: str, place: int) -> str:
    return name.strip() if _LIKE_A_NAME.fullmatch(name.strip()) else f"column {place + 1}"

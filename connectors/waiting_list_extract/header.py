"""Recognises what an extract is by its header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.errors import RuleBroken
from helpdesk.extracts.columns import KNOWN, READ, REQUIRED
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
    not_used: tuple[str, ...]

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
        read = frozenset(READ[kind])
        places = {known[name]: place for place, name in enumerate(names) if known.get(name) in read}
        extra = tuple(_shown(record[place], place) for place, name in enumerate(names) if name not in known)
        not_used = tuple(known[name] for name in names if name in known and known[name] not in read)
        return cls(kind, places, len(record), extra, not_used)

    @staticmethod
    def shown(names: Sequence[str]) -> tuple[str, ...]:
        """Columns as they may be named in a message."""
        return tuple(_shown(name, place) for place, name in enumerate(names))


def _recognised(names: Sequence[str]) -> ExtractKind:
    """The kind whose required columns are here, the one with most of them first: lists and clock extracts share many.
    A file with less than half of those of any kind is something else."""
    held = set(names)
    here = {kind: sum(c.casefold() in held for c in columns) for kind, columns in REQUIRED.items()}
    kind = max(here, key=lambda k: 2 * here[k] - len(REQUIRED[k]))
    if here[kind] < len(REQUIRED[kind]) / 2:
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

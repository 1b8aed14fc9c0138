"""What a new file looks like, and the mapping proposed for it; nothing in it says anything of a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from helpdesk.extracts.model import ExtractKind


@dataclass(frozen=True)
class ColumnSeen:
    """One column. `distinct` is None above the number that is counted. `values` are the words of a column of codes, each
    with its rows, and only those that many rows share or the desk knows; `dates` the forms that its values have.
    `looks` says what most values could be: "NHS number", "organisation code"."""

    name: str
    filled: int
    distinct: int | None
    dates: tuple[tuple[str, int], ...] = ()
    values: tuple[tuple[str, int], ...] = ()
    looks: str = ""


@dataclass(frozen=True)
class Guess:
    """One of the desk's columns and the file's column for it, with the reason. `theirs` is "" where none was found."""

    ours: str
    theirs: str
    reason: str


@dataclass(frozen=True)
class Proposal:
    """A mapping to be looked at by a person. `unknown` are required columns that nothing was found for and that cannot be
    left blank; `blank` those that can; `values` what each word of theirs seems to mean, "" where that is to be said."""

    kind: ExtractKind
    delimiter: str
    encoding: str
    dates: tuple[str, ...]
    missing_dates: tuple[str, ...]
    guesses: tuple[Guess, ...]
    unknown: tuple[str, ...]
    blank: tuple[str, ...]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Survey:
    """`rows` are those that could be read; `broken_at` is the row past which the file cannot be, None where it can.
    `proposal` is None where the file is of no known kind."""

    rows: int
    columns: tuple[ColumnSeen, ...]
    proposal: Proposal | None
    broken_at: int | None = None

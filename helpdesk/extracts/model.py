"""What an extract is, and what was found in one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ExtractKind(StrEnum):
    PERSONS = "persons"
    OPEN_PATHWAYS = "open_pathways"
    CLOCKS = "clocks"
    CLOCK_STARTS = "clock_starts"
    CLOCK_STOPS = "clock_stops"
    REFERRALS = "referrals"
    ACTIVITY = "activity"

    @property
    def held_as(self) -> ExtractKind:
        """What its rows are: a provider may send clock starts and stops in two files, each with a live snapshot of its
        own, or in one; the rows of all three are ClockEvents."""
        return ExtractKind.CLOCKS if self in (ExtractKind.CLOCK_STARTS, ExtractKind.CLOCK_STOPS) else self


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a file. `row` counts the header as 1, None for the file as a whole. `text` never repeats a
    value that could identify a person."""

    row: int | None
    column: str
    text: str


@dataclass(frozen=True)
class Profile:
    """What a look through the whole file found. `provider` is "" for persons without one; `as_at` None when the file
    does not say. `problems` holds the first 100, `problem_count` all of them; any problem refuses the file.
    `left_out` are rows that are sound but must not be linked to a person, because the number on them is not verified.
    `not_used` are known columns that the desk never takes, `extra_columns` those it does not know."""

    kind: ExtractKind
    provider: str
    as_at: date | None
    rows: int
    sha256: str
    extra_columns: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    problem_count: int = 0
    left_out: int = 0
    not_used: tuple[str, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """One import: live, replaced or refused."""

    id: str
    kind: ExtractKind
    provider: str
    as_at: date
    rows: int
    sha256: str
    imported: datetime
    imported_by: str
    live: bool
    source: str = ""
    """The instance whose folder it came from, or "command line"."""

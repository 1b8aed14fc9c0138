"""Counts of people waiting and of those who came off, by month, provider, treatment function and whole weeks waited."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

Bands = tuple[int, ...]
"""People by whole weeks waited; the last entry is everybody beyond."""

_PERIOD = re.compile(r"(?:RTT-)?([A-Za-z]+)-(\d{4})")
_NUMBERED = re.compile(r"(\d{4})-(\d\d)")


@lru_cache(maxsize=1024)
def _days(year: int, month: int) -> int:
    """The back-test asks for the same few months a hundred thousand times."""
    return calendar.monthrange(year, month)[1]


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month; counts of waiting are of its last day."""

    year: int
    month: int

    @property
    def end(self) -> date:
        return date(self.year, self.month, self.days)

    @property
    def days(self) -> int:
        return _days(self.year, self.month)

    @property
    def weeks(self) -> float:
        return self.days / 7

    def plus(self, months: int) -> Month:
        at = self.year * 12 + self.month - 1 + months
        return Month(at // 12, at % 12 + 1)

    @property
    def name(self) -> str:
        """January 2026, whatever the computer's language."""
        return f"{_MONTHS[self.month - 1]} {self.year}"

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def month_of(text: str) -> Month | None:
    """The month in "RTT-January-2026" or "2026-01"; None for anything else."""
    if numbered := _NUMBERED.fullmatch(text.strip()):
        year, month = int(numbered[1]), int(numbered[2])
        return Month(year, month) if 1 <= month <= 12 else None
    named = _PERIOD.fullmatch(text.strip())
    if named is None or named[1].capitalize() not in _MONTHS:
        return None
    return Month(int(named[2]), _MONTHS.index(named[1].capitalize()) + 1)


@dataclass(frozen=True)
class CellCounts:
    """One provider's one treatment function in one month, all commissioners together. `waiting` and `decided` (those of
    them with a decision to admit) are as at the month's end; None is "not published", never "nobody". `admitted` and
    `not_admitted` are those who came off in the month, by how long they had waited; `started` new clocks."""

    waiting: Bands | None = None
    decided: Bands | None = None
    admitted: Bands | None = None
    not_admitted: Bands | None = None
    started: int | None = None


CellKey = tuple[str, str]
"""Provider and treatment function, the latter as `110` or `X05`."""


@dataclass(frozen=True)
class MonthCounts:
    """One month of everybody in one file. `names` are the providers'; `totals` are people by part ("Part_2") as the file's
    details add up."""

    month: Month
    open_from: int
    cells: Mapping[CellKey, CellCounts]
    names: Mapping[str, str] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=dict)
    rows: int = 0


def collapsed(bands: Sequence[int], open_from: int) -> Sequence[int]:
    """The same people with everybody from `open_from` weeks in the last entry; as it is when it has no more than that."""
    if len(bands) <= open_from + 1:
        return bands
    return (*bands[:open_from], sum(bands[open_from:]))


def added(one: Bands | None, other: Bands | None) -> Bands | None:
    """None only where both are; the shorter way of counting wins."""
    if one is None or other is None:
        return one if other is None else other
    open_from = min(len(one), len(other)) - 1
    return tuple(a + b for a, b in zip(collapsed(one, open_from), collapsed(other, open_from), strict=True))

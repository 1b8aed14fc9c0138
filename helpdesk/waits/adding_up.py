"""Adds a published month up over commissioners, and refuses what does not add up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from operator import add, sub

from helpdesk.errors import RuleBroken
from helpdesk.waits.counts import Bands, CellCounts, CellKey, Month, MonthCounts

TOTAL = "999"
"""The treatment function that stands for all of them: it is checked and never added."""
_STARTS = "Part_3"
_FIELDS = {"Part_2": "waiting", "Part_2A": "decided", "Part_1A": "admitted", "Part_1B": "not_admitted"}


@dataclass(frozen=True)
class FileRow:
    """One row; None is a blank."""

    provider: str
    name: str
    commissioner: str
    part: str
    function: str
    bands: list[int] | None
    unknown: int | None
    total: int | None
    everybody: int | None


@dataclass
class _Group:
    """One provider, commissioner and part: its details less its total, which must come to nothing."""

    left: list[int]
    detail: bool = False
    total: bool = False
    line: int = 0


@dataclass
class Sums:
    """`open_from` is how many whole weeks the file counts before its open last column."""

    open_from: int
    rows: int = 0
    _cells: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    _starts: dict[CellKey, int] = field(default_factory=dict)
    _groups: dict[tuple[str, str, str], _Group] = field(default_factory=dict)
    _seen: set[tuple[str, str, str, str]] = field(default_factory=set)
    _names: dict[str, str] = field(default_factory=dict)
    _totals: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, row: FileRow, line: int) -> None:
        """Raises RuleBroken where the row does not add up or stands twice."""
        key = (row.provider, row.commissioner, row.part, row.function)
        if key in self._seen:
            raise refused("the same provider, commissioner, part and treatment function stand twice", line)
        self._seen.add(key)
        everybody = _checked(row, line)
        self._against_total(row, everybody, line)
        self.rows += 1
        if row.name:
            self._names[row.provider] = row.name
        if row.function != TOTAL:
            self._totals[row.part] += everybody
            self._keep(row, everybody)

    def _keep(self, row: FileRow, everybody: int) -> None:
        if row.part == _STARTS:
            cell = (row.provider, row.function)
            self._starts[cell] = self._starts.get(cell, 0) + everybody
        elif row.bands is not None:
            key = (row.provider, row.function, _FIELDS[row.part])
            held = self._cells.get(key)
            self._cells[key] = row.bands if held is None else list(map(add, held, row.bands))

    def _against_total(self, row: FileRow, everybody: int, line: int) -> None:
        values = [*(row.bands or [0] * (self.open_from + 1)), everybody]
        group = self._groups.get((row.provider, row.commissioner, row.part))
        if group is None:
            group = self._groups[row.provider, row.commissioner, row.part] = _Group([0] * len(values))
        group.line = line
        if row.function == TOTAL:
            group.total = True
            group.left = list(map(sub, group.left, values))
        else:
            group.detail = True
            group.left = list(map(add, group.left, values))

    def result(self, month: Month) -> MonthCounts:
        """Raises RuleBroken where the treatment functions of a provider do not add up to its total."""
        for group in self._groups.values():
            if group.total and (not group.detail or any(group.left)):
                raise refused("the treatment functions of a provider do not add up to its total (C_999)", group.line)
        cells: dict[CellKey, dict[str, Bands | int]] = defaultdict(dict)
        for (provider, function, part), bands in self._cells.items():
            cells[provider, function][part] = tuple(bands)
        for cell, started in self._starts.items():
            cells[cell]["started"] = started
        made = {cell: CellCounts(**parts) for cell, parts in cells.items()}  # type: ignore[arg-type]  # by field name, above
        return MonthCounts(month, self.open_from, made, self._names, dict(self._totals), self.rows)


def _checked(row: FileRow, line: int) -> int:
    """Everybody the row speaks of."""
    if row.everybody is None:
        raise refused('"Total All" is blank', line)
    if row.part == _STARTS:
        if row.bands is not None and any(row.bands):
            raise refused("new clocks cannot be counted by weeks waited", line)
        return row.everybody
    if row.bands is None:
        if row.everybody != (row.unknown or 0):
            raise refused("the weeks are blank, but somebody is counted", line)
    elif sum(row.bands) + (row.unknown or 0) != row.everybody:
        raise refused('the weeks do not add up to "Total All"', line)
    elif row.total is not None and sum(row.bands) != row.total:
        raise refused('the weeks do not add up to "Total"', line)
    return row.everybody


def refused(why: str, row: int | None = None, column: str = "") -> RuleBroken:
    where = f" (row {row}{', ' + column if column else ''})" if row else ""
    return RuleBroken(f"The file was refused and nothing changed: {why}{where}.", field="file")

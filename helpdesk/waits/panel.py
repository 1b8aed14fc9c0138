"""Reads the panel of December 2014 to March 2015 (by commissioner, weeks 0 to 51 and 52 or more) for the back-test.

It is a rearrangement of NHS England's published tables: one row for each month, part, commissioner and treatment function.
The commissioner stands where a provider would."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from pathlib import Path

from helpdesk.waits.adding_up import TOTAL, refused
from helpdesk.waits.counts import Bands, CellCounts, CellKey, Month, MonthCounts, month_of

OPEN_FROM = 52
_FIELDS = {"Incomplete": "waiting", "Admitted": "admitted", "NonAdmitted": "not_admitted"}
_BANDS = (*(f"w{week:02}" for week in range(OPEN_FROM)), "w52_plus")


def read_panel(path: Path) -> tuple[MonthCounts, ...]:
    """Its months, the earliest first. Raises RuleBroken for another file, or one that does not add up."""
    months: dict[Month, dict[CellKey, dict[str, Bands]]] = defaultdict(lambda: defaultdict(dict))
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        if not {"period", "part", "commissioner_code", *_BANDS} <= set(rows.fieldnames or ()):
            raise refused("it is not the panel of 2014-15")
        for line, row in enumerate(rows, 2):
            month = month_of(row["period"])
            if month is None or row["part"] not in _FIELDS:
                raise refused("the month or the part is not known", line)
            function = row["treatment_function_code"].strip().removeprefix("C_")
            if function != TOTAL:
                months[month][row["commissioner_code"], function][_FIELDS[row["part"]]] = _bands(row, line)
    return tuple(
        MonthCounts(month, OPEN_FROM, {key: _cell(parts) for key, parts in cells.items()}) for month, cells in sorted(months.items())
    )


def _cell(parts: dict[str, Bands]) -> CellCounts:
    return CellCounts(waiting=parts.get("waiting"), admitted=parts.get("admitted"), not_admitted=parts.get("not_admitted"))


def _bands(row: dict[str, str], line: int) -> Bands:
    try:
        bands = tuple(int(row[name]) for name in _BANDS)
        total = int(row["total_published"])
    except ValueError:
        raise refused("there is something else than a count", line) from None
    if sum(bands) + int(row["unknown_start"] or 0) != total:
        raise refused("the weeks do not add up to the published total", line)
    return bands

"""Reads NHS England's monthly file of referral-to-treatment waits as it is published, whole or not at all.

Source: NHS England, Consultant-led RTT waiting times, "Full CSV data file"; one row for each provider, commissioner,
part and treatment function."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from helpdesk.waits.adding_up import TOTAL, FileRow, Sums, refused
from helpdesk.waits.counts import Month, MonthCounts, month_of
from helpdesk.waits.rules import published_functions

_PERIOD, _PROVIDER, _COMMISSIONER, _PART, _FUNCTION = (
    "Period",
    "Provider Org Code",
    "Commissioner Org Code",
    "RTT Part Type",
    "Treatment Function Code",
)
_NAME, _TOTAL, _UNKNOWN, _ALL = "Provider Org Name", "Total", "Patients with unknown clock start date", "Total All"
_NEEDED = (_PERIOD, _PROVIDER, _COMMISSIONER, _PART, _FUNCTION, _ALL)
_BAND = re.compile(r"gt\s*(\d+)\s*(?:to\s*(\d+)\s*)?weeks\b.*", re.IGNORECASE)
_TITLE_LINES = 12
_MOST_BYTES = 2_000_000_000
"""A month is about 85 MB; a zip that unpacks to more than this is none."""
_PARTS = ("Part_1A", "Part_1B", "Part_2", "Part_2A", "Part_3")
_AT_ONCE = 5_000

Progress = Callable[[int], None]


@dataclass(frozen=True)
class _Columns:
    at: dict[str, int]
    bands: slice
    open_from: int
    width: int


def read_month(path: Path, progress: Progress | None = None) -> MonthCounts:
    """The file's month, summed over commissioners, and checked. `progress` is told rows read. Raises RuleBroken, with the
    row where there is one, for a file that is not as published or does not add up; nothing of it may then be used."""
    with _lines(path) as lines:
        try:
            return _read(csv.reader(lines), progress)
        except UnicodeDecodeError:
            raise refused("it is not UTF-8 text") from None
        except (csv.Error, zipfile.BadZipFile, zlib.error, EOFError, OSError):
            raise refused("it is damaged and cannot be read to its end") from None


@contextmanager
def _lines(path: Path) -> Iterator[IO[str]]:
    """The text of the CSV, also where it lies in the zip it is published in."""
    try:
        if not zipfile.is_zipfile(path):
            with path.open(encoding="utf-8-sig", newline="") as plain:
                yield plain
            return
        with zipfile.ZipFile(path) as archive, archive.open(_only_csv(archive)) as packed:
            yield io.TextIOWrapper(packed, encoding="utf-8-sig", newline="")
    except (OSError, zipfile.BadZipFile, NotImplementedError):
        raise refused("it cannot be opened") from None


def _only_csv(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    held = [i for i in archive.infolist() if i.filename.lower().endswith(".csv") and not i.filename.startswith("__MACOSX")]
    if len(held) != 1:
        raise refused("the zip must hold exactly one CSV file")
    if held[0].file_size > _MOST_BYTES or held[0].flag_bits & 1:
        raise refused("the zip holds a file that is far too big, or locked")
    return held[0]


def _read(rows: Iterator[list[str]], progress: Progress | None) -> MonthCounts:
    columns, line = _header(rows)
    sums = Sums(columns.open_from)
    month: Month | None = None
    for cells in rows:
        line += 1
        if not any(cells):
            continue
        month = _same_month(month, cells, columns, line)
        sums.add(_row(cells, columns, line), line)
        if progress is not None and sums.rows % _AT_ONCE == 0:
            progress(sums.rows)
    if month is None:
        raise refused("it holds no rows")
    return sums.result(month)


def _header(rows: Iterator[list[str]]) -> tuple[_Columns, int]:
    """The header is the first line that has all the columns needed; older files have title lines before it."""
    for line, cells in enumerate(rows, 1):
        at: dict[str, int] = {}
        for place, name in enumerate(" ".join(c.split()) for c in cells):
            if name in at and (name in _NEEDED or name in (_TOTAL, _UNKNOWN)):
                raise refused(f'the column "{name}" stands twice', line)
            at.setdefault(name, place)
        if all(name in at for name in (_PERIOD, _PROVIDER)):
            missing = [name for name in _NEEDED if name not in at]
            if missing:
                raise refused(f'the column "{missing[0]}" is missing', line)
            return _Columns(at, *_bands(cells, line), len(cells)), line
        if line >= _TITLE_LINES:
            break
    raise refused("it has no header line as NHS England publishes it")


def _bands(cells: Sequence[str], line: int) -> tuple[slice, int]:
    """Where the week columns stand and how many whole weeks they go to: they must follow each other from 0 and end with
    one open column (104 since April 2021, 52 before)."""
    found = [(place, m) for place, name in enumerate(cells) if (m := _BAND.fullmatch(name.strip()))]
    whole = [(int(m[1]), int(m[2])) for _, m in found if m[2] is not None]
    is_open = [int(m[1]) for _, m in found if m[2] is None]
    places = [place for place, _ in found]
    in_order = whole == [(k, k + 1) for k in range(len(whole))] and is_open == [len(whole)]
    side_by_side = bool(places) and places == list(range(places[0], places[0] + len(places)))
    if not whole or not in_order or not side_by_side or found[-1][1][2] is not None:
        raise refused("the week columns do not follow each other from 0 to an open last one", line)
    return slice(places[0], places[-1] + 1), len(whole)


def _same_month(known: Month | None, cells: list[str], columns: _Columns, line: int) -> Month:
    if len(cells) != columns.width:
        raise refused(f"it has {len(cells)} columns where the header has {columns.width}", line)
    month = month_of(cells[columns.at[_PERIOD]])
    if month is None:
        raise refused("the period is no month", line, _PERIOD)
    if known is not None and month != known:
        raise refused("it holds more than one month", line, _PERIOD)
    return month


def _row(cells: list[str], columns: _Columns, line: int) -> FileRow:
    at = columns.at
    part = cells[at[_PART]].strip()
    function = cells[at[_FUNCTION]].strip().upper().removeprefix("C_")
    provider = cells[at[_PROVIDER]].strip().upper()
    if part not in _PARTS:
        raise refused("it speaks of a part that is not known", line, _PART)
    if not provider:
        raise refused("it has no provider", line)
    if function != TOTAL and function not in published_functions():
        raise refused("it speaks of a treatment function that is not published", line, _FUNCTION)
    return FileRow(
        provider=provider,
        name=cells[at[_NAME]].strip() if _NAME in at else "",
        commissioner=cells[at[_COMMISSIONER]].strip().upper(),
        part=part,
        function=function,
        bands=_counts(cells[columns.bands], line),
        unknown=_count(cells[at[_UNKNOWN]], line, _UNKNOWN) if _UNKNOWN in at else None,
        total=_count(cells[at[_TOTAL]], line, _TOTAL) if _TOTAL in at else None,
        everybody=_count(cells[at[_ALL]], line, _ALL),
    )


def _counts(cells: list[str], line: int) -> list[int] | None:
    """None where every week is blank: that is not known, it is not nobody."""
    try:
        counts = [int(c) for c in cells]
    except ValueError:
        if not any(c.strip() for c in cells):
            return None
        # a blank between numbers counts as none only because the sum is checked against the total
        counts = [_count(c, line, "a week") or 0 for c in cells]
    if min(counts) < 0:
        raise refused("a count is below 0", line)
    return counts


def _count(cell: str, line: int, column: str) -> int | None:
    bare = cell.strip().replace(",", "")
    if not bare:
        return None
    if not (bare.isascii() and bare.isdigit()):
        raise refused("there is something else than a count", line, column)
    return int(bare)

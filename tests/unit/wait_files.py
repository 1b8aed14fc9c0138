"""Files of published counts made for tests, and where the real ones may lie."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from helpdesk.practice import published_waits
from helpdesk.waits.counts import Month

HEAD = list(published_waits.HEADER)
Cells = list[list[str]]


def real(name: str) -> Path:
    """A file as NHS England published it; skips where RTT_DATA does not name its folder and no sibling has it."""
    folder = Path(os.environ.get("RTT_DATA", Path(__file__).resolve().parents[3] / "shared" / "data" / "rtt"))
    if not (folder / name).is_file():
        pytest.skip("published files are not here: set RTT_DATA to their folder")
    return folder / name


def row(provider: str, commissioner: str, part: str, function: str, weeks: Sequence[int], month: str = "RTT-January-2026") -> list[str]:
    """One row as published; of new clocks only the sum of `weeks` is written."""
    head = [month, "XICB", "BOARD", provider, "", "", "", commissioner, "", part, part, function, "name"]
    total = str(sum(weeks))
    if part == "Part_3":
        return [*head, *[""] * 105, "", "", total]
    counts = [str(n) for n in (*weeks, *[0] * (105 - len(weeks)))]
    return [*head, *counts, *((total, "0") if part.startswith("Part_1") else ("", "")), total]


def month_file() -> Cells:
    """One provider, two commissioners, two treatment functions and their total."""
    found = [list(HEAD)]
    for commissioner, more in (("XICB", 0), ("NONC", 1)):
        for part in ("Part_1A", "Part_1B", "Part_2", "Part_2A", "Part_3"):
            found.append(row("XFC01", commissioner, part, "C_110", [3 + more, 2, 5]))
            found.append(row("XFC01", commissioner, part, "   X02", [1, 0, 4 + more]))
            found.append(row("XFC01", commissioner, part, "C_999", [4 + more, 2, 9 + more]))
    return found


def write(folder: Path, rows: Cells, change: Callable[[Cells], None] = lambda _rows: None, *, before: str = "") -> Path:
    rows = [list(cells) for cells in rows]
    change(rows)
    path = folder / "month.csv"
    path.write_text(before + "\n".join(",".join(cells) for cells in rows) + "\n", encoding="utf-8-sig")
    return path


def column(name: str) -> int:
    return HEAD.index(name)


JANUARY = Month(2026, 1)

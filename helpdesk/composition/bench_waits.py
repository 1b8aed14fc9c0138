"""How long a month of published counts of the whole country takes to come in: a file of that size, made and thrown away."""

from __future__ import annotations

import csv
import random
import secrets
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpdesk.access.model import Role
from helpdesk.clock import SystemClock, london_day
from helpdesk.composition import accounts
from helpdesk.practice.published_waits import HEADER, counted_row
from helpdesk.storage.audit import SqlAuditTrail
from helpdesk.storage.database import Database
from helpdesk.storage.waits import SqlWaits
from helpdesk.waits.counts import Month
from helpdesk.waits.rules import CHILDREN, published_functions
from helpdesk.waits.service import WaitImport
from helpdesk.waits.tables import WaitTables

_PARTS = ("Part_1A", "Part_1B", "Part_2", "Part_2A", "Part_3")
_WEEKS = 105
_COMMISSIONERS = 14


@dataclass(frozen=True)
class Measured:
    """In seconds: reading and keeping the file, and reckoning every list of it."""

    rows: int
    bytes: int
    take_in_s: float
    reckon_s: float
    providers: int


def measure(rows: int) -> Measured:
    """Imports a made-up file of about so many rows into an encrypted database of its own."""
    clock = SystemClock()
    today = london_day(clock.now())
    month = Month(today.year, today.month).plus(-1)
    with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as name:
        path = Path(name) / "month.csv"
        made = _write(path, month, rows)
        database = Database.open(Path(name) / "bench.db", secrets.token_bytes(32), "sandbox")
        try:
            database.migrate()
            session = accounts.program_session(Role.SUPPORT, accounts.COMMAND_DESK, "XICB", clock)
            store = SqlWaits(database, session, clock)
            work = WaitImport(store, WaitTables(store, live=False), SqlAuditTrail(database, session, clock), session, clock)
            start = time.perf_counter()
            taken = work.take_in(path, "bench")
            middle = time.perf_counter()
            work.reckon()
            return Measured(made, path.stat().st_size, middle - start, time.perf_counter() - middle, taken.held.providers)
        finally:
            database.close()


def _write(path: Path, month: Month, rows: int) -> int:
    written = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        for row in _rows(month):
            out.writerow(row)
            written += 1
            if written >= rows and row[11] == "C_999":
                break
    return written


def _rows(month: Month) -> Iterator[list[Any]]:
    """Providers without end, each with so many commissioners and every treatment function and their total."""
    draw = random.Random(1)  # noqa: S311  # made-up counts, nothing secret
    functions = sorted(published_functions() - {"X01", CHILDREN})
    provider = 0
    while True:
        provider += 1
        for commissioner in range(_COMMISSIONERS):
            for part in _PARTS:
                total = [0] * _WEEKS
                for function in functions:
                    counts = [draw.randrange(4) if k < 60 else 0 for k in range(_WEEKS)]
                    total = [a + b for a, b in zip(total, counts, strict=True)]
                    yield counted_row(month, f"X{provider:04}", f"Y{commissioner:02}", part, function, counts)
                yield counted_row(month, f"X{provider:04}", f"Y{commissioner:02}", part, "999", total)

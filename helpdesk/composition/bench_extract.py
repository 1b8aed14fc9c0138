"""`bench extract`: a whole import beside the database's own speed, and beside a desk that goes on working.

The import and its peer take turns in one run: after each slice of the file the import stands still, its reading process
too, while the peer writes the same rows from memory, in file order and one transaction, into an encrypted file of the same
tables. Only the time of each one's own turns counts. A desk in a third process commits audit rows and drafts meanwhile."""

from __future__ import annotations

import multiprocessing
import os
import secrets
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from helpdesk.access.model import Role
from helpdesk.clock import SystemClock, london_day
from helpdesk.composition import accounts
from helpdesk.composition.bench_extract_desk import Waits, desk_at_work
from helpdesk.composition.bench_extract_files import LISTS_FILE, PERSONS_FILE, write_files
from helpdesk.composition.bench_extract_peer import Peer, peer
from helpdesk.composition.sources import extract_reader
from helpdesk.desk.extracts import ExtractImport
from helpdesk.extracts.model import ExtractKind
from helpdesk.storage.audit import SqlAuditTrail
from helpdesk.storage.database import Database
from helpdesk.storage.import_history import SqlImportHistory
from helpdesk.storage.snapshots import SqlSnapshots

_SLICE = 50_000
_NAME = "extract-reading"


@dataclass
class Measured:
    """`import_s` and `raw_s` are the turns of each; memory in MiB, of the process that writes and of the one that reads."""

    rows: int = 0
    import_s: float = 0.0
    raw_s: float = 0.0
    longest_transaction_s: float = 0.0
    writer_mib: float = 0.0
    reader_mib: float = 0.0
    waits: Waits = field(default_factory=Waits)


def measure(people: int, pathways: int, tell: Callable[[int, int], None]) -> Measured:
    """Raises StorageError or RuleBroken where the import does."""
    made = Measured()
    with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as name:
        folder, key = Path(name), secrets.token_bytes(32)
        files = _files(folder, people, pathways)
        database = Database.open(folder / "desk.db", key, "sandbox")
        try:
            database.migrate()
            with desk_at_work(folder / "desk.db", key) as desk, peer(folder / "peer.db", key) as other:
                for kind, path in files.items():
                    _one(database, kind, path, other, made, tell)
                made.waits = desk.waits()
        finally:
            database.close()
    return made


def _files(folder: Path, people: int, pathways: int) -> dict[ExtractKind, Path]:
    """Made in a process of its own, whose memory goes with it."""
    apart = multiprocessing.get_context("spawn")
    process = apart.Process(target=write_files, args=(folder, people, pathways, london_day(SystemClock().now())), name="bench-files")
    process.start()
    process.join()
    return {ExtractKind.PERSONS: folder / PERSONS_FILE, ExtractKind.OPEN_PATHWAYS: folder / LISTS_FILE}


def _one(database: Database, kind: ExtractKind, path: Path, other: Peer, made: Measured, tell: Callable[[int, int], None]) -> None:
    clock = SystemClock()
    session = accounts.program_session(Role.SUPPORT, accounts.COMMAND_DESK, "XICB", clock)
    store = SqlSnapshots(database, session, clock)
    service = ExtractImport(store, SqlAuditTrail(database, session, clock), session, clock, SqlImportHistory(database, clock))
    day = london_day(clock.now())
    other.open(path, kind, day)
    turns = _Turns(other.write, made)

    def progress(done: int, expected: int) -> None:
        if turns.after(done):
            tell(done, expected)

    began = perf_counter()
    done = service.import_file(
        extract_reader(), path, kind=kind, as_at=day if kind is ExtractKind.PERSONS else None, source="bench", progress=progress
    )
    made.import_s += perf_counter() - began - turns.away_s
    turns.rest(done.rows)
    made.rows += done.rows
    made.longest_transaction_s = max(made.longest_transaction_s, store.pace.longest_s)
    made.writer_mib = max(made.writer_mib, _peak_mib(os.getpid()))


class _Turns:
    """Stops the import after each slice and lets the peer write as many rows."""

    def __init__(self, write: Callable[[int], float], made: Measured) -> None:
        self._write, self._made = write, made
        self._written = 0
        self.away_s = 0.0

    def after(self, done: int) -> bool:
        if done - self._written < _SLICE:
            return False
        began = perf_counter()
        with _reading_stands_still(self._made):
            self._peer(done)
        self.away_s += perf_counter() - began
        return True

    def rest(self, rows: int) -> None:
        if rows > self._written:
            self._peer(rows)

    def _peer(self, upto: int) -> None:
        self._made.raw_s += self._write(upto - self._written)
        self._written = upto


@contextmanager
def _reading_stands_still(made: Measured) -> Iterator[None]:
    """It would read ahead while it is not its turn. Only where processes can be stopped (POSIX)."""
    reading = [p.pid for p in multiprocessing.active_children() if p.name == _NAME and p.pid is not None]
    for pid in reading:
        made.reader_mib = max(made.reader_mib, _peak_mib(pid))
        _signal(pid, "SIGSTOP")
    try:
        yield
    finally:
        for pid in reading:
            _signal(pid, "SIGCONT")


def _signal(pid: int, name: str) -> None:
    if hasattr(signal, name):
        os.kill(pid, getattr(signal, name))


def _peak_mib(pid: int) -> float:
    """The most memory that a process ever held, 0 where the system does not say (Linux does)."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)

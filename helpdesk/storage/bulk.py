"""Writes and deletes many rows that nobody reads, in transactions so short that nobody at a desk waits for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, sleep
from typing import Any, TypeVar

from sqlalchemy import Connection

from helpdesk.storage.database import Database
from helpdesk.storage.prepared import COLUMNS
from helpdesk.storage.turns import Turns

T = TypeVar("T")

_AIM_S = 0.04
"""A transaction may take 100 ms at most; what is aimed at leaves room for a slow disk."""
_FEWEST, _MOST = 20, 20_000
_PAUSE_S = 0.003
_LONGEST_PAUSE_S = 0.2
_CHECKPOINT_EVERY = 6
"""Transactions: some 20 MB at most."""


class Pace:
    """How many rows of each table go into one transaction: fewer after a slow one, more after a quick one. `longest_s` is
    the longest transaction so far."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._rows: dict[str, int] = {}

    def rows(self, what: str) -> int:
        return self._rows.get(what, 200)

    def took(self, what: str, rows: int, seconds: float) -> None:
        self.longest_s = max(self.longest_s, seconds)
        if rows * 2 < self.rows(what) and seconds < _AIM_S:
            return
        by = min(max(_AIM_S / max(seconds, 1e-4), 0.2), 1.5)
        self._rows[what] = min(max(int(self.rows(what) * by), _FEWEST), _MOST)


class BulkWriter:
    """One connection's short transactions, with a pause between two. `turns` is None where writers do not wait for each
    other."""

    def __init__(self, connection: Connection, pace: Pace, turns: Turns | None) -> None:
        self._connection, self._pace, self._turns = connection, pace, turns
        self._since_checkpoint = 0

    def rows(self, what: str) -> int:
        return self._pace.rows(what)

    def transaction(self, what: str, rows: int, act: Callable[[Connection], T]) -> T:
        """One transaction of so many rows, and what `act` returns."""
        began = perf_counter()
        with self._connection.begin():
            # the wait for a turn is not part of it
            began = perf_counter()
            done = act(self._connection)
        self._pace.took(what, rows, perf_counter() - began)
        self._let_others()
        return done

    def checkpoint(self) -> None:
        """Moves what is committed from the log into the file, without holding anybody up."""
        if self._turns is not None:
            raw_of(self._connection).execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        self._since_checkpoint = 0

    def _let_others(self) -> None:
        if self._turns is None:
            return
        self._since_checkpoint += 1
        if self._since_checkpoint >= _CHECKPOINT_EVERY:
            self.checkpoint()
        sleep(_PAUSE_S)
        until = perf_counter() + _LONGEST_PAUSE_S
        while self._turns.waiting and perf_counter() < until:
            sleep(_PAUSE_S)


@contextmanager
def writing_much(database: Database, pace: Pace) -> Iterator[BulkWriter]:
    """Rows written so are safe once a later transaction of `Database.begin()` is: until then a power cut may lose the
    newest of them, never only some of a transaction. Raises StorageError."""
    with database.connection() as connection:
        raw = raw_of(connection)
        if database.dialect != "sqlite":
            raw.execute("SET synchronous_commit = off")
            raw.commit()
            try:
                yield BulkWriter(connection, pace, None)
            finally:
                raw.rollback()
                raw.execute("SET synchronous_commit = on")
                raw.commit()
            return
        writer = BulkWriter(connection, pace, database.turns)
        # a commit neither waits for the disk nor moves the log: the swap does the one, a step between two transactions the other
        raw.execute("PRAGMA synchronous = NORMAL")
        raw.execute("PRAGMA wal_autocheckpoint = 0").fetchall()
        try:
            yield writer
            writer.checkpoint()
        finally:
            raw.execute("PRAGMA synchronous = FULL")
            raw.execute("PRAGMA wal_autocheckpoint = 1000").fetchall()


def insert_rows(connection: Connection, table: str, rows: list[tuple[Any, ...]]) -> None:
    """Rows in the order of COLUMNS, at the speed of the driver."""
    columns = ", ".join(f'"{column}"' for column in COLUMNS[table])
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(COLUMNS[table]))
        connection.exec_driver_sql(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608  # our own names
        return
    with raw_of(connection).cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def raw_of(connection: Connection) -> Any:
    """The driver's own connection."""
    return connection.connection.driver_connection


class RawFile:
    """The driver alone on an encrypted file of the same tables: what an import is measured against."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._database = Database.open(path, key, "sandbox")
        self._database.migrate()

    def write(self, tables: Sequence[tuple[str, list[tuple[Any, ...]]]]) -> None:
        """All of them in one transaction, on disk when it returns."""
        with self._database.connection() as connection:
            raw = raw_of(connection)
            raw.execute("BEGIN IMMEDIATE")
            for table, rows in tables:
                marks = ", ".join("?" * len(COLUMNS[table]))
                columns = ", ".join(COLUMNS[table])
                raw.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608  # our own names
            raw.execute("COMMIT")

    def close(self) -> None:
        self._database.close()

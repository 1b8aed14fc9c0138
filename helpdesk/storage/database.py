"""The desk's database, one encrypted file or one PostgreSQL, and the only way into a transaction."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event, func, inspect, orm, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.pool import QueuePool

from helpdesk.errors import StorageError
from helpdesk.lazy import load
from helpdesk.storage.failures import CANNOT_OPEN, as_storage_errors
from helpdesk.storage.turns import Turns

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
"""The migrations this program knows, oldest first."""
MARKERS = frozenset({"live", "practice", "sandbox"})
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
    "busy_timeout = 5000",
    "cache_size = -65536",
    "temp_store = MEMORY",
)

Transaction = orm.Session
"""What `begin()` and `read()` give to the files of this room."""


class Database:
    """One open database. `marker` says whether what is in it is "live", "practice" or "sandbox"; a database made under
    another marker is refused."""

    def __init__(self, engine: Engine, marker: str, turns: Turns | None = None) -> None:
        if marker not in MARKERS:
            raise StorageError("The desk's database must be marked live, practice or sandbox.")
        self.marker = marker
        self.dialect = engine.dialect.name
        self.turns = turns or Turns()
        self._engine = engine
        self._writes = engine.execution_options(writes=True)
        self._reads = (
            engine if self.dialect == "sqlite" else engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        )
        try:
            self._refuse_other_marker()
        except StorageError:
            engine.dispose()
            raise

    @classmethod
    def open(cls, path: Path, key: bytes, marker: str) -> Database:
        """The encrypted file at `path`, made there if there is none; `key` is 32 bytes. Raises StorageError for a wrong
        key, a damaged file or another marker, and then nothing was written."""
        if len(key) != 32:
            raise StorageError("The key of the desk's database must have 32 bytes.")
        try:
            if not path.exists() and path.with_name(path.name + "-wal").exists():
                raise StorageError("The file of the desk's database is missing, but its latest changes are there. Nothing was changed.")
            if not path.exists():
                _make_file(path, key)
            if path.stat().st_size == 0:
                raise StorageError(CANNOT_OPEN)
        except (OSError, sqlcipher.Error):
            raise StorageError("The file of the desk's database cannot be made or read in its folder.") from None
        engine = create_engine(
            "sqlite://",
            module=sqlcipher,
            creator=lambda: _connect(path, key),
            hide_parameters=True,
            poolclass=QueuePool,
            pool_size=4,
            max_overflow=4,
        )
        turns = Turns()
        event.listen(engine, "begin", lambda connection: _begin_on_sqlite(connection, turns))
        return cls(engine, marker, turns)

    @classmethod
    def connect_url(cls, url: str, marker: str = "live") -> Database:
        """The PostgreSQL at a `postgresql://` address as libpq reads it (several hosts and passwords too)."""
        address = "postgresql://" + url.partition("://")[2]
        engine = create_engine("postgresql+psycopg://", hide_parameters=True, pool_pre_ping=True, pool_size=4, max_overflow=4)

        # The address goes to libpq as it is: SQLAlchemy cannot read several hosts, and it would show the address in its repr.
        @event.listens_for(engine, "do_connect")
        def connect(dialect: Any, _record: Any, _args: Any, options: dict[str, Any]) -> Any:
            return dialect.loaded_dbapi.connect(address, **{"connect_timeout": 5, **options})

        @event.listens_for(engine, "connect")
        def wait_ten_seconds_at_most(connection: Any, _record: Any) -> None:
            connection.execute("SET lock_timeout = '10s'")
            connection.commit()

        return cls(engine, marker)

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """A write transaction, committed at the end of the block. On SQLite it takes the write lock at its first
        statement (BEGIN IMMEDIATE), so that what it reads cannot change before it writes. Raises StorageError."""
        with as_storage_errors(), Transaction(self._writes, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that only reads and sees one state of the database throughout. Raises StorageError."""
        with as_storage_errors(), Transaction(self._reads) as session:
            yield session

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """One connection for several write transactions, each begun on it by itself. Raises StorageError."""
        with as_storage_errors(), self._writes.connect() as connection:
            yield connection

    def needs_migration(self) -> bool:
        """Whether `migrate()` must run before use. Raises StorageError for a database of a newer program."""
        with as_storage_errors(), self._engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return True
            version = connection.scalar(text("SELECT version_num FROM alembic_version"))
        if version not in REVISIONS:
            raise StorageError("The desk's database was made by a newer version of this program. Update the program.")
        return bool(version != REVISIONS[-1])

    def migrate(self) -> None:
        """Brings the tables to this program's form, in one transaction, and marks a new database. Only for whoever
        holds the lock of the data folder."""
        self.needs_migration()
        with as_storage_errors(), self._writes.begin() as connection:
            load("helpdesk.storage.migrating:upgrade")(connection)
            if _marker_of(connection) is None:
                connection.execute(text("INSERT INTO meta (name, value) VALUES ('marker', :marker)"), {"marker": self.marker})

    def close(self) -> None:
        self._engine.dispose()

    def _refuse_other_marker(self) -> None:
        with as_storage_errors(), self._engine.connect() as connection:
            found = _marker_of(connection) if inspect(connection).has_table("meta") else None
        if found not in (None, self.marker):
            raise StorageError(f"This is a {found} database and cannot be opened as {self.marker}. Nothing was changed.")


def insert_if_new(transaction: Transaction, record: type[orm.DeclarativeBase], **values: object) -> None:
    """Inserts a row unless one with its key is there."""
    insert = sqlite.insert if transaction.get_bind().dialect.name == "sqlite" else postgresql.insert
    transaction.execute(insert(record).values(**values).on_conflict_do_nothing())


def one_at_a_time(transaction: Transaction, name: str) -> None:
    """Write transactions that give the same name wait for each other; on SQLite all of them do so anyway."""
    if transaction.get_bind().dialect.name == "postgresql":
        transaction.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _marker_of(connection: Connection) -> str | None:
    found: str | None = connection.scalar(text("SELECT value FROM meta WHERE name = 'marker'"))
    return found


def _begin_on_sqlite(connection: Connection, turns: Turns) -> None:
    if not connection.get_execution_options().get("writes"):
        connection.exec_driver_sql("BEGIN")
    elif not turns.take(connection.connection.driver_connection):
        # once more, for the driver's own error
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _keyed(path: Path, key: bytes) -> Any:
    # isolation_level None: the driver's own transactions begin too late, at the first write
    connection = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False)
    # SQLCipher's own lines about a wrong key go to standard error, beside the sentence that says it
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return connection


def _connect(path: Path, key: bytes) -> Any:
    if not path.exists():
        raise StorageError("The file of the desk's database is no longer there.")
    connection = _keyed(path, key)
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").fetchall()
        modes = [
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        ]
        if modes != ["wal", 2, 1, 1]:
            raise StorageError("The desk's database cannot be used safely in this folder.")
    except BaseException:
        connection.close()
        raise
    return connection


def _make_file(path: Path, key: bytes) -> None:
    """Writes the first page under another name, so that a file with the database's name is never empty."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    connection = _keyed(new, key)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA user_version = 1")
    finally:
        connection.close()
    if not path.exists():
        os.replace(new, path)

"""One database for each test, on SQLCipher and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from storage_facts import KEY, MovableClock
from storage_server import PostgresServer

from helpdesk.storage.database import Database


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def migrated_template(postgres: PostgresServer) -> str:
    """The name of a migrated database that others are copied from."""
    url = postgres.new_database()
    database = Database.connect_url(url)
    database.migrate()
    database.close()
    return url.partition("@/")[2].partition("?")[0]


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(tmp_path / "helpdesk.db", KEY, "live")
    database.migrate()
    yield database
    database.close()


@pytest.fixture(params=["sqlcipher", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    if request.param == "sqlcipher":
        yield request.getfixturevalue("encrypted")
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.new_database(request.getfixturevalue("migrated_template"))
    database = Database.connect_url(url)
    yield database
    database.close()
    server.drop(url)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()

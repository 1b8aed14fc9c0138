"""Opening, migrating and refusing."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from storage_facts import KEY, NOON
from storage_server import PostgresServer

from helpdesk.errors import StorageError
from helpdesk.storage import index_records
from helpdesk.storage.database import REVISIONS, Database
from helpdesk.storage.migrating import configuration
from helpdesk.storage.records import CallRecord, MetaRecord, Record


def test_the_migrated_tables_are_those_of_the_records(database: Database) -> None:
    assert index_records.PersonRecord.__tablename__ in Record.metadata.tables
    with database.read() as transaction:
        context = MigrationContext.configure(transaction.connection(), opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, Record.metadata) == []


def test_the_comparison_sees_a_missing_column(database: Database) -> None:
    with database.begin() as transaction:
        transaction.execute(text("ALTER TABLE spent_item ADD COLUMN extra INTEGER"))
    with database.read() as transaction:
        assert compare_metadata(MigrationContext.configure(transaction.connection()), Record.metadata)


def test_the_program_knows_the_newest_migration(encrypted: Database) -> None:
    with encrypted.read() as transaction:
        scripts = ScriptDirectory.from_config(configuration(transaction.connection()))
    assert tuple(reversed([script.revision for script in scripts.walk_revisions()])) == REVISIONS


def test_migrating_twice_is_once(database: Database) -> None:
    assert not database.needs_migration()
    database.migrate()
    assert not database.needs_migration()


def test_a_new_database_needs_migration(tmp_path: Path, postgres: PostgresServer) -> None:
    for new in (Database.open(tmp_path / "new.db", KEY, "practice"), Database.connect_url(postgres.new_database(), "practice")):
        assert new.needs_migration()
        new.migrate()
        assert not new.needs_migration()
        new.close()


def test_a_failed_migration_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database.open(tmp_path / "new.db", KEY, "live")
    monkeypatch.setattr(database, "marker", None)
    with pytest.raises(StorageError):
        database.migrate()
    with database.read() as transaction:
        assert transaction.execute(text("SELECT name FROM sqlite_master")).all() == []
    database.close()


def test_a_database_of_a_newer_program_is_refused(database: Database) -> None:
    with database.begin() as transaction:
        transaction.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="newer version"):
        database.needs_migration()
    with pytest.raises(StorageError, match="newer version"):
        database.migrate()


def test_two_opens_see_each_other(encrypted: Database, tmp_path: Path) -> None:
    other = Database.open(tmp_path / "helpdesk.db", KEY, "live")
    with encrypted.begin() as transaction:
        transaction.add(MetaRecord(name="one", value="1"))
    with other.begin() as transaction:
        transaction.add(MetaRecord(name="two", value="2"))
    with encrypted.read() as transaction:
        assert transaction.get(MetaRecord, "two") is not None
    with other.read() as transaction:
        assert transaction.get(MetaRecord, "one") is not None
    other.close()


def test_every_connection_is_safe(encrypted: Database) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 5000, "temp_store": 2}
    with encrypted.read() as one, encrypted.read() as two:
        for transaction in (one, two):
            found = {name: transaction.execute(text(f"PRAGMA {name}")).scalar() for name in wanted}
            assert found == wanted


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_only_the_owner_may_read_the_file(encrypted: Database, tmp_path: Path) -> None:
    with encrypted.begin() as transaction:
        transaction.add(MetaRecord(name="one", value="1"))
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["helpdesk.db", "helpdesk.db-shm", "helpdesk.db-wal"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_wrong_key_is_one_sentence_and_changes_nothing(encrypted: Database, tmp_path: Path) -> None:
    encrypted.close()
    path = tmp_path / "helpdesk.db"
    before = path.read_bytes()
    with pytest.raises(StorageError, match=r"^[^.]*key is wrong or the file is damaged\. Nothing was changed\.$"):
        Database.open(path, bytes(32), "live")
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["helpdesk.db"]


@pytest.mark.parametrize("harm", ["first page", "middle", "cut short", "empty", "text"])
def test_a_damaged_file_is_refused_and_left_alone(encrypted: Database, tmp_path: Path, harm: str) -> None:
    encrypted.close()
    path = tmp_path / "helpdesk.db"
    whole = path.read_bytes()
    harmed = {
        "first page": whole[:100] + bytes(64) + whole[164:],
        "middle": whole[:5000] + bytes(len(whole) - 9000) + whole[-4000:],
        "cut short": whole[:6000],
        "empty": b"",
        "text": b"not a database" * 1000,
    }[harm]
    path.write_bytes(harmed)
    with pytest.raises(StorageError, match="damaged"):
        Database.open(path, KEY, "live").needs_migration()
    assert path.read_bytes() == harmed


def test_a_missing_file_with_its_changes_left_is_not_made_anew(encrypted: Database, tmp_path: Path) -> None:
    with encrypted.begin() as transaction:
        transaction.add(MetaRecord(name="one", value="1"))
    left = tmp_path / "left"
    left.mkdir()
    (left / "helpdesk.db-wal").write_bytes((tmp_path / "helpdesk.db-wal").read_bytes())
    with pytest.raises(StorageError, match="missing"):
        Database.open(left / "helpdesk.db", KEY, "live")
    assert [file.name for file in left.iterdir()] == ["helpdesk.db-wal"]


@pytest.mark.parametrize("other", ["practice", "sandbox"])
def test_another_marker_is_refused(encrypted: Database, tmp_path: Path, other: str) -> None:
    with pytest.raises(StorageError, match="live database"):
        Database.open(tmp_path / "helpdesk.db", KEY, other)


@pytest.mark.postgres
def test_another_marker_is_refused_by_a_server(postgres: PostgresServer, migrated_template: str) -> None:
    with pytest.raises(StorageError, match="live database"):
        Database.connect_url(postgres.new_database(migrated_template), "practice")


def test_neither_key_nor_values_are_in_an_error(database: Database) -> None:
    with pytest.raises(StorageError) as raised, database.begin() as transaction:
        transaction.execute(text("INSERT INTO meta (name, value) VALUES (:name, :value)"), {"name": "07700 900123", "value": None})
    shown = f"{raised.value!r} {raised.value} {database!r} {vars(database)!r}"
    assert "900123" not in shown
    assert KEY.hex() not in shown
    assert raised.value.__suppress_context__


def test_an_error_undoes_its_transaction(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        _write_and_fail(database)
    with database.read() as transaction:
        assert transaction.get(MetaRecord, "half") is None


def _write_and_fail(database: Database) -> None:
    with database.begin() as transaction:
        transaction.add(MetaRecord(name="half", value="done"))
        transaction.flush()
        transaction.add(MetaRecord(name="rest", value=str(1 / 0)))


def test_a_locked_database_says_so(encrypted: Database, tmp_path: Path) -> None:
    other = Database.open(tmp_path / "helpdesk.db", KEY, "live")
    with encrypted.begin() as holding:
        holding.add(MetaRecord(name="one", value="1"))
        holding.flush()
        with pytest.raises(StorageError, match="busy"), other.begin() as waiting:
            waiting.execute(text("SELECT 1"))
    other.close()


def test_a_full_disk_says_so(encrypted: Database) -> None:
    with pytest.raises(StorageError, match="disk is full"):
        _write_more_than_fits(encrypted)
    with encrypted.read() as transaction:
        assert transaction.get(MetaRecord, "long") is None


def _write_more_than_fits(database: Database) -> None:
    with database.begin() as transaction:
        pages = transaction.scalar(text("PRAGMA page_count"))
        transaction.execute(text(f"PRAGMA max_page_count = {pages}"))
        transaction.add(MetaRecord(name="long", value="x" * 1_000_000))


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"cannot be reached") as raised:
        Database.connect_url(f"postgresql://somebody:swordfish@/none?host={tmp_path}")
    assert "swordfish" not in str(raised.value)


def test_the_record_cannot_be_changed(database: Database) -> None:
    now = NOON
    row = CallRecord(call_id="c", version=1, patient=None, desk="d", started=now, saved=now, content="{}", content_hash="h")
    with database.begin() as transaction:
        transaction.add(row)
    for change in ("UPDATE call_version SET content = ''", "DELETE FROM call_version"):
        with pytest.raises(StorageError, match="cannot be changed"), database.begin() as transaction:
            transaction.execute(text(change))
    with database.read() as transaction:
        assert transaction.scalar(text("SELECT content FROM call_version")) == "{}"

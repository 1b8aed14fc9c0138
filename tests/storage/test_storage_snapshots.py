"""Extracts: nobody reads a snapshot until it is live, and then nobody reads the former one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import text
from storage_facts import MovableClock, event, list_row, number, patient, profile, query, session

from helpdesk.audit import AuditAction
from helpdesk.errors import NotFound, RuleBroken, StorageError
from helpdesk.extracts.model import ExtractKind
from helpdesk.patients.model import PersonRow
from helpdesk.storage.audit import verify
from helpdesk.storage.database import Database
from helpdesk.storage.people import SqlPeople
from helpdesk.storage.snapshots import SqlSnapshots
from helpdesk.storage.waiting_lists import SqlWaitingLists

WEEK = date(2026, 11, 15)
LISTS = ExtractKind.OPEN_PATHWAYS


@pytest.fixture
def snapshots(database: Database, clock: MovableClock) -> SqlSnapshots:
    return SqlSnapshots(database, session(), clock)


def rows_left(database: Database, table: str) -> int:
    with database.read() as transaction:
        return int(transaction.scalar(text(f"SELECT count(*) FROM {table}")) or 0)  # noqa: S608  # names of our own tables


def test_rows_are_read_only_once_live(database: Database, snapshots: SqlSnapshots) -> None:
    lists = SqlWaitingLists(database)
    staged = snapshots.stage(profile(LISTS, "XFC01"), WEEK, "XFC01", "lists", "A. Handler")
    rows = [list_row(1, ubrn="000012345678"), list_row(1, pathway="P2"), list_row(2)]
    snapshots.add(staged, rows)
    assert lists.rows_for(number(1)) == ()
    assert snapshots.snapshots() == ()
    snapshots.go_live(staged, event(AuditAction.EXTRACT_IMPORTED))
    (held,) = lists.rows_for(number(1))
    assert (held.provider, held.week_ending, held.rows) == ("XFC01", WEEK, (rows[0], rows[1]))
    assert verify(database).rows == 1


def test_every_live_provider_answers_also_with_nothing(database: Database, snapshots: SqlSnapshots) -> None:
    for provider, n in (("XFC01", 1), ("XFC02", 2)):
        staged = snapshots.stage(profile(LISTS, provider), WEEK, provider, "lists", "A. Handler")
        snapshots.add(staged, [list_row(n, provider=provider)])
        snapshots.go_live(staged, event())
    assert [(held.provider, len(held.rows)) for held in SqlWaitingLists(database).rows_for(number(2))] == [("XFC01", 0), ("XFC02", 1)]


def test_a_swap_replaces_the_provider_s_former_list(database: Database, clock: MovableClock, snapshots: SqlSnapshots) -> None:
    for week, n, digest in ((WEEK, 1, "a"), (date(2026, 11, 22), 2, "b")):
        staged = snapshots.stage(profile(LISTS, "XFC01", digest), week, "XFC01", "lists", "A. Handler")
        snapshots.add(staged, [list_row(n, week=week)])
        snapshots.go_live(staged, event())
        clock.move(minutes=1)
    (held,) = SqlWaitingLists(database).rows_for(number(1))
    assert (held.week_ending, held.rows) == (date(2026, 11, 22), ())
    assert [(one.as_at, one.live) for one in snapshots.snapshots()] == [(date(2026, 11, 22), True), (WEEK, False)]
    assert (held.former_weeks, [row.week_ending for row in held.former]) == ((WEEK,), [WEEK])
    assert (snapshots.has("a"), snapshots.has("b")) == (False, True)


def test_former_weeks_go_one_for_each_week_and_no_further_back(database: Database, clock: MovableClock) -> None:
    snapshots = SqlSnapshots(database, session(), clock, former_weeks=2)
    for days in (0, 7, 14, 14, 21):
        staged = snapshots.stage(profile(LISTS, "XFC01"), WEEK + timedelta(days=days), "XFC01", "lists", "A. Handler")
        snapshots.add(staged, [list_row(1, week=WEEK + timedelta(days=days), pathway=f"P{clock.moment.minute}")])
        snapshots.go_live(staged, event())
        clock.move(minutes=1)
    (held,) = SqlWaitingLists(database).rows_for(number(1))
    assert held.former_weeks == (WEEK + timedelta(days=14), WEEK + timedelta(days=7))
    assert [row.pathway_id.value for row in held.former if row.pathway_id] == ["P3", "P1"]
    assert rows_left(database, "list_row") == 3
    assert SqlWaitingLists(database, former_weeks=1).rows_for(number(1))[0].former_weeks == (WEEK + timedelta(days=14),)


def test_persons_are_swapped_whole(database: Database, clock: MovableClock, snapshots: SqlSnapshots) -> None:
    people = SqlPeople(database, clock)
    for family, n in (("Archer", 1), ("Baker", 2)):
        staged = snapshots.stage(profile(), WEEK, "", "persons", "A. Handler")
        snapshots.add(staged, [PersonRow(patient(n, family=family))])
        before = people.find(query(name=family.lower()), 10)[1]
        snapshots.go_live(staged, event())
        assert (before, people.find(query(name=family.lower()), 10)[1]) == (0, 1)
    assert people.find(query(name="archer"), 10) == ((), 0)
    assert people.person(number(1)) is None
    assert rows_left(database, "person") == 1


def test_what_pds_said_outlives_an_extract(database: Database, clock: MovableClock, snapshots: SqlSnapshots) -> None:
    people = SqlPeople(database, clock)
    people.remember(patient(1, source="pds"))
    staged = snapshots.stage(profile(), WEEK, "", "persons", "A. Handler")
    snapshots.add(staged, [PersonRow(patient(2))])
    snapshots.go_live(staged, event())
    assert people.find(query(name="smith"), 10)[1] == 2


def test_many_rows_go_in_and_out_in_short_transactions(
    database: Database, snapshots: SqlSnapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.storage.bulk._MOST", 20)
    monkeypatch.setattr("helpdesk.storage.prepared._ROWS_SORTED", 40)
    monkeypatch.setattr("helpdesk.storage.prepared._KEYS_SORTED", 100)
    for first in (0, 1000):
        staged = snapshots.stage(profile(), WEEK, "", "persons", "A. Handler")
        snapshots.add(staged, (PersonRow(patient(n)) for n in range(first, first + 95)))
        snapshots.add(staged, (PersonRow(patient(n)) for n in range(first + 95, first + 101)))
        snapshots.go_live(staged, event())
    assert rows_left(database, "person") == 101
    assert snapshots.snapshots()[0].rows == 101
    with database.read() as transaction:
        assert transaction.scalar(text("SELECT count(DISTINCT origin) FROM person_key")) == 1
        assert transaction.scalar(text("SELECT count(*) FROM person_key")) == 6 * 101


def test_a_slow_file_holds_no_lock(database: Database, clock: MovableClock, snapshots: SqlSnapshots) -> None:
    waiting, go_on = Event(), Event()

    def slowly() -> Iterator[PersonRow]:
        yield PersonRow(patient(1))
        waiting.set()
        assert go_on.wait(20)
        yield PersonRow(patient(2))

    staged = snapshots.stage(profile(), WEEK, "", "persons", "A. Handler")
    importing = Thread(target=snapshots.add, args=(staged, slowly()))
    importing.start()
    assert waiting.wait(20)
    SqlPeople(database, clock).remember(patient(3))
    go_on.set()
    importing.join(20)
    assert rows_left(database, "person") == 3


def test_a_discarded_import_leaves_the_live_one(database: Database, clock: MovableClock, snapshots: SqlSnapshots) -> None:
    live = snapshots.stage(profile(), WEEK, "", "persons", "A. Handler")
    snapshots.add(live, [PersonRow(patient(1))])
    snapshots.go_live(live, event())
    staged = snapshots.stage(profile(), WEEK, "", "persons", "A. Handler")
    snapshots.add(staged, [PersonRow(patient(2))])
    snapshots.discard(staged)
    snapshots.discard(live)
    assert rows_left(database, "person") == 1
    assert SqlPeople(database, clock).person(number(1)) == patient(1)
    with pytest.raises(RuleBroken):
        snapshots.add(staged, [PersonRow(patient(2))])
    with pytest.raises(RuleBroken):
        snapshots.go_live(staged, event())
    with pytest.raises(NotFound):
        snapshots.discard("none")


def test_an_import_that_was_killed_is_cleaned_at_the_next_start(database: Database, clock: MovableClock, snapshots: SqlSnapshots) -> None:
    staged = snapshots.stage(profile(LISTS, "XFC01"), WEEK, "XFC01", "lists", "A. Handler")
    snapshots.add(staged, [list_row(1)])
    snapshots.clean()
    assert rows_left(database, "list_row") == 1
    clock.move(minutes=3)
    snapshots.clean()
    assert rows_left(database, "list_row") == 0


def test_rows_of_another_kind_are_refused(database: Database, snapshots: SqlSnapshots) -> None:
    staged = snapshots.stage(profile(), WEEK, "", "persons", "A. Handler")
    with pytest.raises(RuleBroken):
        snapshots.add(staged, [list_row(1)])
    assert rows_left(database, "list_row") == 0


def test_an_import_is_live_although_what_it_replaced_could_not_be_cleaned_away(
    database: Database, snapshots: SqlSnapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_snapshots: SqlSnapshots) -> None:
        raise StorageError("The desk's database is busy with another program, so nothing was saved. Try again.")

    with monkeypatch.context() as patched:
        patched.setattr(SqlSnapshots, "clean", busy)
        for n in (1, 2):
            staged = snapshots.stage(profile(LISTS, "XFC01"), WEEK, "XFC01", "lists", "A. Handler")
            snapshots.add(staged, [list_row(n)])
            snapshots.go_live(staged, event())
    assert [len(held.rows) for held in SqlWaitingLists(database).rows_for(number(2))] == [1]
    assert rows_left(database, "list_row") == 2
    snapshots.clean()
    assert rows_left(database, "list_row") == 1  # of the same week, so no former list


def test_an_older_import_does_not_go_live_over_a_newer_one_that_overtook_it(snapshots: SqlSnapshots) -> None:
    older = snapshots.stage(profile(LISTS, "XFC01"), WEEK, "XFC01", "lists", "A. Handler")
    newer = snapshots.stage(profile(LISTS, "XFC01"), date(2026, 11, 22), "XFC01", "lists", "A. Handler")
    snapshots.go_live(newer, event())
    with pytest.raises(RuleBroken):
        snapshots.go_live(older, event())
    assert [s.as_at for s in snapshots.snapshots() if s.live] == [date(2026, 11, 22)]

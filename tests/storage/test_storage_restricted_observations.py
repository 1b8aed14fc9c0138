"""What sources said of somebody goes when they become restricted, and nothing more of them is kept."""

from __future__ import annotations

from datetime import date

from sqlalchemy import event as statements
from sqlalchemy import text
from storage_facts import MovableClock, event, number, patient, profile, session

from helpdesk.extracts.model import ExtractKind
from helpdesk.patients.model import PersonRow, Sensitivity
from helpdesk.storage.database import Database
from helpdesk.storage.observations import SqlObservations
from helpdesk.storage.people import SqlPeople
from helpdesk.storage.snapshots import SqlSnapshots


def test_nothing_of_a_restricted_person_is_kept(database: Database, clock: MovableClock) -> None:
    people, observations = SqlPeople(database, clock), SqlObservations(database, clock)
    people.remember(patient(1))
    observations.keep("fenmoor_system", number(1), "activity", "2026-11-20T10:00:00+00:00", "[]")
    assert len(observations.latest("fenmoor_system", number(1))) == 1
    clock.move(hours=1)
    people.remember(patient(1, sensitivity=Sensitivity.RESTRICTED, as_at=clock.now()))
    assert observations.latest("fenmoor_system", number(1)) == ()
    observations.keep("fenmoor_system", number(1), "activity", "2026-11-20T12:00:00+00:00", "[]")
    assert observations.latest("fenmoor_system", number(1)) == ()


def test_what_goes_while_it_is_read_back_is_no_failure(database: Database, clock: MovableClock) -> None:
    observations = SqlObservations(database, clock)
    for day in ("19", "20"):
        observations.keep("ers", number(1), "ubrn:000000070000", f"2026-11-{day}T10:00:00+00:00", "{}")
    engine = database._engine  # the moment between two statements is not to be had otherwise
    wiped: list[str] = []

    def wipe(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "FROM observation" in statement and not wiped:
            wiped.append(statement)
            with database.begin() as transaction:
                transaction.execute(text("DELETE FROM observation"))

    statements.listen(engine, "after_cursor_execute", wipe)
    try:
        read = observations.latest("ers", number(1))
    finally:
        statements.remove(engine, "after_cursor_execute", wipe)
    assert wiped
    assert read in ((), (("ubrn:000000070000", "2026-11-20T10:00:00+00:00", "{}"),))
    assert observations.latest("ers", number(1)) == ()


def test_an_extract_that_says_restricted_takes_away_what_sources_said(database: Database, clock: MovableClock) -> None:
    observations, snapshots = SqlObservations(database, clock), SqlSnapshots(database, session(), clock)
    for n in (1, 2):
        observations.keep("ers", number(n), "ubrn:000000070000", "2026-11-20T10:00:00+00:00", "{}")
    staged = snapshots.stage(profile(ExtractKind.PERSONS), date(2026, 11, 20), "", "persons", "A. Handler")
    snapshots.add(staged, [PersonRow(patient(1, sensitivity=Sensitivity.RESTRICTED)), PersonRow(patient(2))])
    snapshots.go_live(staged, event())
    assert observations.latest("ers", number(1)) == ()
    assert len(observations.latest("ers", number(2))) == 1

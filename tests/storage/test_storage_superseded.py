"""Numbers that PDS replaced: what is held moves, what was recorded stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from storage_facts import NOON, MovableClock, draft, event, list_row, message, number, patient, profile, query, saved, session
from storage_import import found, imported

from helpdesk.extracts.model import ExtractKind
from helpdesk.patients.model import Sensitivity
from helpdesk.queue.model import WorkItem, WorkKind
from helpdesk.storage.audit import SqlAuditTrail, verify
from helpdesk.storage.calls import SqlCalls
from helpdesk.storage.database import Database
from helpdesk.storage.index_records import PersonKeyRecord
from helpdesk.storage.observations import SqlObservations
from helpdesk.storage.outbox import SqlOutbox
from helpdesk.storage.people import SqlPeople
from helpdesk.storage.snapshots import SqlSnapshots
from helpdesk.storage.waiting_lists import SqlWaitingLists
from helpdesk.storage.work import SqlSpentItems, SqlWorkItems


@pytest.fixture
def people(database: Database, clock: MovableClock) -> SqlPeople:
    return SqlPeople(database, clock)


@pytest.fixture
def superseded(database: Database, clock: MovableClock) -> str:
    """Everything held under number 1; returns the call's id."""
    old = number(1)
    imported(database, clock, [patient(1)])
    snapshots = SqlSnapshots(database, session(), clock)
    lists = snapshots.stage(profile(ExtractKind.OPEN_PATHWAYS, "XFC01"), date(2026, 11, 15), "XFC01", "lists", "A. Handler")
    snapshots.add(lists, [list_row(1)])
    snapshots.go_live(lists, event())
    SqlPeople(database, clock).remember(patient(1, source="pds"))
    SqlObservations(database, clock).keep("ers", old, "ubrn:1", "2026-11-20", "{}")
    SqlObservations(database, clock).keep("ers", number(2), "ubrn:1", "2026-11-20", '"new"')
    SqlSpentItems(database, clock).spend(old, "call-1", "postcode")
    SqlSpentItems(database, clock).spend(number(2), "call-1", "postcode")
    SqlWorkItems(database, clock).raise_item(WorkItem("w1", WorkKind.CALL_BACK, NOON, "Ring", subject=old))
    calls, call = SqlCalls(database, session(), clock), saved(about=old)
    calls.save(call, [message(call.id, old)], [], event(subjects=(old,)))
    calls.put_draft(draft(about=old))
    SqlAuditTrail(database, session(), clock).record(event(subjects=(old,)))
    return call.id


def test_a_superseded_number_moves_what_is_held(database: Database, clock: MovableClock, superseded: str, people: SqlPeople) -> None:
    old, new = number(1), number(2)
    people.remember(patient(2, asked_for=old, source="pds"))
    assert SqlWorkItems(database, clock).open_items()[0].subject == new
    assert SqlCalls(database, session(), clock).open_drafts()[0].patient == new
    assert [entry.message.nhs_number for entry in SqlOutbox(database, clock).of_call(superseded)] == [new]
    assert SqlObservations(database, clock).latest("ers", new) == (("ubrn:1", "2026-11-20", '"new"'),)
    assert SqlSpentItems(database, clock).spend(new, "call-2", "postcode") == 2
    assert [row.nhs_number for row in SqlWaitingLists(database).rows_for(new)[0].rows] == [new]
    assert found(people, query(name="smith")) == [new]
    assert found(people, query(nhs_number=str(old))) == [new]
    held = people.person(old)
    assert held is not None
    assert (held.nhs_number, held.asked_for, held.hospital_numbers) == (new, old, ("H000002", "H000001"))
    assert people.known_sensitivity(old) is Sensitivity.UNRESTRICTED


def test_the_insert_only_record_stays_as_it_was(database: Database, clock: MovableClock, superseded: str, people: SqlPeople) -> None:
    old, new = number(1), number(2)
    people.remember(patient(2, asked_for=old))
    calls = SqlCalls(database, session(), clock)
    assert calls.call(superseded) == calls.calls_of(new)[0] == calls.calls_of(old)[0]
    assert calls.calls_of(new)[0].patient == old
    assert verify(database).sound
    with database.read() as transaction:
        assert transaction.scalar(text("SELECT count(*) FROM audit WHERE subjects LIKE :old"), {"old": f"%{old}%"}) == 2


def test_a_later_extract_with_the_old_number_is_the_new_person(
    database: Database, clock: MovableClock, superseded: str, people: SqlPeople
) -> None:
    people.remember(patient(2, asked_for=number(1)))
    people.remember(patient(3, asked_for=number(2), as_at=NOON + timedelta(hours=1)))
    imported(database, clock, [patient(1, family="Later")])
    assert found(people, query(name="later")) == [number(3)]
    assert people.known_sensitivities([number(1), number(2), number(3)]).keys() == {number(1), number(2), number(3)}


def test_keys_of_a_superseded_pds_row_are_gone(database: Database, people: SqlPeople) -> None:
    people.remember(patient(1))
    people.remember(patient(2, asked_for=number(1), family="Newname"))
    with database.read() as transaction:
        orphans = select(func.count()).select_from(PersonKeyRecord).where(PersonKeyRecord.row_no == int(str(number(1))))
        assert transaction.scalar(orphans) == 0
    assert found(people, query(name="smith")) == []


def test_a_chain_of_replacements_leads_to_the_last(database: Database, clock: MovableClock, superseded: str, people: SqlPeople) -> None:
    last = number(3)
    people.remember(patient(2, asked_for=number(1)))
    clock.move(hours=1)
    people.remember(patient(3, asked_for=number(2), as_at=clock.now()))
    assert [row.nhs_number for row in SqlWaitingLists(database).rows_for(number(1))[0].rows] == [last]
    assert SqlObservations(database, clock).latest("ers", number(1)) == SqlObservations(database, clock).latest("ers", last) != ()
    assert [entry.message.nhs_number for entry in SqlOutbox(database, clock).of_call(superseded)] == [last]
    assert SqlWorkItems(database, clock).open_items()[0].subject == last
    assert SqlCalls(database, session(), clock).open_drafts()[0].patient == last
    assert [call.id for call in SqlCalls(database, session(), clock).calls_of(last)] == [superseded]
    for old in (number(1), number(2)):
        held = people.person(old)
        assert held is not None
        assert (held.nhs_number, held.asked_for) == (last, old)


def test_an_answer_from_before_the_replacement_brings_nothing_back(
    database: Database, clock: MovableClock, superseded: str, people: SqlPeople
) -> None:
    asked = clock.now()
    clock.move(hours=1)
    people.remember(patient(3, asked_for=number(2), as_at=clock.now()))
    people.remember(patient(2, asked_for=number(1), family="Older", as_at=asked))
    for old in (number(1), number(2)):
        held = people.person(old)
        assert held is not None
        assert (held.nhs_number, held.name.family) == (number(3), patient(3).name.family)
    assert [row.nhs_number for row in SqlWaitingLists(database).rows_for(number(1))[0].rows] == [number(3)]


def test_a_number_that_pds_uses_again_is_its_own_person(clock: MovableClock, people: SqlPeople) -> None:
    people.remember(patient(2, asked_for=number(1), as_at=clock.now()))
    clock.move(hours=1)
    people.remember(patient(1, family="Again", as_at=clock.now()))
    held = people.person(number(1))
    assert held is not None
    assert (held.nhs_number, held.name.family) == (number(1), "Again")


def test_what_was_held_under_the_old_number_of_a_restricted_person_says_no_place(
    database: Database, clock: MovableClock, superseded: str, people: SqlPeople
) -> None:
    people.remember(patient(2, asked_for=number(1), sensitivity=Sensitivity.RESTRICTED, as_at=clock.now()))
    assert found(people, query(postcode="ZZ99 3AA")) == []
    for one in (number(1), number(2)):
        assert SqlObservations(database, clock).latest("ers", one) == ()
        held = people.person(one)
        assert held is not None
        assert (held.restricted, held.address, held.phones, held.emails, held.practice) == (True, None, (), (), None)
    with database.read() as transaction:
        assert transaction.scalar(text("SELECT count(*) FROM person WHERE location IS NOT NULL")) == 0

"""Calls: kept from the first second, saved once, never changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from storage_facts import HANDLER, NOON, MovableClock, draft, event, message, number, saved, session

from helpdesk.access.model import Staff
from helpdesk.errors import RuleBroken
from helpdesk.queue.model import WorkItem, WorkKind
from helpdesk.storage.audit import verify
from helpdesk.storage.calls import SqlCalls
from helpdesk.storage.database import Database
from helpdesk.storage.outbox import SqlOutbox
from helpdesk.storage.records import CallRecord
from helpdesk.storage.work import SqlWorkItems


@pytest.fixture
def calls(database: Database, clock: MovableClock) -> SqlCalls:
    return SqlCalls(database, session(), clock)


def call_back(call_id: str) -> WorkItem:
    return WorkItem(id=str(uuid4()), kind=WorkKind.CALL_BACK, raised=NOON, reason="Ring after 4", subject=number(1), call_id=call_id)


def test_a_draft_comes_back_as_it_was(calls: SqlCalls) -> None:
    first = draft(about=number(1))
    calls.put_draft(first)
    changed = replace(first, notes="Rang about her hip. And her knee – “both”.")
    calls.put_draft(changed)
    assert calls.open_drafts() == (changed,)


def test_drafts_are_those_of_this_desk_and_person_oldest_first(database: Database, calls: SqlCalls, clock: MovableClock) -> None:
    late, early = draft(), replace(draft(), started=NOON - timedelta(minutes=9))
    calls.put_draft(late)
    calls.put_draft(early)
    SqlCalls(database, session("desk-2"), clock).put_draft(draft())
    colleague = replace(session(), staff=Staff(id=str(uuid4()), login="b", name="B", roles=HANDLER.roles))
    SqlCalls(database, colleague, clock).put_draft(draft())
    assert calls.open_drafts() == (early, late)


def test_saving_is_one_transaction(database: Database, calls: SqlCalls, clock: MovableClock) -> None:
    call = saved(about=number(1))
    calls.put_draft(draft(call.id))
    sent, work = message(call.id, number(1)), call_back(call.id)
    calls.save(call, [sent], [work], event(call_id=call.id, subjects=(number(1),)))
    assert calls.open_drafts() == ()
    assert calls.call(call.id) == call
    assert [entry.message for entry in SqlOutbox(database, clock).of_call(call.id)] == [sent]
    assert SqlWorkItems(database, clock).open_items() == (work,)
    assert verify(database).rows == 1


def test_the_same_save_again_changes_nothing(database: Database, calls: SqlCalls, clock: MovableClock) -> None:
    call = saved(about=number(1))
    sent, work = message(call.id, number(1)), call_back(call.id)
    for _ in range(3):
        calls.save(call, [sent], [work], event())
    with database.read() as transaction:
        assert transaction.scalar(select(func.count()).select_from(CallRecord)) == 1
    assert verify(database).rows == 1
    assert len(SqlOutbox(database, clock).of_call(call.id)) == 1
    assert len(SqlWorkItems(database, clock).open_items()) == 1


def test_the_same_id_with_other_content_is_refused(database: Database, calls: SqlCalls, clock: MovableClock) -> None:
    call = saved()
    calls.save(call, [], [], event())
    with pytest.raises(RuleBroken, match="other content"):
        calls.save(replace(call, notes="Something else"), [message(call.id, number(1))], [], event())
    assert calls.call(call.id) == call
    assert SqlOutbox(database, clock).of_call(call.id) == ()
    assert verify(database).rows == 1


def test_a_save_that_fails_leaves_everything_as_it_was(database: Database, calls: SqlCalls, clock: MovableClock) -> None:
    call = saved()
    calls.put_draft(draft(call.id))
    with pytest.raises(TypeError):
        calls.save(call, [message(call.id, number(1))], [call_back(call.id)], event(details={"what": object()}))
    assert calls.call(call.id) is None
    assert [left.id for left in calls.open_drafts()] == [call.id]
    assert SqlOutbox(database, clock).of_call(call.id) == ()
    assert SqlWorkItems(database, clock).open_items() == ()


def test_a_draft_of_a_saved_call_stays_away(calls: SqlCalls) -> None:
    call = saved()
    calls.save(call, [], [], event())
    calls.put_draft(draft(call.id))
    assert calls.open_drafts() == ()


def test_a_correction_is_a_new_version(calls: SqlCalls) -> None:
    call = saved(about=number(1))
    corrected = replace(call, version=2, notes="Rang about her knee")
    calls.save(call, [], [], event())
    calls.save(corrected, [], [], event())
    assert calls.call(call.id) == corrected
    assert calls.calls_of(number(1)) == (corrected,)
    assert calls.recent() == (corrected,)


def test_calls_are_listed_latest_first(calls: SqlCalls) -> None:
    three = [replace(saved(about=number(1)), started=NOON + timedelta(minutes=n)) for n in range(3)]
    for call in three:
        calls.save(call, [], [], event())
    calls.save(saved(about=number(2)), [], [], event())
    calls.save(replace(saved(about=number(1)), desk="desk-2", started=NOON - timedelta(days=1)), [], [], event())
    assert [call.started for call in calls.calls_of(number(1), limit=3)] == [call.started for call in reversed(three)]
    assert len(calls.calls_of(number(1))) == 4
    assert {call.desk for call in calls.recent()} == {"desk-1"}
    assert calls.call(str(uuid4())) is None

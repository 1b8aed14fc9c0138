"""Messages, work, spent items, observations and staff."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TypeVar
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from storage_facts import NOON, MovableClock, event, message, number, saved, session

from helpdesk.access.model import Role
from helpdesk.errors import NotFound, RuleBroken, StorageError
from helpdesk.queue.model import WorkItem, WorkKind
from helpdesk.signposting.model import MessageState, Receipt
from helpdesk.storage.audit import SqlAuditTrail, verify
from helpdesk.storage.calls import SqlCalls
from helpdesk.storage.database import Database
from helpdesk.storage.observations import SqlObservations
from helpdesk.storage.outbox import SqlOutbox
from helpdesk.storage.staff import SqlStaff
from helpdesk.storage.work import SqlSpentItems, SqlWorkItems

T = TypeVar("T")


def at_once(what: Callable[[int], T], threads: int = 4) -> list[T]:
    """Does it on several threads that all start together."""
    barrier = Barrier(threads)

    def one(n: int) -> T:
        barrier.wait(10)
        return what(n)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(threads)))


def item(reason: str = "Ring after 4") -> WorkItem:
    return WorkItem(id=str(uuid4()), kind=WorkKind.CALL_BACK, raised=NOON, reason=reason)


@pytest.fixture
def outbox(database: Database, clock: MovableClock) -> SqlOutbox:
    return SqlOutbox(database, clock)


@pytest.fixture
def reference(database: Database, clock: MovableClock) -> str:
    """One message queued with its call."""
    call = saved(about=number(1))
    sent = message(call.id, number(1))
    SqlCalls(database, session(), clock).save(call, [sent], [], event())
    return sent.reference


def test_a_message_waits_for_its_next_try(outbox: SqlOutbox, reference: str) -> None:
    assert [entry.message.reference for entry in outbox.due(NOON)] == [reference]
    outbox.settle(reference, Receipt(MessageState.QUEUED, message="No answer"), next_try=NOON + timedelta(minutes=1))
    assert outbox.due(NOON) == ()
    (entry,) = outbox.due(NOON + timedelta(minutes=1))
    assert (entry.attempts, entry.problem, entry.state) == (1, "No answer", MessageState.QUEUED)


def test_an_accepted_message_is_unsettled_until_delivered(outbox: SqlOutbox, reference: str) -> None:
    outbox.settle(reference, Receipt(MessageState.ACCEPTED, "service-1"))
    assert outbox.due(NOON) == ()
    assert [entry.service_id for entry in outbox.unsettled()] == ["service-1"]
    outbox.settle(reference, Receipt(MessageState.DELIVERED))
    assert outbox.unsettled() == ()
    (entry,) = outbox.of_patient(number(1))
    assert (entry.state, entry.service_id) == (MessageState.DELIVERED, "service-1")


def test_an_accepted_message_is_looked_after_when_its_look_has_come(outbox: SqlOutbox, reference: str, clock: MovableClock) -> None:
    outbox.settle(reference, Receipt(MessageState.ACCEPTED, "service-1"), next_try=NOON + timedelta(minutes=1))
    assert outbox.unsettled() == ()
    clock.moment = NOON + timedelta(minutes=1)
    (entry,) = outbox.unsettled()
    assert (entry.state, entry.attempts) == (MessageState.ACCEPTED, 0)
    outbox.settle(reference, Receipt(MessageState.QUEUED, message="late"), next_try=NOON)
    assert (outbox.due(clock.moment), outbox.unsettled()) == ((), (entry,))


@pytest.mark.parametrize("state", [MessageState.FAILED, MessageState.REFUSED, MessageState.UNKNOWN])
def test_a_failed_message_is_one_piece_of_work(
    database: Database, clock: MovableClock, outbox: SqlOutbox, reference: str, state: MessageState
) -> None:
    for _ in range(2):
        outbox.settle(reference, Receipt(state, message="No such number"))
    (work,) = SqlWorkItems(database, clock).open_items()
    assert (work.kind, work.subject) == (WorkKind.MESSAGE_FAILED, number(1))
    outbox.settle(reference, Receipt(MessageState.ACCEPTED))
    assert outbox.of_patient(number(1))[0].state is state


def test_an_unknown_reference_is_said(outbox: SqlOutbox) -> None:
    with pytest.raises(NotFound):
        outbox.settle("none", Receipt(MessageState.ACCEPTED))


def test_work_is_raised_once(database: Database, clock: MovableClock) -> None:
    work, one = SqlWorkItems(database, clock), item()
    work.raise_item(one)
    work.raise_item(one)
    assert work.open_items() == (one,)


def test_four_threads_resolve_one_item_once(database: Database, clock: MovableClock) -> None:
    work = SqlWorkItems(database, clock)
    for _ in range(10):
        one = item()
        work.raise_item(one)
        assert sorted(at_once(lambda _n, one=one: work.resolve(one.id))) == [False, False, False, True]
    assert work.open_items() == ()


def test_four_threads_make_one_chain(database: Database, clock: MovableClock) -> None:
    trail = SqlAuditTrail(database, session(), clock)

    def ten(n: int) -> None:
        for k in range(10):
            trail.record(event(details={"n": f"{n}.{k}"}))

    at_once(ten)
    report = verify(database)
    assert (report.rows, report.problems) == (40, ())


def test_four_threads_save_one_call_once(database: Database, clock: MovableClock) -> None:
    calls, call = SqlCalls(database, session(), clock), saved(about=number(1))
    sent = message(call.id, number(1))
    at_once(lambda _n: calls.save(call, [sent], [], event()))
    assert calls.calls_of(number(1)) == (call,)
    assert verify(database).rows == 1


def test_spent_items_are_counted_by_day(database: Database, clock: MovableClock) -> None:
    spent = SqlSpentItems(database, clock)
    assert [spent.spend(number(1), "call-1", "postcode") for _ in range(2)] == [1, 1]
    assert spent.spend(number(1), "call-2", "postcode") == 2
    assert spent.spend(number(2), "call-2", "postcode") == 1
    clock.move(hours=12, minutes=1)
    assert spent.spend(number(1), "call-3", "postcode") == 1


def test_the_newest_observation_of_each_subject(database: Database, clock: MovableClock) -> None:
    observations = SqlObservations(database, clock)
    for key, as_at in (
        ("ubrn:1", "2026-11-19T09:00:00+00:00"),
        ("ubrn:1", "2026-11-20T09:00:00+00:00"),
        ("ubrn:2", "2026-11-18T09:00:00+00:00"),
    ):
        observations.keep("ers", number(1), key, as_at, f'"{as_at}"')
    observations.keep("ers", number(1), "ubrn:2", "2026-11-18T09:00:00+00:00", '"again"')
    observations.keep("other", number(1), "ubrn:1", "2026-11-21T09:00:00+00:00", '"other"')
    assert observations.latest("ers", number(1)) == (
        ("ubrn:1", "2026-11-20T09:00:00+00:00", '"2026-11-20T09:00:00+00:00"'),
        ("ubrn:2", "2026-11-18T09:00:00+00:00", '"again"'),
    )
    assert observations.latest("ers", number(2)) == ()


@pytest.fixture
def staff(database: Database, clock: MovableClock) -> SqlStaff:
    return SqlStaff(database, clock, PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


def test_staff_sign_in_with_their_password_only(staff: SqlStaff) -> None:
    added = staff.add("AHandler ", "A. Handler", [Role.HANDLER, Role.SUPERVISOR], "correct horse")
    assert staff.check("ahandler", "correct horse") == added
    assert staff.check("ahandler", "wrong") is None
    assert staff.check("nobody", "correct horse") is None
    assert staff.list() == (added,)


def test_without_a_password_nobody_signs_in_by_one(staff: SqlStaff) -> None:
    staff.add("practice", "Practice", [Role.HANDLER])
    assert staff.check("practice", "") is None


def test_a_disabled_account_is_closed(staff: SqlStaff) -> None:
    staff.add("ahandler", "A. Handler", [Role.HANDLER], "correct horse")
    staff.disable("ahandler")
    assert staff.check("ahandler", "correct horse") is None
    assert staff.list()[0].disabled
    with pytest.raises(NotFound):
        staff.disable("nobody")


def test_a_login_is_used_once(staff: SqlStaff) -> None:
    staff.add("ahandler", "A. Handler", [Role.HANDLER])
    with pytest.raises(RuleBroken):
        staff.add("AHANDLER", "Another", [Role.HANDLER])


def test_a_session_is_of_a_known_account_in_its_role(staff: SqlStaff) -> None:
    added = staff.add("ahandler", "A. Handler", [Role.HANDLER])
    opened = staff.open_session(added, Role.HANDLER, "desk-1", "XICB")
    assert (opened.staff, opened.role, opened.desk, opened.started) == (added, Role.HANDLER, "desk-1", NOON)
    staff.close_session(opened)
    with pytest.raises(RuleBroken):
        staff.open_session(added, Role.SUPERVISOR, "desk-1", "XICB")
    with pytest.raises(StorageError):
        staff.open_session(session().staff, Role.HANDLER, "desk-1", "XICB")

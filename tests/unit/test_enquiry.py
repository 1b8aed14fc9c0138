"""What one source's answer is worth, and what must have happened before it is given."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from helpdesk.answers import Answer, SourceState
from helpdesk.audit import AuditAction, AuditEvent
from helpdesk.desk.enquiry import Enquiry, Source, Ticket
from helpdesk.desk.kept_referrals import KeptReferrals
from helpdesk.desk.model import Gate, GateState, Port, SourceInfo
from helpdesk.errors import (
    ConnectorAuthFailed,
    ConnectorError,
    ConnectorNotPermitted,
    ConnectorRejected,
    ConnectorUnavailable,
    NotFound,
    StorageError,
)
from helpdesk.identifiers import NhsNumber, OdsCode, Ubrn
from helpdesk.pathways.model import Referral, ReferralState
from helpdesk.pathways.ports import HeldRows
from helpdesk.patients.model import Sensitivity
from helpdesk.primary_care.model import PracticeAppointment
from helpdesk.tasks import Errand, nobody_waits

NOW = datetime(2026, 3, 18, 10, tzinfo=UTC)
ANN, BEN = NhsNumber("9990000018"), NhsNumber("9990000026")
PRACTICE = OdsCode("XPR01")
GP = SourceInfo("gp", "GP Connect", Port.PRACTICE_APPOINTMENTS)
ERS = SourceInfo("ers", "e-RS", Port.REFERRALS)
LIST = SourceInfo("list", "Waiting list", Port.WAITING_LISTS)
REFERENCES = tuple(Ubrn(f"00000000000{n}") for n in range(4))


class AtTen:
    def now(self) -> datetime:
        return NOW


class Audit:
    """Notes what it is told, or fails to."""

    def __init__(self, *, fails: bool = False) -> None:
        self.events: list[AuditEvent] = []
        self._fails = fails

    def record(self, event: AuditEvent) -> None:
        if self._fails:
            raise StorageError("The disk is full.")
        self.events.append(event)


class Lists:
    def __init__(self, *held: HeldRows) -> None:
        self._held = held

    def rows_for(self, number: NhsNumber) -> Sequence[HeldRows]:
        return self._held


class Observations:
    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, str, str]] = {}

    def keep(self, source: str, patient: NhsNumber, key: str, as_at: str, payload: str) -> None:
        self.kept[key] = (key, as_at, payload)

    def latest(self, source: str, patient: NhsNumber) -> Sequence[tuple[str, str, str]]:
        return tuple(self.kept.values())


class System:
    """A practice's system or e-RS: does what it is told to."""

    def __init__(self, act: Callable[[], object]) -> None:
        self._act = act
        self.asked = 0

    def future(self, number: NhsNumber, practice: OdsCode) -> object:
        self.asked += 1
        return self._act()

    def referral(self, ubrn: Ubrn) -> object:
        self.asked += 1
        made = self._act()
        return made(ubrn) if callable(made) else made


def fails(error: Exception) -> Callable[[], object]:
    def act() -> object:
        raise error

    return act


def enquiry(info: SourceInfo, asks: System | None = None, *held: HeldRows, audit: Audit | None = None, timeout_s: float = 5) -> Enquiry:
    source = Source(info, asks, timedelta(hours=240), timeout_s=timeout_s)  # type: ignore[arg-type]  # a stand-in
    return Enquiry([source], Lists(*held), KeptReferrals(Observations()), audit or Audit(), AtTen())


def ticket(*, about: NhsNumber = ANN, gate: GateState = GateState.OPEN, known: Sensitivity | None = Sensitivity.UNRESTRICTED) -> Ticket:
    return Ticket(ANN, Gate(gate, about, known), PRACTICE, "call", "c1", ubrns=REFERENCES)


def booked() -> tuple[PracticeAppointment, ...]:
    return (PracticeAppointment(NOW + timedelta(days=3), "", "booked"),)


def referral_of(number: NhsNumber) -> Callable[[Ubrn], Referral]:
    return lambda ubrn: Referral(ubrn, number, ReferralState.BOOKED, source="ers", as_at=NOW)


def test_an_answer_is_on_record_before_it_is_given() -> None:
    audit = Audit()
    answer = enquiry(GP, System(booked), audit=audit).ask(ticket(), GP)
    (event,) = audit.events
    assert answer.state is SourceState.FRESH
    assert (event.action, event.subjects, event.call_id) == (AuditAction.STATUS_SHOWN, (ANN,), "c1")
    assert dict(event.details) == {"source": "gp", "state": "fresh"}


def test_what_cannot_be_put_on_record_is_not_given() -> None:
    with pytest.raises(StorageError):
        enquiry(GP, System(booked), audit=Audit(fails=True)).ask(ticket(), GP)


@pytest.mark.parametrize("info", [GP, ERS])
def test_a_gate_that_was_drawn_for_somebody_else_lets_nothing_be_asked(info: SourceInfo) -> None:
    system = System(booked)
    answer = enquiry(info, system).ask(ticket(about=BEN), info)
    assert system.asked == 0
    assert answer.state is SourceState.NOT_PERMITTED


@pytest.mark.parametrize("gate", [GateState.RESTRICTED, GateState.UNCONFIRMED])
def test_a_closed_gate_lets_no_system_be_asked(gate: GateState) -> None:
    for info in (GP, ERS):
        system = System(booked)
        assert enquiry(info, system).ask(ticket(gate=gate), info).state is SourceState.NOT_PERMITTED
        assert system.asked == 0


@pytest.mark.parametrize(
    ("gate", "known", "state"),
    [
        (GateState.UNCONFIRMED, Sensitivity.UNRESTRICTED, SourceState.NOTHING_HELD),
        (GateState.UNCONFIRMED, Sensitivity.RESTRICTED, SourceState.NOT_PERMITTED),
        (GateState.UNCONFIRMED, None, SourceState.NOT_PERMITTED),
        (GateState.RESTRICTED, Sensitivity.UNRESTRICTED, SourceState.NOT_PERMITTED),
    ],
)
def test_rows_already_held_are_shown_only_with_a_known_flag(gate: GateState, known: Sensitivity | None, state: SourceState) -> None:
    held = HeldRows("XAA01", date(2026, 3, 15), ())
    assert enquiry(LIST, None, held).ask(ticket(gate=gate, known=known), LIST).state is state


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (ConnectorUnavailable("No."), SourceState.UNAVAILABLE),
        (ConnectorAuthFailed("No."), SourceState.UNAVAILABLE),
        (ConnectorRejected("No."), SourceState.UNAVAILABLE),
        (ConnectorNotPermitted("No."), SourceState.NOT_PERMITTED),
        (NotFound("No."), SourceState.NOTHING_HELD),
    ],
)
@pytest.mark.parametrize("info", [GP, ERS])
def test_a_failure_is_never_nothing_held(error: Exception, state: SourceState, info: SourceInfo) -> None:
    assert enquiry(info, System(fails(error))).ask(ticket(), info).state is state


def test_no_list_at_all_is_not_an_empty_list() -> None:
    assert enquiry(LIST).ask(ticket(), LIST).state is SourceState.UNAVAILABLE
    assert enquiry(LIST, None, HeldRows("XAA01", date(2026, 3, 15), ())).ask(ticket(), LIST).state is SourceState.NOTHING_HELD
    old = enquiry(LIST, None, HeldRows("XAA01", date(2026, 3, 1), ())).ask(ticket(), LIST)
    assert (old.state, old.as_at) == (SourceState.STALE, date(2026, 3, 1))


def test_an_answer_about_somebody_else_is_thrown_away() -> None:
    answer = enquiry(ERS, System(lambda: referral_of(BEN))).ask(ticket(), ERS)
    assert answer.state is SourceState.UNAVAILABLE
    assert not answer.value


def test_references_are_asked_side_by_side() -> None:
    """Each waits until all are being asked: one after the other they would never end."""
    together = threading.Barrier(len(REFERENCES), timeout=5)

    def act() -> object:
        together.wait()
        return referral_of(ANN)

    answer = enquiry(ERS, System(act)).ask(ticket(), ERS)
    assert answer.state is SourceState.FRESH
    assert len(answer.value) == len(REFERENCES)


@pytest.mark.parametrize("info", [GP, ERS])
def test_a_system_that_is_late_is_given_up(info: SourceInfo) -> None:
    ends = threading.Event()
    started = time.monotonic()
    try:
        answer = enquiry(info, System(ends.wait), timeout_s=0.01).ask(ticket(), info)
        assert time.monotonic() - started < 10
        assert (answer.state, answer.message) == (SourceState.UNAVAILABLE, f"{info.label} did not answer in time.")
    finally:
        ends.set()


def test_a_mistake_in_a_connector_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        enquiry(GP, System(lambda: 1 // 0)).ask(ticket(), GP)


@pytest.mark.parametrize("kind", [ConnectorUnavailable, ConnectorError])
def test_what_some_references_brought_is_not_lost_when_another_fails(kind: type[ConnectorError]) -> None:
    turns = iter([True, False, True, True])
    lock = threading.Lock()

    def act() -> object:
        with lock:
            good = next(turns)
        if not good:
            raise kind("No.")
        return referral_of(ANN)

    answer = enquiry(ERS, System(act)).ask(ticket(), ERS)
    assert answer.state is SourceState.UNAVAILABLE
    assert len(answer.value) == 3


def test_each_state_that_is_seen_is_kept_for_when_e_rs_cannot_say() -> None:
    rows = Observations()
    system = System(lambda: referral_of(ANN))
    source = Source(ERS, system, timedelta(hours=240), timeout_s=5)  # type: ignore[arg-type]  # a stand-in
    desk = Enquiry([source], Lists(), KeptReferrals(rows), Audit(), AtTen())
    seen = desk.ask(ticket(), ERS)
    assert set(rows.kept) == {f"ubrn:{reference}" for reference in REFERENCES}
    system._act = fails(ConnectorUnavailable("e-RS cannot be reached at the moment."))
    kept = desk.ask(ticket(), ERS)
    assert kept.state is SourceState.STALE
    assert [r.state for r in kept.value] == [r.state for r in seen.value] == [ReferralState.BOOKED] * len(REFERENCES)


def _after_all_were_seen(second: Callable[[Ubrn], object]) -> Answer[Any]:
    """What e-RS is worth the second time, where it does this with each reference then."""
    system = System(lambda: referral_of(ANN))
    source = Source(ERS, system, timedelta(hours=240), timeout_s=5)  # type: ignore[arg-type]  # a stand-in
    desk = Enquiry([source], Lists(), KeptReferrals(Observations()), Audit(), AtTen())
    desk.ask(ticket(), ERS)
    system._act = lambda: second
    return desk.ask(ticket(), ERS)


def test_beside_what_some_references_brought_stands_what_was_kept_of_those_that_failed() -> None:
    def second(ubrn: Ubrn) -> Referral:
        if ubrn == REFERENCES[0]:
            raise ConnectorUnavailable("e-RS did not answer in time.")
        if ubrn == REFERENCES[1]:
            raise NotFound("e-RS has no such referral.")
        return replace(referral_of(ANN)(ubrn), state=ReferralState.NOT_BOOKED)

    answer = _after_all_were_seen(second)
    assert answer.state is SourceState.UNAVAILABLE
    found = {r.ubrn: r.state for r in answer.value}
    assert found == {REFERENCES[0]: ReferralState.BOOKED, **dict.fromkeys(REFERENCES[2:], ReferralState.NOT_BOOKED)}


def test_nothing_kept_stands_under_a_reference_that_is_somebody_elses_now() -> None:
    def second(ubrn: Ubrn) -> Referral:
        if ubrn == REFERENCES[0]:
            return referral_of(NhsNumber("9990000026"))(ubrn)
        raise ConnectorUnavailable("e-RS did not answer in time.")

    answer = _after_all_were_seen(second)
    assert answer.state is SourceState.STALE
    assert {r.ubrn for r in answer.value} == set(REFERENCES[1:])


@pytest.mark.parametrize("info", [GP, ERS])
def test_what_is_asked_on_threads_of_its_own_is_dropped_with_its_errand(info: SourceInfo) -> None:
    errand = Errand()
    dropped: list[bool] = []

    def act() -> object:
        errand.give_up()
        dropped.append(nobody_waits())
        raise ConnectorUnavailable("It was not asked: nobody waits for the answer any more.")

    with errand.running():
        enquiry(info, System(act)).ask(ticket(), info)
    assert dropped
    assert all(dropped)

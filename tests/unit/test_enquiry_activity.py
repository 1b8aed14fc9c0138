"""What the answer of a provider's own system is worth: whole, partial, old, kept, or about somebody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from pathway_facts import SOMEBODY_ELSE, activity
from test_enquiry import ANN, NOW, AtTen, Audit, Lists, Observations, fails, ticket

from helpdesk.answers import Health, Remedy, SourceState
from helpdesk.desk.enquiry import Enquiry, Source
from helpdesk.desk.health import HealthNotes
from helpdesk.desk.kept_activity import KeptActivity
from helpdesk.desk.kept_referrals import KeptReferrals
from helpdesk.desk.model import GateState, Port, SourceInfo
from helpdesk.errors import ConnectorAuthFailed, ConnectorNotPermitted, ConnectorUnavailable, NotFound
from helpdesk.identifiers import NhsNumber, PathwayId, Ubrn
from helpdesk.pathways.activity import Activity, ActivityFound, ActivityKind, ActivityStatus
from helpdesk.patients.model import Sensitivity

HOSPITAL = SourceInfo("hospital", "Fenmoor system", Port.HOSPITAL_ACTIVITY)
APPOINTMENT = replace(activity(start=NOW + timedelta(days=3)), nhs_number=ANN)
WAITS = replace(activity(ActivityKind.WAITING, ActivityStatus.ACTIVE, id="w1", clock_start=date(2025, 9, 1)), nhs_number=ANN)


class System:
    def __init__(self, act: Callable[[], object]) -> None:
        self.act = act
        self.asked = 0

    def activity(self, number: NhsNumber) -> object:
        self.asked += 1
        return self.act()


class Notes:
    def __init__(self) -> None:
        self.good: list[str] = []
        self.bad: list[tuple[str, str]] = []

    def answered(self, source: str) -> None:
        self.good.append(source)

    def failed(self, source: str, message: str) -> None:
        self.bad.append((source, message))

    def all(self) -> tuple[Health, ...]:
        return ()


def asking(system: System, observations: Observations | None = None, notes: Notes | None = None) -> Enquiry:
    source = Source(HOSPITAL, system, timedelta(hours=24), timeout_s=5)  # type: ignore[arg-type]  # a stand-in
    kept = observations or Observations()
    health = HealthNotes(notes, AtTen()) if notes else None
    return Enquiry([source], Lists(), KeptReferrals(kept), Audit(), AtTen(), KeptActivity(kept), health)


def holds(*items: Activity, missing: tuple[str, ...] = (), limits: str = "") -> Callable[[], ActivityFound]:
    return lambda: ActivityFound(items, missing, limits)


def test_a_whole_answer_is_fresh_and_is_kept_for_when_the_system_is_down() -> None:
    system, kept = System(holds(APPOINTMENT, WAITS)), Observations()
    desk = asking(system, kept)
    given = desk.ask(ticket(), HOSPITAL)
    assert given.state is SourceState.FRESH
    assert [item.source for item in given.value] == ["hospital", "hospital"]
    system.act = fails(ConnectorUnavailable("Fenmoor system cannot be reached at the moment."))
    old = desk.ask(ticket(), HOSPITAL)
    assert old.state is SourceState.STALE
    assert [replace(item, kept=None) for item in old.value] == list(given.value)
    assert {item.kept for item in old.value} == {NOW}
    assert "cannot be reached" in old.message
    assert "18 March 2026" in old.message


def test_everything_that_is_kept_comes_back_as_it_was() -> None:
    full = replace(
        APPOINTMENT,
        ubrn=Ubrn("000000070000"),
        pathway_id=PathwayId("P1", "XFC01"),
        place="Clinic 4",
        medium="by video",
        referred=date(2026, 1, 2),
        due=date(2026, 4, 1),
        ask_team=True,
        source="hospital",
        as_at=date(2026, 3, 15),
    )
    kept = KeptActivity(Observations())
    kept.keep("hospital", ANN, (full, replace(WAITS, source="hospital")), NOW)
    assert kept.latest("hospital", ANN) == ((full, replace(WAITS, source="hospital")), NOW)


def test_a_part_that_did_not_answer_is_named_and_nothing_is_taken_for_complete() -> None:
    kept = Observations()
    given = asking(System(holds(APPOINTMENT, missing=("Thornmere theatre system", "Thornmere letters"))), kept).ask(ticket(), HOSPITAL)
    assert given.state is SourceState.UNAVAILABLE
    assert given.remedy is Remedy.RETRY
    assert given.message.startswith("Fenmoor system: Thornmere theatre system and Thornmere letters could not answer")
    assert len(given.value) == 1
    assert kept.kept == {}


def test_an_empty_answer_says_what_the_source_never_shows() -> None:
    given = asking(System(holds(limits="Some clinics are never shown here."))).ask(ticket(), HOSPITAL)
    assert (given.state, given.message) == (SourceState.NOTHING_HELD, "Some clinics are never shown here.")


def test_nobody_of_that_number_is_nothing_held() -> None:
    assert asking(System(fails(NotFound("Nobody here has this number.")))).ask(ticket(), HOSPITAL).state is SourceState.NOTHING_HELD


def test_an_old_census_is_stale_and_an_appointment_changed_long_ago_is_not() -> None:
    old = asking(System(holds(replace(WAITS, as_at=date(2026, 3, 1))))).ask(ticket(), HOSPITAL)
    assert (old.state, old.as_at) == (SourceState.STALE, date(2026, 3, 1))
    changed = asking(System(holds(replace(APPOINTMENT, as_at=date(2026, 1, 1))))).ask(ticket(), HOSPITAL)
    assert changed.state is SourceState.FRESH


@pytest.mark.parametrize(
    ("items", "as_at", "day"),
    [
        ((replace(WAITS, as_at=date(2026, 3, 15)), replace(WAITS, id="w2", as_at=date(2026, 3, 8))), date(2026, 3, 8), "8 March 2026"),
        ((replace(WAITS, as_at=date(2026, 3, 15)), APPOINTMENT), NOW, "18 March 2026"),
        ((replace(WAITS, as_at=None),), NOW, "18 March 2026"),
        ((), NOW, "18 March 2026"),
    ],
    ids=["every one counted", "an appointment among them", "no census", "nothing"],
)
def test_a_kept_list_is_as_of_its_census(items: tuple[Activity, ...], as_at: date, day: str) -> None:
    kept = Observations()
    KeptActivity(kept).keep("hospital", ANN, items, NOW)
    old = asking(System(fails(ConnectorUnavailable("Fenmoor system did not answer in time."))), kept).ask(ticket(), HOSPITAL)
    assert (old.state, old.as_at, len(old.value)) == (SourceState.STALE, as_at, len(items))
    assert old.message == f"Fenmoor system did not answer in time. Held from {day}."


def test_an_answer_about_somebody_else_is_thrown_away_whole() -> None:
    kept = Observations()
    mixed = System(holds(APPOINTMENT, replace(APPOINTMENT, nhs_number=SOMEBODY_ELSE)))
    given = asking(mixed, kept).ask(ticket(), HOSPITAL)
    assert given.state is SourceState.UNAVAILABLE
    assert given.value is None
    assert kept.kept == {}
    asking(System(holds(APPOINTMENT)), kept).ask(ticket(), HOSPITAL)
    after_a_good_one = asking(mixed, kept).ask(ticket(), HOSPITAL)
    assert (after_a_good_one.state, after_a_good_one.value) == (SourceState.UNAVAILABLE, None)


def test_what_the_role_may_not_ask_is_not_filled_from_what_was_kept() -> None:
    kept = Observations()
    desk = asking(System(holds(APPOINTMENT)), kept)
    desk.ask(ticket(), HOSPITAL)
    given = asking(System(fails(ConnectorNotPermitted("Not for this desk."))), kept).ask(ticket(), HOSPITAL)
    assert (given.state, given.value) == (SourceState.NOT_PERMITTED, None)


@pytest.mark.parametrize("gate", [GateState.RESTRICTED, GateState.UNCONFIRMED])
def test_a_closed_gate_asks_no_provider(gate: GateState) -> None:
    system, kept = System(holds(APPOINTMENT)), Observations()
    KeptActivity(kept).keep("hospital", ANN, (APPOINTMENT,), NOW)
    given = asking(system, kept).ask(ticket(gate=gate, known=Sensitivity.UNRESTRICTED), HOSPITAL)
    assert system.asked == 0
    assert given.state is (SourceState.NOT_PERMITTED if gate is GateState.RESTRICTED else SourceState.STALE)
    assert (given.value is None) is (gate is GateState.RESTRICTED)


def test_a_gate_without_a_known_flag_shows_nothing_that_was_kept() -> None:
    kept = Observations()
    KeptActivity(kept).keep("hospital", ANN, (APPOINTMENT,), NOW)
    given = asking(System(holds()), kept).ask(ticket(gate=GateState.UNCONFIRMED, known=None), HOSPITAL)
    assert (given.state, given.value) == (SourceState.NOT_PERMITTED, None)


def test_the_health_of_a_source_is_noted_once_a_minute_and_holds_nobody() -> None:
    notes = Notes()
    system = System(holds(APPOINTMENT))
    desk = asking(system, None, notes)
    for _ in range(3):
        desk.ask(ticket(), HOSPITAL)
    system.act = fails(ConnectorUnavailable("Fenmoor system did not answer in time."))
    asking(system, None, notes).ask(ticket(), HOSPITAL)
    assert notes.good == ["hospital"]
    assert notes.bad == [("hospital", "Fenmoor system did not answer in time.")]


def test_a_system_that_fails_is_noted_so_also_where_something_kept_is_shown_and_what_to_do_stays() -> None:
    notes, kept, system = Notes(), Observations(), System(holds(APPOINTMENT))
    desk = asking(system, kept, notes)
    desk.ask(ticket(), HOSPITAL)
    system.act = fails(ConnectorAuthFailed("Fenmoor system did not accept the sign-in."))
    old = desk.ask(ticket(), HOSPITAL)
    assert (old.state, old.remedy) == (SourceState.STALE, Remedy.SIGN_IN)
    assert notes.bad == [("hospital", "Fenmoor system did not accept the sign-in.")]


def test_a_system_that_answers_again_is_noted_at_once() -> None:
    notes, system = Notes(), System(holds(APPOINTMENT))
    desk = asking(system, None, notes)
    desk.ask(ticket(), HOSPITAL)
    system.act = fails(ConnectorUnavailable("Fenmoor system did not answer in time."))
    desk.ask(ticket(), HOSPITAL)
    system.act = holds(APPOINTMENT)
    desk.ask(ticket(), HOSPITAL)
    assert (len(notes.good), len(notes.bad)) == (2, 1)


def test_an_old_list_that_was_answered_now_is_no_failure() -> None:
    notes = Notes()
    asking(System(holds(replace(WAITS, as_at=date(2026, 3, 1)))), None, notes).ask(ticket(), HOSPITAL)
    assert notes.bad == []

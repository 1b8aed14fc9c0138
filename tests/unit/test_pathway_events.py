"""The events on a pathway's line of time: each once for each source, with what became of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from pathway_facts import GENERAL, JANE, SEEN, TODAY, UBRN, WEEK, activity, clock, named, only, referral, row, sent

from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.extract_rows import ClockMove
from helpdesk.pathways.model import EventKind, EventState, ListKind, ListRow, NextEvent, Pathway, PathwayEvent, Referral, ReferralState
from helpdesk.pathways.ports import HeldRows
from helpdesk.pathways.stitching import stitch

START, STOP, NULLIFY = ClockMove.START, ClockMove.STOP, ClockMove.NULLIFY
DONE, BOOKED, PASSED, OFF, MISSED = EventState.DONE, EventState.BOOKED, EventState.PASSED, EventState.CALLED_OFF, EventState.MISSED
BEGAN = date(2026, 3, 3)
SOON, GONE = date(2026, 12, 16), date(2026, 11, 10)


def lines(pathway: Pathway) -> list[tuple[date, str, EventState]]:
    return [(e.day, e.words, e.state) for e in pathway.events]


def after_start(*rows: ListRow, referrals: list[Referral] | None = None, activities: list[Activity] | None = None) -> list[object]:
    """What stands beside the referral and the start of the clock."""
    told = lines(only(list(rows), referrals, activities=activities or []))
    return [(day, words, state) for day, words, state in told if words not in ("Referred", "18-week clock started")]


def test_a_simple_wait_has_two_events_with_their_source() -> None:
    assert only([row()]).events == (
        PathwayEvent(BEGAN, "18-week clock started", DONE, "waiting_lists", WEEK),
        PathwayEvent(BEGAN, "Referred", DONE, "waiting_lists", WEEK),
    )


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"original_referral_received": date(2025, 1, 1)}, (date(2025, 1, 1), "First referred", DONE)),
        ({"last_attended": GONE}, (GONE, "Attended", DONE)),
        ({"last_missed": GONE}, (GONE, "Appointment", MISSED)),
        ({"cancelled": GONE}, (GONE, "Appointment", OFF)),
        ({"next_outpatient": SOON}, (SOON, "Appointment", BOOKED)),
        ({"next_outpatient": TODAY}, (TODAY, "Appointment", BOOKED)),
        ({"next_admission": SOON}, (SOON, "Admission", BOOKED)),
        ({"next_outpatient": GONE}, (GONE, "Appointment", PASSED)),
        ({"next_admission": GONE}, (GONE, "Admission", PASSED)),
        ({"due": GONE}, (GONE, "Due date", PASSED)),
        ({"clock_stop": GONE, "rtt_status": "30"}, (GONE, "18-week clock stopped", DONE)),
        ({"clock_stop": GONE, "rtt_status": "20"}, (GONE, "18-week clock stopped", DONE)),
        ({"clock_stop": GONE, "rtt_status": "31"}, (GONE, "Active monitoring began, 18-week clock stopped", DONE)),
        ({"clock_stop": GONE, "rtt_status": "33"}, (GONE, "18-week clock nullified, first appointment missed", DONE)),
    ],
)
def test_each_day_of_a_list_row(changed: dict[str, object], line: object) -> None:
    assert after_start(row(**changed)) == [line]


def test_a_date_that_something_came_after_did_not_pass_without_outcome() -> None:
    assert after_start(row(next_outpatient=GONE, last_attended=GONE)) == [(GONE, "Attended", DONE)]
    later = GONE + timedelta(1)
    assert after_start(row(next_outpatient=GONE, last_attended=later)) == [(later, "Attended", DONE)]
    before = GONE - timedelta(1)
    assert after_start(row(next_outpatient=GONE, cancelled=before)) == [(before, "Appointment", OFF), (GONE, "Appointment", PASSED)]
    assert after_start(row(due=GONE, last_attended=later)) == [(later, "Attended", DONE)]


def test_a_due_date_to_come_is_no_event() -> None:
    assert after_start(row(due=SOON)) == []
    assert after_start(row(due=TODAY)) == []


def test_a_restart_and_a_list_without_a_clock() -> None:
    restarted = row(rtt_status="11", referral_received=None, last_attended=GONE)
    assert lines(only([restarted])) == [(BEGAN, "New 18-week clock started", DONE), (GONE, "Attended", DONE)]
    assert lines(only([row(list_kind=ListKind.NOT_RTT)])) == [(BEGAN, "Referred", DONE)]
    assert lines(only([row(original_referral_received=BEGAN)])) == lines(only([row()]))


def test_a_transfer_stands_on_the_line() -> None:
    moved = date(2026, 6, 1)
    told = lines(only([row(provider=GENERAL, referral_received=moved), row(rtt_status="21")]))
    assert (moved, "Moved to another hospital", DONE) in told
    assert (BEGAN, "Referred", DONE) in told
    assert not any(words == "Moved to another hospital" for _, words, _ in lines(only([row(provider=GENERAL), row(rtt_status="21")])))


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (ReferralState.BOOKED, BOOKED),
        (ReferralState.APPT_CANCELLED_BY_PATIENT, OFF),
        (ReferralState.APPT_CANCELLED_BY_PROVIDER, OFF),
        (ReferralState.REJECTED, OFF),
        (ReferralState.CANCELLED_REFERRAL, OFF),
        (ReferralState.DID_NOT_ATTEND, MISSED),
    ],
)
def test_an_event_of_e_rs(state: ReferralState, shown: EventState) -> None:
    told = referral(state=state, clock_start=BEGAN, next_event=NextEvent(EventKind.OUTPATIENT, SOON, time(9, 10)))
    pathway = only([], [told])
    assert lines(pathway) == [(BEGAN, "18-week clock started", DONE), (SOON, "Appointment", shown)]
    assert {(e.source, e.as_at) for e in pathway.events} == {("ers", SEEN)}


@pytest.mark.parametrize(
    ("kind", "status", "line"),
    [
        (ActivityKind.APPOINTMENT, ActivityStatus.BOOKED, ("Appointment", PASSED)),
        (ActivityKind.APPOINTMENT, ActivityStatus.ATTENDED, ("Appointment", DONE)),
        (ActivityKind.APPOINTMENT, ActivityStatus.ARRIVED, ("Appointment", DONE)),
        (ActivityKind.APPOINTMENT, ActivityStatus.CANCELLED, ("Appointment", OFF)),
        (ActivityKind.ADMISSION, ActivityStatus.ENDED, ("Admission", DONE)),
        (ActivityKind.DIAGNOSTIC, ActivityStatus.MISSED, ("Test", MISSED)),
        (ActivityKind.ATTENDANCE, ActivityStatus.ENDED, ("Attended", DONE)),
        (ActivityKind.APPOINTMENT, ActivityStatus.UNKNOWN, None),
        (ActivityKind.TASK, ActivityStatus.ACTIVE, None),
    ],
)
def test_each_fact_of_a_providers_system(kind: ActivityKind, status: ActivityStatus, line: tuple[str, EventState] | None) -> None:
    told = after_start(row(), activities=[activity(kind, status, start=GONE, local_id="P1")])
    assert told == ([(GONE, *line)] if line else [])


def test_a_waiting_entry_gives_its_referral_and_its_start() -> None:
    waiting = activity(ActivityKind.WAITING, ActivityStatus.ACTIVE, clock_start=BEGAN, referred=date(2026, 3, 1))
    assert only([], activities=[waiting]).events == (
        PathwayEvent(date(2026, 3, 1), "Referred", DONE, "hospital", SEEN),
        PathwayEvent(BEGAN, "18-week clock started", DONE, "hospital", SEEN),
    )
    visit = activity(ActivityKind.ATTENDANCE, ActivityStatus.ENDED, start=GONE, local_id="P1")
    assert only([row()], activities=[visit]).events[-1] == PathwayEvent(GONE, "Attended", DONE, "hospital", SEEN)
    booked = activity(start=SOON, local_id="P1")
    assert only([row()], activities=[booked]).events[-1] == PathwayEvent(SOON, "Appointment", BOOKED, "hospital", SEEN)


def test_extracts_give_their_events_with_their_day() -> None:
    events = (
        clock(BEGAN, START, "10"),
        clock(date(2026, 4, 1), STOP, "32"),
        clock(date(2026, 5, 1), START, "11"),
        clock(date(2026, 6, 1), STOP, "21"),
        clock(date(2026, 7, 1), NULLIFY, "33"),
    )
    told = (sent(sent=date(2026, 2, 1), received=date(2026, 2, 2), accepted=date(2026, 2, 3), closed=date(2026, 2, 4), ubrn=UBRN),)
    off = activity(status=ActivityStatus.CANCELLED, start=GONE, local_id="P1", as_at=WEEK, source="activity_extract")
    held = HeldRows("XFC01", WEEK, (row(ubrn=UBRN),), clock_events=events, referrals=told, activities=(off,))
    (pathway,) = stitch([held], [], about=JANE, today=TODAY, limit_days=10, organisations=named)
    by_source = {s: [(e.day, e.words, e.state) for e in pathway.events if e.source == s] for s in ("clocks", "referral_extract")}
    assert {e.as_at for e in pathway.events} == {WEEK}
    assert by_source["clocks"] == [
        (BEGAN, "18-week clock started", DONE),
        (date(2026, 4, 1), "Active monitoring began, 18-week clock stopped", DONE),
        (date(2026, 5, 1), "New 18-week clock started", DONE),
        (date(2026, 6, 1), "Moved to another hospital", DONE),
        (date(2026, 7, 1), "18-week clock nullified, first appointment missed", DONE),
    ]
    assert by_source["referral_extract"] == [
        (date(2026, 2, 1), "Referral sent", DONE),
        (date(2026, 2, 2), "Referral received", DONE),
        (date(2026, 2, 3), "Referral accepted", DONE),
        (date(2026, 2, 4), "Referral closed", OFF),
    ]
    assert [e for e in pathway.events if e.source == "activity_extract"] == [
        PathwayEvent(GONE, "Appointment", OFF, "activity_extract", WEEK)
    ]
    assert all(a.day <= b.day for a, b in zip(pathway.events, pathway.events[1:], strict=False))


def test_what_was_kept_says_when_it_was_told() -> None:
    asked = datetime(2026, 11, 18, 9, tzinfo=UTC)
    kept = activity(start=SOON, kept=asked)
    assert only([], activities=[kept]).events[0].as_at == asked


def test_two_sources_of_one_event_stand_side_by_side_and_one_source_once() -> None:
    booked = activity(start=SOON, local_id="P1")
    told = only([row(next_outpatient=SOON)], activities=[booked, activity(start=SOON, local_id="P1", id="again")])
    assert [(e.source, e.state) for e in told.events if e.day == SOON] == [("hospital", BOOKED), ("waiting_lists", BOOKED)]

"""The events of one pathway by day, for its line of time: each with the source that gives it and its date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.bookings import CALLED_OFF, ENDED
from helpdesk.pathways.clock import RESTARTED
from helpdesk.pathways.clock_history import ClockState, is_transfer, state_after, stopped_by
from helpdesk.pathways.extract_rows import ClockEvent, ClockMove, ReferralRow
from helpdesk.pathways.joining import Joined
from helpdesk.pathways.live_bookings import EVENTS, STANDS, day_of, told_at
from helpdesk.pathways.model import EventKind, EventState, ListKind, ListRow, PathwayEvent, Referral, ReferralState

_WORDS = {EventKind.OUTPATIENT: "Appointment", EventKind.ADMISSION: "Admission", EventKind.DIAGNOSTIC: "Test"}
_STOPPED = {
    ClockState.STOPPED: "18-week clock stopped",
    ClockState.MONITORED: "Active monitoring began, 18-week clock stopped",
    ClockState.NULLIFIED: "18-week clock nullified, first appointment missed",
}
_STATES = {
    ActivityStatus.ATTENDED: EventState.DONE,
    ActivityStatus.ENDED: EventState.DONE,
    ActivityStatus.ARRIVED: EventState.DONE,
    ActivityStatus.CANCELLED: EventState.CALLED_OFF,
    ActivityStatus.MISSED: EventState.MISSED,
}
_OF_REFERRAL = {
    **dict.fromkeys(CALLED_OFF | ENDED, EventState.CALLED_OFF),
    ReferralState.DID_NOT_ATTEND: EventState.MISSED,
}
_HAPPENED = frozenset({EventState.DONE, EventState.CALLED_OFF, EventState.MISSED})
_HAPPENINGS = frozenset({*_WORDS.values(), "Attended"})
REFERRED, STARTED, RESTART, TRANSFER = "Referred", "18-week clock started", "New 18-week clock started", "Moved to another hospital"
DUE = "Due date"
"""Shown only once it has gone by: until then it is no event."""


def timeline(joined: Joined, today: date) -> tuple[PathwayEvent, ...]:
    """By day. What two sources both say stands once for each of them."""
    found = [event for row in joined.rows for event in _of_row(row, joined)]
    found += [event for referral in joined.referrals for event in _of_referral(referral)]
    found += [event for sent in joined.sent for event in _of_sent(sent)]
    found += [_of_clock(event) for event in joined.clock_events]
    found += [event for activity in joined.activities for event in _of_activity(activity)]
    once = dict.fromkeys(_with_outcome(found, today))
    return tuple(sorted(once, key=lambda e: (e.day, e.words, e.source)))


def _of_row(row: ListRow, joined: Joined) -> Iterable[PathwayEvent]:
    first = row.original_referral_received
    days = [
        (first if first != row.referral_received else None, "First referred", EventState.DONE),
        (row.referral_received, TRANSFER if _moved(row, joined) else REFERRED, EventState.DONE),
        (row.clock_start if row.list_kind is not ListKind.NOT_RTT else None, STARTED, EventState.DONE),
        (row.clock_stop, _STOPPED[stopped_by(row.rtt_status)], EventState.DONE),
        (row.last_attended, "Attended", EventState.DONE),
        (row.last_missed, "Appointment", EventState.MISSED),
        (row.cancelled, "Appointment", EventState.CALLED_OFF),
        (row.next_outpatient, _WORDS[EventKind.OUTPATIENT], EventState.BOOKED),
        (row.next_admission, _WORDS[EventKind.ADMISSION], EventState.BOOKED),
        (row.due, DUE, EventState.BOOKED),
    ]
    if row.rtt_status.strip() == RESTARTED:
        days = [(day, RESTART if words == STARTED else words, state) for day, words, state in days]
    return [PathwayEvent(day, words, state, row.source, row.week_ending) for day, words, state in days if day is not None]


def _moved(row: ListRow, joined: Joined) -> bool:
    """Whether another provider had the referral before this one."""
    return any(
        other.provider != row.provider
        and other.referral_received is not None
        and row.referral_received is not None
        and other.referral_received < row.referral_received
        for other in joined.rows
    )


def _of_clock(event: ClockEvent) -> PathwayEvent:
    if is_transfer(event):
        words = TRANSFER
    elif event.move is ClockMove.START:
        words = RESTART if event.rtt_status.strip() == RESTARTED else STARTED
    else:
        words = _STOPPED[state_after(event)]
    return PathwayEvent(event.day, words, EventState.DONE, event.source, event.as_at)


def _of_referral(referral: Referral) -> Iterable[PathwayEvent]:
    if referral.clock_start is not None:
        yield PathwayEvent(referral.clock_start, STARTED, EventState.DONE, referral.source, referral.as_at)
    if referral.next_event is not None:
        words = _WORDS[referral.next_event.kind]
        state = _OF_REFERRAL.get(referral.state, EventState.BOOKED)
        yield PathwayEvent(referral.next_event.day, words, state, referral.source, referral.as_at)


def _of_sent(sent: ReferralRow) -> Iterable[PathwayEvent]:
    days = [
        (sent.sent, "Referral sent", EventState.DONE),
        (sent.received, "Referral received", EventState.DONE),
        (sent.accepted, "Referral accepted", EventState.DONE),
        (sent.closed, "Referral closed", EventState.CALLED_OFF),
    ]
    return [PathwayEvent(day, words, state, sent.source, sent.as_at) for day, words, state in days if day is not None]


def _of_activity(activity: Activity) -> Iterable[PathwayEvent]:
    as_at = told_at(activity)
    if activity.referred is not None:
        yield PathwayEvent(activity.referred, REFERRED, EventState.DONE, activity.source, as_at)
    if activity.clock_start is not None:
        yield PathwayEvent(activity.clock_start, STARTED, EventState.DONE, activity.source, as_at)
    state = _STATES.get(activity.status) or (EventState.BOOKED if activity.status in STANDS else None)
    if activity.start is None or state is None:
        return
    if activity.kind is ActivityKind.ATTENDANCE:
        yield PathwayEvent(day_of(activity.start), "Attended", EventState.DONE, activity.source, as_at)
    elif (kind := EVENTS.get(activity.kind)) is not None:
        yield PathwayEvent(day_of(activity.start), _WORDS[kind], state, activity.source, as_at)


def _with_outcome(events: Iterable[PathwayEvent], today: date) -> Iterable[PathwayEvent]:
    """A booked day that has gone by passed without outcome, unless something happened on that day or later: then what
    happened is told in its place."""
    told = list(events)
    latest = max((e.day for e in told if e.words in _HAPPENINGS and e.state in _HAPPENED), default=date.min)
    for event in told:
        if event.state is not EventState.BOOKED or (event.day >= today and event.words != DUE):
            yield event
        elif latest < event.day < today:
            yield replace(event, state=EventState.PASSED)

"""The clock of one joined pathway: what lists, clock extracts and e-RS say of it, and what is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from helpdesk.pathways.clock import RESTARTED, ClockEffect, clock_effect
from helpdesk.pathways.clock_history import ClockHistory, ClockRun, ClockState, clock_history
from helpdesk.pathways.joining import Joined
from helpdesk.pathways.model import ListKind, ListRow, ReferralState

_COUNTS = frozenset(
    {
        ReferralState.NOT_BOOKED,
        ReferralState.BOOKED,
        ReferralState.DEFERRED_TO_PROVIDER,
        ReferralState.AWAITING_TRIAGE,
        ReferralState.TRIAGED_PROVIDER_TO_ACTION,
        ReferralState.APPT_CANCELLED_BY_PATIENT,
        ReferralState.APPT_CANCELLED_BY_PROVIDER,
    }
)
"""States in which a clock that e-RS gives is still counting. A missed first appointment ends it, and what was sent
back or answered may have. Source: NHS England, RTT guidance v5.0."""
_OVER = frozenset({"30", "34", "35", "36", "90"})
"""Statuses after which nobody waits on this pathway; active monitoring and a missed first appointment are not among them."""


@dataclass(frozen=True)
class Reading:
    """The clock that is shown. `start` is the day it counts from, also where it has stopped. `stopped_since` is the day
    on which a clock extract newer than the list stopped it."""

    start: date | None
    running: bool
    history: ClockHistory
    stopped_since: date | None = None


def read_clock(joined: Joined, waited_to: date) -> Reading:
    """The clock as it stood on `waited_to`.

    The later of list and clock extract speaks, the clock extract where they are of one day: it gives each move its day.
    A start that nothing explains never makes a wait shorter than the list's: the first start counts.
    """
    history = clock_history(e for e in joined.clock_events if e.day <= waited_to)
    start, running = _listed(joined)
    running = running and start is not None and start <= waited_to
    if history.state is ClockState.NONE or not _events_speak(joined):
        return Reading(start, running, history)
    told = history.running
    if told is not None:
        first = start is not None and running and start < told.start and not _explained(history, told)
        return Reading(start if first else told.start, True, history)
    if running and start is not None and history.since is not None and start > history.since:
        return Reading(start, True, history)
    last = history.runs[-1].start if history.runs else start
    return Reading(last, False, history, stopped_since=history.since if running else None)


def is_counting(row: ListRow) -> bool:
    """Whether a list row says that its 18-week clock runs."""
    return row.list_kind is not ListKind.NOT_RTT and row.clock_stop is None and clock_effect(row.rtt_status) is ClockEffect.RUNNING


def is_over(joined: Joined, reading: Reading) -> bool:
    """Whether nobody waits on it any more, so that no days since the referral are counted."""
    if reading.running:
        return False
    if reading.stopped_since is not None or joined.row is None:
        return reading.history.state is ClockState.STOPPED
    row = joined.row
    return row.rtt_status.strip() in _OVER or (row.clock_stop is not None and clock_effect(row.rtt_status) is ClockEffect.RUNNING)


def days_since_referral(joined: Joined, reading: Reading, waited_to: date) -> int | None:
    """Since the original referral, where that lies before the clock's start or no clock runs; None where it is over."""
    first = original_referral(joined)
    if first is None or first > waited_to or is_over(joined, reading):
        return None
    if reading.running and reading.start is not None and first >= reading.start:
        return None
    return (waited_to - first).days


def original_referral(joined: Joined) -> date | None:
    """The first day on which any source has a referral; of one that nobody is known to have received, the day it was sent."""
    days = [d for row in joined.rows for d in (row.original_referral_received, row.referral_received)]
    days += [sent.received for sent in joined.sent]
    told = [*(sent.sent for sent in joined.sent), *(a.referred for a in joined.activities)]
    known = [d for d in days if d is not None] or [d for d in told if d is not None]
    return min(known, default=None)


def _listed(joined: Joined) -> tuple[date | None, bool]:
    """Start and running as lists give them, as e-RS does where there is none. Of providers that pass a patient on the
    first start counts, unless the one that leads has begun another after active monitoring."""
    row = joined.row
    if row is None:
        start = next((r.clock_start for r in joined.referrals if r.clock_start is not None), None)
        return start, bool(joined.referrals) and joined.referrals[0].state in _COUNTS
    starts = [r.clock_start for r in joined.rows if r.clock_start is not None and is_counting(r)]
    if is_counting(row) and starts and row.rtt_status.strip() != RESTARTED:
        return min(starts), True
    given = [r.clock_start for r in joined.rows] + [r.clock_start for r in joined.referrals]
    return next((day for day in given if day is not None), None), is_counting(row)


def _events_speak(joined: Joined) -> bool:
    return joined.row is None or max(e.as_at for e in joined.clock_events) >= joined.row.week_ending


def _explained(history: ClockHistory, told: ClockRun) -> bool:
    """Whether a clock came before it and ended, so that its later start is no slip."""
    return told.restarted or len(history.runs) > 1 or any(e.day < told.start for e in history.unmatched)

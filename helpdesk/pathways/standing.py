"""Where a pathway stands, in the few words of its card."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from helpdesk.pathways.bookings import CALLED_OFF, Bookings
from helpdesk.pathways.clock import TRANSFERRED, ClockEffect, clock_effect
from helpdesk.pathways.contact import is_advice_alone, is_overdue
from helpdesk.pathways.joining import Joined
from helpdesk.pathways.model import ListKind, ListRow, Referral, ReferralState


class Standing(StrEnum):
    DISAGREE = "sources disagree about the appointment"
    PASSED = "appointment date passed, outcome not known"
    CANCELLED = "appointment cancelled, not rebooked"
    MISSED = "appointment missed, not rebooked"
    SENT_BACK = "sent back to the practice (e-RS)"
    REFERRAL_CANCELLED = "referral cancelled (e-RS)"
    DUE_PASSED = "due date passed, no appointment"
    BOOKED = "appointment booked"
    BOOKED_UNSEEN = "booked, date not shown (e-RS)"
    MOVED = "moving to another hospital"
    ON_LIST = "on the list, no appointment"
    CLOCK_STOPPED = "18-week clock stopped"
    NOT_18_WEEKS = "not an 18-week pathway"
    NOT_RECORDED = "status not recorded"
    TO_BOOK = "waiting to be booked (e-RS)"
    PROVIDER_BOOKS = "waiting for the hospital to book (e-RS)"
    LOOKED_AT = "being looked at by the hospital (e-RS)"
    PROVIDER_ACTS = "looked at, the hospital acts next (e-RS)"
    ANSWERED = "answered to the practice (e-RS)"
    UNKNOWN = "state not known (e-RS)"
    CONTACT_PASSED = "should have been in touch by now (e-RS)"
    ADVICE = "advice asked for, no referral (e-RS)"
    LEFT_LIST = "gone from the list, no stop known"
    NOT_SEEN = "sent, not seen to arrive"
    RETURNED = "sent back to the practice"


NEEDS_HELP = frozenset(
    {
        Standing.DISAGREE,
        Standing.PASSED,
        Standing.CANCELLED,
        Standing.MISSED,
        Standing.SENT_BACK,
        Standing.REFERRAL_CANCELLED,
        Standing.DUE_PASSED,
        Standing.CONTACT_PASSED,
        Standing.LEFT_LIST,
        Standing.NOT_SEEN,
        Standing.RETURNED,
    }
)

_OF_STATE = {
    ReferralState.NOT_BOOKED: Standing.TO_BOOK,
    ReferralState.BOOKED: Standing.BOOKED_UNSEEN,
    ReferralState.DEFERRED_TO_PROVIDER: Standing.PROVIDER_BOOKS,
    ReferralState.AWAITING_TRIAGE: Standing.LOOKED_AT,
    ReferralState.TRIAGE_RESPONSE: Standing.ANSWERED,
    ReferralState.TRIAGED_PROVIDER_TO_ACTION: Standing.PROVIDER_ACTS,
    ReferralState.ASSESSMENT_RESULT: Standing.ANSWERED,
    ReferralState.APPT_CANCELLED_BY_PATIENT: Standing.CANCELLED,
    ReferralState.APPT_CANCELLED_BY_PROVIDER: Standing.CANCELLED,
    ReferralState.DID_NOT_ATTEND: Standing.MISSED,
    ReferralState.REJECTED: Standing.SENT_BACK,
    ReferralState.CANCELLED_REFERRAL: Standing.REFERRAL_CANCELLED,
    ReferralState.UNKNOWN: Standing.UNKNOWN,
}


def of_state(state: ReferralState) -> Standing:
    """The words for an e-RS state when no list holds the pathway."""
    return _OF_STATE[state]


def standing(joined: Joined, booked: Bookings, today: date) -> Standing:
    """What matters most first: a contradiction, a booking, something that went wrong, then where the wait is."""
    if booked.contradicted:
        return Standing.DISAGREE
    if booked.next is not None:
        return Standing.BOOKED
    row = joined.row
    if row is None:
        return Standing.PASSED if booked.passed else _of_referral(joined, joined.referrals[0], booked, today)
    if clock_effect(row.rtt_status) is ClockEffect.STOPPED or row.clock_stop is not None:
        return Standing.CLOCK_STOPPED
    return _went_wrong(row, joined.referral, booked, today) or _on_list(row)


def _of_referral(joined: Joined, referral: Referral, booked: Bookings, today: date) -> Standing:
    if is_advice_alone(referral):
        return Standing.ADVICE
    return Standing.CONTACT_PASSED if is_overdue(joined, booked, today) else of_state(referral.state)


def _went_wrong(row: ListRow, referral: Referral | None, booked: Bookings, today: date) -> Standing | None:
    if booked.passed is not None:
        return Standing.PASSED
    attended, cancelled, missed = (d or date.min for d in (row.last_attended, row.cancelled, row.last_missed))
    if cancelled > attended and cancelled >= missed:
        return Standing.CANCELLED
    if missed > attended:
        return Standing.MISSED
    if referral is not None:
        if referral.state in CALLED_OFF and row.last_attended is None:
            return Standing.CANCELLED
        if referral.state is ReferralState.DID_NOT_ATTEND and row.last_attended is None:
            return Standing.MISSED
        if referral.state in (ReferralState.REJECTED, ReferralState.CANCELLED_REFERRAL):
            return of_state(referral.state)
        if referral.state is ReferralState.BOOKED and row.last_attended is None:
            return Standing.BOOKED_UNSEEN
    return Standing.DUE_PASSED if row.due is not None and row.due < today else None


def _on_list(row: ListRow) -> Standing:
    if row.list_kind is ListKind.NOT_RTT or clock_effect(row.rtt_status) is ClockEffect.NONE:
        return Standing.NOT_18_WEEKS
    if clock_effect(row.rtt_status) is ClockEffect.UNKNOWN:
        return Standing.NOT_RECORDED
    return Standing.MOVED if row.rtt_status.strip() == TRANSFERRED else Standing.ON_LIST

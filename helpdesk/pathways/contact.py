"""What e-RS tells beside a referral's state: by when to hear, whom to ring, and where a request for advice stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from helpdesk.pathways.activity import ActivityStatus
from helpdesk.pathways.bookings import Bookings, within_a_day
from helpdesk.pathways.clock import ClockEffect, clock_effect
from helpdesk.pathways.days import said
from helpdesk.pathways.joining import Joined
from helpdesk.pathways.model import Coded, ListRow, Referral, ReferralState
from helpdesk.pathways.sentences import Book

_PROVIDER_ACTS = frozenset({ReferralState.DEFERRED_TO_PROVIDER, ReferralState.AWAITING_TRIAGE})
_SEEN = frozenset({ActivityStatus.ARRIVED, ActivityStatus.ATTENDED})
_BY_PHONE = {"R06": "R12", "R03": "R15"}
"""Rules that name the number on a letter, and those that name the service's own."""


def is_advice_alone(referral: Referral) -> bool:
    """Whether the reference is only of a request for advice. That is no referral, and nobody waits because of it."""
    return referral.state is ReferralState.UNKNOWN and bool(referral.advice)


def awaits_contact(joined: Joined, booked: Bookings, today: date) -> bool:
    """Whether the provider was to be in touch by a day that e-RS gives, and nothing shows that it was."""
    referral = joined.referral
    if referral is None or referral.contact_by is None or referral.state not in _PROVIDER_ACTS:
        return False
    if booked.next is not None or booked.passed is not None or booked.contradicted or any(a.status in _SEEN for a in joined.activities):
        return False
    return joined.row is None or (_untouched(joined.row) and within_a_day(referral.as_at, today))


def is_overdue(joined: Joined, booked: Bookings, today: date) -> bool:
    by = joined.referral.contact_by if joined.referral else None
    return by is not None and by < today and awaits_contact(joined, booked, today)


def next_rules(rules: Sequence[str], joined: Joined, booked: Bookings, today: date) -> list[str]:
    """What happens next, with the day to be in touch by before it."""
    if not awaits_contact(joined, booked, today):
        return list(rules)
    return ["N25" if is_overdue(joined, booked, today) else "N26", *rules]


def ring_rules(rules: Sequence[str], joined: Joined, booked: Bookings, today: date) -> list[str]:
    """When to ring and whom: the service itself where its number is known, and by the day that e-RS gives."""
    awaited = awaits_contact(joined, booked, today)
    late = ["R12", "R07"] if is_overdue(joined, booked, today) else ["R13"]
    spread = [r for rule in rules for r in (late if awaited and rule == "R01" else [rule])]
    own = joined.referral is not None and bool(joined.referral.service_phone)
    return [_BY_PHONE.get(rule, rule) for rule in spread] if own else spread


def advice_rules(referral: Referral | None) -> list[str]:
    """What is said of a request for advice under the same reference."""
    return ["K33"] if referral is not None and referral.advice else []


def contact_values(referral: Referral | None, provider: Coded, pages: Book) -> dict[str, str | None]:
    """The blanks of these rules. A name that may not be said is "the service"."""
    if referral is None:
        return dict.fromkeys(("contact_by", "contact_who", "service", "service_phone", "advice"))
    named = pages.speakable(provider.name if provider.name != provider.code else "")
    service = pages.speakable(referral.service)
    return {
        "contact_by": said(referral.contact_by) if referral.contact_by else None,
        "contact_who": named or service or "the service",
        "service": service or named or "the service",
        "service_phone": referral.service_phone or None,
        "advice": referral.advice or None,
    }


def _untouched(row: ListRow) -> bool:
    """Whether the list shows nothing but waiting."""
    happened = (row.last_attended, row.last_missed, row.cancelled, row.clock_stop)
    return all(day is None for day in happened) and clock_effect(row.rtt_status) in (ClockEffect.RUNNING, ClockEffect.UNKNOWN)

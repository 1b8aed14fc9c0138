"""What is booked next for one pathway, and where a list and e-RS do not agree about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from helpdesk.clock import london_day
from helpdesk.pathways.days import shown
from helpdesk.pathways.joining import Joined
from helpdesk.pathways.labels import dated, list_label
from helpdesk.pathways.model import EventKind, ListRow, NextEvent, Referral, ReferralState

NamesOf = Callable[[str], str]
ENDED = frozenset({ReferralState.REJECTED, ReferralState.CANCELLED_REFERRAL})
CALLED_OFF = frozenset({ReferralState.APPT_CANCELLED_BY_PATIENT, ReferralState.APPT_CANCELLED_BY_PROVIDER})
_NO_BOOKING = CALLED_OFF | ENDED


@dataclass(frozen=True)
class Booking:
    """One event still to come, and the fact that it rests on."""

    event: NextEvent
    source: str
    as_at: date | datetime | None
    field: str
    kept: bool = False
    """Whether its source could not be asked now, so that it may have changed since."""


@dataclass(frozen=True)
class Bookings:
    """`next` is None when nothing is booked, and also when the sources contradict each other about whether anything
    is (`contradicted`): a date that may not be booked is never said. `passed` is the last date that went by with
    nothing known of it."""

    next: Booking | None
    passed: Booking | None
    contradicted: bool
    differs: tuple[str, ...]


def bookings(joined: Joined, today: date, organisations: NamesOf) -> Bookings:
    """Compares every date of the lists and of e-RS. Where both give an appointment, the later look wins."""
    listed = [b for row in joined.rows for b in _of_row(row)]
    booked = _of_referral(joined.referral)
    to_come = sorted((b for b in listed if b.event.day >= today), key=lambda b: b.event.day)
    differs = tuple(_differing_dates(joined, to_come, booked if booked and booked.event.day >= today else None, organisations))
    off = joined.referral is not None and joined.referral.state in _NO_BOOKING
    if (
        off
        and joined.referral is not None
        and any(b.event.kind is EventKind.OUTPATIENT and not _is_newer(b, joined.referral) for b in to_come)
    ):
        return Bookings(None, None, True, differs)
    if booked is not None and booked.event.day >= today:
        to_come = _with_referral(to_come, booked, joined.referral)
    to_come.sort(key=lambda b: b.event.day)
    passed = None if to_come else _passed(joined, [*listed, *([booked] if booked else [])], today)
    return Bookings(to_come[0] if to_come else None, passed, False, differs)


def _of_row(row: ListRow) -> Iterable[Booking]:
    if row.next_outpatient is not None:
        yield Booking(NextEvent(EventKind.OUTPATIENT, row.next_outpatient), row.source, row.week_ending, "next_outpatient")
    if row.next_admission is not None:
        yield Booking(NextEvent(EventKind.ADMISSION, row.next_admission), row.source, row.week_ending, "next_admission")


def _of_referral(referral: Referral | None) -> Booking | None:
    if referral is None or referral.next_event is None or referral.state in _NO_BOOKING:
        return None
    return Booking(referral.next_event, referral.source, referral.as_at, "next_event")


def _is_newer(listed: Booking, referral: Referral) -> bool:
    """Whether the list's week ended after e-RS was read."""
    seen = referral.as_at
    return isinstance(listed.as_at, date) and seen is not None and listed.as_at > london_day(seen)


def _with_referral(to_come: list[Booking], booked: Booking, referral: Referral | None) -> list[Booking]:
    """The dates with e-RS's own in place of the list's of the same kind, unless the list is newer and differs."""
    same = [b for b in to_come if b.event.kind is booked.event.kind]
    others = [b for b in to_come if b.event.kind is not booked.event.kind]
    newer = [b for b in same if referral is not None and _is_newer(b, referral) and b.event.day != booked.event.day]
    return others + (newer or [booked])


def _passed(joined: Joined, all_dates: list[Booking], today: date) -> Booking | None:
    """The last date gone by after which nothing was recorded: no attendance, no missed or cancelled date."""
    recorded = [d for row in joined.rows for d in (row.last_attended, row.last_missed, row.cancelled) if d is not None]
    latest = max(recorded, default=date.min)
    open_dates = [b for b in all_dates if latest < b.event.day < today]
    return max(open_dates, key=lambda b: b.event.day, default=None)


def _differing_dates(joined: Joined, to_come: list[Booking], booked: Booking | None, organisations: NamesOf) -> Iterable[str]:
    listed = [(list_label(row, organisations), b.event.kind, b.event.day) for row in joined.rows for b in _of_row(row) if b in to_come]
    ers = dated("e-RS", joined.referral.as_at if joined.referral else None)
    for kind in EventKind:
        said = [(who, shown(day)) for who, k, day in listed if k is kind]
        if booked is not None and booked.event.kind is kind:
            said.append((ers, shown(booked.event.day)))
        if len({words for _, words in said}) > 1:
            yield f"Next {kind.value}: " + ", ".join(f"{who} says {words}" for who, words in dict.fromkeys(said))
    state = joined.referral.state if joined.referral else None
    appointments = [(who, day) for who, kind, day in listed if kind is EventKind.OUTPATIENT]
    if state in _NO_BOOKING and appointments:
        who, day = appointments[0]
        what = "the referral is no longer open" if state in ENDED else "the appointment was cancelled"
        yield f"Next {EventKind.OUTPATIENT.value}: {who} says {shown(day)}, {ers} says {what}"
    elif state in ENDED and joined.rows:
        yield f"Where it stands: {list_label(joined.rows[0], organisations)} still holds it, {ers} says the referral is no longer open"


def within_a_day(seen: datetime | None, today: date) -> bool:
    """Whether e-RS was read today or yesterday."""
    return seen is not None and today - london_day(seen) <= timedelta(days=1)

"""What a provider's own system says of a booking, set against what lists and e-RS say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from helpdesk.clock import london_day, london_time
from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.bookings import Booking, Bookings, NamesOf
from helpdesk.pathways.days import shown
from helpdesk.pathways.joining import Joined
from helpdesk.pathways.labels import dated
from helpdesk.pathways.model import EventKind, NextEvent

EVENTS = {
    ActivityKind.APPOINTMENT: EventKind.OUTPATIENT,
    ActivityKind.ADMISSION: EventKind.ADMISSION,
    ActivityKind.DIAGNOSTIC: EventKind.DIAGNOSTIC,
}
STANDS = frozenset({ActivityStatus.BOOKED, ActivityStatus.PENDING, ActivityStatus.ARRIVED})


def day_of(start: datetime | date) -> date:
    """The day at the desk."""
    return london_day(start) if isinstance(start, datetime) else start


def time_of(start: datetime | date) -> time | None:
    if not isinstance(start, datetime):
        return None
    local = london_time(start)
    return time(local.hour, local.minute)


def of_extract(activity: Activity) -> Activity:
    """A fact that an extract gave: it was told on the extract's day, so that what is newer outweighs it."""
    if activity.kept is not None or activity.as_at is None:
        return activity
    return replace(activity, kept=datetime.combine(day_of(activity.as_at), time(12), UTC))


def told_at(activity: Activity) -> datetime | date | None:
    """For when it speaks: the day of an extract or a census, the moment at which a kept answer was given."""
    of_a_day = activity.as_at is not None and not isinstance(activity.as_at, datetime)
    return activity.as_at if of_a_day else activity.kept or activity.as_at


def to_come(activities: Iterable[Activity], today: date) -> tuple[Booking, ...]:
    """The events that stand and whose day has not gone by, soonest first."""
    return tuple(sorted((b for a in activities if (b := _booking(a, today)) is not None), key=_soonest))


def with_activity(booked: Bookings, joined: Joined, today: date, organisations: NamesOf) -> Bookings:
    """Where the provider's own system was asked now, a date of its own stands in place of another's of the same kind, and
    the difference is told; a date that it says was cancelled is never said as booked. What was kept from an earlier answer
    counts for that only against what is no newer."""
    activities = [a for a in joined.activities if not _outlived(a, booked.next, joined)]
    live = to_come(activities, today)
    other = booked.next
    if other is not None and _called_off(other, activities) and not any(b.event.kind is other.event.kind for b in live):
        words = f"Next {other.event.kind.value}: {_who(activities, organisations)} says that {shown(other.event.day)} was cancelled"
        return replace(booked, next=None, passed=None, contradicted=True, differs=(*booked.differs, words))
    if not live:
        return booked
    differs = booked.differs
    stays: tuple[Booking, ...] = ()
    if other is not None:
        same = [b for b in live if b.event.kind is other.event.kind]
        if same and all(b.event.day != other.event.day for b in same):
            who = dated(_who(activities, organisations), same[0].as_at)
            words = f"{who} says {shown(same[0].event.day)}, {dated('another source', other.as_at)} says {shown(other.event.day)}"
            differs = (*differs, f"Next {other.event.kind.value}: {words}")
        stays = () if same else (other,)
    return Bookings(min((*live, *stays), key=_soonest), None, False, differs)


def _booking(activity: Activity, today: date) -> Booking | None:
    kind = EVENTS.get(activity.kind)
    if kind is None or activity.start is None or activity.status not in STANDS or day_of(activity.start) < today:
        return None
    place = activity.place or activity.medium
    event = NextEvent(kind, day_of(activity.start), time_of(activity.start), place)
    return Booking(event, activity.source, told_at(activity), "start", kept=activity.kept is not None)


def _outlived(activity: Activity, other: Booking | None, joined: Joined) -> bool:
    """Whether a fact that was kept says what a later look at a list or at e-RS has another word on."""
    if activity.kept is None:
        return False
    day = london_day(activity.kept)
    if any(row.cancelled is not None and row.cancelled >= day for row in joined.rows):
        return True
    return other is not None and other.as_at is not None and day_of(other.as_at) > day and EVENTS.get(activity.kind) is other.event.kind


def _soonest(booking: Booking) -> tuple[date, time]:
    return booking.event.day, booking.event.time or time.max


def _called_off(booking: Booking, activities: Iterable[Activity]) -> bool:
    return any(
        a.status is ActivityStatus.CANCELLED
        and EVENTS.get(a.kind) is booking.event.kind
        and a.start is not None
        and day_of(a.start) == booking.event.day
        for a in activities
    )


def _who(activities: Sequence[Activity], organisations: NamesOf) -> str:
    provider = next((a.provider for a in activities if a.provider is not None), None)
    name = organisations(provider.value) if provider is not None else ""
    return f"{name}'s own system" if name else "the provider's own system"

"""From the referrals and bookings of a BaRS target to facts of the desk, by white list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from connectors.bars.resources import Appointment, Found, ServiceRequest
from connectors.fhir import Identifier, extension, moment, partial_date, try_moment
from connectors.text import plain
from helpdesk.clock import london_day
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber, OdsCode, Ubrn
from helpdesk.pathways.activity import NO_SPECIALTY, Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.model import Coded
from helpdesk.pathways.reference import specialty

PATHWAY_ID: Final = "https://fhir.nhs.uk/Id/PathwayId"
UBRN: Final = "https://fhir.nhs.uk/Id/UBRN"
CHANNEL: Final = "Extension-UKCore-DeliveryChannel"
_NEVER_WAS: Final = "entered-in-error"
_REQUESTS: Final = {"active": ActivityStatus.ACTIVE, "revoked": ActivityStatus.CANCELLED, "completed": ActivityStatus.ENDED}
_APPOINTMENTS: Final = {
    "proposed": ActivityStatus.PENDING,
    "pending": ActivityStatus.PENDING,
    "booked": ActivityStatus.BOOKED,
    "arrived": ActivityStatus.ARRIVED,
    "checked-in": ActivityStatus.ARRIVED,
    "fulfilled": ActivityStatus.ATTENDED,
    "cancelled": ActivityStatus.CANCELLED,
    "noshow": ActivityStatus.MISSED,
    "waitlist": ActivityStatus.TO_BOOK,
}
_MEDIA: Final = {"Telephone": "by telephone", "Video": "by video"}


@dataclass(frozen=True)
class Target:
    """Whom the answer is about, who gave it, and when."""

    number: NhsNumber
    provider: OdsCode | None
    source: str
    label: str
    at: datetime


def activities_of(bodies: Sequence[Any], target: Target) -> tuple[Activity, ...]:
    """What the searches found, each item once. A booking carries the keys of the referral it rests on, so that the two
    come together; an item entered in error is left out. Raises ConnectorUnavailable for another shape, AboutAnother
    for anything about somebody else."""
    found = [Found(body, str(target.number), target.label) for body in bodies]
    requests = {r.id: _referral(r, target) for part in found for r in part.requests if r.status != _NEVER_WAS}
    bookings = [_booking(a, requests, target) for part in found for a in part.appointments if a.status != _NEVER_WAS]
    return tuple(dict.fromkeys([*requests.values(), *bookings]))


def _referral(request: ServiceRequest, target: Target) -> Activity:
    return Activity(
        nhs_number=target.number,
        kind=ActivityKind.REFERRAL,
        status=_REQUESTS.get(request.status, ActivityStatus.UNKNOWN),
        id=plain(request.id),
        provider=target.provider,
        ubrn=_ubrn(request.identifier),
        local_id=_pathway(request.identifier) or _own(request.id),
        referred=_day(request.authored_on, target.label) if request.authored_on else None,
        source=target.source,
        as_at=target.at,
    )


def _booking(appointment: Appointment, requests: Mapping[str, Activity], target: Target) -> Activity:
    rests_on = next((actor.reference.rpartition("/")[2] for actor in appointment.based_on if actor.is_a("ServiceRequest")), "")
    request = requests.get(rests_on)
    return Activity(
        nhs_number=target.number,
        kind=ActivityKind.APPOINTMENT,
        status=_APPOINTMENTS.get(appointment.status, ActivityStatus.UNKNOWN),
        id=plain(appointment.id),
        provider=target.provider,
        specialty=_specialty(appointment),
        ubrn=_ubrn(appointment.identifier) or (request.ubrn if request else None),
        local_id=_pathway(appointment.identifier) or (request.local_id if request else _own(rests_on)),
        start=moment(appointment.start, target.label) if appointment.start else None,
        place=_place(appointment),
        medium=_MEDIA.get(channel.code if (channel := extension(appointment.extension, CHANNEL)) else "", ""),
        source=target.source,
        as_at=target.at,
    )


def _own(request_id: str) -> str:
    """A key that the target's referral and its bookings share, written so that no pathway identifier can equal it."""
    return f"ServiceRequest/{plain(request_id)}" if request_id else ""


def _pathway(identifiers: Sequence[Identifier]) -> str:
    return next((plain(i.value) for i in identifiers if i.system == PATHWAY_ID and plain(i.value)), "")


def _ubrn(identifiers: Sequence[Identifier]) -> Ubrn | None:
    written = next((i.value for i in identifiers if i.system.casefold() == UBRN.casefold()), "")
    try:
        return Ubrn.parse(written)
    except RuleBroken:
        return None


def _specialty(appointment: Appointment) -> Coded:
    names = [plain(coding.display) for concept in appointment.specialty for coding in concept.coding]
    return next((specialty(name) for name in names if name), NO_SPECIALTY)


def _place(appointment: Appointment) -> str:
    return next((plain(actor.display) for actor in appointment.people if actor.is_a("Location")), "")


def _day(text: str, label: str) -> date | None:
    """The day in London; None where only the year or the month is known."""
    at = try_moment(text)
    if at is not None:
        return london_day(at)
    known = partial_date(text, label)
    return date(known.year, known.month, known.day) if known.month and known.day else None

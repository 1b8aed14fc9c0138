"""Turns an e-RS referral into the desk's own, taking only what a desk without a clinical role may hold.

Priority, reasons, comments, attachments and clinical information have no field here, so they cannot be kept by mistake.
"""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from connectors.errors_http import misunderstood
from connectors.fhir import NHS_NUMBER, ODS_CODE, CodeableConcept, Coding, Extension, Identifier, Piece, Reference, extension, moment, read
from connectors.text import plain
from helpdesk.clock import london_day, london_time
from helpdesk.errors import ConnectorUnavailable, RuleBroken
from helpdesk.identifiers import NhsNumber, OdsCode, Ubrn
from helpdesk.pathways.model import EventKind, NextEvent, Referral, ReferralState

# e-RS writes the older system; its documentation names the newer one too.
_NHS_NUMBERS = ("http://fhir.nhs.net/Id/nhs-number", NHS_NUMBER)
_SERVICE = "http://fhir.nhs.net/Id/ers-service"
# The documentation spells one state in two ways.
_STATES = {**{s.value: s for s in ReferralState}, "APP_CANCELLED_BY_PATIENT": ReferralState.APPT_CANCELLED_BY_PATIENT}


class _Participant(Piece):
    """`type` is left out on purpose: e-RS sends an object where the standard says a list (its known issue 1)."""

    actor: Reference = Reference()


class _Criterion(Piece):
    name: str = ""
    coding: Coding | None = Field(default=None, alias="valueCoding")


class _Entry(Piece):
    item: Reference = Reference()


class _Contained(Piece):
    """An appointment, the shortlist or the search criteria: whichever fields its kind has."""

    kind: str = Field(alias="resourceType")
    status: str = ""
    start: str = ""
    participant: list[_Participant] = Field(default_factory=list)
    parameter: list[_Criterion] = Field(default_factory=list)
    entry: list[_Entry] = Field(default_factory=list)


class _Subject(Piece):
    identifier: Identifier


class _ReferralRequest(Piece):
    id: str
    extension: list[Extension] = Field(default_factory=list)
    contained: list[_Contained] = Field(default_factory=list)
    specialty: CodeableConcept = CodeableConcept()
    subject: _Subject
    recipient: list[Reference] = Field(default_factory=list)

    def inside(self, kind: str) -> _Contained | None:
        return next((c for c in self.contained if c.kind == kind), None)


def referral_from(body: object, *, asked: Ubrn, source: str, now: datetime, label: str) -> Referral:
    """The referral in the body of a reply.

    Raises ConnectorUnavailable where the body is no referral, is about another one, or contradicts itself about whose it is.
    """
    resource = read(_ReferralRequest, body, label, "ReferralRequest")
    if resource.id != asked.value:
        raise _about_another(label)
    booking = resource.inside("Appointment")
    service = _service(resource, booking)
    return Referral(
        ubrn=asked,
        nhs_number=_whose(resource, label),
        state=_state(resource),
        specialty=_specialty(resource),
        service=service,
        provider=_provider(resource),
        clock_start=_clock_start(resource, label),
        next_event=_next_event(booking, service, london_day(now), label),
        source=source,
        as_at=now,
    )


def _about_another(label: str) -> ConnectorUnavailable:
    return ConnectorUnavailable(f"{label} answered about a different referral, so its answer is not used.")


def _whose(resource: _ReferralRequest, label: str) -> NhsNumber:
    """The patient of the referral, who must also be the one patient of the appointment inside it."""
    subject = resource.subject.identifier
    number = _number(subject.value) if subject.system in _NHS_NUMBERS else None
    if number is None:
        raise misunderstood(label)
    actors = [p.actor.identifier for c in resource.contained for p in c.participant]
    if any(a.value != number.value for a in actors if a.system in _NHS_NUMBERS):
        raise _about_another(label)
    return number


def _number(text: str) -> NhsNumber | None:
    try:
        return NhsNumber(text)
    except RuleBroken:
        return None


def _state(resource: _ReferralRequest) -> ReferralState:
    outer = extension(resource.extension, "Extension-eRS-ReferralState-1")
    inner = extension(outer.extension, "state") if outer else None
    return _STATES.get(inner.code if inner else "", ReferralState.UNKNOWN)


def _clock_start(resource: _ReferralRequest, label: str) -> date | None:
    start = extension(resource.extension, "Extension-eRS-eReferralPathwayStart-1")
    return None if start is None else _in_london(start.value_instant, label).date()


def _next_event(booking: _Contained | None, service: str, today: date, label: str) -> NextEvent | None:
    """The booked appointment, unless its day is past. e-RS names a service and no place, so the service stands for it."""
    if booking is None or booking.status != "booked":
        return None
    start = _in_london(booking.start, label)
    if start.date() < today:
        return None
    return NextEvent(EventKind.OUTPATIENT, start.date(), start.time().replace(second=0, microsecond=0), service)


def _service(resource: _ReferralRequest, booking: _Contained | None) -> str:
    """The service of the appointment; without one, the only service on the shortlist."""
    if booking is not None:
        names = [p.actor.display for p in booking.participant if p.actor.identifier.system == _SERVICE]
        return plain(names[0]) if names else ""
    shortlist = resource.inside("List")
    items = shortlist.entry if shortlist else []
    return plain(items[0].item.display) if len(items) == 1 else ""


def _specialty(resource: _ReferralRequest) -> str:
    """The referral's specialty; before booking it stands only among the search criteria, as a code."""
    coding = next(iter(resource.specialty.coding), None)
    if coding is None:
        criteria = resource.inside("Parameters")
        given = criteria.parameter if criteria else []
        coding = next((p.coding for p in given if p.name == "specialty"), None)
    if coding is None:
        return ""
    return plain(coding.display or coding.code.replace("_", " ").capitalize())


def _provider(resource: _ReferralRequest) -> OdsCode | None:
    """The organisation referred to, where a reply names it; A005 as published does not."""
    codes = [r.identifier.value for r in resource.recipient if r.identifier.system == ODS_CODE]
    try:
        return OdsCode.parse(codes[0]) if len(codes) == 1 else None
    except RuleBroken:
        return None


def _in_london(text: str, label: str) -> datetime:
    """An instant as clocks in London show it. Anything else would move a clock or an appointment by guessing."""
    try:
        return london_time(moment(text, label))
    except OverflowError:
        raise misunderstood(label) from None

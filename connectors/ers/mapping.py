"""Turns an e-RS referral into the desk's own, taking only what a desk without a clinical role may hold.

Priority, reasons, comments, attachments and clinical information have no field here, so they cannot be kept by mistake.
"""

from __future__ import annotations

from datetime import date, datetime

from connectors.ers.resource import AboutAnother, Inner, ReferralRequest, in_london, patient_of, read_referral
from connectors.fhir import ODS_CODE, Coding, extension, read
from connectors.text import plain
from helpdesk.clock import london_day
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import OdsCode, Ubrn
from helpdesk.pathways.model import EventKind, NextEvent, Referral, ReferralState

_STATES = {
    **{s.value: s for s in ReferralState},
    "APP_CANCELLED_BY_PATIENT": ReferralState.APPT_CANCELLED_BY_PATIENT,
    "APP_CANCELLED_BY_PROVIDER": ReferralState.APPT_CANCELLED_BY_PROVIDER,
}
"""Worklists spell two states otherwise than a referral does."""


def referral_from(body: object, *, asked: Ubrn, source: str, now: datetime, label: str) -> Referral:
    """The referral in the body of a reply.

    Raises ConnectorUnavailable where the body is no referral, is about another one, or contradicts itself about whose it is.
    """
    return referral_of(read_referral(body, asked, label), asked=asked, source=source, now=now, label=label)


def referral_of(resource: ReferralRequest, *, asked: Ubrn, source: str, now: datetime, label: str) -> Referral:
    service = plain(resource.service.display) if resource.service else ""
    return Referral(
        ubrn=asked,
        nhs_number=patient_of(resource.subject, label),
        state=state_of(resource),
        specialty=_specialty(resource),
        service=service,
        provider=_provider(resource),
        clock_start=_clock_start(resource, label),
        next_event=next_event(resource.inside("Appointment"), service, london_day(now), label),
        source=source,
        as_at=now,
    )


def event_from(body: object, *, of: Referral, now: datetime, label: str) -> NextEvent | None:
    """The appointment in the body of a reply that was asked for by itself. Raises AboutAnother where it is of another
    referral or another person, and ConnectorUnavailable where it does not say of which."""
    booking = read(Inner, body, label, "Appointment")
    referrals = {r.reference.split("/_history/")[0] for r in booking.referrals or ()}
    if referrals != {f"ReferralRequest/{of.ubrn.value}"} or set(booking.patients()) != {of.nhs_number.value}:
        raise AboutAnother(label)
    service = plain(booking.service.display) if booking.service else ""
    return next_event(booking, service or of.service, london_day(now), label)


def state_of(resource: ReferralRequest) -> ReferralState:
    outer = extension(resource.extension, "Extension-eRS-ReferralState-1")
    inner = extension(outer.extension, "state") if outer else None
    return state_named(inner.code if inner else "")


def state_named(code: str) -> ReferralState:
    """The state of that code; UNKNOWN for one that is not documented."""
    return _STATES.get(code, ReferralState.UNKNOWN)


def specialty_named(coding: Coding | None) -> str:
    """The name of a specialty, made from its code where e-RS gives no name."""
    return "" if coding is None else plain(coding.display or coding.code.replace("_", " ").capitalize())


def next_event(booking: Inner | None, service: str, today: date, label: str) -> NextEvent | None:
    """The booked appointment, unless its day is past. e-RS names a service and no place, so the service stands for it."""
    if booking is None or booking.status != "booked":
        return None
    start = in_london(booking.start, label)
    if start.date() < today:
        return None
    return NextEvent(EventKind.OUTPATIENT, start.date(), start.time().replace(second=0, microsecond=0), service)


def _clock_start(resource: ReferralRequest, label: str) -> date | None:
    start = extension(resource.extension, "Extension-eRS-eReferralPathwayStart-1")
    return None if start is None else in_london(start.value_instant, label).date()


def _specialty(resource: ReferralRequest) -> str:
    """The referral's specialty; before booking it stands only among the search criteria, as a code."""
    coding = next(iter(resource.specialty.coding), None)
    if coding is None:
        criteria = resource.inside("Parameters")
        given = criteria.parameter if criteria else []
        coding = next((p.coding for p in given if p.name == "specialty"), None)
    return specialty_named(coding)


def _provider(resource: ReferralRequest) -> OdsCode | None:
    """The organisation referred to, where a reply names it; A005 as published does not."""
    codes = [r.identifier.value for r in resource.recipient if r.identifier.system == ODS_CODE]
    try:
        return OdsCode.parse(codes[0]) if len(codes) == 1 else None
    except RuleBroken:
        return None

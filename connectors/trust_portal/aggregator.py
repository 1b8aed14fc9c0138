"""Turns what the national aggregator shows into activity. Source: Wayfinder Patient Care Aggregator API v3.11."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from connectors.errors_http import misunderstood
from connectors.fhir import extension, read
from connectors.fhir_activity import (
    MEDIUM,
    REVIEW_DUE,
    AboutAnother,
    Keys,
    KeySystems,
    day_of,
    for_team,
    keys_of,
    medium_of,
    ods_of,
    says_why,
    start_of,
    try_ubrn,
)
from connectors.text import plain
from connectors.trust_portal.pieces import Detail, PlanPiece, specialty_named
from connectors.trust_portal.producer import Reading
from helpdesk.identifiers import OdsCode
from helpdesk.pathways.activity import NO_SPECIALTY, Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.model import Coded

_PLAN: Final = {"active": ActivityStatus.ACTIVE, "completed": ActivityStatus.ENDED}
_REFERRAL: Final = {
    "bookable": ActivityStatus.TO_BOOK,
    "bookableWasCancelled": ActivityStatus.TO_BOOK,
    "inReview": ActivityStatus.ACTIVE,
}
_APPOINTMENT: Final = {
    "booked": ActivityStatus.BOOKED,
    "bookedPendingCancellation": ActivityStatus.PENDING,
    "bookedPendingChange": ActivityStatus.PENDING,
    "bookedPendingReschedule": ActivityStatus.PENDING,
    "cancelled": ActivityStatus.CANCELLED,
    # It does not take place on that day, whatever becomes of the wish for another.
    "cancelledPendingReschedule": ActivityStatus.CANCELLED,
    "fulfilled": ActivityStatus.ATTENDED,
    "noshow": ActivityStatus.MISSED,
}
_QUESTIONNAIRE: Final = {
    "not-started": ActivityStatus.ACTIVE,
    "in-progress": ActivityStatus.ACTIVE,
    "completed": ActivityStatus.ENDED,
    "cancelled": ActivityStatus.CANCELLED,
}
_STAYS: Final = frozenset({"inpatient", "daycase"})


def activity_of(resource: dict[str, Any], reading: Reading) -> tuple[Activity, ...]:
    """A plan's own wait, where it is one of a waiting list, and everything in it. Documents are not for this desk.
    Raises AboutAnother for anybody else's."""
    plan = read(PlanPiece, resource, reading.label)
    if not plan.subject.is_person(reading.number):
        raise AboutAnother(reading.label)
    keys = keys_of(plan.identifier, KeySystems())
    return tuple(_of_plan(plan, keys, reading))


def _of_plan(plan: PlanPiece, keys: Keys, reading: Reading) -> Iterator[Activity]:
    if plan.identifier:
        yield _wait(plan, keys, reading)
    for place, held in enumerate(plan.activity, start=1):
        detail = held.detail
        name = plain(detail.id) or f"{plan.identifier[0].value if plan.identifier else ''}-{place}"
        match detail.kind:
            case "ServiceRequest":
                yield _referral(detail, name, keys, reading)
            case "Appointment":
                yield _appointment(detail, name, keys, reading)
            case "QuestionnaireResponse":
                yield _questionnaire(detail, name, keys, reading)


def _wait(plan: PlanPiece, keys: Keys, reading: Reading) -> Activity:
    """`as_at` is the day on which the provider last counted it, which it must say: nobody can tell its age otherwise."""
    counted = day_of(plan.meta.last_updated, reading.label)
    if counted is None:
        raise misunderstood(reading.label)
    known = specialty_named(plan.title)
    title = plain(plan.title)
    return Activity(
        nhs_number=reading.number,
        kind=ActivityKind.WAITING,
        status=_PLAN.get(plan.status, ActivityStatus.UNKNOWN),
        id=plain(plan.identifier[0].value),
        provider=ods_of(plan.author.identifier) or reading.provider,
        specialty=known if known != NO_SPECIALTY or says_why(title) else Coded("", title),
        ubrn=keys.ubrn,
        pathway_id=keys.pathway_id,
        local_id=keys.local_id,
        clock_start=day_of(plan.period.start, reading.label),
        ask_team=for_team(plan.title),
        source=reading.source,
        as_at=counted,
    )


def _referral(detail: Detail, name: str, keys: Keys, reading: Reading) -> Activity:
    state, said, due = (
        extension(among, url)
        for among, url in (
            (detail.extension, "Extension-eRS-ServiceRequest-State"),
            (detail.extension, "Extension-Specialty"),
            (detail.scheduled.extension, REVIEW_DUE),
        )
    )
    specialty = specialty_named(said.value_coding.display or said.value_coding.code) if said and said.value_coding else NO_SPECIALTY
    return Activity(
        nhs_number=reading.number,
        kind=ActivityKind.REFERRAL,
        status=_REFERRAL.get(state.code if state else "", ActivityStatus.UNKNOWN),
        id=name,
        provider=_provider(detail, reading),
        specialty=specialty,
        ubrn=try_ubrn(detail.id) or keys.ubrn,
        pathway_id=keys.pathway_id,
        local_id=keys.local_id,
        referred=day_of(detail.scheduled.start, reading.label),
        due=day_of(due.value_date, reading.label) if due else None,
        ask_team=for_team(detail.description, specialty.code),
        source=reading.source,
        as_at=reading.asked,
    )


def _appointment(detail: Detail, name: str, keys: Keys, reading: Reading) -> Activity:
    status, medium, kind = (extension(detail.extension, n) for n in ("Extension-Appointment-Status", MEDIUM, "Extension-Encounter-Class"))
    return Activity(
        nhs_number=reading.number,
        kind=ActivityKind.ADMISSION if kind and kind.code in _STAYS else ActivityKind.APPOINTMENT,
        status=_APPOINTMENT.get(status.code if status else "", ActivityStatus.UNKNOWN),
        id=name,
        provider=_provider(detail, reading),
        specialty=specialty_named(detail.description),
        ubrn=keys.ubrn,
        pathway_id=keys.pathway_id,
        local_id=keys.local_id,
        start=start_of(detail.scheduled.start, reading.label),
        place=plain(detail.location.display),
        medium=medium_of(medium.code if medium else ""),
        ask_team=for_team(detail.description),
        source=reading.source,
        as_at=reading.asked,
    )


def _questionnaire(detail: Detail, name: str, keys: Keys, reading: Reading) -> Activity:
    return Activity(
        nhs_number=reading.number,
        kind=ActivityKind.TASK,
        status=_QUESTIONNAIRE.get(detail.status, ActivityStatus.UNKNOWN),
        id=name,
        provider=_provider(detail, reading),
        ubrn=keys.ubrn,
        pathway_id=keys.pathway_id,
        local_id=keys.local_id,
        start=start_of(detail.scheduled.start, reading.label),
        ask_team=for_team(detail.description),
        source=reading.source,
        as_at=reading.asked,
    )


def _provider(detail: Detail, reading: Reading) -> OdsCode | None:
    return next((found for p in detail.performer if (found := ods_of(p.identifier))), reading.provider)

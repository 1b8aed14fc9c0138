"""Turns what one trust's portal shows into activity. Source: Patient Care Aggregator Get Appointments standard 3.12."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final

from connectors.errors_http import misunderstood
from connectors.fhir import extension, read
from connectors.fhir_activity import (
    MEDIUM,
    PRIORITY,
    AboutAnother,
    KeySystems,
    for_team,
    keys_of,
    medium_of,
    ods_of,
    start_of,
    words_of,
)
from connectors.text import plain
from connectors.trust_portal.pieces import Actor, AppointmentPiece, TaskPiece, specialty_named, specialty_said
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.pathways.activity import NO_SPECIALTY, Activity, ActivityKind, ActivityStatus

_NEVER_WAS = ("entered-in-error", "draft")
_STATUS: Final = {
    "booked": ActivityStatus.BOOKED,
    "fulfilled": ActivityStatus.ATTENDED,
    "cancelled": ActivityStatus.CANCELLED,
    "noshow": ActivityStatus.MISSED,
}
_TASK: Final = {
    "requested": ActivityStatus.ACTIVE,
    "in-progress": ActivityStatus.ACTIVE,
    "cancelled": ActivityStatus.CANCELLED,
    "completed": ActivityStatus.ENDED,
}


@dataclass(frozen=True)
class Reading:
    """What everything of one answer is read with; `provider` speaks for what names none."""

    number: NhsNumber
    provider: OdsCode | None
    source: str
    label: str
    asked: datetime


class Left(Enum):
    """Why something gives no item."""

    OUT = "it never was, or is not yet"
    UNNAMED = "it names no patient, as the standard has it for one who is not expected to attend"


def appointment(resource: dict[str, Any], reading: Reading) -> Activity | Left:
    """Raises AboutAnother for anybody else's."""
    item = read(AppointmentPiece, resource, reading.label)
    patients = [a for a in item.actors if a.is_patient]
    if not all(a.is_person(reading.number) for a in patients):
        raise AboutAnother(reading.label)
    if not item.id:
        raise misunderstood(reading.label)
    if not patients:
        return Left.UNNAMED
    if item.status in _NEVER_WAS:
        return Left.OUT
    keys = keys_of([i for grounds in item.based_on for i in grounds.identifier], KeySystems())
    classes = {c.code for c in item.type.coding}
    medium, priority = (extension(item.extension, name) for name in (MEDIUM, PRIORITY))
    return Activity(
        nhs_number=reading.number,
        kind=ActivityKind.ADMISSION if "IMP" in classes else ActivityKind.APPOINTMENT,
        status=_appointment_status(item),
        id=plain(item.id),
        provider=_provider(item.actors) or reading.provider,
        specialty=specialty_said(item.specialty, item.description),
        ubrn=keys.ubrn,
        pathway_id=keys.pathway_id,
        local_id=keys.local_id,
        start=start_of(item.start, reading.label),
        place=_place(item.actors),
        medium=medium_of(medium.code if medium else "") or medium_of("HH" if "HH" in classes else ""),
        ask_team=for_team(priority.code if priority else "", item.description, *words_of(item.specialty)),
        source=reading.source,
        as_at=reading.asked,
    )


def task(resource: dict[str, Any], reading: Reading) -> Activity | Left:
    """Raises AboutAnother for anybody else's."""
    item = read(TaskPiece, resource, reading.label)
    if not item.patient.is_person(reading.number):
        raise AboutAnother(reading.label)
    if not item.id:
        raise misunderstood(reading.label)
    if item.status in _NEVER_WAS:
        return Left.OUT
    keys = keys_of([i for grounds in item.based_on for i in grounds.identifier], KeySystems())
    function = extension(item.extension, "Extension-Task-TreatmentFunction")
    return Activity(
        nhs_number=reading.number,
        kind=ActivityKind.TASK,
        status=_TASK.get(item.status, ActivityStatus.UNKNOWN),
        id=plain(item.id),
        provider=ods_of(item.owner.identifier) or reading.provider,
        specialty=specialty_named(function.code) if function else NO_SPECIALTY,
        ubrn=keys.ubrn,
        pathway_id=keys.pathway_id,
        local_id=keys.local_id,
        start=start_of(item.authored or item.authored_on, reading.label),
        ask_team=for_team(item.description),
        source=reading.source,
        as_at=reading.asked,
    )


def _appointment_status(item: AppointmentPiece) -> ActivityStatus:
    """What the patient asked to change is still booked until the trust has done it."""
    asked_for = extension(item.extension, "Extension-Appointment-RequestStatus")
    if item.status == "booked" and asked_for and asked_for.code.casefold().startswith("pending"):
        return ActivityStatus.PENDING
    return _STATUS.get(item.status, ActivityStatus.UNKNOWN)


def _provider(actors: list[Actor]) -> OdsCode | None:
    return next((found for a in actors if a.type in ("Location", "Organization") and (found := ods_of(a.identifier))), None)


def _place(actors: list[Actor]) -> str:
    """The location in words; the provider's own name, or the service's, where there is none."""
    places = [a for a in actors if a.type == "Location" and a.display]
    ordered = [*(a for a in places if not a.identifier.value), *places, *(a for a in actors if a.type == "HealthcareService" and a.display)]
    return plain(ordered[0].display) if ordered else ""

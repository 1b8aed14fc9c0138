"""Turns GP Connect's documents into appointments: when, where and whether they still stand, and nothing else.

Description, comment, reason and the practitioner have no field here, so they cannot be kept by mistake.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import Field

from connectors.errors_http import misunderstood
from connectors.fhir import NHS_NUMBER, Identifier, Piece, Reference, entries, moment, read
from connectors.text import plain
from helpdesk.errors import ConnectorUnavailable
from helpdesk.identifiers import NhsNumber
from helpdesk.primary_care.model import PracticeAppointment

WOULD_NOT_SAY = "The practice's system would not say."
_LOGICAL_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
# FHIR STU3, and what R4 added; "entered-in-error" was never an appointment.
_STATUSES = frozenset({"proposed", "pending", "booked", "arrived", "fulfilled", "cancelled", "noshow", "checked-in", "waitlist"})
_NEVER_WAS = "entered-in-error"


class _Patient(Piece):
    id: str
    identifier: list[Identifier] = Field(default_factory=list)


class _Participant(Piece):
    actor: Reference = Reference()


class _Place(Piece):
    kind: str = Field(alias="resourceType")
    id: str = ""
    name: str = ""


class _Appointment(Piece):
    status: str
    start: str
    contained: list[dict[str, Any]] = Field(default_factory=list)
    participant: list[_Participant] = Field(default_factory=list)

    @property
    def whose(self) -> set[str]:
        """The patients who take part: "Patient/2"."""
        references = {_last(p.actor.reference) for p in self.participant}
        return {r for r in references if r.startswith("Patient/")}

    def where(self, places: dict[str, str]) -> Reference:
        """The location that takes part; a contained one is told from other contained parts by `places`."""
        actors = (p.actor for p in self.participant)
        return next((a for a in actors if _last(a.reference).startswith("Location/") or a.reference in places), Reference())


@dataclass(frozen=True)
class Found:
    """An appointment still to come. Where the reply does not name its place, `location_id` is where to ask, or ""."""

    appointment: PracticeAppointment
    location_id: str


def patient_id(body: object, number: NhsNumber, label: str) -> str:
    """The practice's own id of the patient.

    Raises ConnectorUnavailable: also for an empty answer, which may mean deceased, not registered or restricted.
    """
    found = [resource for resource in entries(body, label) if resource.get("resourceType") == "Patient"]
    if not found:
        raise ConnectorUnavailable(WOULD_NOT_SAY)
    if len(found) > 1:
        raise misunderstood(label)
    patient = read(_Patient, found[0], label)
    numbers = {i.value for i in patient.identifier if i.system == NHS_NUMBER}
    if numbers != {number.value}:
        raise _about_another(label)
    if not _is_id(patient.id):
        raise misunderstood(label)
    return patient.id


def appointments(body: object, patient: str, now: datetime, label: str) -> list[Found]:
    """The appointments of that patient from now on, soonest first. Raises ConnectorUnavailable where one is another patient's,
    and where the Bundle holds an error, or other things only: that is not an empty list."""
    resources = entries(body, label)
    kinds = {str(r.get("resourceType")) for r in resources}
    if "OperationOutcome" in kinds or (kinds and "Appointment" not in kinds):
        raise misunderstood(label)
    places = [read(_Place, r, label) for r in resources if r.get("resourceType") == "Location"]
    found = []
    for resource in resources:
        if resource.get("resourceType") != "Appointment":
            continue
        booked = read(_Appointment, resource, label)
        if booked.whose != {f"Patient/{patient}"}:
            raise _about_another(label)
        start = moment(booked.start, label)
        if booked.status != _NEVER_WAS and start >= now:
            found.append(_found(booked, start, places, label))
    return sorted(found, key=lambda f: f.appointment.start)


def location_name(body: object, location_id: str, label: str) -> str:
    """The name of the location that was asked for."""
    place = read(_Place, body, label, "Location")
    if place.id != location_id:
        raise misunderstood(label)
    return plain(place.name)


def _found(booked: _Appointment, start: datetime, included: list[_Place], label: str) -> Found:
    contained = [read(_Place, c, label) for c in booked.contained if c.get("resourceType") == "Location"]
    places = {f"#{p.id}": p.name for p in contained}
    places |= {f"Location/{p.id}": p.name for p in included}
    where = booked.where(places)
    name = plain(places.get(_last(where.reference)) or where.display)
    location_id = _last(where.reference).removeprefix("Location/")
    status = booked.status if booked.status in _STATUSES else "unknown"
    return Found(PracticeAppointment(start, name, status), "" if name or not _is_id(location_id) else location_id)


def _last(reference: str) -> str:
    """The kind and id of a reference, also of an absolute or a versioned one; a contained one as it is."""
    if reference.startswith("#"):
        return reference
    return "/".join(reference.split("/_history/", 1)[0].split("/")[-2:])


def _is_id(text: str) -> bool:
    return bool(_LOGICAL_ID.fullmatch(text)) and text.strip(".") != ""


def _about_another(label: str) -> ConnectorUnavailable:
    return ConnectorUnavailable(f"{label} answered about a different person, so its answer is not used.")

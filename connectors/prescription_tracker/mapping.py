"""Turns the tracker's documents into how far each prescription has got, and nothing else.

Medicines, doses, prescriber and pharmacy have no field here, so they cannot be kept by mistake.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from pydantic import Field

from connectors.errors_http import misunderstood
from connectors.fhir import NHS_NUMBER, Coding, Identifier, Piece, Reference, moment, read
from connectors.prescription_tracker.codes import EPS, FOR_PATIENTS, status_of
from helpdesk.clock import london_day
from helpdesk.errors import ConnectorUnavailable
from helpdesk.identifiers import NhsNumber
from helpdesk.primary_care.model import Prescription, PrescriptionStatus

PRESCRIPTION_ID = "https://fhir.nhs.uk/Id/prescription-order-number"
_ID = re.compile(r"[A-Za-z0-9+-]{1,64}")
_MOST_ISSUES = 99


class _Part(Piece):
    url: str = ""
    coding: Coding | None = Field(default=None, alias="valueCoding")
    whole: int | None = Field(default=None, alias="valueInteger")
    unsigned: int | None = Field(default=None, alias="valueUnsignedInt")
    yes: bool | None = Field(default=None, alias="valueBoolean")
    extension: list[_Part] = Field(default_factory=list)

    def named(self, *names: str) -> list[_Part]:
        return [part for part in self.extension if part.url.rpartition("/")[2] in names]


class _Concept(Piece):
    coding: list[Coding] = Field(default_factory=list)


class _Action(Piece):
    timing: str = Field(default="", alias="timingDateTime")
    code: list[_Concept] = Field(default_factory=list)
    action: list[_Action] = Field(default_factory=list)

    def all(self) -> list[_Action]:
        """This one and all within it."""
        return [self, *(inner for action in self.action for inner in action.all())]


class _RequestGroup(_Part):
    identifier: list[Identifier] = Field(default_factory=list)
    subject: Reference
    authored_on: str = Field(default="", alias="authoredOn")
    action: list[_Action] = Field(default_factory=list)

    def inner(self, outer: Sequence[str], *names: str) -> list[_Part]:
        return [part for extension in self.named(*outer) for part in extension.named(*names)]


class _Patient(Piece):
    id: str = ""
    identifier: list[Identifier]


class _Entry(Piece):
    full_url: str = Field(default="", alias="fullUrl")
    resource: dict[str, Any]


class _Bundle(Piece):
    kind: Literal["Bundle"] = Field(alias="resourceType")
    total: int | None = None
    entry: list[_Entry] = Field(default_factory=list)


@dataclass(frozen=True)
class Tracked:
    """A prescription with the id and the number of the issue under which the tracker tells more of it; "" where it has none
    that can be asked with."""

    prescription: Prescription
    id: str
    number: int | None

    @property
    def is_later(self) -> bool:
        return self.prescription.status == PrescriptionStatus.LATER


_STATUS = ("Extension-EPS-PrescriptionStatusHistory", "Extension-DM-PrescriptionStatusHistory")
_REPEATS = ("Extension-EPS-RepeatInformation", "Extension-UKCore-MedicationRepeatInformation")
_CANCELLATION = ("Extension-PendingCancellation", "Extension-DM-PendingCancellation")


def prescriptions(body: object, number: NhsNumber, label: str) -> list[Tracked]:
    """The prescriptions of that patient, latest first, those that are due later behind the others of their day.

    Raises ConnectorUnavailable where any part of it is about somebody else or about nobody, and for any other shape."""
    groups = _groups(body, number, label)
    found = [_tracked(group, label) for group in groups]
    return sorted(found, key=lambda t: ((t.prescription.day or date.min).toordinal(), not t.is_later, _order(t)), reverse=True)


def with_since(known: Tracked, body: object, number: NhsNumber, label: str) -> Tracked:
    """The same prescription with the day on which it reached its status, from what the tracker tells of it alone."""
    for group in _groups(body, number, label):
        told = _tracked(group, label)
        if (told.id, told.number) != (known.id, known.number):
            raise misunderstood(label)
        days = [london_day(moment(a.timing, label)) for a in _transitions(group) if told.prescription.status in _statuses(a)]
        if told.prescription.status == known.prescription.status and days:
            return replace(known, prescription=replace(known.prescription, since=max(days)))
    return known


def _order(tracked: Tracked) -> int:
    """The latest issue that is on its way first, and the next one first of those due later."""
    number = tracked.number or 0
    return -number if tracked.is_later else number


def _groups(body: object, number: NhsNumber, label: str) -> list[_RequestGroup]:
    bundle = read(_Bundle, body, label)
    kinds = [entry.resource.get("resourceType") for entry in bundle.entry]
    if "OperationOutcome" in kinds or (bundle.total or 0) > kinds.count("RequestGroup") or (kinds and "RequestGroup" not in kinds):
        raise misunderstood(label)
    theirs = {name for entry in bundle.entry if entry.resource.get("resourceType") == "Patient" for name in _names(entry, number, label)}
    groups = [read(_RequestGroup, e.resource, label) for e in bundle.entry if e.resource.get("resourceType") == "RequestGroup"]
    for group in groups:
        _check_subject(group.subject, theirs, number, label)
    return groups


def _names(entry: _Entry, number: NhsNumber, label: str) -> set[str]:
    """What a subject may call this patient. Raises ConnectorUnavailable where it is not the patient who was asked for."""
    patient = read(_Patient, entry.resource, label)
    if {i.value for i in patient.identifier if i.system == NHS_NUMBER} != {number.value}:
        raise _about_another(label)
    return {name for name in (entry.full_url, f"Patient/{patient.id}" if patient.id else "") if name}


def _check_subject(subject: Reference, theirs: set[str], number: NhsNumber, label: str) -> None:
    told = subject.identifier.value if subject.identifier.system == NHS_NUMBER else ""
    if (told and told != number.value) or (subject.reference and subject.reference not in theirs):
        raise _about_another(label)
    if not told and not subject.reference:
        raise misunderstood(label)


def _tracked(group: _RequestGroup, label: str) -> Tracked:
    day = london_day(moment(group.authored_on, label)) if group.authored_on else None
    ids = [i.value for i in group.identifier if i.system == PRESCRIPTION_ID and _ID.fullmatch(i.value)]
    issued, allowed = _whole(group, "numberOfRepeatsIssued", "numberOfPrescriptionsIssued"), _whole(group, "numberOfRepeatsAllowed")
    sound = issued is not None and allowed is not None and 0 < issued <= allowed <= _MOST_ISSUES
    issue = f"{issued} of {allowed}" if sound and allowed != 1 else ""
    return Tracked(Prescription(_status(group), day, issue), ids[0] if len(ids) == 1 else "", issued if sound else None)


def _status(group: _RequestGroup) -> PrescriptionStatus:
    if any(part.yes for part in group.inner(_CANCELLATION, "prescriptionPendingCancellation")):
        return PrescriptionStatus.BEING_CANCELLED
    codings = [part.coding for part in group.inner(_STATUS, "status") if part.coding is not None]
    told = {status_of(coding.system, coding.code) for coding in codings}
    return told.pop() if len(told) == 1 else PrescriptionStatus.UNKNOWN


def _whole(group: _RequestGroup, *names: str) -> int | None:
    parts = group.inner(_REPEATS, *names)
    return next((n for part in parts for n in (part.whole, part.unsigned) if n is not None), None)


def _transitions(group: _RequestGroup) -> list[_Action]:
    return [inner for action in group.action for inner in action.all() if inner.timing]


def _statuses(action: _Action) -> set[str]:
    codings = [coding for concept in action.code for coding in concept.coding if coding.system in (EPS, FOR_PATIENTS)]
    return {status_of(coding.system, coding.code) for coding in codings}


def _about_another(label: str) -> ConnectorUnavailable:
    return ConnectorUnavailable(f"{label} answered about a different person, so its answer is not used.")

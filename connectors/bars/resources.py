"""The parts of BaRS resources that the desk reads; descriptions, reasons, categories, periods and advice are not parsed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from connectors.errors_http import misunderstood
from connectors.fhir import NHS_NUMBER, CodeableConcept, Extension, Identifier, Piece, Reference, entries, read
from connectors.fhir_activity import AboutAnother
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber

_OTHER_PEOPLE = frozenset({"RelatedPerson", "Practitioner", "PractitionerRole"})


class Actor(Reference):
    type: str = ""

    def is_a(self, kind: str) -> bool:
        return self.type == kind or self.reference.startswith(f"{kind}/") or f"/{kind}/" in self.reference

    @property
    def patient_numbers(self) -> set[str]:
        """The NHS numbers it gives of the patient: by identifier, or as the id of the Patient it refers to."""
        if any(self.is_a(kind) for kind in _OTHER_PEOPLE):
            return set()
        by_identifier = {self.identifier.value} if self.identifier.system == NHS_NUMBER else set()
        patient_id = self.reference.rpartition("/")[2] if self.is_a("Patient") else ""
        return by_identifier | ({patient_id} if _is_nhs_number(patient_id) else set())


class Participant(Piece):
    actor: Actor = Actor()


class ServiceRequest(Piece):
    id: str = Field(min_length=1)
    identifier: list[Identifier] = Field(default_factory=list)
    status: str
    subject: Actor = Actor()
    authored_on: str = Field(default="", alias="authoredOn")

    @property
    def people(self) -> list[Actor]:
        return [self.subject]


class Appointment(Piece):
    id: str = Field(min_length=1)
    identifier: list[Identifier] = Field(default_factory=list)
    status: str
    specialty: list[CodeableConcept] = Field(default_factory=list)
    start: str = ""
    based_on: list[Actor] = Field(default_factory=list, alias="basedOn")
    participant: list[Participant] = Field(default_factory=list)
    extension: list[Extension] = Field(default_factory=list)

    @property
    def people(self) -> list[Actor]:
        return [p.actor for p in self.participant]


class Person(Piece):
    """A Patient that came along."""

    identifier: list[Identifier] = Field(default_factory=list)


class Found:
    """The resources of one search, all of them about the patient asked for. Other kinds that came along are not read.

    The specification lets a referral or booking name its patient by a reference that leads nowhere in the reply, so
    nothing need say whose it is. It is taken all the same: the question names one person, and the answer is stamped with
    the number that was asked. What does say whose it is must say this person: an NHS number of the subject, of a
    participant or of a Patient that came along; and all that refer to a Patient of the provider must refer to the same.

    Raises AboutAnother where anything is about somebody else, and ConnectorUnavailable for another shape."""

    def __init__(self, body: Any, number: str, label: str) -> None:
        resources = entries(_wrapped(body), label)
        self.requests = [read(ServiceRequest, r, label) for r in resources if r.get("resourceType") == "ServiceRequest"]
        self.appointments = [read(Appointment, r, label) for r in resources if r.get("resourceType") == "Appointment"]
        along = [read(Person, r, label) for r in _with_contained(resources) if r.get("resourceType") == "Patient"]
        people = [actor for r in self.requests for actor in r.people] + [actor for a in self.appointments for actor in a.people]
        numbers = {i.value for person in along for i in person.identifier if i.system == NHS_NUMBER}
        numbers |= {given for actor in people for given in actor.patient_numbers}
        patients = {actor.reference for actor in people if "Patient/" in actor.reference}
        if not numbers <= {number} or len(patients) > 1:
            raise AboutAnother(label)
        if any("resourceType" not in r for r in resources):
            raise misunderstood(label)


def _is_nhs_number(text: str) -> bool:
    try:
        NhsNumber(text)
    except RuleBroken:
        return False
    return True


def _with_contained(resources: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The resources, and those that stand inside them."""
    inside = [inner for r in resources if isinstance(held := r.get("contained"), list) for inner in held if isinstance(inner, dict)]
    return [*resources, *inside]


def _wrapped(body: Any) -> Any:
    """The Bundle with each resource under `resource`: the published sandbox puts it straight into the entry."""
    found = body.get("entry") if isinstance(body, dict) else None
    if not isinstance(found, list):
        return body
    return {**body, "entry": [{"resource": e} if isinstance(e, dict) and "resourceType" in e and "resource" not in e else e for e in found]}

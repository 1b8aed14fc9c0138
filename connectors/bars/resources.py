"""The parts of BaRS resources that the desk reads; descriptions, reasons, categories, periods and advice are not parsed."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from connectors.errors_http import misunderstood
from connectors.fhir import NHS_NUMBER, CodeableConcept, Extension, Identifier, Piece, Reference, entries, read

_OTHER_PEOPLE = frozenset({"RelatedPerson", "Practitioner", "PractitionerRole"})


class Actor(Reference):
    type: str = ""

    def is_a(self, kind: str) -> bool:
        return self.type == kind or self.reference.startswith(f"{kind}/") or f"/{kind}/" in self.reference

    @property
    def patient_number(self) -> str:
        """The NHS number it gives of the patient, "" where it gives none."""
        other = any(self.is_a(kind) for kind in _OTHER_PEOPLE)
        return "" if other or self.identifier.system != NHS_NUMBER else self.identifier.value


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
    participant or of a Patient that came along; and all that is said to be about a Patient must be about the same one.

    Raises ConnectorUnavailable for another shape, and where anything is about somebody else."""

    def __init__(self, body: Any, number: str, label: str) -> None:
        resources = entries(_wrapped(body), label)
        self.requests = [read(ServiceRequest, r, label) for r in resources if r.get("resourceType") == "ServiceRequest"]
        self.appointments = [read(Appointment, r, label) for r in resources if r.get("resourceType") == "Appointment"]
        along = [read(Person, r, label) for r in resources if r.get("resourceType") == "Patient"]
        people = [actor for r in self.requests for actor in r.people] + [actor for a in self.appointments for actor in a.people]
        numbers = {i.value for person in along for i in person.identifier if i.system == NHS_NUMBER}
        numbers |= {actor.patient_number for actor in people if actor.patient_number}
        patients = {actor.reference for actor in people if actor.reference and actor.is_a("Patient")}
        if not numbers <= {number} or len(patients) > 1 or any("resourceType" not in r for r in resources):
            raise misunderstood(label)


def _wrapped(body: Any) -> Any:
    """The Bundle with each resource under `resource`: the published sandbox puts it straight into the entry."""
    found = body.get("entry") if isinstance(body, dict) else None
    if not isinstance(found, list):
        return body
    return {**body, "entry": [{"resource": e} if isinstance(e, dict) and "resourceType" in e and "resource" not in e else e for e in found]}

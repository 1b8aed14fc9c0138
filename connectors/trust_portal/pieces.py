"""The bundles of both shapes, and the parts of an appointment, a task and a plan that are read.

What may be a reason, a note or a document has no field here. A description is only looked at: for a specialty that is
known by name, and for whether the team itself must answer."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from connectors.errors_http import misunderstood
from connectors.fhir import NHS_NUMBER, CodeableConcept, Extension, Identifier, Meta, Period, Piece, read
from connectors.fhir_activity import SPECIALTY, IssuedIdentifier, named, says_why
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.activity import NO_SPECIALTY
from helpdesk.pathways.model import Coded
from helpdesk.pathways.reference import specialty, treatment_functions

SPECIALTIES = (SPECIALTY, "https://fhir.nhs.uk/STU3/CodeSystem/Specialty-1")


class Actor(Piece):
    type: str = ""
    display: str = ""
    reference: str = ""
    identifier: Identifier = Identifier()

    @property
    def is_patient(self) -> bool:
        return self.type == "Patient" or self.identifier.system == NHS_NUMBER or "Patient/" in self.reference

    def is_person(self, number: NhsNumber) -> bool:
        return (self.identifier.system, self.identifier.value) == (NHS_NUMBER, number.value)


class Grounds(Piece):
    """What something is based on. The standard writes a list of identifiers where FHIR has one."""

    identifier: list[IssuedIdentifier] = Field(default_factory=list)

    @field_validator("identifier", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return [value] if isinstance(value, dict) else value


class _Participant(Piece):
    actor: Actor = Actor()


class AppointmentPiece(Piece):
    kind: Literal["Appointment"] = Field(alias="resourceType")
    id: str
    status: str
    extension: list[Extension] = Field(default_factory=list)
    description: str = ""
    specialty: list[CodeableConcept] = Field(default_factory=list)
    type: CodeableConcept = Field(default=CodeableConcept(), alias="appointmentType")
    start: str = ""
    based_on: list[Grounds] = Field(default_factory=list, alias="basedOn")
    participant: list[_Participant] = Field(default_factory=list)

    @property
    def actors(self) -> list[Actor]:
        return [p.actor for p in self.participant]


class TaskPiece(Piece):
    kind: Literal["Task"] = Field(alias="resourceType")
    id: str
    status: str
    extension: list[Extension] = Field(default_factory=list)
    description: str = ""
    patient: Actor = Field(alias="for")
    owner: Actor = Actor()
    authored: str = ""
    authored_on: str = Field(default="", alias="authoredOn")
    """The standard's schema says `authored`, its example and FHIR say `authoredOn`."""
    based_on: list[Grounds] = Field(default_factory=list, alias="basedOn")


class _Scheduled(Period):
    extension: list[Extension] = Field(default_factory=list)


class Detail(Piece):
    """One activity of the aggregator. Its `status` says something of a questionnaire alone; of the others it is always in-progress."""

    id: str = ""
    kind: str
    status: str = ""
    extension: list[Extension] = Field(default_factory=list)
    description: str = ""
    scheduled: _Scheduled = Field(default=_Scheduled(), alias="scheduledPeriod")
    location: Actor = Actor()
    performer: list[Actor] = Field(default_factory=list)


class _Activity(Piece):
    detail: Detail


class PlanIdentifier(IssuedIdentifier):
    """The pathway of a wait. Breast screening's is written as a number in the published examples."""

    @field_validator("value", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        return str(value) if type(value) is int else value


class PlanPiece(Piece):
    kind: Literal["CarePlan"] = Field(alias="resourceType")
    meta: Meta = Meta()
    identifier: list[PlanIdentifier] = Field(default_factory=list)
    status: str
    title: str = ""
    subject: Actor
    period: Period = Period()
    author: Actor = Actor()
    activity: list[_Activity] = Field(default_factory=list)


class _Search(Piece):
    mode: str = ""


class _Entry(Piece):
    resource: dict[str, Any]
    search: _Search = _Search()


class _Link(Piece):
    relation: str


class _Bundle(Piece):
    kind: Literal["Bundle"] = Field(alias="resourceType")
    type: Literal["searchset"]
    total: int | None = None
    link: list[_Link] = Field(default_factory=list)
    entry: list[_Entry] = Field(default_factory=list)


class Sheet:
    """A bundle sorted: what was found, and what the portal says of itself. `goes_on`: there would be more, behind a next
    page or by the portal's own count."""

    def __init__(self, body: Any, kind: str, label: str) -> None:
        bundle = read(_Bundle, body, label)
        if bundle.total and not bundle.entry:
            raise misunderstood(label)
        self.outcomes = [e.resource for e in bundle.entry if e.resource.get("resourceType") == "OperationOutcome"]
        self.found = [e.resource for e in bundle.entry if e.resource.get("resourceType") == kind]
        others = [e for e in bundle.entry if e.resource.get("resourceType") not in (kind, "OperationOutcome")]
        if any(e.search.mode != "include" for e in others):
            raise misunderstood(label)
        self.goes_on = any(link.relation == "next" for link in bundle.link) or (bundle.total or 0) > len(self.found) + len(self.outcomes)


def specialty_named(text: str) -> Coded:
    """The treatment function of that name or code; free text that is none is not taken."""
    known = specialty(text)
    return known if known.code in treatment_functions() and not says_why(text) else NO_SPECIALTY


def specialty_said(concepts: list[CodeableConcept], description: str) -> Coded:
    """The coded specialty, else the one that the description names."""
    coding = next((c for concept in concepts for c in concept.coding if c.system in SPECIALTIES and c.code), None)
    return named(coding) if coding else specialty_named(description)

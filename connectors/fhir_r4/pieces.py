"""The parts of the R4 resources that are read: status, dates, specialty, place, organisation, identifiers, and whose it is.

Reasons, notes and descriptions have no field here, so they cannot be kept by mistake. What a priority or a category
says is only looked at for whether the team itself must answer."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from connectors.fhir import CodeableConcept, Coding, Identifier, Period, Piece, Resource
from connectors.fhir_activity import IssuedIdentifier

NOT_SAID = Coding()


class Actor(Piece):
    """Whoever or whatever is referred to; `type` where the reference does not say it."""

    reference: str = ""
    type: str = ""
    display: str = ""
    identifier: IssuedIdentifier = IssuedIdentifier()


class Named(Piece):
    """A contained or included place or organisation."""

    kind: str = Field(alias="resourceType")
    id: str = ""
    name: str = ""
    identifier: list[Identifier] = Field(default_factory=list)


class PatientPiece(Piece):
    kind: Literal["Patient"] = Field(alias="resourceType")
    id: str = ""
    identifier: list[Identifier] = Field(default_factory=list)


class Item(Resource):
    """What all five have: `whose` is filled by each."""

    status: str
    identifier: list[IssuedIdentifier] = Field(default_factory=list)
    contained: list[dict[str, Any]] = Field(default_factory=list)
    based_on: list[Actor] = Field(default_factory=list, alias="basedOn")

    @property
    def whose(self) -> list[Actor]:
        raise NotImplementedError


class _Participant(Piece):
    actor: Actor | None = None


class AppointmentPiece(Item):
    start: str = ""
    appointment_type: CodeableConcept = Field(default=CodeableConcept(), alias="appointmentType")
    category: list[CodeableConcept] = Field(default_factory=list, alias="serviceCategory")
    service: list[CodeableConcept] = Field(default_factory=list, alias="serviceType")
    specialty: list[CodeableConcept] = Field(default_factory=list)
    participant: list[_Participant] = Field(default_factory=list)

    @property
    def actors(self) -> list[Actor]:
        return [p.actor for p in self.participant if p.actor is not None]

    @property
    def whose(self) -> list[Actor]:
        return self.actors


class ServiceRequestPiece(Item):
    priority: str = ""
    category: list[CodeableConcept] = Field(default_factory=list)
    code: CodeableConcept = CodeableConcept()
    performer_type: CodeableConcept = Field(default=CodeableConcept(), alias="performerType")
    subject: Actor
    authored: str = Field(default="", alias="authoredOn")
    performer: list[Actor] = Field(default_factory=list)
    place: list[Actor] = Field(default_factory=list, alias="locationReference")

    @property
    def whose(self) -> list[Actor]:
        return [self.subject]


class _Visited(Piece):
    location: Actor = Actor()


class EncounterPiece(Item):
    encounter_class: Coding = Field(default=NOT_SAID, alias="class")
    service: CodeableConcept = Field(default=CodeableConcept(), alias="serviceType")
    type: list[CodeableConcept] = Field(default_factory=list)
    subject: Actor
    appointment: list[Actor] = Field(default_factory=list)
    period: Period = Period()
    location: list[_Visited] = Field(default_factory=list)
    provider: Actor = Field(default=Actor(), alias="serviceProvider")

    @property
    def whose(self) -> list[Actor]:
        return [self.subject]


class CarePlanPiece(Item):
    category: list[CodeableConcept] = Field(default_factory=list)
    subject: Actor
    period: Period = Period()
    author: Actor = Actor()

    @property
    def whose(self) -> list[Actor]:
        return [self.subject]


class TaskPiece(Item):
    code: CodeableConcept = CodeableConcept()
    patient: Actor = Field(alias="for")
    owner: Actor = Actor()
    authored: str = Field(default="", alias="authoredOn")

    @property
    def whose(self) -> list[Actor]:
        return [self.patient]

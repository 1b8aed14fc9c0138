"""The parts of an e-RS referral and its appointment that the desk reads, and whose they are."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from connectors.errors_http import misunderstood
from connectors.fhir import NHS_NUMBER, CodeableConcept, Coding, Extension, Identifier, Piece, Reference, extension, moment, read
from helpdesk.clock import london_time
from helpdesk.errors import ConnectorUnavailable, RuleBroken
from helpdesk.identifiers import NhsNumber, Ubrn

SERVICE = "http://fhir.nhs.net/Id/ers-service"
NHS_NUMBERS = ("http://fhir.nhs.net/Id/nhs-number", NHS_NUMBER)
"""e-RS writes the older system; its documentation names the newer one too."""


class AboutAnother(ConnectorUnavailable):
    """An answer, or a part of one, is about another referral or person: nothing of it may be used."""

    def __init__(self, label: str) -> None:
        super().__init__(f"{label} answered about a different referral, so its answer is not used.")


class Participant(Piece):
    """`type` is left out on purpose: e-RS sends an object where the standard says a list (its known issue 1)."""

    actor: Reference = Reference()


class Criterion(Piece):
    name: str = ""
    coding: Coding | None = Field(default=None, alias="valueCoding")


class Entry(Piece):
    item: Reference = Reference()


class Inner(Piece):
    """An appointment, the shortlist or the search criteria: whichever fields its kind has. e-RS writes null for a time
    that it does not have."""

    kind: str = Field(alias="resourceType")
    id: str = ""
    status: str = ""
    start: str | None = None
    created: str | None = None
    referrals: list[Reference] | None = Field(default=None, alias="incomingReferral")
    participant: list[Participant] = Field(default_factory=list)
    parameter: list[Criterion] = Field(default_factory=list)
    entry: list[Entry] = Field(default_factory=list)

    @property
    def service(self) -> Reference | None:
        """The service of an appointment."""
        return next((p.actor for p in self.participant if p.actor.identifier.system == SERVICE), None)

    def patients(self) -> tuple[str, ...]:
        found = (p.actor.identifier for p in self.participant)
        return tuple(i.value for i in found if i.system in NHS_NUMBERS)


class Subject(Piece):
    identifier: Identifier


class ReferralRequest(Piece):
    id: str
    extension: list[Extension] = Field(default_factory=list)
    contained: list[Inner] = Field(default_factory=list)
    specialty: CodeableConcept = CodeableConcept()
    subject: Subject
    recipient: list[Reference] = Field(default_factory=list)
    supporting: list[Reference] = Field(default_factory=list, alias="supportingInfo")

    def inside(self, kind: str) -> Inner | None:
        return next((c for c in self.contained if c.kind == kind), None)

    @property
    def service(self) -> Reference | None:
        """The service of the appointment; without one, the only service on the shortlist."""
        booking = self.inside("Appointment")
        if booking is not None:
            return booking.service
        shortlist = self.inside("List")
        items = shortlist.entry if shortlist else []
        return items[0].item if len(items) == 1 else None

    @property
    def appointment_id(self) -> str:
        """The id under which its appointment can be asked for by itself, or ""."""
        named = extension(self.extension, "Extension-eRS-Appointment-Reference-1")
        reference = named.value_reference.reference if named and named.value_reference else ""
        kind, _, found = reference.partition("/")
        return found if kind == "Appointment" and found.isascii() and found.isalnum() else ""

    def came_from_advice(self, ubrn: Ubrn) -> bool:
        """Whether a request for advice stands under the same reference."""
        return any(r.reference == f"CommunicationRequest/{ubrn.value}" for r in self.supporting)


def read_referral(body: object, asked: Ubrn, label: str) -> ReferralRequest:
    """Raises ConnectorUnavailable where the body is no referral; AboutAnother where it is about another one, or an
    appointment inside it is another person's."""
    resource = read(ReferralRequest, body, label, "ReferralRequest")
    if resource.id != asked.value:
        raise AboutAnother(label)
    number = patient_of(resource.subject, label)
    if any(found != number.value for c in resource.contained for found in c.patients()):
        raise AboutAnother(label)
    return resource


def patient_of(subject: Subject, label: str) -> NhsNumber:
    """Whose it is. Raises ConnectorUnavailable where it does not say so."""
    number = number_or_none(subject.identifier.value) if subject.identifier.system in NHS_NUMBERS else None
    if number is None:
        raise misunderstood(label)
    return number


def number_or_none(text: str) -> NhsNumber | None:
    try:
        return NhsNumber(text)
    except RuleBroken:
        return None


def in_london(text: str | None, label: str) -> datetime:
    """An instant as clocks in London show it. Anything else would move a clock or an appointment by guessing."""
    try:
        return london_time(moment(text or "", label))
    except OverflowError:
        raise misunderstood(label) from None

"""The parts of the proxy service's resources that the desk reads; reasons and who granted a role are not parsed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from connectors.errors_http import misunderstood
from connectors.fhir import NHS_NUMBER, CodeableConcept, HumanName, Identifier, Period, Piece, Reference, read

_ERRORS = {"error", "fatal"}


class ActingAs(Piece):
    role: CodeableConcept = CodeableConcept()


class Provision(Piece):
    type: str = ""
    period: Period = Period()
    actor: list[ActingAs] = Field(default_factory=list)


class Consent(Piece):
    status: str
    scope: CodeableConcept
    patient: Reference
    performer: list[Reference] = Field(default_factory=list)
    legal_basis: CodeableConcept = Field(default=CodeableConcept(), alias="policyRule")
    provision: Provision = Provision()

    @property
    def about(self) -> str:
        return nhs_number([self.patient.identifier])

    @property
    def bases(self) -> tuple[str, ...]:
        """The codes of its legal basis; from the actor's role where it stands in no policyRule, as it did before 2026."""
        named = [self.legal_basis] if self.legal_basis.coding else [actor.role for actor in self.provision.actor]
        return tuple(dict.fromkeys(coding.code for concept in named for coding in concept.coding if coding.code))

    @property
    def by(self) -> str:
        """The NHS number of who may act, "" where it is not given."""
        return nhs_number([who.identifier for who in self.performer])


class Person(Piece):
    identifier: list[Identifier] = Field(default_factory=list)
    name: list[HumanName] = Field(default_factory=list)
    birth_date: str = Field(default="", alias="birthDate")


class Related(Piece):
    identifier: list[Identifier] = Field(default_factory=list)
    patient: Reference = Reference()
    relationship: list[CodeableConcept] = Field(default_factory=list)


class Found:
    """The resources of one reply, by kind; what else was sent along is not read. Raises ConnectorUnavailable for a reply
    that holds other things only, and for one that holds an error."""

    def __init__(self, resources: Sequence[dict[str, Any]], label: str) -> None:
        self.consents: list[Consent] = []
        self.people: list[Person] = []
        self.related: list[Related] = []
        for resource in resources:
            match resource.get("resourceType"):
                case "Consent":
                    self.consents.append(read(Consent, resource, label))
                case "Patient":
                    self.people.append(read(Person, resource, label))
                case "RelatedPerson":
                    self.related.append(read(Related, resource, label))
                case "OperationOutcome" if not _severities(resource, label) & _ERRORS:
                    continue
                case "OperationOutcome" | None:
                    raise misunderstood(label)
        if resources and not (self.consents or self.people or self.related):
            raise misunderstood(label)


class _Issue(Piece):
    severity: str


class _Outcome(Piece):
    issue: list[_Issue]


def _severities(outcome: dict[str, Any], label: str) -> set[str]:
    """How severe its issues are."""
    return {issue.severity for issue in read(_Outcome, outcome, label).issue}


def nhs_number(identifiers: Sequence[Identifier]) -> str:
    """The one NHS number among them, "" where there is none or more than one."""
    numbers = {i.value for i in identifiers if i.system == NHS_NUMBER and i.value}
    return numbers.pop() if len(numbers) == 1 else ""

"""From PDS's RelatedPerson resources to those related to a patient now. Their address, phone and preferences are not read."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Literal

from pydantic import Field

from connectors.errors_http import misunderstood
from connectors.fhir import CodeableConcept, HumanName, Period, Piece, Reference, read
from connectors.pds.mapping import name_of
from connectors.pds.relations import in_words
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import PersonName
from helpdesk.patients.related import Related

_WHOSE = re.compile(r"/Patient/(?P<number>[^/]+)/RelatedPerson/")


class _RelatedPerson(Piece):
    resource_type: Literal["RelatedPerson"] = Field(default="RelatedPerson", alias="resourceType")
    patient: Reference
    active: bool = True
    period: Period = Period()
    name: list[HumanName] = Field(default_factory=list)
    relationship: list[CodeableConcept] = Field(default_factory=list)


class _Entry(Piece):
    full_url: str = Field(default="", alias="fullUrl")
    resource: _RelatedPerson


class _Bundle(Piece):
    resource_type: Literal["Bundle"] = Field(alias="resourceType")
    total: int | None = None
    entry: list[_Entry] = Field(default_factory=list)


def related_to(body: Any, number: NhsNumber, label: str, today: date) -> tuple[Related, ...]:
    """Those related now, each once, in PDS's order. Raises ConnectorUnavailable for another shape, and where an entry is of
    another patient."""
    bundle = read(_Bundle, body, label)
    if bundle.total and not bundle.entry:
        raise misunderstood(label)
    if any((whose := _WHOSE.search(entry.full_url)) and whose["number"] != number.value for entry in bundle.entry):
        raise misunderstood(label)
    now = [e.resource for e in bundle.entry if e.resource.active and e.resource.period.covers(today)]
    return tuple(dict.fromkeys(_related(person, number, label) for person in now))


def _related(person: _RelatedPerson, number: NhsNumber, label: str) -> Related:
    """PDS's own example gives the patient's number as the reference: then it is not the other person's."""
    name = name_of(person.name[0]) if person.name else PersonName()
    other = _number(person.patient.identifier.value, label)
    return Related(in_words(person.relationship), name, other if other != number else None)


def _number(text: str, label: str) -> NhsNumber | None:
    if not text:
        return None
    wrong = False
    try:
        return NhsNumber(text)
    except RuleBroken:
        wrong = True
    if wrong:
        raise misunderstood(label)
    return None

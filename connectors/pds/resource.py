"""The parts of a PDS Patient resource that the desk reads; nothing else of it is parsed."""

from __future__ import annotations

from pydantic import Field

from connectors.fhir import ContactPoint, HumanName, Identifier, PostalAddress, Reference, Resource


class PdsPatient(Resource):
    identifier: list[Identifier] = Field(default_factory=list)
    name: list[HumanName] = Field(default_factory=list)
    gender: str = ""
    birth_date: str = Field(default="", alias="birthDate")
    deceased_datetime: str = Field(default="", alias="deceasedDateTime")
    deceased_boolean: bool = Field(default=False, alias="deceasedBoolean")
    address: list[PostalAddress] = Field(default_factory=list)
    telecom: list[ContactPoint] = Field(default_factory=list)
    practices: list[Reference] = Field(default_factory=list, alias="generalPractitioner")

"""What a server says it offers (its CapabilityStatement), beside what we need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from connectors.fhir import Piece, read
from connectors.fhir_r4.settings import FhirR4Settings
from helpdesk.errors import ConnectorRejected


class _Coded(Piece):
    code: str


class _Parameter(Piece):
    name: str


class _Offered(Piece):
    type: str
    interaction: list[_Coded] = Field(default_factory=list)
    parameters: list[_Parameter] = Field(default_factory=list, alias="searchParam")

    @property
    def can_be_searched(self) -> bool:
        return not self.interaction or any(i.code == "search-type" for i in self.interaction)


class _Rest(Piece):
    mode: str
    resource: list[_Offered] = Field(default_factory=list)


class _Statement(Piece):
    kind: Literal["CapabilityStatement"] = Field(alias="resourceType")
    version: str = Field(alias="fhirVersion")
    rest: list[_Rest]


@dataclass(frozen=True)
class Capabilities:
    """The resources that can be searched, each with its search parameters; empty where the server does not list them."""

    resources: Mapping[str, frozenset[str]]

    def offers(self, resource: str) -> bool:
        return resource in self.resources

    def lacks(self, settings: FhirR4Settings) -> tuple[str, ...]:
        """What we need and the server does not offer, in words."""
        wanted: list[str] = [*settings.resources, *(["Patient"] if settings.patient_by == "patient" else [])]
        lacking = [resource for resource in wanted if not self.offers(resource)]
        for resource in wanted:
            known = self.resources.get(resource)
            lacking += [f"{resource} by {name}" for name in _needed(resource, settings) if known and name not in known]
        return tuple(lacking)


def _needed(resource: str, settings: FhirR4Settings) -> list[str]:
    if resource == "Patient":
        return ["identifier"]
    more = re.findall(r"(?:^|&)([^=&]+)=", next((text for name, text in settings.search.items() if name == resource), ""))
    return ["patient", *dict.fromkeys(re.split(r"[.:]", name, maxsplit=1)[0] for name in more if not name.startswith("_"))]


def capabilities_of(body: Any, label: str) -> Capabilities:
    """Raises ConnectorUnavailable for another shape, ConnectorRejected for another version of FHIR."""
    statement = read(_Statement, body, label)
    if not statement.version.startswith("4."):
        raise ConnectorRejected(f"{label} speaks another version of FHIR than R4.")
    offered = [r for rest in statement.rest if rest.mode == "server" for r in rest.resource if r.can_be_searched]
    return Capabilities({r.type: frozenset(p.name for p in r.parameters) for r in offered})

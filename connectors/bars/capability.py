"""What a target says it can be asked, in its CapabilityStatement."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from connectors.fhir import Piece, read

SEARCHES = ("ServiceRequest", "Appointment")
BY_PATIENT = "patient:identifier"
_PATIENT = frozenset({BY_PATIENT, "patient.identifier", "patient"})
"""How targets name the parameter that the specification calls patient:identifier."""


class _Interaction(Piece):
    code: str = ""


class _Param(Piece):
    name: str = ""


class _Resource(Piece):
    type: str
    interaction: list[_Interaction] = Field(default_factory=list)
    params: list[_Param] = Field(default_factory=list, alias="searchParam")


class _Rest(Piece):
    mode: str = ""
    resource: list[_Resource] = Field(default_factory=list)


class _Statement(Piece):
    rest: list[_Rest] = Field(default_factory=list)


def searches(body: Any, label: str) -> frozenset[str]:
    """Which of SEARCHES the target answers by patient. Raises ConnectorUnavailable for what is no CapabilityStatement."""
    statement = read(_Statement, body, label, "CapabilityStatement")
    offered = [resource for rest in statement.rest if rest.mode == "server" for resource in rest.resource]
    return frozenset(r.type for r in offered if r.type in SEARCHES and _by_patient(r))


def _by_patient(resource: _Resource) -> bool:
    """A target that names no parameters at all has not said that it lacks this one."""
    can_search = any(i.code == "search-type" for i in resource.interaction)
    return can_search and (not resource.params or any(p.name in _PATIENT for p in resource.params))

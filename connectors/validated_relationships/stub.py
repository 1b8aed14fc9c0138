"""The proxy service for the practice area and for tests: behaves as the published specification says, over real HTTP.

A patient's `faults[instance]` may be any of connectors.stub_faults, a documented error code ("INVALIDATED_RESOURCE",
"GP_PRACTICE_NOT_FOUND", "THROTTLED"), or one that spoils the consents and then takes no notice of `status`:
"expired_consent" (ended yesterday), "future_consent", "proposed_consent", "inactive_consent", "denied_consent",
"foreign_consent" (about somebody else).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from connectors import stub_faults
from connectors.fhir import NHS_NUMBER
from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from connectors.validated_relationships.stub_bundle import BASE, Held, bundle, held
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.practice.model import Area

BASE_PATH = "/validated-relationships/FHIR/R4"
_SYSTEM = "https://fhir.nhs.uk/R4/CodeSystem/ValidatedRelationships-ErrorOrWarningCode"
_STATUSES = frozenset({"proposed", "active", "rejected", "inactive", "entered-in-error"})
_INCLUDES = frozenset({"Consent:performer", "Consent:patient"})
_FAULTS = {
    "INVALIDATED_RESOURCE": (404, "processing"),
    "GP_PRACTICE_NOT_FOUND": (404, "processing"),
    "THROTTLED": (429, "processing"),
    "SERVER_ERROR": (500, "exception"),
    "DOWNSTREAM_SERVICE_ERROR": (503, "processing"),
}
_MIRRORED = ("X-Request-ID", "X-Correlation-ID")
_OTHERS = (NhsNumber("9000000009"), NhsNumber("9000000017"))


def serve(area: Area, port: int = 0, instance: str = "validated_relationships") -> StubServer:
    """Starts it on loopback; port 0 takes a free one."""
    service = _Service(area, instance)
    return StubServer([Route("GET", "/Consent", service.consents, service.fault_for)], port=port, base_path=BASE_PATH)


class _Service:
    def __init__(self, area: Area, instance: str) -> None:
        self._area = area
        self._faults = {str(p.patient.nhs_number): f for p in area.people if (f := p.faults.get(instance))}

    def fault_for(self, request: StubRequest) -> str | None:
        fault = self._faults.get(_value(_one(request, "patient:identifier")), "")
        return fault if fault in stub_faults.FAULTS else None

    def consents(self, request: StubRequest) -> StubReply:
        reply = _problem(request) or self._found(request)
        mirrored = {name: value for name in _MIRRORED if (value := request.headers.get(name))}
        return replace(reply, headers={**reply.headers, **mirrored})

    def _found(self, request: StubRequest) -> StubReply:
        number = NhsNumber(_value(_one(request, "patient:identifier")))
        fault = self._faults.get(str(number), "")
        if fault in _FAULTS:
            status, general = _FAULTS[fault]
            return _error(status, fault, general)
        about = next(n for n in _OTHERS if n != number) if fault == "foreign_consent" else number
        found = [held(about, proxy, self._area.today, fault) for proxy in self._area.proxies.get(number, ())]
        kept = found if fault else [one for one in found if _wanted(one, _all(request, "status"))]
        return StubReply(200, bundle(kept, _all(request, "_include"), f"{BASE}/Consent"))


def _wanted(one: Held, statuses: Sequence[str]) -> bool:
    """Commas within one parameter are alternatives; several parameters must all hold."""
    return all(one.status in alternatives.split(",") for alternatives in statuses)


def _problem(request: StubRequest) -> StubReply | None:
    if not _is_uuid(request.headers.get("X-Request-ID", "")):
        return _error(422, "INVALID_PARAMETER", diagnostics="Invalid request with error - X-Request-ID header is invalid.")
    performers, patients = _all(request, "performer:identifier"), _all(request, "patient:identifier")
    if not (performers or patients):
        return _error(400, "MISSING_IDENTIFIER_VALUE")
    for identifier in (*performers, *patients):
        system, given, _ = identifier.partition("|")
        if (given and system != NHS_NUMBER) or "/" in _value(identifier):
            return _error(422, "INVALID_IDENTIFIER_SYSTEM")
        if not _is_nhs_number(_value(identifier)):
            return _error(422, "INVALID_IDENTIFIER_VALUE")
    if any(status not in _STATUSES for alternatives in _all(request, "status") for status in alternatives.split(",")):
        return _error(422, "INVALID_PARAMETER", diagnostics="Invalid request with error - status parameter is invalid.")
    if any(include not in _INCLUDES for include in _all(request, "_include")):
        return _error(422, "INVALID_PARAMETER", diagnostics="Invalid request with error - _include parameter is invalid.")
    return _error(501, "NOT_IMPLEMENTED", "not-supported") if not patients else None


def _all(request: StubRequest, wanted: str) -> list[str]:
    return [value for name, value in request.params if name == wanted]


def _one(request: StubRequest, wanted: str) -> str:
    return next(iter(_all(request, wanted)), "")


def _value(identifier: str) -> str:
    return identifier.rpartition("|")[2]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _is_nhs_number(text: str) -> bool:
    try:
        NhsNumber(text)
    except RuleBroken:
        return False
    return True


def _error(status: int, code: str, general: str = "invalid", diagnostics: str = "") -> StubReply:
    coding = {"system": _SYSTEM, "version": "1", "code": code, "display": code.replace("_", " ").capitalize()}
    issue: dict[str, Any] = {"severity": "error", "code": general, "details": {"coding": [coding]}}
    if diagnostics:
        issue["diagnostics"] = diagnostics
    return StubReply(status, {"resourceType": "OperationOutcome", "issue": [issue]})

"""A trust's portal and the aggregator of all, which show the practice area's activity of one instance over real HTTP.

A person's fault for the instance may be any of connectors.stub_faults, or "partial": a 207 that names a source that
failed. Who is under 16 or restricted is left out, as the standards demand."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from connectors.fhir import NHS_NUMBER
from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from connectors.trust_portal.stub_documents import BOOKINGS, appointment, is_shown, plans, task
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.activity import Activity, ActivityKind
from helpdesk.practice.model import Area, AreaPerson

PARTIAL = "partial"
FAILED_SOURCE = "myportal-01"
_WHOSE = re.compile(re.escape(NHS_NUMBER) + r"\|([1-9][0-9]{9})")
_ADULT = 16


@dataclass(frozen=True)
class _Shape:
    """How one route shows what it holds. The producer's schema has an `entry` in every bundle, the aggregator's has not."""

    show: Callable[[Sequence[Activity]], list[dict[str, Any]]]
    entry_always: bool


_SHAPES = {
    "/Appointment": _Shape(lambda held: [appointment(i) for i in held if i.kind in BOOKINGS and is_shown(i)], True),
    "/Task": _Shape(lambda held: [task(i) for i in held if i.kind is ActivityKind.TASK], True),
    "/aggregator/events": _Shape(plans, False),
}


def serve(area: Area, port: int = 0, instance: str = "trust_portal") -> StubServer:
    """Starts it on loopback; port 0 takes a free one. One address serves both shapes."""
    portal = _Portal(area, instance)
    return StubServer([Route("GET", path, portal.showing(shape), portal.fault_for) for path, shape in _SHAPES.items()], port=port)


class _Portal:
    def __init__(self, area: Area, instance: str) -> None:
        self._today = area.today
        self._instance = instance
        self._people = {str(p.patient.nhs_number): p for p in area.people}
        self._held = {str(number): items for number, items in area.activity_of(instance).items()}

    def fault_for(self, request: StubRequest) -> str | None:
        fault = self._fault(request)
        return None if fault == PARTIAL else fault or None

    def showing(self, shape: _Shape) -> Callable[[StubRequest], StubReply]:
        def show(request: StubRequest) -> StubReply:
            reply = _header_problem(request) or _number_problem(request) or self._show(request, shape)
            correlation = request.headers.get("X-Correlation-ID")
            return StubReply(reply.status, reply.body, {"X-Correlation-ID": correlation} if correlation else {})

        return show

    def _show(self, request: StubRequest, shape: _Shape) -> StubReply:
        number = _number(request)
        person = self._people.get(number)
        if person is not None and self._is_child(person):
            return _refusal(403, "forbidden", "UNDER_16_DENIED")
        held = self._held.get(number, ()) if person is not None and person.flag == "U" else ()
        found = shape.show(held)
        entries = [_entry(resource, "match") for resource in found]
        is_partial = self._fault(request) == PARTIAL
        if is_partial:
            entries.append(_entry(_failed(), "include"))
        body: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset", "total": len(entries)}
        return StubReply(207 if is_partial else 200, body | ({"entry": entries} if entries or shape.entry_always else {}))

    def _is_child(self, person: AreaPerson) -> bool:
        born = person.patient.born
        return born is not None and born.age_on(self._today) < _ADULT

    def _fault(self, request: StubRequest) -> str:
        person = self._people.get(_number(request))
        return person.faults.get(self._instance, "") if person else ""


def _header_problem(request: StubRequest) -> StubReply | None:
    if not request.headers.get("NHSD-ID-Token"):
        return _refusal(401, "processing", "Invalid authorisation token")
    try:
        UUID(request.headers.get("X-Correlation-ID", ""))
    except ValueError:
        return _refusal(400, "exception", "X-Correlation-ID is required")
    return None


def _number_problem(request: StubRequest) -> StubReply | None:
    if not any(name == "patient:identifier" for name, _ in request.params):
        return _refusal(400, "exception", '"patient:identifier" is required')
    try:
        NhsNumber(_number(request))
    except RuleBroken:
        return _refusal(400, "exception", "Invalid NHS number")
    return None


def _number(request: StubRequest) -> str:
    whose = [found.group(1) for name, value in request.params if name == "patient:identifier" and (found := _WHOSE.fullmatch(value))]
    return whose[0] if len(whose) == 1 else ""


def _refusal(status: int, code: str, words: str) -> StubReply:
    return StubReply(status, {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": code, "diagnostics": words}]})


def _failed() -> dict[str, Any]:
    source = {"url": "https://fhir.nhs.uk/StructureDefinition/ExtensionErrorSource", "valueCode": FAILED_SOURCE}
    issue = {"severity": "error", "code": "timeout", "extension": [source], "diagnostics": "upstream timeout"}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def _entry(resource: dict[str, Any], mode: str) -> dict[str, Any]:
    name = resource.get("id") or next((i["value"] for i in resource.get("identifier", ())), "1")
    return {"fullUrl": f"https://portal.invalid/{resource['resourceType']}/{name}", "search": {"mode": mode}, "resource": resource}

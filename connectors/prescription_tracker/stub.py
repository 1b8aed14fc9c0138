"""A small tracker that serves the practice area's prescriptions as the Clinical Prescription Tracker does."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

from connectors.prescription_tracker.documents import bundle, detailed, outcome, request_group
from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.practice.model import Area, AreaPerson
from helpdesk.primary_care.model import Prescription

_ROLE = re.compile(r"[0-9]+")
_NEEDED = ("nhsd-organization-uuid", "nhsd-session-jobrole")
_BY = frozenset({"prescriptionId", "nhsNumber"})


class _Tracker:
    def __init__(self, area: Area, instance: str) -> None:
        self._instance = instance
        self._people = {p.patient.nhs_number.value: p for p in area.people}
        self._held: dict[str, list[tuple[str, Prescription]]] = {}
        self._whose: dict[str, AreaPerson] = {}
        for i, person in enumerate(area.people):
            for n, held in enumerate(area.prescriptions.get(person.patient.nhs_number, ()), start=1):
                # Real ids end in a check character that may be "+", which a careless request turns into a space.
                prescription_id = f"{i:06X}-X00000-{n:05}+"
                self._held.setdefault(person.patient.nhs_number.value, []).append((prescription_id, held))
                self._whose[prescription_id] = person

    def search(self, request: StubRequest) -> StubReply:
        fault = _headers_fault(request) or _search_fault(request)
        if fault:
            return StubReply(400, outcome(400, fault))
        ((name, value),) = request.params
        person = self._people.get(value) if name == "nhsNumber" else self._whose.get(value)
        if person is None:
            return StubReply(200, bundle(None, (), ()))
        groups = [request_group(p, i, person.patient) for i, p in self._of(person) if name == "nhsNumber" or i == value]
        return StubReply(200, bundle(person.patient, (), groups))

    def details(self, request: StubRequest) -> StubReply:
        fault = _headers_fault(request)
        issues = [value for name, value in request.params if name == "issueNumber"]
        if fault or len(issues) != len(request.params) or len(issues) > 1:
            return StubReply(400, outcome(400, fault or "Only issueNumber is taken, once"))
        wanted = request.values["id"]
        person = self._whose.get(wanted)
        if person is None:
            return _NOT_FOUND
        for prescription_id, held in self._of(person):
            number = held.issue.partition(" of ")[0] or "1"
            if prescription_id == wanted and issues in ([], [number]):
                return StubReply(200, detailed(held, prescription_id, person.patient))
        return _NOT_FOUND

    def fault_of_sought(self, request: StubRequest) -> str | None:
        values = [value for name, value in request.params if name in _BY]
        return self._fault(self._people.get(values[0]) or self._whose.get(values[0]) if values else None)

    def fault_of_prescription(self, request: StubRequest) -> str | None:
        return self._fault(self._whose.get(request.values["id"]))

    def _fault(self, person: AreaPerson | None) -> str | None:
        return person.faults.get(self._instance) if person else None

    def _of(self, person: AreaPerson) -> list[tuple[str, Prescription]]:
        """Of a restricted person the tracker says nothing."""
        return self._held.get(person.patient.nhs_number.value, []) if person.flag == "U" else []


_NOT_FOUND = StubReply(404, outcome(404, "not found"))


def serve(area: Area, port: int = 0, instance: str = "prescription_tracker") -> StubServer:
    """Starts it on loopback; port 0 takes a free one."""
    tracker = _Tracker(area, instance)
    routes = [
        Route("GET", "/RequestGroup", tracker.search, tracker.fault_of_sought),
        Route("GET", "/RequestGroup/{id}", tracker.details, tracker.fault_of_prescription),
    ]
    return StubServer(routes, port=port, base_path="/clinical-prescription-tracker")


def _headers_fault(request: StubRequest) -> str:
    missing = [name for name in _NEEDED if not request.headers.get(name)]
    missing += [] if _ROLE.fullmatch(request.headers.get("nhsd-session-urid", "")) else ["nhsd-session-urid"]
    missing += [] if _taken(UUID, request.headers.get("X-Request-ID", "")) else ["x-request-id"]
    return f"Missing required header, {missing[0]}." if missing else ""


def _search_fault(request: StubRequest) -> str:
    names = [name for name, _ in request.params]
    if len(names) != 1 or names[0] not in _BY:
        return "Either prescriptionId or nhsNumber must be provided, not both."
    if names == ["nhsNumber"] and not _taken(NhsNumber, request.params[0][1]):
        return "nhsNumber is not valid."
    return ""


def _taken(kind: Callable[[str], object], text: str) -> bool:
    try:
        kind(text)
    except (ValueError, RuleBroken):
        return False
    return True

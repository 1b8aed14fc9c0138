"""PDS for the practice area and for tests: behaves as the published specification says, over real HTTP.

A person's `faults["pds"]` may be any of connectors.stub_faults, or "invalidated" for a number that was withdrawn.
"""

from __future__ import annotations

import re

from connectors.pds.stub_outcome import outcome
from connectors.pds.stub_related import related_bundle
from connectors.pds.stub_resource import resource_of
from connectors.pds.stub_search import Search
from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.practice.model import Area, AreaPerson

BASE_PATH = "/personal-demographics/FHIR/R4"
INVALIDATED = "invalidated"
_INSTANCE = "pds"
_MIRRORED = ("X-Request-ID", "X-Correlation-ID")
_UUID = re.compile("-".join(f"[0-9a-fA-F]{{{digits}}}" for digits in (8, 4, 4, 4, 12)))
_ROLE = re.compile(r"[0-9]+")
_NOT_FOUND = outcome(404, "RESOURCE_NOT_FOUND", "Resource not found", severity="information")


def serve(area: Area, port: int = 0, instance: str = "pds") -> StubServer:  # noqa: ARG001  # every stub is started alike
    """Starts it on loopback; port 0 takes a free one."""
    people = _People(area)
    routes = [
        Route("GET", "/Patient/{id}", people.get, people.fault_for),
        Route("GET", "/Patient/{id}/RelatedPerson", people.related, people.fault_for),
        Route("GET", "/Patient", people.search),
    ]
    return StubServer(routes, port=port, base_path=BASE_PATH)


class _People:
    """The area's people by every number that leads to them."""

    def __init__(self, area: Area) -> None:
        self._by_number = {str(p.patient.nhs_number): p for p in area.people}
        self._by_number |= {str(old): p for p in area.people for old in p.replaces}
        self._search = Search(area.people)
        self._proxies = area.proxies

    def fault_for(self, request: StubRequest) -> str | None:
        fault = self._fault(request)
        return None if fault == INVALIDATED else fault

    def get(self, request: StubRequest) -> StubReply:
        return _mirrored(request, _header_problem(request) or self._get(request))

    def search(self, request: StubRequest) -> StubReply:
        return _mirrored(request, _header_problem(request) or self._search.answer(request.params))

    def related(self, request: StubRequest) -> StubReply:
        return _mirrored(request, _header_problem(request) or self._related(request))

    def _get(self, request: StubRequest) -> StubReply:
        person, problem = self._asked(request)
        if person is None:
            return problem
        return StubReply(200, resource_of(person), {"ETag": 'W/"1"'})

    def _related(self, request: StubRequest) -> StubReply:
        """Nobody for a restricted person: an empty bundle. Nobody known: not found."""
        person, problem = self._asked(request)
        if person is None:
            return problem
        held = self._proxies.get(person.patient.nhs_number, ())
        if person.flag == "U" and not held:
            return _NOT_FOUND
        return StubReply(200, related_bundle(person, held if person.flag == "U" else ()), {"ETag": 'W/"1"'})

    def _asked(self, request: StubRequest) -> tuple[AreaPerson | None, StubReply]:
        """The person asked for, else why there is none."""
        if not _is_nhs_number(request.values["id"]):
            return None, outcome(400, "INVALID_RESOURCE_ID", "Resource Id is invalid")
        person = self._person(request)
        if self._fault(request) == INVALIDATED:
            invalid = "Resource that has been marked as invalid was requested"
            return None, outcome(404, "INVALIDATED_RESOURCE", invalid, severity="information")
        return person, _NOT_FOUND

    def _person(self, request: StubRequest) -> AreaPerson | None:
        return self._by_number.get(request.values["id"])

    def _fault(self, request: StubRequest) -> str | None:
        person = self._person(request)
        return person.faults.get(_INSTANCE) if person else None


def _header_problem(request: StubRequest) -> StubReply | None:
    text = request.headers.get("X-Request-ID")
    if text is None:
        return outcome(400, "MISSING_VALUE", "Required value is missing", "Missing value - 'X-Request-ID' in header")
    if not _UUID.fullmatch(text):
        return outcome(400, "INVALID_VALUE", "Provided value is invalid", f"Invalid value - '{text}' in header 'X-Request-ID'")
    role = request.headers.get("NHSD-Session-URID")
    if role is not None and not _ROLE.fullmatch(role):
        return outcome(400, "INVALID_VALUE", "Provided value is invalid", f"Invalid value - '{role}' in header 'NHSD-Session-URID'")
    return None


def _mirrored(request: StubRequest, reply: StubReply) -> StubReply:
    mirrored = {name: value for name in _MIRRORED if (value := request.headers.get(name))}
    return StubReply(reply.status, reply.body, {**reply.headers, **mirrored}, reply.content_type)


def _is_nhs_number(text: str) -> bool:
    try:
        NhsNumber(text)
    except RuleBroken:
        return False
    return True

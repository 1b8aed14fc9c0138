"""One provider's BaRS service, with the platform before it, for the practice area and for tests, over real HTTP.

Somebody's `faults[instance]` may be any of connectors.stub_faults, a documented error code ("REC_UNAVAILABLE",
"PROXY_NOT_FOUND" …), "bare" (no `resource` wrapper), "foreign" (about somebody else) or "no_bookings_now" (the search for
bookings alone fails). `serve(…, offers=…)` plays a target that offers fewer searches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from connectors import stub_faults
from connectors.bars.capability import BY_PATIENT, SEARCHES
from connectors.bars.stub_demands import header_fault
from connectors.bars.stub_resources import bundle, capability
from connectors.fhir import NHS_NUMBER
from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.practice.model import Area

BASE_PATH: Final = "/booking-and-referral/FHIR/R4"
STATUSES: Final = {
    "SEND_BAD_REQUEST": 400,
    "REC_BAD_REQUEST": 400,
    "SEND_UNAUTHORIZED": 401,
    "REC_UNAUTHORIZED": 401,
    "SEND_FORBIDDEN": 403,
    "PROXY_NOT_FOUND": 404,
    "REC_NOT_FOUND": 404,
    "SEND_METHOD_NOT_ALLOWED": 405,
    "REC_METHOD_NOT_ALLOWED": 405,
    "PROXY_METHOD_NOT_ALLOWED": 405,
    "SEND_NOT_ACCEPTABLE": 406,
    "REC_TIMEOUT": 408,
    "SEND_CONFLICT": 409,
    "REC_CONFLICT": 409,
    "PROXY_CONFLICT": 409,
    "SEND_UNPROCESSABLE_ENTITY": 422,
    "REC_UNPROCESSABLE_ENTITY": 422,
    "PROXY_UNPROCESSABLE_ENTITY": 422,
    "SEND_TOO_MANY_REQUESTS": 429,
    "REC_TOO_MANY_REQUESTS": 429,
    "REC_SERVER_ERROR": 500,
    "PROXY_SERVER_ERROR": 500,
    "SEND_NOT_IMPLEMENTED": 501,
    "REC_NOT_IMPLEMENTED": 501,
    "PROXY_NOT_IMPLEMENTED": 501,
    "REC_UNAVAILABLE": 503,
    "PROXY_UNAVAILABLE": 503,
}
"""The documented codes with their status."""
_MIRRORED: Final = ("X-Request-Id", "X-Correlation-Id")
_OTHERS: Final = (NhsNumber("9000000009"), NhsNumber("9000000017"))


def serve(area: Area, port: int = 0, instance: str = "bars", offers: Sequence[str] = SEARCHES) -> StubServer:
    """Starts it on loopback; port 0 takes a free one."""
    target = _Target(area, instance, offers)
    searches = [Route("GET", f"/{kind}", target.searching(kind), target.fault_for) for kind in SEARCHES]
    return StubServer([Route("GET", "/metadata", target.metadata), *searches], port=port, base_path=BASE_PATH)


class _Target:
    def __init__(self, area: Area, instance: str, offers: Sequence[str]) -> None:
        self._held = area.activity_of(instance)
        self._faults = {str(p.patient.nhs_number): f for p in area.people if (f := p.faults.get(instance))}
        self._offers = offers

    def fault_for(self, request: StubRequest) -> str | None:
        fault = self._faults.get(_asked_for(request))
        return fault if fault in stub_faults.FAULTS else None

    def metadata(self, request: StubRequest) -> StubReply:
        return _mirrored(request, _refused(request) or StubReply(200, capability(self._offers)))

    def searching(self, kind: str) -> Any:
        return lambda request: _mirrored(request, _refused(request) or self._search(kind, request))

    def _search(self, kind: str, request: StubRequest) -> StubReply:
        if kind not in self._offers:
            return error("REC_NOT_IMPLEMENTED", "The receiver does not offer this search")
        number = _number(_asked_for(request))
        if number is None:
            return error("SEND_BAD_REQUEST", f"{BY_PATIENT} is missing or holds no NHS number")
        fault = self._faults.get(str(number), "")
        if fault == "no_bookings_now" and kind == "Appointment":
            fault = "REC_UNAVAILABLE"
        if fault in STATUSES:
            return error(fault)
        items = self._held.get(number, ())
        if fault == "foreign":
            items = tuple(replace(item, nhs_number=next(n for n in _OTHERS if n != number)) for item in items)
        return StubReply(200, bundle(kind, items, bare=fault == "bare"))


def error(code: str, diagnostics: str = "") -> StubReply:
    """The documented reply with that code."""
    coding = {"system": "https://fhir.nhs.uk/Codesystem/http-error-codes", "code": code}
    issue = {"severity": "error", "code": "invariant" if STATUSES[code] < 500 else "exception", "details": {"coding": [coding]}}
    meta = {"profile": ["https://fhir.hl7.org.uk/StructureDefinition/UKCore-OperationOutcome"]}
    return StubReply(STATUSES[code], {"resourceType": "OperationOutcome", "meta": meta, "issue": [issue | {"diagnostics": diagnostics}]})


def _refused(request: StubRequest) -> StubReply | None:
    fault = header_fault(request)
    return error("SEND_BAD_REQUEST", fault) if fault else None


def _mirrored(request: StubRequest, reply: StubReply) -> StubReply:
    mirrored = {name: value for name in _MIRRORED if (value := request.headers.get(name))}
    return replace(reply, headers={**reply.headers, **mirrored})


def _asked_for(request: StubRequest) -> str:
    values = [value for name, value in request.params if name == BY_PATIENT]
    system, _, number = values[0].rpartition("|") if len(values) == 1 else ("", "", "")
    return number if system in ("", NHS_NUMBER) else ""


def _number(text: str) -> NhsNumber | None:
    try:
        return NhsNumber(text)
    except RuleBroken:
        return None

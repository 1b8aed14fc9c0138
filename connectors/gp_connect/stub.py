"""The practices' systems of the area as GP Connect serves them: at an address of their own, behind the Spine proxy with the
Spine directory beside it, and behind a gateway."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import date
from functools import partial

from connectors.gp_connect.demands import Demand, Tokens, dates_fault, gateway_fault, proxy_fault
from connectors.gp_connect.documents import appointment, bundle, location, outcome, patient
from connectors.gp_connect.headers import FIND_APPOINTMENTS, FIND_PATIENT, READ_LOCATION
from connectors.gp_connect.stub_directory import SITE, directory_routes, registered
from connectors.gp_connect.token import READ_ORGANISATION, READ_PATIENT
from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.practice.model import Area, AreaPerson

_GATEWAY = "/gateway"
_PROXIED = "/https://{host}" + SITE
_IDENTIFIER = "https://fhir.nhs.uk/Id/nhs-number|"
_NOT_FOUND = StubReply(404, outcome("PATIENT_NOT_FOUND", "not-found"))
_OWN_FAULTS = {"patient_not_found": _NOT_FOUND, "no_consent": StubReply(403, outcome("NO_PATIENT_CONSENT", "forbidden"))}
"""What only GP Connect says; any other fault is shown as every stub shows it."""


class _Practices:
    """All practices of the area behind one address. A patient's logical id is their place in the area, never a number."""

    def __init__(self, area: Area, instance: str) -> None:
        self._instance = instance
        self.registered = registered(area)
        self._today = area.today
        self._held = area.appointments
        self._people = {str(i): person for i, person in enumerate(area.people, start=1)}
        self._ids = {person.patient.nhs_number.value: i for i, person in self._people.items()}
        names = sorted({a.place for held in area.appointments.values() for a in held if a.place})
        self._locations = {name: str(i) for i, name in enumerate(names, start=1)}

    def find(self, request: StubRequest) -> StubReply:
        sought = _one(request, "identifier")
        if not sought.startswith(_IDENTIFIER):
            return StubReply(400, outcome("INVALID_IDENTIFIER_SYSTEM", "value"))
        number = _number(sought.removeprefix(_IDENTIFIER))
        if number is None:
            return StubReply(400, outcome("INVALID_NHS_NUMBER", "value"))
        person = self._people.get(self._ids.get(number.value, ""))
        if person is None:
            return StubReply(200, bundle(()))
        return self._closed(person, request) or StubReply(200, bundle([patient(self._ids[number.value], number)]))

    def appointments(self, request: StubRequest) -> StubReply:
        logical_id = request.values["id"]
        person = self._people.get(logical_id)
        if person is None:
            return _NOT_FOUND
        starts = [value for name, value in request.params if name == "start"]
        fault = dates_fault(starts, self._today)
        if fault:
            return StubReply(422, outcome("INVALID_PARAMETER", "invalid", fault))
        first, last = sorted(date.fromisoformat(start[2:]) for start in starts)
        held = [a for a in self._held.get(person.patient.nhs_number, ()) if first <= a.start.date() <= last]
        found = (appointment(f"{logical_id}-{i}", logical_id, self._locations.get(a.place, ""), a) for i, a in enumerate(held, start=1))
        return self._closed(person, request) or StubReply(200, bundle(found))

    def location(self, request: StubRequest) -> StubReply:
        wanted = request.values["id"]
        name = next((name for name, logical_id in self._locations.items() if logical_id == wanted), None)
        return StubReply(200, location(wanted, name)) if name else StubReply(404, outcome("REFERENCE_NOT_FOUND", "not-found"))

    def fault_of_sought(self, request: StubRequest) -> str | None:
        return self._fault(self._ids.get(_one(request, "identifier").removeprefix(_IDENTIFIER), ""))

    def fault_of_patient(self, request: StubRequest) -> str | None:
        return self._fault(request.values["id"])

    def _fault(self, logical_id: str) -> str | None:
        person = self._people.get(logical_id)
        fault = person.faults.get(self._instance, "") if person else ""
        return None if fault in _OWN_FAULTS else fault or None

    def _closed(self, person: AreaPerson, request: StubRequest) -> StubReply | None:
        """The refusal for a person this practice does not speak of: restricted, deceased or registered elsewhere."""
        practice = person.patient.practice
        if person.flag != "U" or person.patient.death is not None or practice is None:
            return _NOT_FOUND
        host = request.values.get("host")
        if host is not None and host != self.registered[practice.value].host:
            return _NOT_FOUND
        return _OWN_FAULTS.get(person.faults.get(self._instance, ""))


def serve(area: Area, port: int = 0, instance: str = "gp_connect", tls: ssl.SSLContext | None = None) -> StubServer:
    """Starts it on loopback; port 0 takes a free one. With `tls` nobody is served without a certificate that it trusts.

    The address is that of one system which speaks for every practice; /https://HOST/GP0001/STU3/1 beside it is the proxy,
    /spine-directory/FHIR/R4 the directory and /gateway the gateway."""
    if tls is not None:
        tls.verify_mode = ssl.CERT_REQUIRED
    practices, tokens = _Practices(area, instance), Tokens()
    at = {one.host: one for one in practices.registered.values()}

    def direct(request: StubRequest, demand: Demand) -> str:
        scheme = "https" if tls else "http"
        return proxy_fault(request, demand, f"{scheme}://{request.headers.get('Host', '')}{SITE}", tokens)

    def proxied(request: StubRequest, demand: Demand) -> str:
        one = at.get(request.values["host"])
        if one is None:
            return "There is no such system"
        return proxy_fault(request, Demand(demand.interaction, demand.scope, one.asid), one.address, tokens)

    routes = [
        *_routes(practices, "", direct),
        *_routes(practices, _PROXIED, proxied),
        *_routes(practices, _GATEWAY, lambda request, _demand: gateway_fault(request)),
        *directory_routes(practices.registered),
    ]
    return StubServer(routes, port=port, base_path=SITE, tls=tls)


_Fault = Callable[[StubRequest, Demand], str]


def _routes(practices: _Practices, prefix: str, fault: _Fault) -> list[Route]:
    """The three interactions under that prefix, each answered only where the request has no fault."""
    find, held, place = (
        Demand(FIND_PATIENT, READ_PATIENT),
        Demand(FIND_APPOINTMENTS, READ_PATIENT),
        Demand(READ_LOCATION, READ_ORGANISATION),
    )
    return [
        Route("GET", f"{prefix}/Patient", partial(_checked, fault, find, practices.find), practices.fault_of_sought),
        Route(
            "GET",
            f"{prefix}/Patient/{{id}}/Appointment",
            partial(_checked, fault, held, practices.appointments),
            practices.fault_of_patient,
        ),
        Route("GET", f"{prefix}/Location/{{id}}", partial(_checked, fault, place, practices.location)),
    ]


def _checked(fault: _Fault, demand: Demand, answer: Callable[[StubRequest], StubReply], request: StubRequest) -> StubReply:
    wrong = fault(request, demand)
    return StubReply(400, outcome("BAD_REQUEST", "invalid", wrong)) if wrong else answer(request)


def _one(request: StubRequest, name: str) -> str:
    values = [value for key, value in request.params if key == name]
    return values[0] if len(values) == 1 else ""


def _number(text: str) -> NhsNumber | None:
    try:
        return NhsNumber(text)
    except RuleBroken:
        return None

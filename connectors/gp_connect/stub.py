"""A small practice system that serves the practice area's appointments as GP Connect does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from connectors.gp_connect.client import FIND_APPOINTMENTS, FIND_PATIENT, READ_LOCATION
from connectors.gp_connect.demands import dates_fault, headers_fault
from connectors.gp_connect.documents import appointment, bundle, location, outcome, patient
from connectors.gp_connect.token import READ_ORGANISATION, READ_PATIENT
from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.practice.model import Area, AreaPerson

INSTANCE = "gp_connect"
_IDENTIFIER = "https://fhir.nhs.uk/Id/nhs-number|"
_NOT_FOUND = StubReply(404, outcome("PATIENT_NOT_FOUND", "not-found"))
_OWN_FAULTS = {"patient_not_found": _NOT_FOUND, "no_consent": StubReply(403, outcome("NO_PATIENT_CONSENT", "forbidden"))}
"""What only GP Connect says; any other fault is shown as every stub shows it."""


class _Practices:
    """All practices of the area behind one address. A patient's logical id is their place in the area, never a number."""

    def __init__(self, area: Area) -> None:
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
        return self._closed(person) or StubReply(200, bundle([patient(self._ids[number.value], number)]))

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
        return self._closed(person) or StubReply(200, bundle(found))

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
        fault = person.faults.get(INSTANCE, "") if person else ""
        return None if fault in _OWN_FAULTS else fault or None

    def _closed(self, person: AreaPerson) -> StubReply | None:
        """The refusal for a person no practice speaks of: restricted, deceased or registered nowhere."""
        if person.flag != "U" or person.patient.death is not None or person.patient.practice is None:
            return _NOT_FOUND
        return _OWN_FAULTS.get(person.faults.get(INSTANCE, ""))


def serve(area: Area, port: int = 0, instance: str = "gp_connect") -> StubServer:  # noqa: ARG001  # every stub is started alike
    """Starts it on loopback; port 0 takes a free one."""
    practices = _Practices(area)
    routes = [
        Route("GET", "/Patient", _demanding(FIND_PATIENT, READ_PATIENT, practices.find), practices.fault_of_sought),
        Route(
            "GET",
            "/Patient/{id}/Appointment",
            _demanding(FIND_APPOINTMENTS, READ_PATIENT, practices.appointments),
            practices.fault_of_patient,
        ),
        Route("GET", "/Location/{id}", _demanding(READ_LOCATION, READ_ORGANISATION, practices.location)),
    ]
    return StubServer(routes, port=port, base_path="/GP0001/STU3/1")


def _demanding(interaction: str, scope: str, answer: Callable[[StubRequest], StubReply]) -> Callable[[StubRequest], StubReply]:
    def checked(request: StubRequest) -> StubReply:
        fault = headers_fault(request, interaction, scope)
        return StubReply(400, outcome("BAD_REQUEST", "invalid", fault)) if fault else answer(request)

    return checked


def _one(request: StubRequest, name: str) -> str:
    values = [value for key, value in request.params if key == name]
    return values[0] if len(values) == 1 else ""


def _number(text: str) -> NhsNumber | None:
    try:
        return NhsNumber(text)
    except RuleBroken:
        return None

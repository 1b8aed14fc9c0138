"""A FHIR R4 server that holds the practice area's activity of one instance, over real HTTP.

A person's fault for the instance may be any of connectors.stub_faults, or "partial": the server then says in the bundle
that it left something out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from connectors.fhir import NHS_NUMBER
from connectors.fhir_r4.stub_documents import location, patient, resource_of
from connectors.fhir_r4.stub_statement import INCLUDES, PARAMETERS, bundle, outcome, statement
from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.practice.model import Area

BASE_PATH = "/fhir/r4"
PARTIAL = "partial"
_CHAINS = ("patient.identifier", "patient:identifier")
_PAGE, _MOST_PAGES = 20, 1000


@dataclass(frozen=True)
class _Rest:
    """What lies behind a page, for whoever has its opaque id."""

    patient_id: str
    found: Sequence[Mapping[str, Any]]
    along: Sequence[str]
    total: int
    size: int


def serve(area: Area, port: int = 0, instance: str = "fhir_r4") -> StubServer:
    """Starts it on loopback; port 0 takes a free one."""
    held = _Held(area, instance)
    routes = [
        Route("GET", "/metadata", lambda _request: StubReply(200, statement(area.today.isoformat()))),
        Route("GET", "/Patient", _checked(held.patients, ("identifier",)), held.fault_for),
        Route("GET", "/Patient/{id}", held.patient, held.fault_for),
    ]
    routes += [Route("GET", f"/{kind}", held.searching(kind), held.fault_for) for kind in PARAMETERS if kind != "Patient"]
    return StubServer(routes, port=port, base_path=BASE_PATH)


class _Held:
    """Everybody who has an entry among the area's activity of this instance, also an empty one."""

    def __init__(self, area: Area, instance: str) -> None:
        held = area.activity_of(instance)
        self._faults = {str(p.patient.nhs_number): p.faults.get(instance, "") for p in area.people}
        self._numbers = {f"p{i}": number for i, number in enumerate(held, start=1)}
        self._ids = {str(number): logical_id for logical_id, number in self._numbers.items()}
        places = sorted({item.place for items in held.values() for item in items if item.place})
        self._places = {name: f"l{i}" for i, name in enumerate(places, start=1)}
        self._resources = {
            self._ids[str(number)]: [resource_of(i, self._ids[str(number)], self._places.get(i.place, "")) for i in items]
            for number, items in held.items()
        }
        self._rests: dict[str, _Rest] = {}
        self._lock = threading.Lock()

    def fault_for(self, request: StubRequest) -> str | None:
        fault = self._fault(self._whose(request))
        return None if fault == PARTIAL else fault or None

    def patients(self, request: StubRequest) -> StubReply:
        found = [patient(i, self._numbers[i]) for i in self._whose(request)]
        return StubReply(200, bundle(_base(request), found, (), len(found), ""))

    def patient(self, request: StubRequest) -> StubReply:
        number = self._numbers.get(request.values["id"])
        if number is None:
            return StubReply(404, outcome("not-found", "No such Patient"))
        return StubReply(200, patient(request.values["id"], number))

    def searching(self, kind: str) -> Callable[[StubRequest], StubReply]:
        def search(request: StubRequest) -> StubReply:
            opaque = _one(request, "_page")
            if opaque:
                rest = self._rests.get(opaque)
                return self._page(request, kind, rest) if rest else StubReply(410, outcome("not-found", "The page is gone"))
            if len(_patient_parameters(request)) != 1:
                return StubReply(400, outcome("required", "One of patient, patient.identifier and patient:identifier is needed"))
            return self._search(request, kind)

        return _checked(search, (*_CHAINS, *PARAMETERS[kind], "_count", "_include", "_page"))

    def _search(self, request: StubRequest, kind: str) -> StubReply:
        includes = [value for name, value in request.params if name == "_include"]
        if not set(includes) <= set(INCLUDES[kind]):
            return StubReply(400, outcome("not-supported", "This _include is not supported"))
        count = _one(request, "_count") or str(_PAGE)
        if not count.isdigit() or not int(count):
            return StubReply(400, outcome("value", "_count is a number"))
        whose = self._whose(request)
        found = [r for i in whose for r in self._resources[i] if r["resourceType"] == kind and _is_asked_for(r, request)]
        rest = _Rest(whose[0] if whose else "", found, [i.rpartition(":")[2] for i in includes], len(found), min(int(count), _PAGE))
        return self._page(request, kind, rest)

    def _page(self, request: StubRequest, kind: str, rest: _Rest) -> StubReply:
        here, behind = rest.found[: rest.size], rest.found[rest.size :]
        next_url = ""
        if behind:
            opaque = str(uuid4())
            next_url = f"{_base(request)}/{kind}?_page={opaque}"
            with self._lock:
                self._rests[opaque] = _Rest(rest.patient_id, behind, rest.along, rest.total, rest.size)
                while len(self._rests) > _MOST_PAGES:
                    del self._rests[next(iter(self._rests))]
        along = self._along(here, rest)
        if rest.patient_id and self._fault([rest.patient_id]) == PARTIAL:
            along.append(outcome("incomplete", "Not every system behind this server answered"))
        return StubReply(200, bundle(_base(request), here, along, rest.total, next_url))

    def _along(self, here: Sequence[Mapping[str, Any]], rest: _Rest) -> list[dict[str, Any]]:
        along = [location(i, name) for name, i in self._places.items() if "location" in rest.along and _refers(here, f"Location/{i}")]
        if here and "patient" in rest.along:
            along.append(patient(rest.patient_id, self._numbers[rest.patient_id]))
        return along

    def _fault(self, whose: Sequence[str]) -> str:
        return next((self._faults.get(str(self._numbers[i]), "") for i in whose), "")

    def _whose(self, request: StubRequest) -> list[str]:
        """The ids of the people a request is about, whichever way it says so."""
        if opaque := _one(request, "_page"):
            rest = self._rests.get(opaque)
            return [rest.patient_id] if rest and rest.patient_id else []
        ids = [request.values.get("id", ""), *_one(request, "patient").replace("Patient/", "").split(",")]
        for name in ("identifier", *_CHAINS):
            system, _, number = _one(request, name).partition("|")
            ids += [self._ids.get(number, "")] if system == NHS_NUMBER else []
        return [i for i in ids if i in self._numbers]


def _is_asked_for(resource: Mapping[str, Any], request: StubRequest) -> bool:
    statuses = _one(request, "status")
    start = resource.get("start") or resource.get("period", {}).get("start", "")
    if statuses and resource["status"] not in statuses.split(","):
        return False
    dates = [value for name, value in request.params if name == "date"]
    return all(bool(start) and (start[:10] >= d[2:] if d.startswith("ge") else start[:10] <= d.removeprefix("le")) for d in dates)


def _checked(answer: Callable[[StubRequest], StubReply], names: Sequence[str]) -> Callable[[StubRequest], StubReply]:
    """Strict: a parameter that is not offered is refused, as `Prefer: handling=strict` would have it."""

    def checked(request: StubRequest) -> StubReply:
        if not any(kind in request.headers.get("Accept", "*/*") for kind in ("application/fhir+json", "*/*")):
            return StubReply(406, outcome("not-supported", "Only application/fhir+json"))
        strange = [name for name, _ in request.params if name not in names]
        return StubReply(400, outcome("not-supported", "A parameter is not supported")) if strange else answer(request)

    return checked


def _patient_parameters(request: StubRequest) -> list[str]:
    return [value for name, value in request.params if name in ("patient", *_CHAINS)]


def _one(request: StubRequest, name: str) -> str:
    return next((value for key, value in request.params if key == name), "")


def _base(request: StubRequest) -> str:
    return f"http://{request.headers.get('Host', '')}{BASE_PATH}"


def _refers(resources: Sequence[Mapping[str, Any]], reference: str) -> bool:
    held = [p["actor"] for r in resources for p in r.get("participant", ())]
    held += [v["location"] for r in resources for v in r.get("location", ())]
    return any(actor.get("reference") == reference for actor in held)

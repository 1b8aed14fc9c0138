"""R4 servers of other makers than our stub, as small as a test needs them: what each answers is said route by route."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer

Answer = Callable[[StubRequest], Any]
NHS = "https://fhir.nhs.uk/Id/nhs-number"


class R4Server(StubServer):
    """`answers` by path ("/Appointment"): a body, a StubReply, or a function of the request. What it was asked is in `seen`."""

    def __init__(self, answers: Mapping[str, Any], base_path: str = "") -> None:
        self.seen: list[StubRequest] = []
        super().__init__([Route("GET", path, self._answering(answer)) for path, answer in answers.items()], base_path=base_path)

    def _answering(self, answer: Any) -> Callable[[StubRequest], StubReply]:
        def reply(request: StubRequest) -> StubReply:
            self.seen.append(request)
            body = answer(request) if callable(answer) else answer
            return body if isinstance(body, StubReply) else StubReply(200, body)

        return reply

    def asked(self, path: str) -> list[list[tuple[str, str]]]:
        """The parameters of every request for that path, in order."""
        return [list(request.params) for request in self.seen if request.path == path]


def searchset(*resources: dict[str, Any], next_url: str = "", along: tuple[dict[str, Any], ...] = (), **more: Any) -> dict[str, Any]:
    entries: list[dict[str, Any]] = [{"resource": r, "search": {"mode": "match"}} for r in resources]
    entries += [{"resource": r, "search": {"mode": "include"}} for r in along]
    links = [{"relation": "self", "url": "https://else.invalid/self"}]
    links += [{"relation": "next", "url": next_url}] if next_url else []
    return {"resourceType": "Bundle", "type": "searchset", "total": len(resources), "link": links, "entry": entries, **more}


def patient(logical_id: str, number: object, **more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": logical_id, "identifier": [{"system": NHS, "value": str(number)}], **more}


def appointment(name: str, whose: dict[str, Any], **more: Any) -> dict[str, Any]:
    whole = {"resourceType": "Appointment", "id": name, "status": "booked", "start": "2026-12-01T09:00:00Z"}
    return whole | {"participant": [{"actor": whose, "status": "accepted"}]} | more


def subject_of(number: object) -> dict[str, Any]:
    return {"identifier": {"system": NHS, "value": str(number)}}


def statement(*resources: str, parameters: Mapping[str, tuple[str, ...]] | None = None, version: str = "4.0.1") -> dict[str, Any]:
    offered = [{"type": r, "searchParam": [{"name": n, "type": "token"} for n in (parameters or {}).get(r, ())]} for r in resources]
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "kind": "instance",
        "fhirVersion": version,
        "rest": [{"mode": "server", "resource": offered}],
    }

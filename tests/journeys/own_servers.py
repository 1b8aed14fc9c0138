"""Somebody else's test servers: plain HTTP on loopback, sharing nothing with the program's own stubs."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"

Answer = tuple[int, Any]


@dataclass
class Own:
    """`asked` are the paths requested, in order."""

    address: str
    asked: list[str] = field(default_factory=list)


@contextmanager
def own_server(answer: Callable[[str, threading.Event], Answer | None]) -> Iterator[Own]:
    """`answer` gives status and JSON for a path, or None to hang until the test ends (it is given the end, to wait for)."""
    ended = threading.Event()
    own = Own("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            own.asked.append(path)
            replied = answer(path, ended)
            if replied is None:
                ended.wait()
                self.close_connection = True
                return
            data = json.dumps(replied[1]).encode()
            self.send_response(replied[0])
            self.send_header("Content-Type", "application/fhir+json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Nothing: a client may go away."""

    server = Server(("127.0.0.1", 0), Handler)
    own.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield own
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def pds_patient(number: str, *, flag: str = "U", practice: str = "XPR01") -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": number,
        "meta": {"versionId": "1", "security": [{"system": CONFIDENTIALITY, "code": flag, "display": "x"}]},
        "identifier": [{"system": NHS_NUMBER, "value": number}],
        "name": [{"id": "1", "use": "usual", "period": {"start": "2000-01-01"}, "family": "Quarrenton", "given": ["Ann"]}],
        "gender": "female",
        "birthDate": "1961-05-04",
        "generalPractitioner": [{"id": "2", "type": "Organization", "identifier": {"system": ODS, "value": practice}}],
    }


def pds(*numbers: str, **more: str) -> Callable[[str, threading.Event], Answer | None]:
    def answer(path: str, _ended: threading.Event) -> Answer:
        number = path.rsplit("/", 1)[-1]
        if number in numbers:
            return 200, pds_patient(number, **more)
        return 404, outcome("RESOURCE_NOT_FOUND")

    return answer


def practice(number: str, start: str, *, delay_s: float = 0) -> Callable[[str, threading.Event], Answer | None]:
    """GP Connect of one practice with one appointment; each of its answers takes `delay_s`."""

    def answer(path: str, ended: threading.Event) -> Answer:
        ended.wait(delay_s)
        if path.endswith("/Patient"):
            return 200, bundle({"resourceType": "Patient", "id": "7", "identifier": [{"system": NHS_NUMBER, "value": number}]})
        if path.endswith("/Patient/7/Appointment"):
            actors = [{"actor": {"reference": "Patient/7"}, "status": "accepted"}]
            return 200, bundle({"resourceType": "Appointment", "id": "1", "status": "booked", "start": start, "participant": actors})
        return 404, outcome("REFERENCE_NOT_FOUND")

    return answer


def hangs(_path: str, _ended: threading.Event) -> None:
    return None


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": r} for r in resources]}


def outcome(code: str) -> dict[str, Any]:
    coding = [{"system": "https://fhir.nhs.uk/R4/CodeSystem/Spine-ErrorOrWarningCode", "code": code}]
    return {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "not-found", "details": {"coding": coding}}]}

"""A request and a reply as they go over the wire, and the loopback server that stands between a connector and a service."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

_OURS = frozenset({"content-length", "transfer-encoding", "connection", "date", "server", "content-type"})


@dataclass(frozen=True)
class Request:
    """`target` is the path and the query as they were sent."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes = b""
    content_type: str = "application/fhir+json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Exchange:
    request: Request
    reply: Reply


class Recorder:
    """Takes every request a connector makes, keeps it, and gives the reply that `respond` says."""

    def __init__(self) -> None:
        self.respond: Callable[[Request], Reply] = lambda _request: Reply(500)
        self.exchanges: list[Exchange] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def begin(self, respond: Callable[[Request], Reply]) -> None:
        """Forgets what was asked before, and answers so from now on."""
        self.exchanges, self.respond = [], respond

    def answer(self, request: Request) -> Reply:
        reply = self.respond(request)
        with self._lock:
            self.exchanges.append(Exchange(request, reply))
        return reply

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(recorder: Recorder) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        timeout = 30

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            reply = recorder.answer(Request(self.command, self.path, dict(self.headers.items()), body))
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.content_type, **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: paths hold NHS numbers."""

    return Handler


def sent(address: str, request: Request) -> Reply:
    """The reply of the server at that base address. The Host stays as it was sent, so that a server writes links that lead
    back through the recorder."""
    parts = urlsplit(address)
    line = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        kept = {name: value for name, value in request.headers.items() if name.lower() not in ("connection", "accept-encoding")}
        line.request(request.method, parts.path + request.target, request.body or None, kept)
        came = line.getresponse()
        headers = {name: value for name, value in came.getheaders() if name.lower() not in _OURS}
        return Reply(came.status, came.read(), came.getheader("Content-Type", ""), headers)
    finally:
        line.close()

"""A small HTTP server on loopback that plays an outside system: for the practice area and for the connectors' tests."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from email.message import Message
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from connectors import stub_faults
from connectors.stub_routes import Route, StubReply, StubRequest

_MAX_BODY = 1024 * 1024


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128
    stub: StubServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a client that went away is no news, and a traceback could hold an address."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60
    server: _Server

    def setup(self) -> None:
        if self.server.stub.tls is not None:
            self.request = self.server.stub.tls.wrap_socket(self.request, server_side=True)
        super().setup()
        self.server.stub.opened(self.connection)

    def finish(self) -> None:
        self.server.stub.closed(self.connection)
        super().finish()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def _answer(self) -> None:
        stub = self.server.stub
        request, route = stub.route(self.command, self.path, self.headers, self._body())
        fault = stub.fault or (route.fault_for(request) if route else None)
        if fault and fault != stub_faults.WRONG_INSIDE:
            reply = stub_faults.show(fault, self, stub.ending)
        elif route is None:
            reply = StubReply(404, b"<html>Not found</html>", content_type="text/html")
        else:
            reply = stub_faults.spoilt(route.answer(request)) if fault else route.answer(request)
        if reply is None:
            self.close_connection = True
        else:
            self._send(reply)

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "0")
        return self.rfile.read(min(int(length), _MAX_BODY)) if length.isdigit() else b""

    def _send(self, reply: StubReply) -> None:
        """In one write, so that no reply waits for a delayed acknowledgement."""
        headers = {"Content-Type": reply.content_type, **reply.headers, "Content-Length": str(len(reply.data))}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        phrase = HTTPStatus(reply.status).phrase
        self.wfile.write(f"HTTP/1.1 {reply.status} {phrase}\r\n{head}\r\n".encode("latin-1") + reply.data)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: paths hold NHS numbers."""


class StubServer:
    """A running stub. `address` is its base address for the configuration; `requests` counts what was received by
    "METHOD template" and holds no identifier; `fault` makes it answer every request wrongly (see stub_faults)."""

    def __init__(self, routes: Sequence[Route], *, port: int = 0, base_path: str = "", tls: ssl.SSLContext | None = None) -> None:
        self.tls = tls
        self.requests: Counter[str] = Counter()
        self.fault: str | None = None
        self.ending = threading.Event()
        self._routes = tuple(routes)
        self._base_path = base_path
        self._lock = threading.Lock()
        self._open: set[Any] = set()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.stub = self
        scheme = "https" if tls else "http"
        self.address = f"{scheme}://127.0.0.1:{self._server.server_address[1]}{base_path}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="stub", daemon=True)
        self._thread.start()

    def route(self, method: str, target: str, headers: Message, body: bytes) -> tuple[StubRequest, Route | None]:
        """The request with the route that answers it (None where there is none), counted."""
        parts = urlsplit(target)
        path = parts.path.removeprefix(self._base_path)
        params = tuple(parse_qsl(parts.query, keep_blank_values=True))
        for route in self._routes:
            values = route.match(method, path)
            if values is not None:
                break
        else:
            route, values = None, {}
        with self._lock:
            self.requests[route.name if route else f"{method} ?"] += 1
        return StubRequest(method, path, values, params, headers, body), route

    def behind(self, wrap: Callable[[Route], Route]) -> None:
        """Puts something before each route: a server that is slow, or sends more."""
        self._routes = tuple(wrap(route) for route in self._routes)

    def opened(self, connection: Any) -> None:
        with self._lock:
            self._open.add(connection)

    def closed(self, connection: Any) -> None:
        with self._lock:
            self._open.discard(connection)

    def stop(self) -> None:
        """Ends it and every connection it has, also those that hang. May be called twice."""
        if self.ending.is_set():
            return
        self.ending.set()
        self._server.shutdown()
        self._server.server_close()
        with self._lock:
            connections = tuple(self._open)
        for connection in connections:
            stub_faults.end(connection)
        self._thread.join()

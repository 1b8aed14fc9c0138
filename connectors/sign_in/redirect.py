"""Waits on this computer for the browser to come back from a sign-in. Source: RFC 8252, section 7.3."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

_LOOKS_UP_S = 0.1
_DONE = b"<!doctype html><title>Signed in</title><p>You may close this page and go back to the helpdesk."
_NOT_THIS = b"<!doctype html><title>Not this page</title><p>This page does nothing."


@dataclass(frozen=True)
class Returned:
    """What the browser brought back: `code`, or `error`, the issuer's own word for why there is none."""

    code: str = field(repr=False, default="")
    error: str = ""
    issuer: str | None = None


class Redirect:
    """Listens on 127.0.0.1 for one sign-in. What does not carry its `state` is answered and forgotten."""

    def __init__(self, state: str, path: str, port: int = 0) -> None:
        """Raises OSError where the port is taken."""
        self.state = state
        self._path = path
        self._came: queue.SimpleQueue[Returned] = queue.SimpleQueue()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.redirect = self
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}{path}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="sign-in", daemon=True).start()

    def wait(self, patience_s: float, cancelled: Callable[[], bool]) -> Returned | None:
        """None where the time is up or the sign-in was cancelled."""
        ends = time.monotonic() + patience_s
        while not cancelled() and (left := ends - time.monotonic()) > 0:
            try:
                return self._came.get(timeout=min(left, _LOOKS_UP_S))
            except queue.Empty:
                continue
        return None

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, target: str) -> Callable[[], None] | None:
        """What to do once the browser has its page; None for a request that is not the one waited for."""
        parts = urlsplit(target)
        held = parse_qs(parts.query, keep_blank_values=True)
        one = {name: values[0] for name, values in held.items() if len(values) == 1}
        if parts.path != self._path or not compare_digest(one.get("state", "").encode(), self.state.encode()):
            return None
        if not one.get("code") and not one.get("error"):
            return None
        error = one.get("error", "")
        returned = Returned("" if error else one["code"], error, one.get("iss"))
        return lambda: self._came.put(returned)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    redirect: Redirect

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a traceback could hold a code."""


class _Handler(BaseHTTPRequestHandler):
    timeout = 5
    server: _Server

    def do_GET(self) -> None:
        then = self.server.redirect.take(self.path)
        page = _NOT_THIS if then is None else _DONE
        self.send_response(404 if then is None else 200)
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(page))),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("Content-Security-Policy", "default-src 'none'"),
            ("Connection", "close"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(page)
        if then is not None:
            then()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the address holds the code."""

"""Hands one address to the browser without putting it on a command line, where everybody on the computer could read it."""

from __future__ import annotations

import secrets
import socketserver
import threading
from http.server import BaseHTTPRequestHandler
from typing import Any

LASTS_S = 30.0


class _Server(socketserver.TCPServer):
    target: str
    path: str
    taken: threading.Event

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a browser that went away is no news, and a traceback could hold the address."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 5

    def do_GET(self) -> None:
        """The right path leads on, once."""
        right = secrets.compare_digest(self.path, self.server.path) and not self.server.taken.is_set()
        self.send_response(302 if right else 404)
        if right:
            self.server.taken.set()
            self.send_header("Location", self.server.target)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""

    def version_string(self) -> str:
        return "desk"


def hand_over(target: str, lasts_s: float = LASTS_S) -> str:
    """An address on this computer that leads to `target` once, and to nothing after it was used or its time is over."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.target, server.path, server.taken = target, f"/{secrets.token_urlsafe(24)}", threading.Event()
    threading.Thread(target=_serve, args=(server, lasts_s), name="handover", daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}{server.path}"


def _serve(server: _Server, lasts_s: float) -> None:
    threading.Thread(target=server.serve_forever, args=(0.05,), name="handover-serve", daemon=True).start()
    server.taken.wait(lasts_s)
    server.shutdown()
    server.server_close()

"""The ways in which a stub can be made to fail, each as a real system has been seen to."""

from __future__ import annotations

import gzip
import html
import json
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from http.server import BaseHTTPRequestHandler
from typing import Any

from connectors.stub_routes import StubReply

_TICK_S = 0.05
_LONG = 1_000_000
_HUGE = 100 * 1024 * 1024
_BLOCK = 1024 * 1024
_HTML = "text/html"
_OUTCOME = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "exception", "details": {"coding": [{"code": "STUB_FAULT"}]}}],
}

_REPLIES = {
    "400": StubReply(400, _OUTCOME),
    "401": StubReply(401, _OUTCOME),
    "403": StubReply(403, b"<html><body>Forbidden</body></html>", content_type=_HTML),
    "404": StubReply(404, b"<html><body>Not found</body></html>", content_type=_HTML),
    "408": StubReply(408, _OUTCOME),
    "409": StubReply(409, _OUTCOME),
    "412": StubReply(412, _OUTCOME),
    "422": StubReply(422, _OUTCOME),
    "425": StubReply(425, _OUTCOME),
    "429": StubReply(429, _OUTCOME, {"Retry-After": "7"}),
    "429_bare": StubReply(429, _OUTCOME),
    "500": StubReply(500, b"<html><body>Error</body></html>", content_type=_HTML),
    "503": StubReply(503, _OUTCOME, {"Retry-After": "7"}),
    "redirect": StubReply(302, None, {"Location": "/elsewhere"}),
    "broken": StubReply(200, b'{"resourceType": "Pati'),
    "outcome": StubReply(200, _OUTCOME),
    "empty": StubReply(200),
    "wrong_types": StubReply(200, [1, 2]),
}


WRONG_INSIDE = "wrong_inside"
_STAYS = frozenset({"resourceType", "id", "type"})


def show(fault: str, handler: BaseHTTPRequestHandler, ending: threading.Event) -> StubReply | None:
    """Fails as asked: the reply to send, or None when the fault has done all there is and the connection ends.

    hang: nothing comes. half_open: half of a header comes, then nothing, and the connection stays. drip: a body that
    comes a byte at a time; drip_head: the same with the header. reset: the connection is torn down. huge: 100 MB;
    gzip_bomb: a small body that inflates to 100 MB. 403, 404 and 500 are pages of text; "outcome" is an error under
    status 200; wrong_types is JSON of another shape; 429_bare is one without Retry-After. Those that last end with the
    stub. Errors quote the request with its headers, as servers and what stands before them do. An unknown name raises
    KeyError; for wrong_inside see `spoilt`."""
    lasting = _LASTING.get(fault)
    if lasting is None:
        return _quoting(_REPLIES[fault], f"{handler.requestline} {dict(handler.headers)}")
    lasting(handler, ending)
    return None


def spoilt(reply: StubReply) -> StubReply:
    """wrong_inside: the true reply, as it is outside, with every text in it a number and every number a text."""
    return replace(reply, body=_spoilt(reply.body, _STAYS))


def _spoilt(value: Any, stays: frozenset[str] = frozenset()) -> Any:
    match value:
        case dict():
            return {name: inner if name in stays else _spoilt(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_spoilt(inner) for inner in value]
        case str():
            return 7
        case _:
            return "wrong"


def _quoting(reply: StubReply, asked: str) -> StubReply:
    match reply.body:
        case {"issue": [issue]}:
            return replace(reply, body={**reply.body, "issue": [{**issue, "diagnostics": asked}]})
        case bytes() as page if reply.content_type == _HTML:
            return replace(reply, body=page.replace(b"</body>", html.escape(asked).encode() + b"</body>"))
        case bytes() as text:
            return replace(reply, body=json.dumps({"asked": asked}).encode()[:-1] + b"," + text[1:])
        case list() as items:
            return replace(reply, body=[*items, asked])
        case None if "Location" in reply.headers:
            return replace(reply, headers={"Location": f"{reply.headers['Location']}{asked.split()[1]}"})
        case _:
            return reply


def end(connection: socket.socket) -> None:
    """Wakes whoever reads or writes that connection."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _hang(_handler: BaseHTTPRequestHandler, ending: threading.Event) -> None:
    ending.wait()


def _half_open(handler: BaseHTTPRequestHandler, ending: threading.Event) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: applica")
    ending.wait()


def _huge(handler: BaseHTTPRequestHandler, ending: threading.Event) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {_HUGE + 2}\r\n\r\n"
    block = b"a" * _BLOCK
    try:
        handler.wfile.write(head.encode() + b'"')
        for _ in range(_HUGE // _BLOCK):
            if ending.is_set():
                return
            handler.wfile.write(block)
        handler.wfile.write(b'"')
    except OSError:
        return


@cache
def _bomb() -> bytes:
    """Members put together, so that nobody here ever holds what they inflate to."""
    return gzip.compress(b'"') + gzip.compress(b"a" * _BLOCK) * (_HUGE // _BLOCK) + gzip.compress(b'"')


def _gzip_bomb(handler: BaseHTTPRequestHandler, _ending: threading.Event) -> None:
    packed = _bomb()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    try:
        handler.wfile.write(head.encode() + packed)
    except OSError:
        return


def _drip(handler: BaseHTTPRequestHandler, ending: threading.Event) -> None:
    handler.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {_LONG}\r\n\r\n".encode())
    _bytes_until(handler, ending)


def _drip_head(handler: BaseHTTPRequestHandler, ending: threading.Event) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    _bytes_until(handler, ending)


def _bytes_until(handler: BaseHTTPRequestHandler, ending: threading.Event) -> None:
    try:
        while not ending.wait(_TICK_S):
            handler.wfile.write(b" ")
    except OSError:
        return


def _reset(handler: BaseHTTPRequestHandler, _ending: threading.Event) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


_LASTING: dict[str, Callable[[BaseHTTPRequestHandler, threading.Event], None]] = {
    "hang": _hang,
    "half_open": _half_open,
    "drip": _drip,
    "drip_head": _drip_head,
    "reset": _reset,
    "huge": _huge,
    "gzip_bomb": _gzip_bomb,
}

FAULTS = (*_LASTING, *_REPLIES, WRONG_INSIDE)

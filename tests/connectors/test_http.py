"""The shared transport against real servers on loopback that fail in every way a real one has been seen to."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import traceback
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from connectors import json_door
from connectors.errors_http import raise_for
from connectors.http import Transport
from connectors.http_settings import HttpSettings
from connectors.stub_faults import FAULTS
from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.errors import (
    ConnectorAuthFailed,
    ConnectorNotPermitted,
    ConnectorRejected,
    ConnectorUnavailable,
    HelpdeskError,
)
from helpdesk.registry.contract import ConnectorContext

PERSON = "9000000009"
FAMILY = "Zzyzx"
TIMEOUT_S = 0.4
SLACK_S = 1.5

EXPECTED: dict[str, type[HelpdeskError]] = {
    "hang": ConnectorUnavailable,
    "half_open": ConnectorUnavailable,
    "drip": ConnectorUnavailable,
    "drip_head": ConnectorUnavailable,
    "reset": ConnectorUnavailable,
    "400": ConnectorRejected,
    "401": ConnectorAuthFailed,
    "403": ConnectorNotPermitted,
    "404": ConnectorUnavailable,
    "408": ConnectorUnavailable,
    "409": ConnectorRejected,
    "412": ConnectorRejected,
    "422": ConnectorRejected,
    "425": ConnectorUnavailable,
    "429": ConnectorUnavailable,
    "429_bare": ConnectorUnavailable,
    "huge": ConnectorUnavailable,
    "gzip_bomb": ConnectorUnavailable,
    "500": ConnectorUnavailable,
    "503": ConnectorUnavailable,
    "redirect": ConnectorRejected,
    "broken": ConnectorUnavailable,
    "outcome": ConnectorUnavailable,
    "empty": ConnectorUnavailable,
}


@pytest.fixture
def seen() -> list[StubRequest]:
    return []


@pytest.fixture
def server(seen: list[StubRequest]) -> Iterator[StubServer]:
    def echo(request: StubRequest) -> StubReply:
        seen.append(request)
        return StubReply(200, {"params": [list(p) for p in request.params], "body": request.json()})

    stub = StubServer([Route("GET", "/Patient/{id}", echo), Route("POST", "/message", echo)], base_path="/fhir")
    yield stub
    stub.stop()


@pytest.fixture
def to(context: ConnectorContext) -> Iterator[Callable[..., Transport]]:
    made: list[Transport] = []

    def make(address: str, timeout_s: float = TIMEOUT_S) -> Transport:
        made.append(Transport(HttpSettings(base_url=address, timeout_s=timeout_s), context))
        return made[-1]

    yield make
    for transport in made:
        transport.close()


@pytest.fixture
def raw_server() -> Iterator[Callable[[bytes], str]]:
    """Answers every connection with these very bytes and closes it."""
    listening: list[socket.socket] = []

    def serve(reply: bytes) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listening.append(listener)

        def run() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    connection.sendall(reply)

        threading.Thread(target=run, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield serve
    for listener in listening:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def test_every_fault_is_in_the_matrix() -> None:
    """A body of another shape is good JSON: the connectors' own mappings refuse it."""
    assert set(EXPECTED) == set(FAULTS) - {"wrong_types", "wrong_inside"}


@pytest.mark.parametrize("fault", EXPECTED)
def test_each_fault_ends_in_time_and_is_the_right_error(
    fault: str, server: StubServer, to: Callable[..., Transport], everything_logged: pytest.LogCaptureFixture
) -> None:
    server.fault = fault
    transport = to(server.address)
    started = time.monotonic()
    with pytest.raises(HelpdeskError) as caught:
        raise_for(transport.get_json(f"/Patient/{PERSON}", {"family": FAMILY}), "PDS")
    assert time.monotonic() - started < TIMEOUT_S + SLACK_S
    assert type(caught.value) is EXPECTED[fault]
    told = caught.value.message + "".join(traceback.format_exception(caught.value)) + everything_logged.text
    assert PERSON not in told
    assert FAMILY not in told
    assert "127.0.0.1" not in told
    assert caught.value.__context__ is None
    assert len([r for r in everything_logged.records if r.name == "connectors.pds"]) == 1


def test_a_good_reply(server: StubServer, to: Callable[..., Transport], everything_logged: pytest.LogCaptureFixture) -> None:
    reply = to(server.address + "/").get_json(f"/Patient/{PERSON}", [("given", "A b"), ("given", "*"), ("family", "O'Neil")])
    assert (reply.status, reply.content_type) == (200, "application/fhir+json")
    assert reply.body == {"params": [["given", "A b"], ["given", "*"], ["family", "O'Neil"]], "body": None}
    assert server.requests == {"GET /Patient/{id}": 1}
    assert PERSON not in everything_logged.text
    assert f"pds {reply.request_id} 200 " in everything_logged.text


def test_connections_are_kept_and_each_call_has_its_own_request_id(
    server: StubServer, seen: list[StubRequest], to: Callable[..., Transport]
) -> None:
    transport = to(server.address, 5)
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda n: transport.get_json(f"/Patient/{n}", {"n": str(n)}), range(60)))
    assert [r.body["params"] for r in replies if r.body] == [[["n", str(n)]] for n in range(60)]
    assert sorted(r.headers["X-Request-ID"] for r in seen) == sorted({r.request_id for r in replies})


def test_a_reset_is_asked_again_twice_with_the_same_request_id(to: Callable[..., Transport], context: ConnectorContext) -> None:
    ids: list[str] = []
    faults = iter(["reset", None, "reset", "reset", "reset", None])

    def fault(request: StubRequest) -> str | None:
        ids.append(request.headers["X-Request-ID"])
        return next(faults)

    server = StubServer([Route("GET", "/Patient/{id}", lambda _r: StubReply(200, {}), fault)])
    try:
        transport = to(server.address, 5)
        assert transport.get_json("/Patient/1").status == 200
        assert ids[0] == ids[1]
        with pytest.raises(ConnectorUnavailable):
            transport.get_json("/Patient/1")
        assert len(ids) == 5
        assert len(set(ids)) == 2
    finally:
        server.stop()


@pytest.mark.parametrize("fault", ["reset", "hang", "503", "401", "broken"])
def test_what_is_sent_is_sent_once(fault: str, server: StubServer, to: Callable[..., Transport]) -> None:
    server.fault = fault
    with pytest.raises(HelpdeskError):
        raise_for(to(server.address).post_json("/message", {"to": PERSON}), "Notify")
    assert server.requests["POST /message"] == 1


def test_post_sends_json_and_takes_a_former_request_id(server: StubServer, seen: list[StubRequest], to: Callable[..., Transport]) -> None:
    reply = to(server.address).post_json("/message", {"é": 1}, {"X-Own": "1"}, request_id="former")
    assert reply.body == {"params": [], "body": {"é": 1}}
    assert (seen[0].headers["X-Request-ID"], seen[0].headers["X-Own"], seen[0].headers["Content-Type"]) == (
        "former",
        "1",
        "application/json",
    )


def test_nobody_there(to: Callable[..., Transport]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(ConnectorUnavailable, match="cannot be reached"):
        to(f"http://127.0.0.1:{port}").get_json("/Patient/1")


def test_a_body_over_the_cap_is_refused_also_when_it_was_small_on_the_wire(
    raw_server: Callable[[bytes], str], to: Callable[..., Transport]
) -> None:
    bomb = gzip.compress(b'"' + b"a" * (3 * json_door.MAX_BYTES) + b'"')
    assert len(bomb) < json_door.MAX_BYTES
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    with pytest.raises(ConnectorUnavailable, match="too large"):
        to(raw_server(head + bomb), 10).get_json("/Patient/1")


HOSTILE = {
    "no HTTP at all": b"hello\r\n\r\n",
    "nothing": b"",
    "cut off": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}",
    "no gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    "bad chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
    "bad length": b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n<",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "a thousand headers": b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 1000 + b"\r\n{}",
    "an endless header": b"HTTP/1.1 200 " + b"O" * 200_000,
    "status 999": b"HTTP/1.1 999 ?\r\nContent-Length: 2\r\n\r\n{}",
    "a redirect to a file": b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("reply", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_replies_are_unavailable_or_rejected(
    reply: bytes, raw_server: Callable[[bytes], str], to: Callable[..., Transport], everything_logged: pytest.LogCaptureFixture
) -> None:
    with pytest.raises((ConnectorUnavailable, ConnectorRejected)) as caught:
        raise_for(to(raw_server(reply)).get_json(f"/Patient/{PERSON}"), "PDS")
    assert caught.value.__context__ is None
    assert PERSON not in everything_logged.text


@pytest.mark.parametrize(
    "settings",
    [{"sign_in": "cis2"}, {"sign_in": "api_key"}, {"sign_in": "signed_jwt", "token_url": "http://127.0.0.1:9/token", "key_id": "desk-1"}],
    ids=lambda settings: settings["sign_in"],
)
def test_a_sign_in_that_is_not_set_up_is_said_before_any_request(
    settings: dict[str, str], server: StubServer, context: ConnectorContext
) -> None:
    transport = Transport(HttpSettings.model_validate({"base_url": server.address, **settings}), context)
    with pytest.raises(ConnectorAuthFailed, match="not set up on this desk"):
        transport.get_json(f"/Patient/{PERSON}")
    assert not server.requests


def test_loopback_never_goes_through_a_proxy(server: StubServer, to: Callable[..., Transport], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert to(server.address).get_json("/Patient/1").status == 200
    assert to(server.address.replace("127.0.0.1", "localhost")).get_json("/Patient/1").status == 200


def test_localhost_that_is_another_computer_gets_nothing(
    server: StubServer, to: Callable[..., Transport], monkeypatch: pytest.MonkeyPatch
) -> None:
    # What getpeername would say had the name led elsewhere: no second computer is needed to try it.
    monkeypatch.setattr("connectors.wire.is_loopback_address", lambda _host: False)
    with pytest.raises(ConnectorRejected, match="another one"):
        to(server.address.replace("127.0.0.1", "localhost")).get_json("/Patient/1")
    assert not server.requests


def test_a_hanging_stub_ends_when_it_is_stopped(context: ConnectorContext) -> None:
    server = StubServer([Route("GET", "/Patient/{id}", lambda _r: StubReply(200, {}))])
    server.fault = "hang"
    transport = Transport(HttpSettings(base_url=server.address, timeout_s=30), context)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(transport.get_json, "/Patient/1")
        while not server.requests:
            threading.Event().wait(0.01)
        started = time.monotonic()
        server.stop()
        assert isinstance(asked.exception(timeout=10), ConnectorUnavailable)
    assert time.monotonic() - started < 5


def test_no_cookie_is_kept(to: Callable[..., Transport]) -> None:
    sent: list[str | None] = []

    def answer(request: StubRequest) -> StubReply:
        sent.append(request.headers["Cookie"])
        return StubReply(200, {}, {"Set-Cookie": "session=1; Path=/"})

    server = StubServer([Route("GET", "/Patient/{id}", answer)])
    try:
        transport = to(server.address, 5)
        assert [transport.get_json("/Patient/1").status for _ in range(2)] == [200, 200]
        assert sent == [None, None]
    finally:
        server.stop()


@pytest.mark.parametrize("fault", ["huge", "gzip_bomb"])
def test_what_is_too_large_is_never_held(fault: str, server: StubServer, to: Callable[..., Transport]) -> None:
    server.fault = fault
    transport = to(server.address, 10)
    with pytest.raises(ConnectorUnavailable, match="too large"):  # the stub makes its bomb at the first request
        transport.get_json("/Patient/1")
    tracemalloc.start()
    try:
        with pytest.raises(ConnectorUnavailable, match="too large"):
            transport.get_json("/Patient/1")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * json_door.MAX_BYTES


def test_what_is_said_to_be_harmless_is_sent_again(to: Callable[..., Transport]) -> None:
    ids: list[str] = []
    faults = iter(["reset", None])

    def fault(request: StubRequest) -> str | None:
        ids.append(request.headers["X-Request-ID"])
        return next(faults)

    server = StubServer([Route("POST", "/message", lambda _r: StubReply(200, {}), fault)])
    try:
        assert to(server.address, 5).post_json("/message", {}, repeatable=True).status == 200
        assert len(ids) == 2
        assert ids[0] == ids[1]
    finally:
        server.stop()

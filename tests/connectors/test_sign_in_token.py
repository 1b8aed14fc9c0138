"""Signing in by signed token, against a token endpoint that checks every word of it."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from connectors.errors_http import raise_for
from connectors.http import Transport
from connectors.http_settings import HttpSettings
from connectors.sign_in import assertion, tokens
from connectors.sign_in.tokens import Token, TokenKeeper
from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.errors import ConnectorAuthFailed, ConnectorError, ConnectorRejected, ConnectorUnavailable
from helpdesk.registry.contract import ConnectorContext
from tests.connectors.token_server import API_KEY, KEY_ID, Now, TokenServer, pem, rsa_key

SLACK_S = 2.0
KEY = rsa_key()
SECRETS = {"api_key": API_KEY, "private_key": pem(KEY)}


def asks(server: TokenServer, secrets: dict[str, str] = SECRETS, **settings: Any) -> Transport:
    context = ConnectorContext("pds", "PDS", "XICB", Now(), secrets.__getitem__)
    usual = {"base_url": server.address, "sign_in": "signed_jwt", "token_url": server.token_url, "key_id": KEY_ID}
    return Transport(HttpSettings.model_validate(usual | settings), context)


@pytest.fixture
def server() -> Iterator[TokenServer]:
    made = TokenServer(KEY.public_key())
    yield made
    made.stop()


@pytest.fixture
def serve() -> Iterator[Callable[..., TokenServer]]:
    made: list[TokenServer] = []

    def make(*args: Any, **kwargs: Any) -> TokenServer:
        made.append(TokenServer(*args, **kwargs))
        return made[-1]

    yield make
    for each in made:
        each.stop()


def test_a_signed_token_is_exchanged_once_and_used_again(server: TokenServer) -> None:
    transport = asks(server)
    assert [transport.get_json(f"/Patient/{n}").body for n in (1, 2, 3)] == [{"asked": f"/fhir/Patient/{n}"} for n in (1, 2, 3)]
    assert transport.post_json("/message", {}).status == 200
    assert (server.fetched, server.problems) == (1, [])
    assert server.forms[0]["grant_type"] == "client_credentials"


def test_twenty_threads_fetch_one_token(server: TokenServer) -> None:
    transport = asks(server, timeout_s=20)
    server.hold.clear()
    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(transport.get_json, f"/Patient/{n}") for n in range(20)]
        while not server.fetched:
            threading.Event().wait(0.01)
        server.hold.set()
        assert [a.result().status for a in asked] == [200] * 20
    assert server.fetched == 1


def test_a_token_that_is_no_longer_taken_is_replaced_once_for_all(server: TokenServer) -> None:
    transport = asks(server, timeout_s=20)
    transport.get_json("/Patient/1")
    server.revoke()
    with ThreadPoolExecutor(20) as pool:
        assert {reply.status for reply in pool.map(lambda n: transport.get_json(f"/Patient/{n}"), range(20))} == {200}
    assert server.fetched == 2
    assert len(set(server.check.used)) == 2


def test_a_service_that_never_takes_the_token_is_asked_twice(server: TokenServer) -> None:
    never = StubServer([Route("POST", "/message", lambda _r: StubReply(401))])
    try:
        transport = asks(server, base_url=never.address)
        with pytest.raises(ConnectorAuthFailed, match="did not accept the sign-in"):
            raise_for(transport.post_json("/message", {}), "PDS")
        assert (never.requests["POST /message"], server.fetched) == (2, 2)
    finally:
        never.stop()


@pytest.mark.parametrize(("good_for_s", "used_for_s"), [(600, 570), (100, 90)])
def test_a_token_is_not_used_to_its_last_second(good_for_s: float, used_for_s: float, monkeypatch: pytest.MonkeyPatch) -> None:
    at = [1000.0]
    monkeypatch.setattr(tokens, "time", SimpleNamespace(monotonic=lambda: at[0]))
    fetched: list[str] = []

    def fetch(_holder: str, _ends: float) -> Token:
        fetched.append(f"t{len(fetched)}")
        return Token(fetched[-1], good_for_s)

    keeper = TokenKeeper(fetch, 5, "X")
    assert keeper.token("", at[0] + 5) == "t0"
    at[0] += used_for_s - 1
    assert keeper.token("", at[0] + 5) == "t0"
    at[0] += 2
    assert keeper.token("", at[0] + 5) == "t1"


def test_a_newer_token_stays_when_an_older_one_is_refused_late() -> None:
    made = iter(("t0", "t1", "t2"))
    keeper = TokenKeeper(lambda _holder, _ends: Token(next(made), 600), 5, "X")
    ends = time.monotonic() + 5
    assert keeper.token("", ends) == "t0"
    keeper.forget("t0")
    assert keeper.token("", ends) == "t1"
    keeper.forget("t0")
    assert keeper.token("", ends) == "t1"


def test_a_token_is_given_to_nobody_but_its_holder() -> None:
    keeper = TokenKeeper(lambda holder, _ends: Token(f"for-{holder}", 600), 5, "X")
    ends = time.monotonic() + 5
    assert [keeper.token(who, ends) for who in ("a", "a", "b", "a")] == ["for-a", "for-a", "for-b", "for-a"]


def test_the_key_is_parsed_once(server: TokenServer, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bytes] = []
    real = assertion.load_pem_private_key

    def counting(data: bytes, password: bytes | None) -> Any:
        parsed.append(data)
        return real(data, password)

    monkeypatch.setattr(assertion, "load_pem_private_key", counting)
    transport = asks(server)
    for _ in range(3):
        transport.get_json("/Patient/1")
        server.revoke()
    assert server.fetched > 2
    assert len(parsed) == 1


REFUSALS = {
    "wrong key": (400, {"error": "invalid_client"}, ConnectorAuthFailed, "does not know this desk"),
    "wrong issuer": (400, {"error": "invalid_request", "error_description": "canary"}, ConnectorAuthFailed, "API key"),
    "public key": (403, {"error": "public_key error"}, ConnectorAuthFailed, "public key"),
    "no scope": (400, {"error": "invalid_scope"}, ConnectorAuthFailed, "scope"),
    "a page": (401, b"<html>", ConnectorAuthFailed, "did not accept"),
    "wrong address": (404, b"<html>", ConnectorAuthFailed, "token address"),
    "down": (503, b"<html>", ConnectorUnavailable, "not available"),
    "too many": (429, {"error": "slow_down"}, ConnectorUnavailable, "not available"),
    "out of order": (400, {"error": "temporarily_unavailable"}, ConnectorUnavailable, "not available"),
    "redirect": (302, None, ConnectorRejected, "another address"),
    "no token": (200, {"expires_in": 5}, ConnectorUnavailable, "understood"),
    "a token that is two lines": (200, {"access_token": "a\r\nX: y", "expires_in": 5}, ConnectorUnavailable, "understood"),
    "another type": (200, {"access_token": "a", "token_type": "mac"}, ConnectorUnavailable, "understood"),
    "a list": (200, [1, 2], ConnectorUnavailable, "understood"),
    "a wrong time": (200, {"access_token": "a", "expires_in": -1}, ConnectorUnavailable, "understood"),
    "half": (200, b'{"access_token": "canary', ConnectorUnavailable, "understood"),
    "twice": (200, b'{"access_token": "a", "access_token": "b"}', ConnectorUnavailable, "understood"),
}


@pytest.mark.parametrize(("status", "body", "error", "words"), REFUSALS.values(), ids=REFUSALS)
def test_each_refusal_is_said_in_plain_words(
    status: int, body: Any, error: type[ConnectorError], words: str, server: TokenServer, everything_logged: pytest.LogCaptureFixture
) -> None:
    server.refuses = (status, body)
    with pytest.raises(ConnectorError, match=words) as caught:
        asks(server).get_json("/Patient/1")
    assert type(caught.value) is error
    assert "PDS" in caught.value.message
    assert not server.server.requests["GET /fhir/Patient/{id}"]
    assert caught.value.__context__ is None
    told = "".join(traceback.format_exception(caught.value)) + everything_logged.text
    assert "127.0.0.1" not in told
    assert "canary" not in told


@pytest.mark.parametrize("fault", ["hang", "half_open", "drip", "reset", "huge", "gzip_bomb", "broken", "empty", "wrong_types"])
def test_a_sign_in_that_fails_takes_no_longer_than_the_question_may(fault: str, server: TokenServer) -> None:
    server.fault = fault
    transport = asks(server, timeout_s=0.5)
    started = time.monotonic()
    with pytest.raises(ConnectorUnavailable, match="sign-in service of PDS"):
        transport.get_json("/Patient/1")
    assert time.monotonic() - started < 0.5 + SLACK_S


@pytest.mark.parametrize("good_for_s", [599, "599", None, 1.5])
def test_how_long_a_token_lasts_may_be_said_in_several_ways(good_for_s: Any, serve: Callable[..., TokenServer]) -> None:
    server = serve(KEY.public_key(), good_for_s=good_for_s)
    transport = asks(server)
    assert [transport.get_json("/Patient/1").status for _ in range(2)] == [200, 200]
    assert server.fetched == 1


def test_the_audience_is_the_token_address_character_for_character(server: TokenServer) -> None:
    written = server.token_url.replace("http", "HTTP")
    with pytest.raises(ConnectorAuthFailed):
        asks(server, token_url=written).get_json("/Patient/1")
    assert server.problems == ["InvalidAudienceError"]


@pytest.mark.parametrize("wrong", ["", "canary", pem(rsa_key(1024)), pem(ec.generate_private_key(ec.SECP384R1()))])
def test_a_key_that_cannot_be_used_is_said_without_a_piece_of_it(wrong: str, server: TokenServer) -> None:
    with pytest.raises(ConnectorAuthFailed, match="private key kept for PDS") as caught:
        asks(server, {**SECRETS, "private_key": wrong}).get_json("/Patient/1")
    assert "canary" not in "".join(traceback.format_exception(caught.value))
    assert not server.fetched


@pytest.mark.parametrize(("key", "named"), [(KEY, True), (KEY, False), (ec.generate_private_key(ec.SECP384R1()), False)])
def test_smart_backend_services(key: Any, named: bool, serve: Callable[..., TokenServer]) -> None:
    server = serve(key.public_key(), issuer="our-client", algorithms=("RS384", "ES384"))
    settings = {
        "sign_in": "smart",
        "token_url": server.token_url if named else "",
        "client_id": "our-client",
        "scope": "system/Appointment.rs",
    }
    transport = asks(server, {"private_key": pem(key)}, **settings)
    assert [transport.get_json(f"/Patient/{n}").status for n in range(2)] == [200, 200]
    assert (server.fetched, server.problems) == (1, [])
    assert (server.forms[0]["grant_type"], server.forms[0]["scope"]) == ("client_credentials", "system/Appointment.rs")
    assert server.server.requests["GET /fhir/.well-known/smart-configuration"] == (0 if named else 1)


@pytest.mark.parametrize(
    ("named", "error"),
    [
        ("https://elsewhere.invalid/token", ConnectorRejected),
        ("http://elsewhere.invalid/t", ConnectorUnavailable),
        (7, ConnectorUnavailable),
    ],
)
def test_a_server_cannot_send_our_proof_elsewhere(named: Any, error: type[ConnectorError], server: TokenServer) -> None:
    server.token_endpoint_named = named
    with pytest.raises(error):
        asks(server, sign_in="smart", token_url="", client_id="c", scope="s").get_json("/Patient/1")
    assert not server.fetched


def test_an_api_key_goes_in_its_header(everything_logged: pytest.LogCaptureFixture) -> None:
    seen: list[StubRequest] = []

    def answer(request: StubRequest) -> StubReply:
        seen.append(request)
        return StubReply(401 if len(seen) > 2 else 200, {})

    stub = StubServer([Route("GET", "/x", answer)])
    try:
        for header in ("apikey", "Subscription-Key"):
            settings = HttpSettings(base_url=stub.address, sign_in="api_key", api_key_header=header)
            transport = Transport(settings, ConnectorContext("ods", "ODS", "XICB", Now(), lambda _name: API_KEY))
            transport.get_json("/x")
            assert seen[-1].headers[header] == API_KEY
        assert transport.get_json("/x").status == 401
        assert len(seen) == 3
        with pytest.raises(ConnectorAuthFailed):
            Transport(settings, ConnectorContext("ods", "ODS", "XICB", Now(), lambda _name: "a\r\nb")).get_json("/x")
    finally:
        stub.stop()
    assert "canary" not in everything_logged.text


def test_nothing_of_a_sign_in_is_told(server: TokenServer, everything_logged: pytest.LogCaptureFixture) -> None:
    transport = asks(server)
    reply = transport.get_json("/Patient/1")
    told = everything_logged.text + repr(transport) + repr(vars(transport)) + repr(reply)
    for planted in ("canary", server.forms[0]["client_assertion"], server.forms[0]["client_assertion"].split(".")[2], "PRIVATE KEY"):
        assert planted not in told

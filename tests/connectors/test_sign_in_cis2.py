"""The national sign-in through a browser, against an OpenID provider and a token endpoint that check every word of it."""

from __future__ import annotations

import socket
import threading
import time
import traceback
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

from connectors.http import Transport
from connectors.http_settings import HttpSettings
from connectors.sign_in.cis2 import Cis2Identity
from connectors.sign_in.cis2_settings import Cis2Settings
from connectors.sign_in.redirect import Redirect
from helpdesk.errors import ConnectorAuthFailed, ConnectorError, ConnectorUnavailable
from helpdesk.registry.contract import ConnectorContext, StaffIdentity
from tests.connectors.token_server import API_KEY, KEY_ID, Now, OpenIdProvider, TokenServer, pem, rsa_key

KEY = rsa_key()
SECRETS = {"api_key": API_KEY, "private_key": pem(KEY), "client_secret": "canary-secret"}
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    made = OpenIdProvider(KEY.public_key())
    yield made
    made.stop()


@pytest.fixture
def platform() -> Iterator[TokenServer]:
    made = TokenServer(KEY.public_key())
    yield made
    made.stop()


@pytest.fixture
def clock() -> Now:
    return Now()


@pytest.fixture
def person(provider: OpenIdProvider, clock: Now) -> Callable[..., Cis2Identity]:
    def make(browse: Callable[[str], bool] = provider.browse, **settings: Any) -> Cis2Identity:
        usual = {"issuer": provider.issuer, "client_id": provider.client_id, "key_id": KEY_ID}
        return Cis2Identity(Cis2Settings.model_validate(usual | settings), SECRETS.__getitem__, clock, open_browser=browse)

    return make


def asks(platform: TokenServer, clock: Now, identity: StaffIdentity) -> Transport:
    settings = HttpSettings(base_url=platform.address, sign_in="cis2", token_url=platform.token_url, key_id=KEY_ID)
    return Transport(settings, ConnectorContext("pds", "PDS", "XICB", clock, SECRETS.__getitem__, identity=identity))


def test_somebody_signs_in_and_services_learn_who(
    provider: OpenIdProvider,
    platform: TokenServer,
    clock: Now,
    person: Callable[..., Cis2Identity],
    everything_logged: pytest.LogCaptureFixture,
) -> None:
    identity = person()
    one, other = (asks(platform, clock, identity) for _ in range(2))
    with pytest.raises(ConnectorAuthFailed, match="Nobody is signed in"):
        one.get_json("/Patient/1")
    assert (identity.role_id, identity.user_id, identity.signed_in) == ("", "", False)
    identity.sign_in()
    assert provider.problems == []
    assert provider.asked[0]["prompt"] == "login"
    assert (identity.role_id, identity.user_id) == ("555000000001", "canary-sub")
    assert [one.get_json("/Patient/1").status, other.get_json("/Patient/2").status, one.get_json("/Patient/3").status] == [200] * 3
    assert (platform.fetched, platform.problems) == (2, [])
    assert {f["grant_type"] for f in platform.forms} == {EXCHANGE}
    assert {f["subject_token"] for f in platform.forms} == {identity.id_token()}
    assert {f["subject_token_type"] for f in platform.forms} == {"urn:ietf:params:oauth:token-type:id_token"}
    told = everything_logged.text + repr(identity) + repr(vars(identity)) + repr(one) + repr(vars(one))
    for planted in ("canary", identity.id_token(), provider.asked[0]["state"], provider.asked[0]["nonce"]):
        assert planted not in told


def test_the_browser_is_asked_as_the_standards_say(provider: OpenIdProvider, person: Callable[..., Cis2Identity]) -> None:
    identity = person()
    for _ in range(2):
        identity.sign_in()
    first, second = provider.asked
    assert first["response_type"] == "code"
    assert first["scope"].split()[0] == "openid"
    assert urlsplit(first["redirect_uri"]).hostname == "127.0.0.1"
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]
        assert len(first[name]) >= 43
    assert len(set(provider.check.used)) == 2
    while len(provider.pages) < 2:
        threading.Event().wait(0.01)
    assert all(status == 200 and "canary" not in page for status, page in provider.pages)


def test_who_signs_out_leaves_no_token_behind(
    platform: TokenServer, clock: Now, provider: OpenIdProvider, person: Callable[..., Cis2Identity]
) -> None:
    identity = person()
    transport = asks(platform, clock, identity)
    identity.sign_in()
    transport.get_json("/Patient/1")
    identity.sign_out()
    with pytest.raises(ConnectorAuthFailed, match="Nobody is signed in"):
        transport.get_json("/Patient/1")
    provider.claims = {"sub": "another"}
    identity.sign_in()
    transport.get_json("/Patient/1")
    assert platform.fetched == 2
    assert platform.forms[0]["subject_token"] != platform.forms[1]["subject_token"]


def test_a_sign_in_ends(platform: TokenServer, clock: Now, person: Callable[..., Cis2Identity]) -> None:
    identity = person()
    identity.sign_in()
    clock.ahead_s = 601
    with pytest.raises(ConnectorAuthFailed, match="has ended"):
        asks(platform, clock, identity).get_json("/Patient/1")
    assert not identity.signed_in


WRONG_TOKENS: dict[str, dict[str, Any]] = {
    "another nonce": {"claims": {"nonce": "other"}},
    "no nonce": {"claims": {"nonce": None}},
    "for another": {"claims": {"aud": "other"}},
    "for several": {"claims": {"aud": ["desk", "other"]}},
    "for another party": {"claims": {"azp": "other"}},
    "from another": {"claims": {"iss": "https://other.example.org"}},
    "past": {"claims": {"exp": 1}},
    "without an end": {"claims": {"exp": None}},
    "not yet made": {"claims": {"iat": 99999999999}},
    "about nobody": {"claims": {"sub": None}},
    "another key": {"signs_with": rsa_key()},
    "an unknown key": {"kid": "op-9"},
    "unsigned": {"algorithm": "none", "signs_with": None},
    "signed by a word": {"algorithm": "HS256", "signs_with": "a shared secret that is long enough"},
}


@pytest.mark.parametrize("wrong", WRONG_TOKENS.values(), ids=WRONG_TOKENS)
def test_a_proof_of_identity_that_is_wrong_signs_nobody_in(
    wrong: dict[str, Any], provider: OpenIdProvider, person: Callable[..., Cis2Identity]
) -> None:
    for name, value in wrong.items():
        setattr(provider, name, value)
    identity = person()
    with pytest.raises(ConnectorAuthFailed, match="could not be trusted") as caught:
        identity.sign_in()
    assert not identity.signed_in
    assert "canary" not in "".join(traceback.format_exception(caught.value))


def test_what_comes_back_with_another_state_is_not_taken(provider: OpenIdProvider, person: Callable[..., Cis2Identity]) -> None:
    refused: list[int] = []

    def forge(address: str) -> bool:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        for forged in ("?code=stolen&state=guess", f"?state={asked['state']}", f"/x?code=c&state={asked['state']}", "?code=c", ""):
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(asked["redirect_uri"] + forged, timeout=5)
            refused.append(caught.value.code)
            caught.value.close()
        return provider.browse(address)

    identity = person(forge)
    identity.sign_in()
    assert refused == [404] * 5
    assert identity.signed_in


@pytest.mark.parametrize(
    ("returns", "words"),
    [
        ({"error": "access_denied", "error_description": "canary"}, "refused or given up"),
        ({"error": "server_error"}, "did not succeed"),
        ({"iss": "https://other.example.org"}, "somebody else"),
        ({"code": "unknown"}, "sign in again"),
    ],
)
def test_a_sign_in_that_did_not_succeed(
    returns: dict[str, str], words: str, provider: OpenIdProvider, person: Callable[..., Cis2Identity]
) -> None:
    provider.returns = returns
    identity = person()
    with pytest.raises(ConnectorAuthFailed, match=words):
        identity.sign_in()
    assert not identity.signed_in


def test_a_challenge_that_does_not_fit_is_refused(
    provider: OpenIdProvider, person: Callable[..., Cis2Identity], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.sign_in.cis2._challenge", lambda verifier: verifier)
    with pytest.raises(ConnectorAuthFailed):
        person().sign_in()
    assert provider.problems == ["challenge"]


def test_nobody_comes_in_after_somebody_else_sat_down_at_the_desk(provider: OpenIdProvider, clock: Now) -> None:
    made: list[Cis2Identity] = []

    def secret(name: str) -> str:
        """Read once the browser is back, when the code is exchanged: the others sit down at that moment."""
        made[0].sign_out()
        return SECRETS[name]

    settings = Cis2Settings.model_validate({"issuer": provider.issuer, "client_id": provider.client_id, "key_id": KEY_ID})
    identity = Cis2Identity(settings, secret, clock, open_browser=provider.browse)
    made.append(identity)
    with pytest.raises(ConnectorAuthFailed, match="cancelled"):
        identity.sign_in()
    assert (identity.signed_in, identity.role_id) == (False, "")
    with pytest.raises(ConnectorAuthFailed, match="Nobody is signed in"):
        identity.id_token()


def test_it_can_be_cancelled_and_has_an_end(person: Callable[..., Cis2Identity]) -> None:
    opened = threading.Event()

    def nobody_comes(_address: str) -> bool:
        opened.set()
        return True

    identity = person(nobody_comes)
    given_up = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(identity.sign_in, given_up.is_set)
        assert opened.wait(5)
        with pytest.raises(ConnectorAuthFailed, match="under way"):
            identity.sign_in()
        given_up.set()
        with pytest.raises(ConnectorAuthFailed, match="cancelled"):
            waiting.result(timeout=5)
    started = time.monotonic()
    with pytest.raises(ConnectorAuthFailed, match="took too long"):
        person(nobody_comes, patience_s=0.2).sign_in()
    assert time.monotonic() - started < 3
    with pytest.raises(ConnectorAuthFailed, match="browser"):
        person(lambda _address: False).sign_in()


@pytest.mark.parametrize(("fault", "error"), [("hang", ConnectorUnavailable), ("503", ConnectorUnavailable), ("redirect", ConnectorError)])
def test_a_provider_that_fails(
    fault: str, error: type[ConnectorError], provider: OpenIdProvider, person: Callable[..., Cis2Identity]
) -> None:
    provider.server.fault = fault
    with pytest.raises(error, match="national sign-in"):
        person(timeout_s=0.4).sign_in()


def test_an_issuer_of_another_name_is_not_believed(provider: OpenIdProvider, person: Callable[..., Cis2Identity]) -> None:
    with pytest.raises(ConnectorAuthFailed, match="another name"):
        person(issuer=provider.issuer + "/").sign_in()
    assert not provider.asked


@pytest.mark.parametrize(
    "wrong",
    [{"issuer": ""}, {"issuer": "http://cis2.example.org"}, {"client_id": ""}, {"key_id": ""}, {"token_url": "http://cis2.example.org/t"}],
)
def test_settings_that_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Cis2Settings.model_validate({"issuer": "https://cis2.example.org", "client_id": "desk", "key_id": "k"} | wrong)


def test_the_browser_comes_back_on_this_computer_alone() -> None:
    redirect = Redirect("state", "/cis2")
    try:
        # another address of this very computer: whoever listened on all of them would be there too
        with socket.socket() as other:
            other.settimeout(2)
            assert other.connect_ex(("127.0.0.2", urlsplit(redirect.address).port or 0)) != 0
    finally:
        redirect.close()

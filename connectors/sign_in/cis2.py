"""The national sign-in (CIS2): one member of staff at this desk, known to every service that asks who they are.

Source: RFC 7636 (PKCE), RFC 8252 (the system's browser), OpenID Connect Core 1.0.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
import webbrowser
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from connectors.sign_in.assertion import ASSERTION_TYPE, Signer
from connectors.sign_in.cis2_settings import Cis2Settings
from connectors.sign_in.door import Door
from connectors.sign_in.openid import Provider, checked_claims, provider_of
from connectors.sign_in.redirect import Redirect, Returned
from connectors.sign_in.token_request import refusal
from helpdesk.clock import Clock
from helpdesk.errors import ConnectorAuthFailed

_LABEL = "The national sign-in"
_ANEW = "login"
"""The browser of a shared desk may still know the person before. Source: CIS2 Authentication, role selection."""


@dataclass(frozen=True)
class _SignedIn:
    token: str = field(repr=False)
    until: float
    user_id: str = field(repr=False)
    role_id: str = field(repr=False)


class Cis2Identity:
    """Fulfils the port `StaffIdentity`; one object for the whole program, safe to use from several threads.

    `secret(name)` gives "private_key" or "client_secret", as `client_proof` needs; `open_browser` is told the address and
    says whether a browser took it."""

    def __init__(
        self,
        settings: Cis2Settings,
        secret: Callable[[str], str],
        clock: Clock,
        user_agent: str = "NerveCentreHelpdesk",
        open_browser: Callable[[str], bool] = webbrowser.open,
    ) -> None:
        self._settings = settings
        self._secret = secret
        self._clock = clock
        self._open_browser = open_browser
        self._door = Door(settings.origin, _LABEL, "cis2", user_agent)
        self._signer = Signer(lambda: secret("private_key"), settings.key_id, "RS512", "the national sign-in")
        self._busy = threading.Lock()
        self._changing = threading.Lock()
        self._turn = object()
        self._signed_in: _SignedIn | None = None

    def id_token(self) -> str:
        held = self._signed_in
        if held is None:
            raise ConnectorAuthFailed("Nobody is signed in with a smartcard (CIS2): sign in first.")
        if not self.signed_in:
            raise ConnectorAuthFailed("The smartcard (CIS2) sign-in has ended: sign in again.")
        return held.token

    @property
    def role_id(self) -> str:
        held = self._signed_in
        return held.role_id if held is not None else ""

    @property
    def user_id(self) -> str:
        """The national id of who is signed in; "" where nobody is."""
        held = self._signed_in
        return held.user_id if held is not None else ""

    @property
    def signed_in(self) -> bool:
        held = self._signed_in
        return held is not None and self._clock.now().timestamp() < held.until

    def sign_in(self, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Opens the browser and waits until somebody has signed in there; for a worker thread. Who was signed in before is
        so no longer, and nobody is who comes back after a sign-out: somebody else may be at the desk by then. Raises
        ConnectorAuthFailed (refused, given up, cancelled, not to be trusted) and ConnectorUnavailable."""
        if not self._busy.acquire(blocking=False):
            raise ConnectorAuthFailed("A smartcard (CIS2) sign-in is already under way: finish it in the browser.")
        try:
            self._come_in(self._forget(), cancelled)
        finally:
            self._busy.release()

    def sign_out(self) -> None:
        """This desk forgets who was signed in, and uses no token that was made for them; who is still signing in is not let in."""
        self._forget()

    def _forget(self) -> object:
        with self._changing:
            self._turn, self._signed_in = object(), None
            return self._turn

    def _come_in(self, turn: object, cancelled: Callable[[], bool]) -> None:
        def given_up() -> bool:
            return turn is not self._turn or cancelled()

        came = self._through_the_browser(given_up)
        with self._changing:
            if given_up():
                raise ConnectorAuthFailed("The smartcard (CIS2) sign-in was cancelled.")
            self._signed_in = came

    def _through_the_browser(self, cancelled: Callable[[], bool]) -> _SignedIn:
        provider = provider_of(self._settings, self._door, self._ends())
        state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
        redirect = self._redirect(state)
        with closing(redirect):
            if not self._open_browser(self._address(provider, redirect.address, state, nonce, verifier)):
                raise ConnectorAuthFailed("The browser for the smartcard (CIS2) sign-in could not be opened.")
            returned = redirect.wait(self._settings.patience_s, cancelled)
        code = self._code(returned, cancelled)
        return self._identity(self._exchanged(provider, code, redirect.address, verifier), provider, nonce)

    def _redirect(self, state: str) -> Redirect:
        try:
            return Redirect(state, self._settings.redirect_path, self._settings.redirect_port)
        except OSError:
            raise ConnectorAuthFailed("The sign-in cannot come back to this computer: its return port is taken.") from None

    def _address(self, provider: Provider, redirect: str, state: str, nonce: str, verifier: str) -> str:
        asked = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": redirect,
            "scope": self._settings.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
            "prompt": _ANEW,
        }
        if self._settings.acr_values:
            asked["acr_values"] = self._settings.acr_values
        return f"{provider.authorize_url}{'&' if '?' in provider.authorize_url else '?'}{urlencode(asked)}"

    def _code(self, returned: Returned | None, cancelled: Callable[[], bool]) -> str:
        if returned is None:
            words = "was cancelled" if cancelled() else "took too long"
            raise ConnectorAuthFailed(f"The smartcard (CIS2) sign-in {words}.")
        if returned.issuer not in (None, self._settings.issuer):
            raise ConnectorAuthFailed("The smartcard (CIS2) sign-in came back from somebody else and was not used.")
        if returned.error:
            words = "was refused or given up" if returned.error == "access_denied" else "did not succeed"
            raise ConnectorAuthFailed(f"The smartcard (CIS2) sign-in {words}.")
        return returned.code

    def _exchanged(self, provider: Provider, code: str, redirect: str, verifier: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "client_id": self._settings.client_id,
            "code_verifier": verifier,
            **self._proof(provider.token_url),
        }
        answer = self._door.post(provider.token_url, form, self._ends())
        if not 200 <= answer.status < 300:
            raise refusal(self._door, answer)
        token = answer.body.get("id_token") if isinstance(answer.body, dict) else None
        if not isinstance(token, str):
            raise self._door.misunderstood()
        return token

    def _proof(self, token_url: str) -> dict[str, str]:
        match self._settings.client_proof:
            case "private_key_jwt":
                signed = self._signer.assertion(self._settings.client_id, token_url, self._clock.now())
                return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": signed}
            case "client_secret":
                return {"client_secret": self._secret("client_secret")}
            case "none":
                return {}

    def _identity(self, token: str, provider: Provider, nonce: str) -> _SignedIn:
        answer = self._door.get(provider.jwks_url, self._ends())
        if answer.status != 200:
            raise refusal(self._door, answer)
        claims = checked_claims(token, answer.body, self._settings, nonce, self._clock.now())
        if claims is None:
            raise ConnectorAuthFailed("The national sign-in's word for who signed in could not be trusted, so nobody is signed in.")
        return _SignedIn(
            token, float(claims["exp"]), _text(claims, "nhsid_useruid") or _text(claims, "sub"), _text(claims, "selected_roleid")
        )

    def _ends(self) -> float:
        return time.monotonic() + self._settings.timeout_s


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) and value.isascii() and value.isprintable() and len(value) <= 64 else ""


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode("ascii")


def identity(table: dict[str, Any], secret: Callable[[str], str], clock: Clock, user_agent: str) -> Cis2Identity:
    """From the table [cis2] of the configuration; what is wrong in it raises pydantic's ValidationError."""
    return Cis2Identity(Cis2Settings.model_validate(table), secret, clock, user_agent)

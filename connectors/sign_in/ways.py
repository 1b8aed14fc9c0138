"""Which way of signing in an instance uses, and what each puts into a request."""

from __future__ import annotations

import re
from typing import Protocol

from connectors.http_settings import HttpSettings
from connectors.origin import is_loopback_host, is_protected
from connectors.sign_in.assertion import ASSERTION_TYPE, Signer
from connectors.sign_in.door import Door
from connectors.sign_in.token_request import ask_token, refusal
from connectors.sign_in.tokens import Token, TokenKeeper
from helpdesk.errors import ConnectorAuthFailed, ConnectorRejected
from helpdesk.registry.contract import ConnectorContext, StaffIdentity

_HEADER_SAFE = re.compile(r"[\x21-\x7e]{1,4096}")
_WORDS = {"cis2": "with a smartcard (CIS2)", "signed_jwt": "by signed token", "api_key": "by API key", "smart": "by SMART backend services"}
_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
_ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105  # the name of a kind of token


class Way(Protocol):
    """May be used from several threads at once."""

    def headers(self, ends: float) -> dict[str, str]:
        """What a request carries; `ends` is when (monotonic) it must be there. Raises ConnectorError."""

    def refused(self, headers: dict[str, str]) -> bool:
        """Told that these were answered by 401. Whether a new sign-in may help."""


class NoSignIn:
    def headers(self, ends: float) -> dict[str, str]:  # noqa: ARG002  # the protocol's names
        return {}

    def refused(self, headers: dict[str, str]) -> bool:  # noqa: ARG002  # the protocol's names
        return False


class ApiKey:
    """A key in a header of its own, read anew for each request: a changed one counts at once."""

    def __init__(self, settings: HttpSettings, context: ConnectorContext) -> None:
        self._settings = settings
        self._context = context

    def headers(self, ends: float) -> dict[str, str]:  # noqa: ARG002  # the protocol's names
        key = self._context.secret("api_key")
        if not _HEADER_SAFE.fullmatch(key):
            raise not_set_up(self._settings, self._context)
        return {self._settings.api_key_header: key}

    def refused(self, headers: dict[str, str]) -> bool:  # noqa: ARG002  # the protocol's names
        return False


class Bearer:
    """An access token for the desk itself."""

    def __init__(self, keeper: TokenKeeper) -> None:
        self._keeper = keeper

    def headers(self, ends: float) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._keeper.token(self._holder(), ends)}"}

    def refused(self, headers: dict[str, str]) -> bool:
        self._keeper.forget(headers.get("Authorization", "").removeprefix("Bearer "))
        return True

    def _holder(self) -> str:
        return ""


class StaffBearer(Bearer):
    """An access token for the member of staff who is signed in; never one that was made for somebody else."""

    def __init__(self, keeper: TokenKeeper, identity: StaffIdentity) -> None:
        super().__init__(keeper)
        self._identity = identity

    def _holder(self) -> str:
        return self._identity.id_token()


def way_of(settings: HttpSettings, context: ConnectorContext) -> Way:
    """The way that the settings choose. What is missing is said when it is first used."""
    match settings.sign_in:
        case "none":
            return NoSignIn()
        case "api_key":
            return ApiKey(settings, context)
        case "smart":
            return Bearer(_keeper(_Smart(settings, context), settings, context))
        case "signed_jwt":
            return Bearer(_keeper(_Platform(settings, context), settings, context))
        case "cis2":
            if context.identity is None:
                return _NotSetUp(settings, context)
            return StaffBearer(_keeper(_Platform(settings, context), settings, context), context.identity)


def _keeper(fetch: _Platform | _Smart, settings: HttpSettings, context: ConnectorContext) -> TokenKeeper:
    return TokenKeeper(fetch, settings.timeout_s, _label(context))


def not_set_up(settings: HttpSettings, context: ConnectorContext) -> ConnectorAuthFailed:
    label = context.label or context.instance
    return ConnectorAuthFailed(f"Sign-in {_WORDS[settings.sign_in]} is not set up on this desk for {label}.")


class _NotSetUp(NoSignIn):
    def __init__(self, settings: HttpSettings, context: ConnectorContext) -> None:
        self._error = not_set_up(settings, context).message

    def headers(self, ends: float) -> dict[str, str]:  # noqa: ARG002  # the protocol's names
        raise ConnectorAuthFailed(self._error)


def _label(context: ConnectorContext) -> str:
    return f"The sign-in service of {context.label or context.instance}"


def _door(settings: HttpSettings, context: ConnectorContext) -> Door:
    return Door(settings.origin, _label(context), context.instance, context.user_agent)


class _Platform:
    """The national API platform's token endpoint: for the application alone, or in exchange for a staff member's id token."""

    def __init__(self, settings: HttpSettings, context: ConnectorContext) -> None:
        self._settings = settings
        self._context = context
        self._door = _door(settings, context)
        label = context.label or context.instance
        self._signer = Signer(lambda: context.secret("private_key"), settings.key_id, "RS512", label)

    def __call__(self, holder: str, ends: float) -> Token:
        url = self._settings.token_address
        issuer = self._context.secret("api_key")
        if not url or not self._settings.key_id or not issuer:
            raise not_set_up(self._settings, self._context)
        form = {"grant_type": _EXCHANGE, "subject_token": holder, "subject_token_type": _ID_TOKEN} if holder else _CREDENTIALS
        assertion = self._signer.assertion(issuer, url, self._context.clock.now())
        return ask_token(self._door, url, {**form, "client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}, ends)


_CREDENTIALS = {"grant_type": "client_credentials"}


class _Smart:
    """SMART backend services: the token endpoint is the one that is set, or the one the FHIR server names."""

    def __init__(self, settings: HttpSettings, context: ConnectorContext) -> None:
        self._settings = settings
        self._context = context
        self._door = _door(settings, context)
        label = context.label or context.instance
        self._signer = Signer(lambda: context.secret("private_key"), settings.key_id, "RS384", label, curve=True)
        self._found = ""

    def __call__(self, holder: str, ends: float) -> Token:  # noqa: ARG002  # made for the desk itself
        url = self._settings.token_address or self._found or self._named(ends)
        assertion = self._signer.assertion(self._settings.client_id, url, self._context.clock.now())
        form = {**_CREDENTIALS, "scope": self._settings.scope, "client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}
        token = ask_token(self._door, url, form, ends)
        self._found = url
        return token

    def _named(self, ends: float) -> str:
        answer = self._door.get(self._settings.url("/.well-known/smart-configuration"), ends)
        if answer.status != 200:
            raise refusal(self._door, answer)
        named = answer.body.get("token_endpoint") if isinstance(answer.body, dict) else None
        if not isinstance(named, str) or not is_protected(named):
            raise self._door.misunderstood()
        if self._settings.is_loopback and not is_loopback_host(self._settings.origin.at(named).parts.hostname or ""):
            raise ConnectorRejected(f"{self._door.label} is set to this computer, but names an address on another one.")
        return named

"""Asks a token endpoint for an access token, and says in plain words why it gave none. Source: RFC 6749, section 5."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from connectors.retry_after import seconds_in
from connectors.sign_in.door import Answer, Door
from connectors.sign_in.tokens import Token
from helpdesk.errors import ConnectorAuthFailed, ConnectorError, ConnectorRejected, ConnectorUnavailable

_USUAL_S = 60.0
"""How long a token is used whose reply does not say how long it lasts."""
_LONGEST_S = 3600.0
_HEADER_SAFE = re.compile(r"[\x21-\x7e]{1,16384}")
_TRY_AGAIN = frozenset({408, 425, 429})
_WORDS = {
    "invalid_client": "does not know this desk: check its key id, its API key or client id, and its private key",
    "public_key error": "does not know this desk's public key: check its key id, and what was registered",
    "invalid_grant": "no longer accepts the sign-in: sign in again",
    "invalid_scope": "does not allow this desk what its scope asks for",
    "unauthorized_client": "does not allow this desk to sign in this way",
    "invalid_request": "did not accept the request: check the API key, the key id and the token address",
}


def ask_token(door: Door, url: str, form: dict[str, str], ends: float) -> Token:
    """Raises ConnectorAuthFailed where it is refused, ConnectorUnavailable where it may be tried again."""
    answer = door.post(url, form, ends)
    if not 200 <= answer.status < 300:
        raise refusal(door, answer)
    return token_in(door, answer.body)


def token_in(door: Door, body: Any) -> Token:
    held = body if isinstance(body, dict) else {}
    text, kind = held.get("access_token"), held.get("token_type", "Bearer")
    good_for_s = _seconds(held.get("expires_in"))
    wrong_kind = not isinstance(kind, str) or kind.lower() not in ("bearer", "bearertoken")
    if not isinstance(text, str) or not _HEADER_SAFE.fullmatch(text) or wrong_kind or good_for_s is None:
        raise door.misunderstood()
    return Token(text, min(good_for_s, _LONGEST_S))


def _seconds(value: Any) -> float | None:
    """Some services send the number as text."""
    if value is None:
        return _USUAL_S
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        return None
    return float(value)


def refusal(door: Door, answer: Answer) -> ConnectorError:
    """What a reply other than a good one is. The service's own description is not shown: it may quote what was sent."""
    held = answer.body if isinstance(answer.body, dict) else {}
    code = held.get("error")
    if answer.status in _TRY_AGAIN or answer.status >= 500 or code in ("server_error", "temporarily_unavailable"):
        wait_s = seconds_in(answer.retry_after, datetime.now(UTC))
        return ConnectorUnavailable(f"{door.label} is not available at the moment.", retry_after_s=wait_s)
    if 300 <= answer.status < 400:
        return ConnectorRejected(f"{door.label} sent us to another address, which is not followed.")
    words = _WORDS.get(code) if isinstance(code, str) else None
    if words:
        return ConnectorAuthFailed(f"{door.label} {words}.")
    if answer.status in (404, 405, 406, 410, 415):
        return ConnectorAuthFailed(f"{door.label} is not at the token address that is set.")
    return ConnectorAuthFailed(f"{door.label} did not accept this desk.")

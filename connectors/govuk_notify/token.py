"""The token of one request, made from the API key. Source: GOV.UK Notify REST API documentation, Authorisation header."""

from __future__ import annotations

import re
from datetime import datetime

import jwt

from helpdesk.errors import ConnectorAuthFailed

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_KEY = re.compile(rf".*-?({_UUID})-({_UUID})", re.DOTALL)


def parts_of(key: str, label: str) -> tuple[str, str]:
    """The service's id and the secret: the last two UUIDs of the key, whatever stands before them. Raises
    ConnectorAuthFailed where it has another form."""
    found = _KEY.fullmatch(key.strip())
    if found is None:
        raise ConnectorAuthFailed(f"The API key kept on this computer for {label} is not whole: enter it again.")
    return found[1], found[2]


def token_for(key: str, now: datetime, label: str) -> str:
    """Good for 30 seconds on either side of `now`. Raises ConnectorAuthFailed."""
    service, secret = parts_of(key, label)
    return jwt.encode({"iss": service, "iat": int(now.timestamp())}, secret, algorithm="HS256")

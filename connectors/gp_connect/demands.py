"""What the GP Connect stub demands of a request before it answers: the proxy's headers, the token and the dates."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from connectors.stub_routes import StubRequest

_ASID = re.compile(r"[0-9]{12}")
_CLAIMS = {
    "iss": str,
    "sub": str,
    "aud": str,
    "exp": int,
    "iat": int,
    "reason_for_request": str,
    "requested_scope": str,
    "requesting_device": dict,
    "requesting_organization": dict,
    "requesting_practitioner": dict,
}
_DAY = re.compile(r"(ge|le)([0-9]{4}-[0-9]{2}-[0-9]{2})")


def headers_fault(request: StubRequest, interaction: str, scope: str) -> str:
    """What is wrong with the headers, or ""."""
    headers = request.headers
    if headers.get("Ssp-InteractionID") != interaction:
        return "The interaction id is not the one for this request"
    if not all(_ASID.fullmatch(headers.get(name, "")) for name in ("Ssp-From", "Ssp-To")):
        return "An ASID is missing"
    if not _is_uuid(headers.get("Ssp-TraceID", "")):
        return "The trace id is missing"
    return token_fault(headers.get("Authorization", ""), scope)


def token_fault(authorization: str, scope: str) -> str:
    """What is wrong with the bearer token, or ""."""
    parts = authorization.removeprefix("Bearer ").split(".")
    if not authorization.startswith("Bearer ") or len(parts) != 3 or parts[2]:
        return "The token is not an unsigned JWT that ends in a dot"
    header, claims = _decoded(parts[0]), _decoded(parts[1])
    if header.get("alg") != "none":
        return "The token is not unsigned"
    missing = [name for name, kind in _CLAIMS.items() if not isinstance(claims.get(name), kind)]
    if missing:
        return f"The token has no {missing[0]}"
    if claims["exp"] - claims["iat"] != 300:
        return "The token does not last five minutes"
    if claims["reason_for_request"] != "directcare" or claims["requested_scope"] != scope:
        return "The token's reason or scope is wrong"
    if claims["requesting_practitioner"].get("id") != claims["sub"]:
        return "The token's sub is not its practitioner"
    return ""


def dates_fault(starts: Sequence[str], today: date) -> str:
    """What is wrong with the two bounds, or "": both must be there, dates only, and not past."""
    found = [_DAY.fullmatch(start) for start in starts]
    days = {match[1]: match[2] for match in found if match}
    if len(starts) != 2 or set(days) != {"ge", "le"}:
        return "Two start dates are needed, one with ge and one with le"
    if days["ge"] > days["le"] or days["ge"] < today.isoformat():
        return "Appointments in the past cannot be asked for"
    return ""


def _decoded(part: str) -> dict[str, Any]:
    try:
        value = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False

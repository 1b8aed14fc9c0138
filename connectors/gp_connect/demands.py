"""What the GP Connect stub demands of a request before it answers: the proxy's headers, the token and the dates."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from threading import Lock
from typing import Any
from uuid import UUID

from connectors.stub_routes import StubRequest

_ASID = re.compile(r"[0-9]{12}")
_CODE = re.compile(r"[A-Z0-9]{3,12}")
_ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
_SDS_IDS = {"https://fhir.nhs.uk/Id/sds-user-id", "https://fhir.nhs.uk/Id/sds-role-profile-id"}
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


class Tokens:
    """Which tokens were seen: each is good for one request. Usable from many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: set[bytes] = set()

    def is_new(self, token: str) -> bool:
        digest = sha256(token.encode()).digest()
        with self._lock:
            new = digest not in self._seen
            self._seen.add(digest)
        return new


@dataclass(frozen=True)
class Demand:
    """What one route asks of its request: the interaction, the scope of the token and, where it is one practice's own
    address, the ASID that goes with it."""

    interaction: str
    scope: str
    asid: str = ""


def proxy_fault(request: StubRequest, demand: Demand, audience: str, tokens: Tokens) -> str:
    """What is wrong with the proxy's headers or the token, or "". `audience` is the address of the practice's system."""
    headers = request.headers
    if headers.get("Ssp-InteractionID") != demand.interaction:
        return "The interaction id is not the one for this request"
    if not all(_ASID.fullmatch(headers.get(name, "")) for name in ("Ssp-From", "Ssp-To")):
        return "An ASID is missing"
    if demand.asid and headers["Ssp-To"] != demand.asid:
        return "The ASID is not that of the practice's system"
    if not _is_uuid(headers.get("Ssp-TraceID", "")):
        return "The trace id is missing"
    authorization = headers.get("Authorization", "")
    return token_fault(authorization, demand.scope, audience) or ("" if tokens.is_new(authorization) else "The token was used before")


def gateway_fault(request: StubRequest) -> str:
    """What is wrong with the headers for the gateway, or ""."""
    if not _CODE.fullmatch(request.headers.get("Ods-from", "")):
        return "Ods-from is missing"
    if not _is_uuid(request.headers.get("Ssp-TraceID", "")):
        return "The trace id is missing"
    return ""


def token_fault(authorization: str, scope: str, audience: str) -> str:
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
    if claims["aud"] != audience:
        return "The token is for another address"
    return _who_fault(claims)


def _who_fault(claims: dict[str, Any]) -> str:
    """What is wrong with who asks: the device, the organisation and the member of staff, each as its FHIR resource."""
    device, organisation, person = (claims[f"requesting_{name}"] for name in ("device", "organization", "practitioner"))
    if person.get("id") != claims["sub"] or not claims["sub"]:
        return "The token's sub is not its practitioner"
    if not {(_ODS, True)} & {(i.get("system"), bool(i.get("value"))) for i in organisation.get("identifier", [])}:
        return "The organisation has no ODS code"
    if _SDS_IDS - {i.get("system") for i in person.get("identifier", []) if i.get("value")}:
        return "The practitioner has no SDS ids"
    if not person.get("name") or not organisation.get("name"):
        return "Who asks has no name"
    if not all(device.get(field) for field in ("identifier", "model", "version")):
        return "The device does not say what it is"
    kinds = [one.get("resourceType") for one in (device, organisation, person)]
    return "" if kinds == ["Device", "Organization", "Practitioner"] else "Who asks is not told as FHIR resources"


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

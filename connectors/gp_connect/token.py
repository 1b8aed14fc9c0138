"""The unsigned token that tells a practice's system who asks, for whom and why.

Source: GP Connect 1.2.7, Cross organisation audit and provenance.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

LIFETIME_S = 300
READ_PATIENT = "patient/*.read"
READ_ORGANISATION = "organization/*.read"

_ODS = "https://fhir.nhs.uk/Id/ods-organization-code"


@dataclass(frozen=True)
class Requester:
    """Who asks. `system_url` is the address of this program as registered with GP Connect; `user_id` is the member of staff
    in this program, `sds_user_id` and `sds_role_id` their national ids, empty where there are none ("UNK" is sent)."""

    system_url: str
    device_id: str
    software: str
    version: str
    organisation: str
    organisation_name: str
    user_id: str
    family: str
    given: str
    sds_user_id: str = ""
    sds_role_id: str = ""


def bearer(who: Requester, audience: str, now: datetime, scope: str = READ_PATIENT) -> str:
    """A token for one request: header and claims with an empty signature behind the last dot."""
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims(who, audience, now, scope))}."


def claims(who: Requester, audience: str, now: datetime, scope: str = READ_PATIENT) -> dict[str, object]:
    """Every claim that GP Connect names, and RFC 7519's `jti`: two requests within one second have different tokens too."""
    issued = int(now.timestamp())
    return {
        "iss": who.system_url,
        "sub": who.user_id,
        "aud": audience,
        "exp": issued + LIFETIME_S,
        "iat": issued,
        "jti": str(uuid4()),
        "reason_for_request": "directcare",
        "requested_scope": scope,
        "requesting_device": _device(who),
        "requesting_organization": {
            "resourceType": "Organization",
            "identifier": [{"system": _ODS, "value": who.organisation}],
            "name": who.organisation_name,
        },
        "requesting_practitioner": _practitioner(who),
    }


def _device(who: Requester) -> dict[str, object]:
    return {
        "resourceType": "Device",
        "identifier": [{"system": f"{who.system_url}/device", "value": who.device_id}],
        "model": who.software,
        "version": who.version,
    }


def _practitioner(who: Requester) -> dict[str, object]:
    return {
        "resourceType": "Practitioner",
        "id": who.user_id,
        "identifier": [
            {"system": "https://fhir.nhs.uk/Id/sds-user-id", "value": who.sds_user_id or "UNK"},
            {"system": "https://fhir.nhs.uk/Id/sds-role-profile-id", "value": who.sds_role_id or "UNK"},
            {"system": f"{who.system_url}/user", "value": who.user_id},
        ],
        "name": [{"family": who.family, "given": [who.given]}],
    }


def _part(content: dict[str, object]) -> str:
    """Base64url without padding, as RFC 7515 writes it."""
    raw = json.dumps(content, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")

"""The Spine directory as the stub plays it: which system and address each practice of the area has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from connectors.fhir import ODS_CODE
from connectors.gp_connect.documents import outcome
from connectors.gp_connect.headers import FIND_APPOINTMENTS
from connectors.gp_connect.providers import ASID, INTERACTION_ID, PARTY_KEY
from connectors.stub_routes import Route, StubReply, StubRequest
from helpdesk.practice.model import Area

DIRECTORY_PATH = "/spine-directory/FHIR/R4"
SITE = "/GP0001/STU3/1"
"""Where a practice's system has its FHIR root, also behind the proxy."""
_FIRST_ASID = 918_000_000_001


@dataclass(frozen=True)
class Registered:
    """A practice as the Spine knows it."""

    practice: str
    asid: str

    @property
    def host(self) -> str:
        return f"{self.practice.lower()}.gp.example.org"

    @property
    def party_key(self) -> str:
        return f"{self.practice}-0000806"

    @property
    def address(self) -> str:
        return f"https://{self.host}{SITE}"


def registered(area: Area) -> Mapping[str, Registered]:
    """The practices of the area, by ODS code."""
    named = {o.ods.value for o in area.organisations if o.kind == "practice"}
    named |= {p.patient.practice.value for p in area.people if p.patient.practice is not None}
    return {code: Registered(code, str(_FIRST_ASID + i)) for i, code in enumerate(sorted(named))}


def directory_routes(practices: Mapping[str, Registered]) -> list[Route]:
    def device(request: StubRequest) -> StubReply:
        return _found(request, practices, "Device")

    def endpoint(request: StubRequest) -> StubReply:
        return _found(request, practices, "Endpoint")

    return [Route("GET", f"{DIRECTORY_PATH}/Device", device), Route("GET", f"{DIRECTORY_PATH}/Endpoint", endpoint)]


def _found(request: StubRequest, practices: Mapping[str, Registered], kind: str) -> StubReply:
    sought = list(request.params)
    organisations = [v.removeprefix(f"{ODS_CODE}|") for n, v in sought if n == "organization" and v.startswith(f"{ODS_CODE}|")]
    identifiers = [v for n, v in sought if n == "identifier"]
    interactions = [v.removeprefix(f"{INTERACTION_ID}|") for v in identifiers if v.startswith(f"{INTERACTION_ID}|")]
    keys = [v.removeprefix(f"{PARTY_KEY}|") for v in identifiers if v.startswith(f"{PARTY_KEY}|")]
    known = len(organisations) == len(interactions) == 1 and len(keys) <= 1 and len(identifiers) == 1 + len(keys)
    if not known or len(sought) != 1 + len(identifiers) or not _is_uuid(request.headers.get("X-Correlation-Id", "")):
        return StubReply(400, outcome("BAD_REQUEST", "invalid", "One organisation and one interaction are needed"))
    one = practices.get(organisations[0])
    held = [one] if one is not None and interactions == [FIND_APPOINTMENTS] and keys in ([], [one.party_key]) else []
    resources = [_device(p) if kind == "Device" else _endpoint(p) for p in held]
    entries = [{"fullUrl": f"{kind}/{r['id']}", "resource": r, "search": {"mode": "match"}} for r in resources]
    return StubReply(200, {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries})


def _device(one: Registered) -> dict[str, Any]:
    return {
        "resourceType": "Device",
        "id": str(uuid5(NAMESPACE_URL, f"device:{one.practice}")),
        "identifier": [{"system": ASID, "value": one.asid}, {"system": PARTY_KEY, "value": one.party_key}],
        "owner": {"identifier": {"system": ODS_CODE, "value": one.practice}},
    }


def _endpoint(one: Registered) -> dict[str, Any]:
    return {
        "resourceType": "Endpoint",
        "id": str(uuid5(NAMESPACE_URL, f"endpoint:{one.practice}")),
        "identifier": [{"system": ASID, "value": one.asid}, {"system": PARTY_KEY, "value": one.party_key}],
        "status": "active",
        "connectionType": {"system": "http://terminology.hl7.org/CodeSystem/endpoint-connection-type", "code": "hl7-fhir-rest"},
        "payloadType": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/endpoint-payload-type", "code": "any"}]}],
        "managingOrganization": {"identifier": {"system": ODS_CODE, "value": one.practice}},
        "address": one.address,
    }


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False

"""A small Organisation Data Service that knows the organisations of the practice area."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.practice.model import Area, Organisation

_ENGLAND = "https://fhir.nhs.uk/England/StructureDefinition"
_ROLES = {
    "practice": (("RO177", "PRESCRIBING COST CENTRE"), ("RO76", "GP PRACTICE")),
    "acute": (("RO197", "NHS TRUST"),),
    "community": (("RO197", "NHS TRUST"),),
    "icb": (("RO261", "STRATEGIC PARTNERSHIP"), ("RO318", "INTEGRATED CARE BOARD")),
}
_ANY_OTHER = (("RO198", "NHS TRUST SITE"),)
_PARAMETERS = frozenset(
    {"_id", "identifier", "lastChangeDate", "name", "active", "address-postalcode", "address-city", "address-country"}
    | {"roleCode", "activeRoleCode", "_count", "_offset", "_summary"}
)
_SYSTEM = "https://fhir.nhs.uk/Id/ods-organization-code"
_USE_TYPE = "https://fhir.nhs.uk/England/CodeSystem/England-ODSRecordUseType"
_FIRST = 20
_POSTCODE = "ZZ99 3CZ"


class _Register:
    def __init__(self, area: Area) -> None:
        self._held: Mapping[str, Organisation] = {o.ods.value: o for o in area.organisations}

    def one(self, request: StubRequest) -> StubReply:
        code = request.values["id"]
        held = self._held.get(code)
        if held is None:
            return _refusal(404, f"HAPI-2001: Resource Organization/{code} is not known")
        return StubReply(200, resource_of(held))

    def search(self, request: StubRequest) -> StubReply:
        names = [name for name, _ in request.params]
        strange = next((name for name in names if name.partition(":")[0] not in _PARAMETERS), None)
        if strange is not None:
            return _refusal(400, f'HAPI-0524: Unknown search parameter "{strange}" for resource type "Organization".')
        found = [o for o in self._held.values() if all(_matches(o, name, value) for name, value in request.params)]
        asked = dict(request.params)
        offset, count = int(asked.get("_offset", "0")), int(asked.get("_count", str(_FIRST)))
        return StubReply(200, _bundle(found[offset : offset + count], more=len(found) > offset + count))


def _matches(held: Organisation, parameter: str, value: str) -> bool:
    name, _, how = parameter.partition(":")
    match name:
        case "_id" | "identifier":
            return held.ods.value == value.rpartition("|")[2]
        case "name":
            wanted, own = value.casefold(), held.name.casefold()
            return wanted in own if how == "contains" else own == wanted if how == "exact" else own.startswith(wanted)
        case "address-postalcode":
            return _POSTCODE.startswith(value.upper())
        case "active":
            return value == "true"
        case "roleCode" | "activeRoleCode":
            return bool({role for role, _ in _ROLES.get(held.kind, _ANY_OTHER)} & set(value.split(",")))
        case _:
            return name.startswith("_")


def resource_of(held: Organisation) -> dict[str, Any]:
    """The organisation in the form of the service, which writes in capitals."""
    return {
        "resourceType": "Organization",
        "id": held.ods.value,
        "meta": {"versionId": "1", "lastUpdated": _now(), "profile": [f"{_ENGLAND}/England-Organization-ODS"]},
        "extension": [_role(number, *role) for number, role in enumerate(_ROLES.get(held.kind, _ANY_OTHER), start=1)],
        "identifier": [{"use": "official", "system": _SYSTEM, "value": held.ods.value, "assigner": {"display": "NHS ENGLAND"}}],
        "active": True,
        "type": [{"coding": [{"system": _USE_TYPE, "code": "Full", "display": "Full"}]}],
        "name": held.name.upper(),
        "telecom": [{"system": "phone", "value": "01632 960001"}],
        "address": [{"line": ["1 WHARF STREET"], "city": "FENMOOR", "postalCode": _POSTCODE, "country": "ENGLAND"}],
    }  # fmt: skip


def _role(number: int, code: str, display: str) -> dict[str, Any]:
    coding = {
        "system": "https://digital.nhs.uk/services/organisation-data-service/CodeSystem/ODSOrganisationRole",
        "code": code,
        "display": display,
    }
    return {
        "url": f"{_ENGLAND}/Extension-England-OrganisationRole",
        "extension": [
            {"url": "instanceID", "valueInteger": number},
            {"url": "roleCode", "valueCodeableConcept": {"coding": [coding]}},
            {"url": "active", "valueBoolean": True},
        ],
    }


def _bundle(found: list[Organisation], *, more: bool) -> dict[str, Any]:
    links = [{"relation": "self", "url": "http://127.0.0.1/Organization"}]
    if more:
        links.append({"relation": "next", "url": "http://127.0.0.1/Organization?_offset"})
    bundle: dict[str, Any] = {"resourceType": "Bundle", "id": "stub", "meta": {"lastUpdated": _now()}, "type": "searchset", "link": links}
    if found:
        bundle["entry"] = [
            {"fullUrl": f"http://127.0.0.1/Organization/{o.ods.value}", "resource": resource_of(o), "search": {"mode": "match"}}
            for o in found
        ]
    return bundle


def _refusal(status: int, diagnostics: str) -> StubReply:
    issue = {"severity": "error", "code": "processing", "diagnostics": diagnostics}
    return StubReply(status, {"resourceType": "OperationOutcome", "issue": [issue]})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def serve(area: Area, port: int = 0, instance: str = "ods") -> StubServer:  # noqa: ARG001  # every stub is started alike
    """Starts it on loopback; port 0 takes a free one."""
    register = _Register(area)
    routes = [Route("GET", "/Organization", register.search), Route("GET", "/Organization/{id}", register.one)]
    return StubServer(routes, port=port, base_path="/organisation-data-terminology-api/fhir")

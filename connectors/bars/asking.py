"""The headers by which a BaRS request says who asks whom, with which software and by which version."""

from __future__ import annotations

import base64
import json
from typing import Any

from connectors.bars.settings import BarsSettings
from connectors.fhir import ODS_CODE
from helpdesk.registry.contract import ConnectorContext

ROLE_PROFILE = "https://fhir.nhs.uk/Id/sds-role-profile-id"


def accept(version: str) -> str:
    return f"application/fhir+json; version={version}"


def headers(settings: BarsSettings, context: ConnectorContext, correlation_id: str) -> dict[str, str]:
    """Everything a BaRS request must carry beside its request id. The practitioner is named where the national sign-in
    knows their role; the specification asks for it only then."""
    named = {
        "X-Correlation-Id": correlation_id,
        "NHSD-Target-Identifier": _encoded({"value": settings.target_value, "system": settings.target_system}),
        "NHSD-End-User-Organisation": _encoded(_organisation(settings, context)),
        "NHSD-Requesting-Software": _encoded(_software(settings, context)),
        "Accept": accept(settings.version),
    }
    role = context.identity.role_id if context.identity is not None else ""
    return named | ({"NHSD-Requesting-Practitioner": _encoded(_practitioner(role))} if role else {})


def _organisation(settings: BarsSettings, context: ConnectorContext) -> dict[str, Any]:
    identifier = {"value": context.organisation, "system": ODS_CODE}
    return {"resourceType": "Organization", "identifier": [identifier], "name": settings.organisation_name or context.organisation}


def _software(settings: BarsSettings, context: ConnectorContext) -> dict[str, Any]:
    name, _, version = context.user_agent.partition("/")
    return {
        "resourceType": "Device",
        "identifier": [{"system": settings.software_system, "value": settings.software_value}],
        "deviceName": {"name": name, "type": "manufacturer-name"},
        "version": {"value": version or "0"},
    }


def _practitioner(role_id: str) -> dict[str, Any]:
    return {"resourceType": "PractitionerRole", "identifier": [{"value": role_id, "system": ROLE_PROFILE}]}


def _encoded(value: dict[str, Any]) -> str:
    return base64.b64encode(json.dumps(value, separators=(",", ":")).encode()).decode("ascii")

"""What the BaRS stub demands of every request before it answers: the headers of the specification, decoded and looked at."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any
from uuid import UUID

from connectors.stub_routes import StubRequest

_ACCEPT = re.compile(r"application/fhir\+json; ?version=1\.[0-9]+(\.[0-9]+)?")


def header_fault(request: StubRequest) -> str:
    """What is wrong with the headers, or ""."""
    for name in ("X-Request-Id", "X-Correlation-Id"):
        if not _is_uuid(request.headers.get(name, "")):
            return f"{name} is missing or is no UUID"
    if not _ACCEPT.fullmatch(request.headers.get("Accept", "")):
        return "Accept does not name the version"
    if not _has_identifier([decoded(request, "NHSD-Target-Identifier")]):
        return "NHSD-Target-Identifier is missing or does not hold a value and a system"
    return _described_fault(request)


def _described_fault(request: StubRequest) -> str:
    described = {"NHSD-End-User-Organisation": "Organization", "NHSD-Requesting-Software": "Device"}
    if request.headers.get("NHSD-Requesting-Practitioner") is not None:
        described |= {"NHSD-Requesting-Practitioner": "PractitionerRole"}
    for name, kind in described.items():
        value = decoded(request, name)
        if not isinstance(value, dict) or value.get("resourceType") != kind or not _has_identifier(value.get("identifier")):
            return f"{name} is missing or is no {kind}"
    software = decoded(request, "NHSD-Requesting-Software")
    named = isinstance(software.get("deviceName"), dict) and isinstance(software.get("version"), dict)
    return "" if named and decoded(request, "NHSD-End-User-Organisation").get("name") else "A name or a version is missing"


def decoded(request: StubRequest, name: str) -> Any:
    """The value of a header in base64, or None where it is not one."""
    try:
        return json.loads(base64.b64decode(request.headers.get(name, ""), validate=True))
    except (ValueError, binascii.Error):
        return None


def _has_identifier(identifiers: Any) -> bool:
    if not isinstance(identifiers, list) or not identifiers or not isinstance(identifiers[0], dict):
        return False
    return all(isinstance(identifiers[0].get(part), str) and identifiers[0][part] for part in ("value", "system"))


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True

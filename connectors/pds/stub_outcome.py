"""The OperationOutcome bodies of the PDS stub."""

from __future__ import annotations

from typing import Any

from connectors.stub_routes import StubReply

_SYSTEM = "https://fhir.nhs.uk/R4/CodeSystem/Spine-ErrorOrWarningCode"


def outcome(status: int, code: str, words: str, diagnostics: str = "", *, severity: str = "error", general: str = "value") -> StubReply:
    """One issue with PDS's own code and FHIR's general one."""
    coding = {"system": _SYSTEM, "version": "1", "code": code, "display": words}
    issue: dict[str, Any] = {"severity": severity, "code": general, "details": {"coding": [coding]}}
    if diagnostics:
        issue["diagnostics"] = diagnostics
    return StubReply(status, {"resourceType": "OperationOutcome", "issue": [issue]})

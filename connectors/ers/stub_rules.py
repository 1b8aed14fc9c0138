"""What e-RS demands of a request before it looks anything up: the role with its headers, and the kinds of content."""

from __future__ import annotations

from connectors.ers.documents_apart import outcome, outcome_r4
from connectors.ers.functions import acts_for_another, call_rule
from connectors.stub_routes import StubReply, StubRequest

_FHIR = "application/fhir+json"
_TEXT = "text/plain;charset=utf-8"


def refused(request: StubRequest, call: str) -> StubReply | None:
    """The refusal that a wrong request gets, or None where it may be answered."""
    if not _may(request, call):
        r4 = request.path.startswith("/R4/")
        return StubReply(403, outcome_r4("REC_FORBIDDEN", "forbidden") if r4 else outcome("FORBIDDEN"), mirrored(request))
    if request.headers.get("Accept", _FHIR) not in (_FHIR, "*/*"):
        return StubReply(406, b"Not Acceptable", content_type=_TEXT)
    if request.method == "POST" and request.headers.get_content_type() != _FHIR:
        return StubReply(415, b"Unsupported Media Type", content_type=_TEXT)
    return None


def _may(request: StubRequest, call: str) -> bool:
    """An application names neither organisation nor role, and a user names both, and a role that may ask this; an
    administrator who acts for a clinician names the clinician, and nobody else does."""
    headers, rule = request.headers, call_rule(call)
    organisation, role = headers.get("NHSD-End-User-Organisation-ODS"), headers.get("NHSD-eRS-Business-Function")
    clinician = headers.get("NHSD-eRS-On-Behalf-Of-User-ID")
    if organisation is None and role is None:
        return bool(rule.application) and clinician is None
    names_clinician = rule.on_behalf_of and acts_for_another(role or "")
    return bool(organisation) and role in rule.user and bool(clinician) == names_clinician


def mirrored(request: StubRequest) -> dict[str, str]:
    """The headers that e-RS sends back as they came."""
    names = ("X-Correlation-ID", "X-Request-ID")
    return {name: value for name in names if (value := request.headers.get(name))}

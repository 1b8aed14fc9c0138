"""A small e-RS that serves the practice area's referrals as A005 does; see documents.py for what it writes."""

from __future__ import annotations

from connectors.ers.documents import outcome, referral_request
from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.practice.model import Area

INSTANCE = "ers"
_ROLES = {"REFERRING_CLINICIAN", "REFERRING_CLINICIAN_ADMIN", "SERVICE_PROVIDER_CLINICIAN", "SERVICE_PROVIDER_CLINICIAN_ADMIN"}
_FORBIDDEN = StubReply(403, b"<html><body>Forbidden</body></html>", content_type="text/html")
_OWN_FAULTS = {
    "no_relationship": (422, "NO_RELATIONSHIP"),
    "404": (404, "REFERENCE_NOT_FOUND"),
    "patient_error": (422, "PATIENT_ERROR"),
}
"""What only e-RS says; any other fault is shown as every stub shows it."""


class _Ers:
    def __init__(self, area: Area) -> None:
        self._referrals = {referral.ubrn.value: referral for referral in area.referrals}
        faults = {p.patient.nhs_number: p.faults.get(INSTANCE, "") for p in area.people}
        self._faults = {r.ubrn.value: faults.get(r.nhs_number, "") for r in area.referrals}

    def fault_for(self, request: StubRequest) -> str | None:
        fault = self._faults.get(request.values["ubrn"], "")
        return None if fault in _OWN_FAULTS else fault or None

    def answer(self, request: StubRequest) -> StubReply:
        if not _role_is_right(request):
            return _FORBIDDEN
        ubrn = request.values["ubrn"]
        status, code = _OWN_FAULTS.get(self._faults.get(ubrn, ""), (0, ""))
        referral = self._referrals.get(ubrn)
        if referral is None:
            status, code = 404, "REFERENCE_NOT_FOUND"
        headers = _mirrored(request)
        if status or referral is None:
            return StubReply(status, outcome(code), headers)
        return StubReply(200, referral_request(referral), {**headers, "ETag": 'W/"5"'})


def _role_is_right(request: StubRequest) -> bool:
    """An application names neither organisation nor role; a user names both, and a role that may read."""
    organisation = request.headers.get("NHSD-End-User-Organisation-ODS")
    role = request.headers.get("NHSD-eRS-Business-Function")
    return (organisation is None and role is None) or (bool(organisation) and role in _ROLES)


def _mirrored(request: StubRequest) -> dict[str, str]:
    correlation = request.headers.get("X-Correlation-ID")
    return {"X-Correlation-ID": correlation} if correlation else {}


def serve(area: Area, port: int = 0, instance: str = "ers") -> StubServer:  # noqa: ARG001  # every stub is started alike
    """Starts it on loopback; port 0 takes a free one."""
    ers = _Ers(area)
    route = Route("GET", "/STU3/ReferralRequest/{ubrn}", ers.answer, ers.fault_for)
    return StubServer([route], port=port, base_path="/referrals/FHIR")

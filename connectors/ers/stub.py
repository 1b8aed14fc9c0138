"""A small e-RS that serves the practice area's referrals; see documents.py for what it writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connectors.ers import documents, documents_apart, documents_lists
from connectors.ers.stub_rules import mirrored, refused
from connectors.ers.worklists import OF_PROVIDERS, PATH
from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.pathways.model import Referral, ReferralState, WorklistKind
from helpdesk.practice.model import Area

_OWN_FAULTS = {
    "no_relationship": (422, "NO_RELATIONSHIP"),
    "404": (404, "REFERENCE_NOT_FOUND"),
    "patient_error": (422, "PATIENT_ERROR"),
}
"""What only e-RS says; any other fault is shown as every stub shows it."""


class _Ers:
    def __init__(self, area: Area, instance: str) -> None:
        self._today = area.today
        self._referrals = {referral.ubrn.value: referral for referral in area.referrals}
        self._services = {documents.service_id(r): r for r in area.referrals if r.service}
        self._appointments = {documents.appointment_id(r): r for r in area.referrals if documents.has_appointment(r)}
        faults = {p.patient.nhs_number: p.faults.get(instance, "") for p in area.people}
        self._faults = {r.ubrn.value: faults.get(r.nhs_number, "") for r in area.referrals}

    def fault_for(self, request: StubRequest) -> str | None:
        fault = self._faults.get(request.values["ubrn"], "")
        return None if fault in _OWN_FAULTS else fault or None

    def referral(self, request: StubRequest) -> StubReply:
        referral = self._referrals.get(request.values["ubrn"])
        if request.values.get("version", "5") != "5":
            referral = None
        if referral is not None and referral.advice and referral.state is ReferralState.UNKNOWN:
            return refused(request, "A005") or _error(request, 422, "INVALID_REQUEST_TYPE")
        return self._about(request, "A005", referral, documents.referral_request)

    def advice(self, request: StubRequest) -> StubReply:
        referral = self._referrals.get(request.values["ubrn"])
        if referral is not None and not referral.advice:
            return refused(request, "A024") or _error(request, 422, "INVALID_REQUEST_TYPE")
        return self._about(request, "A024", referral, documents_apart.communication_request)

    def appointment(self, request: StubRequest) -> StubReply:
        referral = self._appointments.get(request.values["id"])
        return self._about(request, "A038", referral, lambda r: documents.appointment(r, documents.appointment_id(r)))

    def _about(self, request: StubRequest, call: str, held: Referral | None, write: Callable[[Referral], dict[str, Any]]) -> StubReply:
        if (refusal := refused(request, call)) is not None:
            return refusal
        if held is None:
            return _error(request, 404, "REFERENCE_NOT_FOUND")
        status, code = _OWN_FAULTS.get(self._faults[held.ubrn.value], (0, ""))
        if status:
            return _error(request, status, code)
        return StubReply(200, write(held), {**mirrored(request), "ETag": 'W/"5"'})

    def codes(self, request: StubRequest) -> StubReply:
        if (refusal := refused(request, "A004")) is not None:
            return refusal
        if request.values["kind"] != "PRIORITY":
            return _error(request, 404, "REFERENCE_NOT_FOUND")
        return StubReply(200, documents_apart.priorities(), mirrored(request))

    def service(self, request: StubRequest) -> StubReply:
        if (refusal := refused(request, "A033")) is not None:
            return refusal
        held = self._services.get(request.values["id"])
        if held is None:
            return StubReply(404, documents_apart.outcome_r4("REC_NOT_FOUND", "not-found"), mirrored(request))
        return StubReply(200, documents_apart.healthcare_service(held), {**mirrored(request), "ETag": 'W/"1"'})

    def worklist(self, request: StubRequest) -> StubReply:
        asked = _asked_list(request.json())
        if asked is None:
            return _error(request, 422, "INVALID_FHIR_STRUCTURE")
        kind, service = asked
        if (refusal := refused(request, kind.value)) is not None:
            return refusal
        if service and kind not in OF_PROVIDERS:
            return _error(request, 422, "UNEXPECTED_FIELD")
        if not service and request.headers.get("NHSD-eRS-Business-Function") is None:
            return _error(request, 422, "MISSING_VALUE")
        states = documents_lists.ON_LIST[kind]
        held = [r for r in self._referrals.values() if r.state in states and service in ("", documents.service_id(r))]
        return StubReply(200, documents_lists.worklist(kind, held, self._today), mirrored(request))


def _asked_list(body: Any) -> tuple[WorklistKind, str] | None:
    """The list and the service that a body asks for, or None where it asks for none."""
    try:
        given = {p["name"]: p for p in body["parameter"]}
        kind = WorklistKind(given["listType"]["valueCodeableConcept"]["coding"][0]["code"])
        return kind, given["service"]["valueIdentifier"]["value"] if "service" in given else ""
    except (KeyError, TypeError, IndexError, ValueError):
        return None


def _error(request: StubRequest, status: int, code: str) -> StubReply:
    return StubReply(status, documents_apart.outcome(code), mirrored(request))


def serve(area: Area, port: int = 0, instance: str = "ers") -> StubServer:
    """Starts it on loopback; port 0 takes a free one."""
    ers = _Ers(area, instance)
    routes = [
        Route("GET", "/STU3/ReferralRequest/{ubrn}", ers.referral, ers.fault_for),
        Route("GET", "/STU3/ReferralRequest/{ubrn}/_history/{version}", ers.referral, ers.fault_for),
        Route("GET", "/STU3/CommunicationRequest/{ubrn}", ers.advice, ers.fault_for),
        Route("GET", "/STU3/Appointment/{id}", ers.appointment),
        Route("GET", "/STU3/CodeSystem/{kind}", ers.codes),
        Route("GET", "/R4/HealthcareService/{id}", ers.service),
        Route("POST", PATH, ers.worklist),
    ]
    return StubServer(routes, port=port, base_path="/referrals/FHIR")

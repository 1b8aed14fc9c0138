"""The e-Referral Service."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from connectors.ers import connect
from connectors.ers.settings import ErsSettings
from connectors.ers.stub import serve
from helpdesk.errors import ConnectorNotPermitted, ConnectorRejected, NotFound
from helpdesk.identifiers import Ubrn
from helpdesk.practice.model import Area
from tests.contract.service import FEW, Call, Service, Wrong, asking


def _connector(address: str) -> Any:
    return connect(ErsSettings(base_url=address, business_function="SERVICE_PROVIDER_CLINICIAN"), asking("ers"))


def _about(body: Any) -> Ubrn | None:
    is_referral = isinstance(body, dict) and body.get("resourceType") == "ReferralRequest"
    return Ubrn(body["id"]) if is_referral else None


def _ubrns(area: Area) -> Iterable[Ubrn]:
    unwell = {person.patient.nhs_number for person in area.people if "ers" in person.faults}
    return [referral.ubrn for referral in area.referrals if referral.nhs_number not in unwell][:FEW]


SERVICE = Service(
    id="ers",
    specification="ers/openapi.json",
    base_path="/referrals/FHIR",
    connect=_connector,
    serve=serve,
    calls=(
        Call(
            "referral",
            lambda ers, ubrn: ers.referral(ubrn),
            ("a005-retrieve-referral-request",),
            Ubrn("000000070000"),
            about=_about,
            holds=lambda referral, body: referral.ubrn.value == body["id"],
            in_area=_ubrns,
        ),
    ),
    documented={
        ("*", 404, "REFERENCE_NOT_FOUND"): NotFound,
        ("*", 422, "NO_RELATIONSHIP"): ConnectorNotPermitted,
        ("*", 422, "PATIENT_ERROR"): ConnectorRejected,
        ("*", 422, "INVALID_REQUEST_TYPE"): ConnectorRejected,
    },
    wrong=(Wrong("unknown-referral", "GET", "/STU3/ReferralRequest/000000000000", 404),),
)

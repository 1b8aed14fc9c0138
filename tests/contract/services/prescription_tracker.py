"""The Clinical Prescription Tracker."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from connectors.prescription_tracker import connect
from connectors.prescription_tracker.settings import PrescriptionTrackerSettings
from connectors.prescription_tracker.stub import serve
from helpdesk.errors import HelpdeskError, NotFound
from helpdesk.identifiers import NhsNumber
from helpdesk.practice.model import Area
from tests.contract.service import QUICK, Amend, Call, Direct, Service, asking, well
from tests.contract.specification import Specification

_INSTANCE = "prescriptions"
_SEARCH, _DETAILS = "clinical-prescription-tracker-bundle", "prescription-details-bundle"
_PATIENT = NhsNumber("9000000009")
_NOT_PUBLISHED = "the response schemas lie in files that are not published beside it; the text and the table of errors stand for them"
_ASKED = {
    "nhsd-session-urid": "555254240100",
    "nhsd-organization-uuid": "555254240100",
    "nhsd-session-jobrole": "S0030:G0100:R0570",
    "X-Request-ID": "60e0b220-8136-4ca5-ae46-1d97ef59d068",
}


def _connector(address: str) -> Any:
    return connect(PrescriptionTrackerSettings(base_url=address, status_days=True, **QUICK), asking(_INSTANCE))


def _in_the_words_of_the_text(document: Any) -> None:
    outcome = {"resourceType": "OperationOutcome", "issue": [{"code": "value", "severity": "error"}]}
    nothing = {"resourceType": "Bundle", "type": "searchset", "total": 0, "entry": []}
    for item in document["paths"].values():
        for status, response in item["get"]["responses"].items():
            kind = "Bundle" if status == "200" else "OperationOutcome"
            response["content"]["application/fhir+json"] = {
                "schema": {"type": "object", "required": ["resourceType"], "properties": {"resourceType": {"enum": [kind]}}},
                "example": nothing if status == "200" else outcome,
            }
    document["components"]["securitySchemes"] = {"nhs-cis2-aal3": {"type": "http", "scheme": "bearer"}}


def _headers_of_both(document: Any) -> None:
    search, details = (item["get"] for item in document["paths"].values())
    details["parameters"] = [*details["parameters"], *(p for p in search["parameters"] if "$ref" in p)]


def _found(operation: str, number: Any, _said: Specification) -> Any:
    """One prescription, so that its details are asked for."""
    if operation != _SEARCH:
        return None
    group = {
        "resourceType": "RequestGroup",
        "identifier": [{"system": "https://fhir.nhs.uk/Id/prescription-order-number", "value": "24F5DA-A83008-7EFE6Z"}],
        "subject": {"identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": str(number)}},
        "authoredOn": "2026-11-01T09:00:00+00:00",
    }
    return {"resourceType": "Bundle", "type": "searchset", "total": 1, "entry": [{"resource": group}]}


def _left_out(_error: type[HelpdeskError]) -> None:
    """A prescription without the day of its status is still true."""


def _numbers(area: Area) -> Iterable[NhsNumber]:
    return [*[n for n in area.prescriptions if area.prescriptions[n]][:6], *[p.patient.nhs_number for p in well(area, _INSTANCE)][:3]]


SERVICE = Service(
    id="prescription_tracker",
    specification="eps-tracker/eps-clinical-prescription-tracker-api.yaml",
    base_path="/clinical-prescription-tracker",
    connect=_connector,
    serve=lambda area: serve(area, instance=_INSTANCE),
    calls=(
        Call(
            "prescriptions",
            lambda tracker, number: tracker.prescriptions(number),
            (_SEARCH,),
            _PATIENT,
            also=(_DETAILS,),
            holds=lambda found, _body: found == (),
            in_area=_numbers,
        ),
        Call(
            "day-of-each-status",
            lambda tracker, number: tracker.prescriptions(number),
            (_DETAILS,),
            _PATIENT,
            also=(_SEARCH,),
            others=_found,
            failing=_left_out,
            holds=lambda found, _body: len(found) == 1,
            in_area=_numbers,
        ),
    ),
    documented={("*", 404, "not-found"): NotFound},
    direct=(
        Direct("neither-number-nor-id", "GET", "/RequestGroup", 400, _ASKED),
        Direct("number-that-is-none", "GET", "/RequestGroup?nhsNumber=9000000000", 400, _ASKED),
    ),
    amends=(
        Amend(_NOT_PUBLISHED, _in_the_words_of_the_text),
        Amend("the details are asked by the same healthcare worker, with headers that this operation leaves out", _headers_of_both),
    ),
)

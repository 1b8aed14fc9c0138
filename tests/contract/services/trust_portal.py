"""A trust's portal by the producer standard of the Patient Care Aggregator."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from connectors.trust_portal import connect
from connectors.trust_portal.settings import TrustPortalSettings
from connectors.trust_portal.stub import serve
from helpdesk.errors import ConnectorNotPermitted, ConnectorRejected
from helpdesk.identifiers import NhsNumber
from helpdesk.practice.model import Area
from tests.contract.service import QUICK, Amend, Call, Direct, Odd, Service, asking, well
from tests.contract.specification import Specification

_INSTANCE = "thornmere_portal"
_APPOINTMENTS, _TASKS = "get-appointments", "get-tasks"
_SOMEBODY = "patient:identifier=https://fhir.nhs.uk/Id/nhs-number%7C9000000009"
_ASKED = {"X-Correlation-ID": "c93e2449-a2ef-4476-ad15-13491036be22", "NHSD-ID-Token": "YS5iLmM="}
_NONE = {"resourceType": "Bundle", "type": "searchset", "total": 0}


def _connector(address: str) -> Any:
    """Each path by itself, so that an error of one is not hidden by the other."""

    def with_paths(**paths: str) -> Any:
        return connect(TrustPortalSettings(base_url=address, **paths, **QUICK), asking(_INSTANCE))

    return {"both": with_paths(), _APPOINTMENTS: with_paths(task_path=""), _TASKS: with_paths(appointment_path="")}


def _numbers(area: Area) -> Iterable[NhsNumber]:
    held = area.activity_of(_INSTANCE)
    return [*[n for n in held if held[n]][:8], *[person.patient.nhs_number for person in well(area, _INSTANCE)][:3]]


def _patients(body: Any) -> set[str]:
    """The NHS numbers of the patients that a bundle speaks of."""
    found = set()
    for entry in body.get("entry", ()) if isinstance(body, dict) else ():
        resource = entry["resource"]
        actors = [p["actor"] for p in resource.get("participant", ())] + [resource.get("for", {})]
        found |= {a["identifier"]["value"] for a in actors if a.get("type") == "Patient"}
    return found


def _about(body: Any) -> NhsNumber | None:
    number = next(iter(_patients(body)), "")
    return NhsNumber(number) if number[9:] and NhsNumber.check_digit(number[:9]) == number[9:] else None


def _holds(found: Any, body: Any) -> bool:
    return len(found.items) <= len(body.get("entry", ())) and bool(found.items) == bool(body.get("entry"))


def _bundles(document: Any) -> None:
    """An OperationOutcome among what was found names a source that failed, as the aggregator's own document has it."""
    for name in ("appointmentsHappyPath", "questionnaireHappyPath"):
        media = document["components"]["responses"][name]["content"]["application/fhir+json"]
        either = {"anyOf": [media["schema"], {"$ref": "#/components/schemas/OperationOutcome"}]}
        entry = {"type": "object", "required": ["resource"], "properties": {"resource": either}}
        media["schema"] = {
            "type": "object",
            "required": ["resourceType", "type"],
            "properties": {
                "resourceType": {"type": "string", "enum": ["Bundle"]},
                "type": {"type": "string", "enum": ["searchset"]},
                "entry": {"type": "array", "items": entry},
            },
        }


def _with_a_number(body: Any) -> Any:
    return json.loads(json.dumps(body).replace("9000000001", "9000000009"))


def _none(_operation: str, _number: Any, _said: Specification) -> Any:
    return _NONE


def _activity(operation: str) -> Call:
    return Call(
        f"activity-{operation}",
        lambda portal, number: portal[operation].activity(number),
        (operation,),
        NhsNumber("9000000009"),
        about=_about,
        holds=_holds,
        in_area=_numbers,
    )


SERVICE = Service(
    id="trust_portal",
    specification="patient-care-aggregator/producer-openapi.json",
    base_path="",
    connect=_connector,
    serve=lambda area: serve(area, instance=_INSTANCE),
    calls=(
        _activity(_APPOINTMENTS),
        _activity(_TASKS),
        Call(
            "activity",
            lambda portal, number: portal["both"].activity(number),
            (_APPOINTMENTS, _TASKS),
            NhsNumber("9000000009"),
            about=_about,
            others=_none,
            failing=lambda _error: None,
            holds=lambda found, _body: not found.missing,
            in_area=_numbers,
        ),
    ),
    amends=(Amend("its schema is of one resource; each of its examples is a searchset of them", _bundles),),
    odd=(Odd(_TASKS, 200, "questionnaire", "the patient's number has a wrong check digit; put right here", mend=_with_a_number),),
    documented={
        ("*", 403, "forbidden"): ConnectorNotPermitted,
        ("*", 404, "not-found"): ConnectorRejected,
    },
    direct=(
        Direct("no-headers", "GET", f"/Appointment?{_SOMEBODY}", 401),
        Direct("no-number", "GET", "/Appointment", 400, _ASKED),
        Direct("number-of-another-system", "GET", "/Task?patient:identifier=9000000009", 400, _ASKED),
    ),
)

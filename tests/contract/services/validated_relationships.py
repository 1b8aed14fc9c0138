"""The Validated Relationships Service."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from connectors.validated_relationships import connect
from connectors.validated_relationships.settings import ValidatedRelationshipsSettings
from connectors.validated_relationships.stub import serve
from helpdesk.errors import ConnectorUnavailable, NumberNoLongerUsed
from helpdesk.identifiers import NhsNumber
from helpdesk.practice.model import Area
from tests.contract.service import NOW, QUICK, Amend, Call, Direct, Odd, Service, asking, well

_ID, _INSTANCE = "validated_relationships", "nhs_proxies"
_ASKED = {"X-Request-ID": "60e0b220-8136-4ca5-ae46-1d97ef59d068"}
_NO_NUMBER = "the patient's number has a wrong check digit, so the desk can never ask about it; put right here"
_OF_SEVERAL = "asked by performer: it holds consents of several patients, and the desk asks about one"


def _connector(address: str) -> Any:
    return connect(ValidatedRelationshipsSettings(base_url=address, **QUICK), asking(_INSTANCE))


def _consents(body: Any) -> list[dict[str, Any]]:
    return [e["resource"] for e in body.get("entry", ()) if e["resource"]["resourceType"] == "Consent"]


def _about(body: Any) -> NhsNumber | None:
    found = _consents(body) if isinstance(body, dict) and body.get("resourceType") == "Bundle" else []
    number = found[0]["patient"]["identifier"]["value"] if found else ""
    return NhsNumber(number) if number[9:] and NhsNumber.check_digit(number[:9]) == number[9:] else None


def _days_too(document: Any) -> None:
    """Takes `format: date-time` from the ends of every period."""
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            period = node.get("period")
            for end in (period.get("properties") or {}).values() if isinstance(period, dict) else ():
                end.pop("format", None)
        waiting += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()


def _with_a_number(body: Any) -> Any:
    patient = str(_consents(body)[0]["patient"]["identifier"]["value"])
    return json.loads(json.dumps(body).replace(patient, "9000000009"))


def _are_those_in_force(proxies: Any, body: Any) -> bool:
    today = NOW.date().isoformat()
    wanted = 0
    for consent in _consents(body):
        period = consent["provision"]["period"]
        in_period = period.get("start", today)[:10] <= today <= period.get("end", today)[:10]
        if consent["status"] == "active" and consent["provision"]["type"] == "permit" and in_period:
            wanted += 1
    return len(proxies) == wanted


def _numbers(area: Area) -> Iterable[NhsNumber]:
    unwell = {person.patient.nhs_number for person in area.people if _INSTANCE in person.faults}
    return [*[n for n in area.proxies if n not in unwell], *[person.patient.nhs_number for person in well(area, _INSTANCE)][:3]]


def _refused(name: str, status: int, query: str, headers: Any = None) -> Direct:
    return Direct(name, "GET", f"/Consent{query}", status, _ASKED if headers is None else headers)


SERVICE = Service(
    id=_ID,
    specification="vrs/openapi.json",
    base_path="/validated-relationships/FHIR/R4",
    connect=_connector,
    serve=lambda area: serve(area, instance=_INSTANCE),
    calls=(
        Call(
            "proxies",
            lambda service, number: service.proxies(number),
            ("get-consent",),
            NhsNumber("9000000009"),
            about=_about,
            holds=_are_those_in_force,
            in_area=_numbers,
        ),
    ),
    amends=(Amend("the schema wants a date with a time at both ends of a period; every example of it prints a date", _days_too),),
    documented={("get-consent", 404, "INVALIDATED_RESOURCE"): NumberNoLongerUsed},
    odd=(
        *(
            Odd("get-consent", 200, f"ConsentMultipleRelationships{name}Bundle", _OF_SEVERAL, ConnectorUnavailable)
            for name in (
                "StatusActive",
                "StatusInactive",
                "StatusProposedActive",
                "",
                "IncludePatient",
                "IncludePerformer",
                "IncludePerformerPatient",
            )
        ),
        *(
            Odd("get-consent", 200, f"Consent{name}Bundle", _NO_NUMBER, mend=_with_a_number)
            for name in (
                "SingleConsentingAdultRelationship",
                "SingleConsentingAdultRelationshipIncludePerformerPatient",
                "MultipleRelationshipsSinglePatient",
            )
        ),
        Odd("get-consent", 200, "schema", "made from the schema, it is of no real patient", ConnectorUnavailable),
    ),
    direct=(
        _refused("no-identifier", 400, ""),
        _refused("number-that-is-none", 422, "?patient:identifier=9000000000"),
        _refused("identifier-of-another-system", 422, "?patient:identifier=https://example.org/id|9000000009"),
        _refused("unknown-status", 422, "?patient:identifier=9000000009&status=test"),
        _refused("unknown-include", 422, "?patient:identifier=9000000009&_include=Consent:actor"),
        _refused("no-request-id", 422, "?patient:identifier=9000000009", {}),
    ),
)

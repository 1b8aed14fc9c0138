"""The Patient Care Aggregator itself, which shows what the trusts' portals do; asked by the same connector."""

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
from tests.contract.service import QUICK, Amend, Call, Odd, Service, asking, well

_INSTANCE = "thornmere_portal"
_EVENTS = "get-referrals-and-bookings"
_TAKEN = ("ServiceRequest", "Appointment", "QuestionnaireResponse")
_PATIENT = "9000000009"


def _connector(address: str) -> Any:
    return connect(TrustPortalSettings(base_url=address, shape="aggregator", **QUICK), asking(_INSTANCE))


def _numbers(area: Area) -> Iterable[NhsNumber]:
    held = area.activity_of(_INSTANCE)
    return [*[n for n in held if held[n]][:8], *[person.patient.nhs_number for person in well(area, _INSTANCE)][:3]]


def _plans(body: Any) -> list[Any]:
    is_bundle = isinstance(body, dict) and body.get("resourceType") == "Bundle"
    return [e["resource"] for e in body.get("entry", ()) if e["resource"]["resourceType"] == "CarePlan"] if is_bundle else []


def _number_in(body: Any) -> str:
    return next((str(plan["subject"]["identifier"]["value"]) for plan in _plans(body)), "")


def _has_no_number(body: Any) -> bool:
    number = _number_in(body)
    return bool(number) and NhsNumber.check_digit(number[:9]) != number[9:]


def _with_a_number(body: Any) -> Any:
    return json.loads(json.dumps(body).replace(_number_in(body), _PATIENT))


def _about(body: Any) -> NhsNumber | None:
    return NhsNumber(_number_in(body)) if _number_in(body) else None


def _holds(found: Any, body: Any) -> bool:
    """Each wait that has an identifier, and each referral, appointment and questionnaire; a source that failed is named."""
    held = sum(bool(plan.get("identifier")) for plan in _plans(body))
    held += sum(activity["detail"]["kind"] in _TAKEN for plan in _plans(body) for activity in plan.get("activity", ()))
    failed = [e["resource"] for e in body.get("entry", ()) if e["resource"]["resourceType"] == "OperationOutcome"]
    severe = any("issue" not in outcome or any(issue["severity"] == "error" for issue in outcome["issue"]) for outcome in failed)
    return len(found.items) <= held and bool(found.items) == bool(held) and (bool(found.missing) or not severe)


def _is_a_part(body: Any) -> bool:
    return isinstance(body, dict) and "resourceType" not in body


def _in_a_bundle(part: Any) -> Any:
    """A part of an answer where the answer has it: an entry, or an activity of a plan."""
    plan = {"resourceType": "CarePlan", "status": "active", "intent": "order", "activity": [part]}
    plan["subject"] = {"type": "Patient", "identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": _PATIENT}}
    entry = part if "fullUrl" in part else {"search": {"mode": "match"}, "resource": plan}
    return {"resourceType": "Bundle", "type": "searchset", "total": 1, "entry": [entry]}


def _a_plain_link(document: Any) -> None:
    waiting = [document]
    while waiting:
        node = waiting.pop()
        url = node.get("properties", {}).get("url", {}) if isinstance(node, dict) and isinstance(node.get("properties"), dict) else {}
        if isinstance(url, dict) and any(str(name).endswith("Extension-Portal-Link") for name in url.get("enum", ())):
            node["required"] = [name for name in node.get("required", ()) if name != "extension"]
        waiting += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()


SERVICE = Service(
    id="portal_aggregator",
    specification="patient-care-aggregator/consumer-openapi.json",
    base_path="/patient-care-aggregator-api",
    connect=_connector,
    serve=lambda area: serve(area, instance=_INSTANCE),
    calls=(
        Call(
            "activity",
            lambda aggregator, number: aggregator.activity(number),
            (_EVENTS,),
            NhsNumber(_PATIENT),
            about=_about,
            holds=_holds,
            in_area=_numbers,
        ),
    ),
    documented={
        ("*", 403, "forbidden"): ConnectorNotPermitted,
        ("*", 404, "not-found"): ConnectorRejected,
    },
    amends=(Amend("its schema wants an extension inside a portal's link; none of its examples has one", _a_plain_link),),
    odd=(
        Odd(_EVENTS, 200, "", "printed as a part of an answer", mend=_in_a_bundle, when=_is_a_part),
        Odd(_EVENTS, 200, "", "the patient's number has a wrong check digit; put right here", mend=_with_a_number, when=_has_no_number),
    ),
)

"""The documents that the e-RS stub sends, in the shape of A005 with its deviations.

They hold what the desk must not take (priority, reason, comments, an attachment), so that a mapping that took it would show.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from helpdesk.clock import LONDON
from helpdesk.pathways.model import NextEvent, Referral, ReferralState

_EXTENSION = "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-eRS"
_SYSTEM = "https://fhir.nhs.uk/STU3/CodeSystem/eRS"
_NHS_NUMBER = "http://fhir.nhs.net/Id/nhs-number"
_WITH_REASON = {
    ReferralState.DEFERRED_TO_PROVIDER: "NO_SLOTS_AT_SERVICE",
    ReferralState.REJECTED: "INAPPROPRIATE_REFERRAL",
}


def referral_request(referral: Referral) -> dict[str, Any]:
    document: dict[str, Any] = {
        "resourceType": "ReferralRequest",
        "id": referral.ubrn.value,
        "meta": {"versionId": "5", "profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/eRS-ReferralRequest-1"]},
        "extension": _extensions(referral),
        "contained": [_criteria(referral), _shortlist(referral), _attachment()],
        "status": "active",
        "intent": "plan",
        "subject": {"identifier": {"system": _NHS_NUMBER, "value": referral.nhs_number.value}},
        "supportingInfo": [{"reference": "#DocumentReference-1"}],
        "identifier": [{"system": "https://fhir.nhs.uk/Id/ers-request-id", "value": f"r.{uuid5(NAMESPACE_OID, referral.ubrn.value)}"}],
    }
    if referral.specialty:
        coding = {"system": "_baseUrl_/STU3/CodeSystem/SPECIALTY", "code": _code(referral.specialty), "display": referral.specialty}
        document["specialty"] = {"coding": [coding]}
    if referral.next_event is not None:
        document["contained"].append(_appointment(referral, referral.next_event))
    return document


def outcome(code: str) -> dict[str, Any]:
    coding = {"system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-APIErrorCode-1", "code": code}
    issue = {"severity": "error", "code": "business-rule", "details": {"coding": [coding]}, "diagnostics": "Stub"}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def _code(name: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in name.upper())


def _extensions(referral: Referral) -> list[dict[str, Any]]:
    priority = {"coding": [{"system": f"{_SYSTEM}-Priority-1", "code": "ROUTINE", "display": "Routine"}]}
    commissioner = {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "XICB"}
    extensions = [
        {"url": f"{_EXTENSION}-Commissioning-Rule-Org-1", "valueIdentifier": commissioner},
        {"url": f"{_EXTENSION}-ReferralPriority-1", "valueCodeableConcept": priority},
        {"url": f"{_EXTENSION}-ReferralShortlist-1", "valueReference": {"reference": "#shortlist"}},
        _state(referral.state),
    ]
    if referral.clock_start is not None:
        noon = datetime.combine(referral.clock_start, time(12), tzinfo=LONDON)
        extensions.append({"url": f"{_EXTENSION}-eReferralPathwayStart-1", "valueInstant": _instant(noon)})
    if referral.next_event is not None:
        extensions.append({"url": f"{_EXTENSION}-Appointment-1", "valueReference": {"reference": "#appointment"}})
    return extensions


def _state(state: ReferralState) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [{"url": "state", "valueCoding": {"system": f"{_SYSTEM}-ReferralState-1", "code": state.value}}]
    if state in _WITH_REASON:
        parts.append({"url": "reason", "valueCoding": {"system": f"{_SYSTEM}-ReviewReason-1", "code": _WITH_REASON[state]}})
        parts.append({"url": "comments", "valueString": "A comment between clinicians that is not for this desk."})
    return {"url": f"{_EXTENSION}-ReferralState-1", "extension": parts}


def _criteria(referral: Referral) -> dict[str, Any]:
    given: list[dict[str, Any]] = [{"name": "priority", "valueCoding": {"system": f"{_SYSTEM}-Priority-1", "code": "ROUTINE"}}]
    if referral.specialty:
        given.append({"name": "specialty", "valueCoding": {"code": _code(referral.specialty)}})
    return {"resourceType": "Parameters", "id": "serviceSearchCriteria", "parameter": given}


def _shortlist(referral: Referral) -> dict[str, Any]:
    item = {"identifier": {"system": "http://fhir.nhs.net/Id/ers-service", "value": "11002"}, "display": referral.service}
    entry = [{"item": item}] if referral.service else []
    return {"resourceType": "List", "id": "shortlist", "status": "current", "mode": "snapshot", "entry": entry}


def _attachment() -> dict[str, Any]:
    return {
        "resourceType": "DocumentReference",
        "id": "DocumentReference-1",
        "status": "current",
        "description": "A letter that is not for this desk",
        "content": [{"attachment": {"id": "1", "contentType": "application/pdf", "title": "letter.pdf"}}],
    }


def _appointment(referral: Referral, event: NextEvent) -> dict[str, Any]:
    start = datetime.combine(event.day, event.time or time(9), tzinfo=LONDON)
    service = {"system": "http://fhir.nhs.net/Id/ers-service", "value": "11002"}
    clinician_kind = {"coding": [{"system": "http://hl7.org/fhir/ValueSet/encounter-participant-type", "code": "CON"}]}
    return {
        "resourceType": "Appointment",
        "id": "appointment",
        "status": "booked",
        "description": "e-Referral Appointment",
        "start": _instant(start),
        "end": _instant(start),
        "participant": [
            {"actor": {"identifier": service, "display": referral.service or event.place}, "status": "accepted"},
            {"actor": {"identifier": {"system": _NHS_NUMBER, "value": referral.nhs_number.value}}, "status": "accepted"},
            {"type": clinician_kind, "actor": {"identifier": {"system": "http://fhir.nhs.net/Id/sds-user-id"}}, "status": "accepted"},
        ],
    }


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

"""The documents that the tracker's stub sends.

They hold what the desk must not take (a medicine, its dose, names, addresses), so that a mapping that took it would show.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from connectors.fhir import NHS_NUMBER
from connectors.prescription_tracker.codes import coding_of
from connectors.prescription_tracker.mapping import PRESCRIPTION_ID
from helpdesk.patients.model import Patient
from helpdesk.primary_care.model import Prescription, PrescriptionStatus

_EXTENSION = "https://fhir.nhs.uk/StructureDefinition/Extension"
_ERRORS = "https://fhir.nhs.uk/CodeSystem/http-error-codes"
_MEDICINE = "A medicine that is not for this desk"
_ISSUES = {
    400: ("value", "BAD_REQUEST", "400: The Server was unable to process the request."),
    404: ("not-found", "NOT_FOUND", "404: The Server was unable to find the specified resource."),
}


def outcome(status: int, diagnostics: str) -> dict[str, Any]:
    code, detail, display = _ISSUES[status]
    coding = {"system": _ERRORS, "code": detail, "display": display}
    issue = {"code": code, "severity": "error", "diagnostics": diagnostics, "details": {"coding": [coding]}}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def bundle(patient: Patient | None, others: Sequence[dict[str, Any]], groups: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A search set: the patient first, where there is anything to say."""
    included = [patient_document(patient), *others] if patient is not None and groups else []
    entries = [_entry(r, "include") for r in included] + [_entry(r, "match") for r in groups]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(groups), "entry": entries}


def patient_document(patient: Patient) -> dict[str, Any]:
    name = {"family": patient.name.family.upper(), "given": [given.upper() for given in patient.name.given]}
    identifier = {"system": NHS_NUMBER, "value": patient.nhs_number.value}
    return {"resourceType": "Patient", "id": _uuid(patient.nhs_number.value), "identifier": [identifier], "name": [name]}


def request_group(held: Prescription, prescription_id: str, patient: Patient) -> dict[str, Any]:
    status = {"url": "status", "valueCoding": coding_of(held.status)}
    cancelling = held.status == PrescriptionStatus.BEING_CANCELLED
    pending = [
        {"url": "prescriptionPendingCancellation", "valueBoolean": cancelling},
        {"url": "lineItemPendingCancellation", "valueBoolean": False},
    ]
    if cancelling:
        status["valueCoding"] = coding_of(PrescriptionStatus.APPROVED)
    return {
        "resourceType": "RequestGroup",
        "id": _uuid(f"{prescription_id}/{held.issue}"),
        "identifier": [{"system": PRESCRIPTION_ID, "value": prescription_id}],
        "subject": {"reference": f"urn:uuid:{_uuid(patient.nhs_number.value)}"},
        "status": "active",
        "intent": "reflex-order" if held.issue else "order",
        **({"authoredOn": _at(held.day)} if held.day else {}),
        "extension": [
            {"url": f"{_EXTENSION}-EPS-PrescriptionStatusHistory", "extension": [status]},
            *_repeats(held.issue),
            {"url": f"{_EXTENSION}-PendingCancellation", "extension": pending},
        ],
    }


def detailed(held: Prescription, prescription_id: str, patient: Patient) -> dict[str, Any]:
    """The clinical view of one prescription: the medicine, and each step that it has taken."""
    group = request_group(held, prescription_id, patient)
    steps = [(PrescriptionStatus.APPROVED.value, held.day), (held.status, held.since or held.day)]
    transitions = [_step(status, day) for status, day in steps if day]
    group["action"] = [{"title": "Prescription status transitions", "action": transitions}]
    medicine = {
        "resourceType": "MedicationRequest",
        "id": _uuid(f"{prescription_id}/medicine"),
        "subject": group["subject"],
        "status": "active",
        "intent": group["intent"],
        "medicationCodeableConcept": {"text": _MEDICINE},
    }
    return bundle(patient, [medicine], [group])


def _step(status: str, day: date) -> dict[str, Any]:
    return {"title": "A step", "timingDateTime": _at(day, "09:00:00"), "code": [{"coding": [coding_of(status)]}]}


def _repeats(issue: str) -> list[dict[str, Any]]:
    number, _, of = issue.partition(" of ")
    if not (number.isdigit() and of.isdigit()):
        return []
    parts = [{"url": "numberOfRepeatsIssued", "valueInteger": int(number)}, {"url": "numberOfRepeatsAllowed", "valueInteger": int(of)}]
    return [{"url": f"{_EXTENSION}-EPS-RepeatInformation", "extension": parts}]


def _entry(resource: dict[str, Any], mode: str) -> dict[str, Any]:
    return {"fullUrl": f"urn:uuid:{resource['id']}", "search": {"mode": mode}, "resource": resource}


def _at(day: date, time: str = "00:00:00") -> str:
    return f"{day.isoformat()}T{time}.000Z"


def _uuid(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"prescription-tracker:{name}"))

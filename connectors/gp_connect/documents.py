"""The documents that the GP Connect stub sends, in the shape of version 1.2.7.

They hold what the desk must not take (description, comment, who booked), so that a mapping that took it would show.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from helpdesk.identifiers import NhsNumber
from helpdesk.primary_care.model import PracticeAppointment

_STU3 = "https://fhir.nhs.uk/STU3"


def bundle(resources: Iterable[dict[str, Any]]) -> dict[str, Any]:
    entries = [{"fullUrl": f"{r['resourceType']}/{r['id']}", "resource": r} for r in resources]
    return {"resourceType": "Bundle", "type": "searchset", "entry": entries} if entries else {"resourceType": "Bundle", "type": "searchset"}


def patient(logical_id: str, number: NhsNumber) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": logical_id,
        "meta": {"versionId": "1", "profile": [f"{_STU3}/StructureDefinition/CareConnect-GPC-Patient-1"]},
        "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": number.value}],
        "active": True,
    }


def location(logical_id: str, name: str) -> dict[str, Any]:
    return {
        "resourceType": "Location",
        "id": logical_id,
        "meta": {"versionId": "1", "profile": [f"{_STU3}/StructureDefinition/CareConnect-GPC-Location-1"]},
        "name": name,
    }


def appointment(logical_id: str, patient_id: str, location_id: str, held: PracticeAppointment) -> dict[str, Any]:
    booked_by = {"resourceType": "Organization", "id": "1", "name": "The organisation that booked, which is not the place"}
    actors = [f"Patient/{patient_id}", *([f"Location/{location_id}"] if location_id else [])]
    return {
        "resourceType": "Appointment",
        "id": logical_id,
        "meta": {"versionId": "1", "profile": [f"{_STU3}/StructureDefinition/GPConnect-Appointment-1"]},
        "contained": [booked_by],
        "extension": [
            {"url": f"{_STU3}/StructureDefinition/Extension-GPConnect-BookingOrganisation-1", "valueReference": {"reference": "#1"}}
        ],
        "status": held.status,
        "description": "A description that is not for this desk",
        "comment": "A comment that is not for this desk",
        "start": held.start.isoformat(timespec="seconds"),
        "participant": [{"actor": {"reference": actor}, "status": "accepted"} for actor in actors],
    }


def outcome(code: str, kind: str, diagnostics: str = "Stub") -> dict[str, Any]:
    coding = {"system": f"{_STU3}/CodeSystem/Spine-ErrorOrWarningCode-1", "code": code}
    issue = {"severity": "error", "code": kind, "details": {"coding": [coding]}, "diagnostics": diagnostics}
    return {
        "resourceType": "OperationOutcome",
        "meta": {"profile": [f"{_STU3}/StructureDefinition/GPConnect-OperationOutcome-1"]},
        "issue": [issue],
    }

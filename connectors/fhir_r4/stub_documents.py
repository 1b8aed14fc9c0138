"""The R4 resources of the stub, each written from one activity of the practice area."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from connectors.fhir import NHS_NUMBER, ODS_CODE
from connectors.fhir_activity import CARE_PATHWAY, MEDIUM, PRIORITY, REVIEW_DUE, SPECIALTY, UBRN
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus

LOCAL = "https://stub.invalid/Id/pathway"
_EXTENSION = "https://fhir.nhs.uk/StructureDefinition/"
_ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
_TEST = {"coding": [{"system": "http://snomed.info/sct", "code": "363679005"}]}
_S = ActivityStatus

_APPOINTMENT = {
    _S.TO_BOOK: "proposed",
    _S.BOOKED: "booked",
    _S.ARRIVED: "arrived",
    _S.ATTENDED: "fulfilled",
    _S.CANCELLED: "cancelled",
    _S.MISSED: "noshow",
}
_REQUEST = {_S.ACTIVE: "active", _S.TO_BOOK: "active", _S.CANCELLED: "revoked", _S.ENDED: "completed"}
_STAY = {_S.BOOKED: "planned", _S.ARRIVED: "arrived", _S.ACTIVE: "in-progress", _S.CANCELLED: "cancelled", _S.ENDED: "finished"}
_VISIT = {_S.ARRIVED: "arrived", _S.ATTENDED: "finished", _S.CANCELLED: "cancelled"}
_TASK = {_S.ACTIVE: "requested", _S.CANCELLED: "cancelled", _S.ENDED: "completed"}
_MEDIA = {"by video": "VIDEO_CONSULTATION", "by telephone": "TELEPHONE", "by video or telephone": "VIRTUAL"}


def patient(logical_id: str, number: NhsNumber) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": logical_id, "identifier": [{"system": NHS_NUMBER, "value": number.value}]}


def location(logical_id: str, name: str) -> dict[str, Any]:
    return {"resourceType": "Location", "id": logical_id, "name": name}


def resource_of(item: Activity, patient_id: str, location_id: str) -> dict[str, Any]:
    """The resource that carries this fact in R4. What R4 has no word for takes the nearest one."""
    whole = _general(item) | _own(item, {"reference": f"Patient/{patient_id}"}, location_id)
    return {name: value for name, value in whole.items() if value not in (None, [], {})}


def _own(item: Activity, whose: dict[str, str], location_id: str) -> dict[str, Any]:
    match item.kind:
        case ActivityKind.REFERRAL:
            return _service_request(item, whose, [])
        case ActivityKind.DIAGNOSTIC if item.referred:
            return _service_request(item, whose, [_TEST])
        case ActivityKind.DIAGNOSTIC:
            return _appointment(item, whose, location_id) | {"serviceCategory": [_TEST]}
        case ActivityKind.ADMISSION if item.start and item.status in _STAY:
            return _encounter(item, whose, location_id, "IMP", _STAY[item.status])
        case ActivityKind.ATTENDANCE:
            return _encounter(item, whose, location_id, _class(item), _VISIT.get(item.status, "unknown"))
        case ActivityKind.WAITING:
            return _care_plan(item, whose)
        case ActivityKind.TASK:
            return _task(item, whose)
        case _:
            return _appointment(item, whose, location_id)


def _general(item: Activity) -> dict[str, Any]:
    urgent = {"system": "https://fhir.nhs.uk/CodeSystem/eRS-Priority", "code": "TWO_WEEK_WAIT"}
    due = item.due.isoformat() if item.due else ""
    extensions = [
        {"url": f"{_EXTENSION}{MEDIUM}", "valueCode": _MEDIA[item.medium]} if item.medium in _MEDIA else None,
        {"url": f"{_EXTENSION}{PRIORITY}", "valueCoding": urgent} if item.ask_team else None,
        {"url": f"{_EXTENSION}{REVIEW_DUE}", "valueDate": due} if due else None,
    ]
    pathway = f"{item.pathway_id.issuer}~{item.pathway_id.value}" if item.pathway_id else ""
    held = {UBRN: item.ubrn.value if item.ubrn else "", CARE_PATHWAY: pathway, LOCAL: item.local_id}
    return {
        "id": item.id,
        "meta": {"lastUpdated": _instant(item.as_at)} if item.as_at else None,
        "extension": [e for e in extensions if e],
        "identifier": [{"system": system, "value": value} for system, value in held.items() if value],
    }


def _appointment(item: Activity, whose: dict[str, str], location_id: str) -> dict[str, Any]:
    actors = [whose, {"reference": f"Location/{location_id}"}] if location_id else [whose]
    classes = {ActivityKind.ADMISSION: "IMP"}.get(item.kind, "HH" if item.medium == "at home" else "")
    return {
        "resourceType": "Appointment",
        "status": _APPOINTMENT.get(item.status, "pending"),
        "appointmentType": {"coding": [{"system": _ACT_CODE, "code": classes}]} if classes else None,
        "specialty": _specialty(item),
        "start": _instant(item.start) if item.start else None,
        "end": _instant(item.start) if item.start else None,
        "participant": [{"actor": actor, "status": "accepted"} for actor in actors],
    }


def _service_request(item: Activity, whose: dict[str, str], category: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "resourceType": "ServiceRequest",
        "status": _REQUEST.get(item.status, "unknown"),
        "intent": "order",
        "category": [*category, *_specialty(item)],
        "subject": whose,
        "authoredOn": item.referred.isoformat() if item.referred else None,
        "performer": [_organisation(item)] if item.provider else None,
    }


def _encounter(item: Activity, whose: dict[str, str], location_id: str, kind: str, status: str) -> dict[str, Any]:
    return {
        "resourceType": "Encounter",
        "status": status,
        "class": {"system": _ACT_CODE, "code": kind},
        "serviceType": next(iter(_specialty(item)), None),
        "subject": whose,
        "period": {"start": _moment(item.start)} if item.start else None,
        "location": [{"location": {"reference": f"Location/{location_id}"}}] if location_id else None,
        "serviceProvider": _organisation(item) if item.provider else None,
    }


def _care_plan(item: Activity, whose: dict[str, str]) -> dict[str, Any]:
    return {
        "resourceType": "CarePlan",
        "status": _REQUEST.get(item.status, "unknown"),
        "intent": "order",
        "category": [{"coding": [{"system": "https://stub.invalid/CodeSystem/plans", "code": "waiting-list"}]}, *_specialty(item)],
        "subject": whose,
        "period": {"start": item.clock_start.isoformat()} if item.clock_start else None,
        "author": _organisation(item) if item.provider else None,
    }


def _task(item: Activity, whose: dict[str, str]) -> dict[str, Any]:
    questionnaire = {"system": "http://hl7.org/fhir/uv/sdc/CodeSystem/temp", "code": "complete-questionnaire"}
    return {
        "resourceType": "Task",
        "status": _TASK.get(item.status, "on-hold"),
        "intent": "plan",
        "code": {"coding": [questionnaire, *(c for concept in _specialty(item) for c in concept["coding"])]},
        "for": whose,
        "authoredOn": _moment(item.start) if item.start else None,
        "owner": _organisation(item) if item.provider else whose,
    }


def _specialty(item: Activity) -> list[dict[str, Any]]:
    coded = {"system": SPECIALTY, "code": item.specialty.code, "display": item.specialty.name}
    return [{"coding": [coded]}] if item.specialty.code else []


def _organisation(item: Activity) -> dict[str, Any]:
    return {"type": "Organization", "identifier": {"system": ODS_CODE, "value": str(item.provider)}}


def _class(item: Activity) -> str:
    return {"at home": "HH", "by video or telephone": "VR"}.get(item.medium, "AMB")


def _moment(moment: date | datetime) -> str:
    return moment.isoformat()


def _instant(moment: date | datetime) -> str:
    """Appointment.start and meta.lastUpdated must be instants: a day is its first moment."""
    return moment.isoformat() if isinstance(moment, datetime) else f"{moment.isoformat()}T00:00:00+00:00"

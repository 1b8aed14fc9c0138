"""What the portal stub shows of one activity, in the words of the producer standard and of the aggregator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from connectors.fhir import NHS_NUMBER, ODS_CODE
from connectors.fhir_activity import CARE_PATHWAY, MEDIUM, PATHWAY, PRIORITY, REVIEW_DUE, SPECIALTY, UBRN
from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus

_URL = "https://fhir.nhs.uk/StructureDefinition/"
_ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
_LINK = "https://portal.invalid/"
_K, _S = ActivityKind, ActivityStatus
BOOKINGS = frozenset({_K.APPOINTMENT, _K.ADMISSION, _K.ATTENDANCE, _K.DIAGNOSTIC})
_MEDIA = {"by video": "VIDEO_CONSULTATION", "by telephone": "TELEPHONE"}
_BOOKED = {
    _S.BOOKED: "booked",
    _S.PENDING: "booked",
    _S.ARRIVED: "booked",
    _S.ATTENDED: "fulfilled",
    _S.CANCELLED: "cancelled",
    _S.MISSED: "noshow",
}
_TASK = {_S.ACTIVE: "requested", _S.CANCELLED: "cancelled", _S.ENDED: "completed"}
_EVENT = {**_BOOKED, _S.PENDING: "bookedPendingChange"}
_REFERRAL = {_S.TO_BOOK: "bookable", _S.ACTIVE: "inReview"}
_QUESTIONNAIRE = {_S.ACTIVE: "not-started", _S.CANCELLED: "cancelled", _S.ENDED: "completed"}


def is_shown(item: Activity) -> bool:
    """A portal shows bookings with a time, and things to fill in."""
    return item.kind is _K.TASK or (item.kind in BOOKINGS and item.start is not None and item.status in _BOOKED)


def appointment(item: Activity) -> dict[str, Any]:
    classes = {"IMP": "inpatient encounter"} if item.kind is _K.ADMISSION else {"HH": "home health"} if item.medium == "at home" else {}
    kept = {UBRN: item.ubrn.value if item.ubrn else "", PATHWAY: item.pathway_id.value if item.pathway_id else item.local_id}
    actors: list[dict[str, Any]] = [{"type": "Patient", "identifier": {"system": NHS_NUMBER, "value": item.nhs_number.value}}]
    actors += [{"type": "Location", "identifier": {"system": ODS_CODE, "value": str(item.provider)}}] if item.provider else []
    actors += [{"type": "Location", "display": item.place}] if item.place else []
    whole = {
        "resourceType": "Appointment",
        "id": item.id,
        "extension": [*_priority(item), *_change(item), *_medium(item), _link("Appointment", item)],
        "specialty": [{"coding": [{"system": SPECIALTY, "code": item.specialty.code, "display": item.specialty.name}]}],
        "status": _BOOKED[item.status],
        "description": item.specialty.name,
        "appointmentType": {"coding": [{"system": _ACT_CODE, "code": c, "display": d} for c, d in classes.items()]} if classes else None,
        "start": _utc(item.start),
        "basedOn": [{"identifier": [{"system": s, "value": v} for s, v in kept.items() if v]}] if any(kept.values()) else None,
        "participant": [{"actor": actor, "status": "accepted"} for actor in actors],
    }
    return {name: value for name, value in whole.items() if value is not None}


def task(item: Activity) -> dict[str, Any]:
    function = {"system": SPECIALTY, "code": item.specialty.code, "display": item.specialty.name}
    return {
        "resourceType": "Task",
        "id": item.id,
        "status": _TASK.get(item.status, "requested"),
        "intent": "plan",
        "description": f"{item.specialty.name} questionnaire",
        "for": {"type": "Patient", "identifier": {"system": NHS_NUMBER, "value": item.nhs_number.value}},
        "authored": _utc(item.start),
        "reasonReference": {"type": "Questionnaire", "reference": f"{_LINK}Questionnaire/{item.id}"},
        "owner": {"type": "Organization", "identifier": {"system": ODS_CODE, "value": str(item.provider)}},
        "reasonCode": {
            "coding": {"system": f"{_URL}Extension-Questionnaire-Type", "code": "CONS-Survey", "display": "Consultation survey"},
            "text": "Consultation survey",
        },
        "extension": [{"url": f"{_URL}Extension-Task-TreatmentFunction", "valueCoding": function}],
    }


def plans(items: Sequence[Activity]) -> list[dict[str, Any]]:
    """One plan for each wait, with what is of its pathway, and one for everything else."""
    waits = {i.pathway_id: i for i in items if i.kind is _K.WAITING and i.pathway_id}
    others = [i for i in items if i.kind is not _K.WAITING and (is_shown(i) or i.kind is _K.REFERRAL)]
    made = [_plan(wait, [o for o in others if o.pathway_id == wait.pathway_id]) for wait in waits.values()]
    alone = [o for o in others if o.pathway_id not in waits]
    return made + ([_bare(alone[0], "active") | {"activity": [_event(o) for o in alone]}] if alone else [])


def _plan(wait: Activity, held: Iterable[Activity]) -> dict[str, Any]:
    issued = f"{wait.pathway_id.issuer}~{wait.pathway_id.value}" if wait.pathway_id else wait.id
    status = "completed" if wait.status is _S.ENDED else "active"
    whole = _bare(wait, status) | {
        "meta": {"lastUpdated": _utc(wait.as_at)},
        "identifier": [{"system": CARE_PATHWAY, "value": issued}],
        "title": wait.specialty.name,
        "period": {"start": wait.clock_start.isoformat()} if wait.clock_start else {},
        "author": _performer(wait),
    }
    events = [_event(o) for o in held]
    return whole | ({"activity": events} if events else {})


def _bare(item: Activity, status: str) -> dict[str, Any]:
    subject = {"identifier": {"system": NHS_NUMBER, "value": item.nhs_number.value}}
    return {"resourceType": "CarePlan", "status": status, "intent": "order", "subject": subject}


def _event(item: Activity) -> dict[str, Any]:
    """Without the link to the portal: the published schema and the published examples do not agree on its form."""
    detail: dict[str, Any] = {"id": item.id, "status": "in-progress", "description": item.specialty.name, "performer": [_performer(item)]}
    detail |= {"scheduledPeriod": {"start": _utc(item.start or item.referred)}}
    if item.kind is _K.REFERRAL:
        return {"detail": detail | _referral(item)}
    if item.kind is _K.TASK:
        return {"detail": detail | {"kind": "QuestionnaireResponse", "status": _QUESTIONNAIRE.get(item.status, "not-started")}}
    stays = "inpatient" if item.kind is _K.ADMISSION else "outpatient"
    status = {"system": "http://hl7.org/fhir/appointmentstatus", "code": _EVENT[item.status]}
    told = [
        {"url": f"{_URL}Extension-Appointment-Status", "valueCoding": status},
        {"url": f"{_URL}Extension-Encounter-Class", "valueCode": stays},
    ]
    location = {"type": "Location", "display": item.place}
    return {"detail": detail | {"kind": "Appointment", "extension": [*told, *_medium(item)], "location": location}}


def _referral(item: Activity) -> dict[str, Any]:
    state = {"system": "https://fhir.nhs.uk/CodeSystem/eRS-ReferralState", "code": _REFERRAL.get(item.status, "inReview")}
    said = [
        {"url": f"{_URL}Extension-eRS-ServiceRequest-State", "valueCoding": state},
        {"url": f"{_URL}Extension-Specialty", "valueCoding": {"system": SPECIALTY, "display": item.specialty.name}},
    ]
    period: dict[str, Any] = {"start": _utc(item.referred)}
    if item.due:
        period["extension"] = [{"url": f"{_URL}{REVIEW_DUE}", "valueDate": item.due.isoformat()}]
    return {
        "id": item.ubrn.value if item.ubrn else item.id,
        "kind": "ServiceRequest",
        # The aggregator leaves the specialty of an urgent suspected cancer out, but its service's name still says it.
        "extension": said[:1] if item.ask_team else said,
        "description": f"Urgent suspected cancer - {item.specialty.name}" if item.ask_team else item.specialty.name,
        "scheduledPeriod": period,
    }


def _performer(item: Activity) -> dict[str, Any]:
    return {"type": "Organization", "identifier": {"system": ODS_CODE, "value": str(item.provider)}, "display": str(item.provider)}


def _priority(item: Activity) -> list[dict[str, Any]]:
    code = {"system": "https://fhir.nhs.uk/CodeSystem/eRS-Priority", "code": "TWO_WEEK_WAIT"}
    return [{"url": f"{_URL}{PRIORITY}", "valueCoding": code}] if item.ask_team else []


def _change(item: Activity) -> list[dict[str, Any]]:
    asked = item.status is _S.PENDING
    return [{"url": f"{_URL}Extension-Appointment-RequestStatus", "valueCode": "Pending Change"}] if asked else []


def _medium(item: Activity) -> list[dict[str, Any]]:
    return [{"url": f"{_URL}{MEDIUM}", "valueCode": _MEDIA.get(item.medium, "FACE_TO_FACE")}]


def _link(kind: str, item: Activity) -> dict[str, Any]:
    return {"url": f"{_URL}Extension-Portal-Link", "valueUrl": f"{_LINK}{kind}/{item.id}"}


def _utc(moment: date | datetime | None) -> str:
    """The standard wants UTC; a day is its first moment."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).isoformat()
    return f"{moment.isoformat()}T00:00:00+00:00" if moment else ""

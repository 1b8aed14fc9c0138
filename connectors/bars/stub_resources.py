"""The resources of the BaRS stub, made of the area's activity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from connectors.bars.capability import BY_PATIENT
from connectors.bars.mapping import CHANNEL, PATHWAY_ID, UBRN
from connectors.fhir import NHS_NUMBER
from helpdesk.clock import LONDON
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus

BASE = "https://api.service.nhs.uk/booking-and-referral/FHIR/R4"
KINDS = {"ServiceRequest": ActivityKind.REFERRAL, "Appointment": ActivityKind.APPOINTMENT}
_REQUESTS = {ActivityStatus.ACTIVE: "active", ActivityStatus.CANCELLED: "revoked", ActivityStatus.ENDED: "completed"}
_APPOINTMENTS = {
    ActivityStatus.PENDING: "pending",
    ActivityStatus.BOOKED: "booked",
    ActivityStatus.ARRIVED: "arrived",
    ActivityStatus.ATTENDED: "fulfilled",
    ActivityStatus.CANCELLED: "cancelled",
    ActivityStatus.MISSED: "noshow",
    ActivityStatus.TO_BOOK: "waitlist",
}
_CHANNELS = {"by telephone": "Telephone", "by video": "Video"}


def bundle(kind: str, items: Sequence[Activity], *, bare: bool = False) -> dict[str, Any]:
    """A searchset of that kind. `bare` puts each resource straight into its entry, as the published sandbox does."""
    resources = [_RESOURCES[kind](item) for item in items if item.kind is KINDS[kind]]
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(resources),
        "link": [{"relation": "self", "url": f"{BASE}/{kind}"}],
        "entry": [_bare(r) if bare else _entry(r) for r in resources],
    }


def capability(kinds: Sequence[str]) -> dict[str, Any]:
    """A target's CapabilityStatement that offers these searches by patient."""
    interactions = [{"code": "read"}, {"code": "search-type"}]
    params = [{"name": "_id", "type": "token"}, {"name": BY_PATIENT, "type": "token"}]
    searched = [{"type": kind, "interaction": interactions, "searchParam": params} for kind in kinds]
    read_only = [{"type": kind, "interaction": interactions[:1]} for kind in KINDS if kind not in kinds]
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-01-09",
        "kind": "instance",
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [{"mode": "server", "resource": searched + read_only}, {"mode": "client", "resource": searched}],
    }


def _entry(resource: dict[str, Any]) -> dict[str, Any]:
    return {"fullUrl": f"{BASE}/{resource['resourceType']}/{resource['id']}", "resource": resource, "search": {"mode": "match"}}


def _bare(resource: dict[str, Any]) -> dict[str, Any]:
    return {**resource, "search": {"mode": "match"}}


def _subject(number: NhsNumber) -> dict[str, Any]:
    reference = f"urn:uuid:{uuid5(NAMESPACE_URL, str(number))}"
    return {"reference": reference, "type": "Patient", "identifier": {"system": NHS_NUMBER, "value": str(number)}}


def _identifiers(item: Activity) -> list[dict[str, Any]]:
    known = [(PATHWAY_ID, item.local_id), (UBRN, str(item.ubrn or ""))]
    return [{"system": system, "value": value} for system, value in known if value]


def _service_request(item: Activity) -> dict[str, Any]:
    body: dict[str, Any] = {
        "resourceType": "ServiceRequest",
        "id": item.id,
        "identifier": _identifiers(item),
        "status": _REQUESTS.get(item.status, "unknown"),
        "intent": "plan",
        "subject": _subject(item.nhs_number),
    }
    return body | ({"authoredOn": _moment(item.referred)} if item.referred else {})


def _appointment(item: Activity) -> dict[str, Any]:
    place = [{"actor": {"type": "Location", "display": item.place}, "status": "accepted"}] if item.place else []
    channel = _CHANNELS.get(item.medium, "In-person")
    body: dict[str, Any] = {
        "resourceType": "Appointment",
        "id": item.id,
        "extension": [{"url": f"https://fhir.hl7.org.uk/StructureDefinition/{CHANNEL}", "valueCode": channel}],
        "identifier": _identifiers(item),
        "status": _APPOINTMENTS.get(item.status, "unknown"),
        "participant": [{"actor": _subject(item.nhs_number), "status": "accepted"}, *place],
    }
    if item.specialty.name:
        body["specialty"] = [{"coding": [{"display": item.specialty.name}]}]
    return body | ({"start": _moment(item.start)} if item.start else {})


_RESOURCES = {"ServiceRequest": _service_request, "Appointment": _appointment}


def _moment(when: date | datetime) -> str:
    if isinstance(when, datetime):
        return when.isoformat()
    return datetime.combine(when, time(9, 0), LONDON).isoformat()

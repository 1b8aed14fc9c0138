"""The referrals that the e-RS stub sends, in the shape of A005 and A038 with their deviations.

They hold what the desk must not take (priority, reason, comments, an attachment), so that a mapping that took it would show.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import NAMESPACE_OID, uuid5
from zlib import crc32

from helpdesk.clock import LONDON
from helpdesk.pathways.days import working_days_before
from helpdesk.pathways.model import NextEvent, Referral, ReferralState

STRUCTURE = "https://fhir.nhs.uk/STU3/StructureDefinition"
CODES = "https://fhir.nhs.uk/STU3/CodeSystem/eRS"
NHS_NUMBER = "http://fhir.nhs.net/Id/nhs-number"
SERVICE = "http://fhir.nhs.net/Id/ers-service"
CONTACT_DAYS = 40
"""For a routine referral, which all of the area's are."""
_EXTENSION = f"{STRUCTURE}/Extension-eRS"
CLINICIAN = "021600556514"
_WITH_REASON = {
    ReferralState.DEFERRED_TO_PROVIDER: ("ReviewReason-1", "NO_SLOTS_AT_SERVICE"),
    ReferralState.REJECTED: ("ReviewReason-1", "TRIAGE"),
}
_DISPLAY = {ReferralState.TRIAGED_PROVIDER_TO_ACTION: "Triaged - Provider To Action"} | {
    state: f"Appointment Cancelled By {who}"
    for state, who in ((ReferralState.APPT_CANCELLED_BY_PATIENT, "Patient"), (ReferralState.APPT_CANCELLED_BY_PROVIDER, "Provider"))
}
_WITH_APPOINTMENT = frozenset({ReferralState.DEFERRED_TO_PROVIDER, ReferralState.AWAITING_TRIAGE})


def referral_request(referral: Referral) -> dict[str, Any]:
    """A005."""
    document: dict[str, Any] = {
        "resourceType": "ReferralRequest",
        "id": referral.ubrn.value,
        "meta": {"versionId": "5", "profile": [f"{STRUCTURE}/eRS-ReferralRequest-1"]},
        "extension": _extensions(referral),
        "contained": [criteria(referral), shortlist(referral), _attachment()],
        "status": "active",
        "intent": "plan",
        "subject": {"identifier": {"system": NHS_NUMBER, "value": referral.nhs_number.value}},
        "supportingInfo": [{"reference": "#DocumentReference-1"}],
        "identifier": [{"system": "https://fhir.nhs.uk/Id/ers-request-id", "value": f"r.{uuid5(NAMESPACE_OID, referral.ubrn.value)}"}],
    }
    if referral.specialty:
        document["specialty"] = {"coding": [specialty_coding(referral)]}
    if referral.advice:
        document["supportingInfo"].append({"reference": f"CommunicationRequest/{referral.ubrn.value}"})
    if has_appointment(referral):
        document["contained"].append(appointment(referral, "appointment"))
    return document


def has_appointment(referral: Referral) -> bool:
    return referral.next_event is not None or referral.state in _WITH_APPOINTMENT


def appointment_id(referral: Referral) -> str:
    return str(int(referral.ubrn.value))


def appointment(referral: Referral, named: str) -> dict[str, Any]:
    """A038, and the appointment inside A005. The kind of a participant is an object, as e-RS sends it."""
    event = referral.next_event
    service = {
        "identifier": {"system": SERVICE, "value": service_id(referral)},
        "display": referral.service or (event.place if event else ""),
    }
    clinician_kind = {"coding": [{"system": "http://hl7.org/fhir/ValueSet/encounter-participant-type", "code": "CON"}]}
    clinician = {"identifier": {"system": "http://fhir.nhs.net/Id/sds-user-id", "value": CLINICIAN}}
    document: dict[str, Any] = {
        "resourceType": "Appointment",
        "id": named,
        "meta": {"versionId": "0", "profile": [f"{STRUCTURE}/eRS-Appointment-1"]},
        "language": "en",
        "status": "proposed" if event is None else "booked",
        "description": "e-Referral Appointment",
        "incomingReferral": [{"reference": f"ReferralRequest/{referral.ubrn.value}/_history/5"}],
        "participant": [
            {"actor": service, "status": "accepted"},
            {"actor": {"identifier": {"system": NHS_NUMBER, "value": referral.nhs_number.value}}, "status": "accepted"},
            {"type": clinician_kind, "actor": clinician, "status": "accepted"},
        ],
    }
    if event is not None:
        document |= {"start": instant(_start(event)), "end": instant(_start(event))}
    made = made_on(referral)
    return document if made is None else document | {"created": noon(made)}


def made_on(referral: Referral) -> date | None:
    """The day its appointment was asked for, from which the days to contact the patient are counted."""
    if referral.contact_by is not None:
        return working_days_before(referral.contact_by, CONTACT_DAYS)
    return referral.clock_start


def service_id(referral: Referral) -> str:
    """A number of its own for each service, made from the name."""
    return str(10000 + crc32(referral.service.encode()) % 90000)


def specialty_coding(referral: Referral) -> dict[str, str]:
    code = "".join(c if c.isalnum() else "_" for c in referral.specialty.upper())
    return {"system": "_baseUrl_/STU3/CodeSystem/SPECIALTY", "code": code, "display": referral.specialty}


def priority() -> dict[str, Any]:
    return {"coding": [{"system": f"{CODES}-Priority-1", "code": "ROUTINE", "display": "Routine"}]}


def _extensions(referral: Referral) -> list[dict[str, Any]]:
    commissioner = {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "XICB"}
    extensions = [
        {"url": f"{_EXTENSION}-Commissioning-Rule-Org-1", "valueIdentifier": commissioner},
        {"url": f"{_EXTENSION}-ReferralPriority-1", "valueCodeableConcept": priority()},
        {"url": f"{_EXTENSION}-ReferralShortlist-1", "valueReference": {"reference": "#shortlist"}},
        _state(referral.state),
    ]
    if referral.clock_start is not None:
        extensions.append({"url": f"{_EXTENSION}-eReferralPathwayStart-1", "valueInstant": noon(referral.clock_start)})
    if has_appointment(referral):
        reference = {"reference": f"Appointment/{appointment_id(referral)}"}
        extensions.append({"url": f"{_EXTENSION}-Appointment-1", "valueReference": {"reference": "#appointment"}})
        extensions.append({"url": f"{_EXTENSION}-Appointment-Reference-1", "valueReference": reference})
    return extensions


def state_display(state: ReferralState) -> str:
    return _DISPLAY.get(state, state.value.replace("_", " ").title())


def _state(state: ReferralState) -> dict[str, Any]:
    coding = {"system": f"{CODES}-ReferralState-1", "code": state.value, "display": state_display(state)}
    parts: list[dict[str, Any]] = [{"url": "state", "valueCoding": coding}]
    if state in _WITH_REASON:
        system, code = _WITH_REASON[state]
        parts.append({"url": "reason", "valueCoding": {"system": f"{CODES}-{system}", "code": code}})
        parts.append({"url": "comments", "valueString": "A comment between clinicians that is not for this desk."})
    return {"url": f"{_EXTENSION}-ReferralState-1", "extension": parts}


def criteria(referral: Referral) -> dict[str, Any]:
    given: list[dict[str, Any]] = [{"name": "priority", "valueCoding": {"system": f"{CODES}-Priority-1", "code": "ROUTINE"}}]
    if referral.specialty:
        coding = specialty_coding(referral)
        given.append({"name": "specialty", "valueCoding": {"system": coding["system"], "code": coding["code"]}})
    profile = [f"{STRUCTURE}/eRS-ServiceSearchCriteria-Parameters-1"]
    return {"resourceType": "Parameters", "id": "serviceSearchCriteria", "meta": {"profile": profile}, "parameter": given}


def shortlist(referral: Referral) -> dict[str, Any]:
    item = {"identifier": {"system": SERVICE, "value": service_id(referral)}, "display": referral.service}
    searched = {"url": f"{_EXTENSION}-Shortlist-SearchCriteria-1", "valueReference": {"reference": "#serviceSearchCriteria"}}
    return {
        "resourceType": "List",
        "id": "shortlist",
        "meta": {"profile": [f"{STRUCTURE}/eRS-Shortlist-List-1"]},
        "extension": [searched],
        "status": "current",
        "mode": "snapshot",
        "entry": [{"item": item}] if referral.service else [],
    }


def _attachment() -> dict[str, Any]:
    available = {"system": f"{CODES}-AvailabilityStatus-1", "code": "AVAILABLE"}
    letter = {
        "id": "1",
        "extension": [
            {"url": f"{_EXTENSION}-AvailabilityStatus-1", "valueCoding": available},
            {
                "url": f"{_EXTENSION}-AttachedBy-1",
                "valueReference": {"identifier": {"system": "http://fhir.nhs.net/Id/sds-user-id", "value": CLINICIAN}},
            },
        ],
        "contentType": "application/pdf",
        "url": "Binary/1",
        "size": 6,
        "title": "letter.pdf",
        "creation": "2026-01-01",
    }
    return {
        "resourceType": "DocumentReference",
        "id": "DocumentReference-1",
        "meta": {"profile": [f"{STRUCTURE}/eRS-DocumentReference-1"]},
        "type": {"coding": [{"system": f"{CODES}-AttachmentType-1", "code": "REFERRER", "display": "Referrer"}]},
        "status": "current",
        "indexed": "2026-01-01T09:00:00.000Z",
        "description": "A letter that is not for this desk",
        "content": [{"attachment": letter}],
    }


def _start(event: NextEvent) -> datetime:
    return datetime.combine(event.day, event.time or time(9), tzinfo=LONDON)


def noon(day: date) -> str:
    return instant(datetime.combine(day, time(12), tzinfo=LONDON))


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

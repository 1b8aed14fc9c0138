"""The worklists that the e-RS stub sends, in the shape of A008: each kind writes the patient and the state in its own way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from connectors.ers import documents as d
from connectors.ers.worklists import OF_PROVIDERS
from helpdesk.pathways.days import working_days_later
from helpdesk.pathways.model import Referral, ReferralState, WorklistKind

ON_LIST = {
    WorklistKind.REFERRALS_FOR_REVIEW: {ReferralState.AWAITING_TRIAGE, ReferralState.BOOKED},
    WorklistKind.APPOINTMENT_SLOT_ISSUES: {ReferralState.DEFERRED_TO_PROVIDER},
    WorklistKind.AWAITING_BOOKING: {
        ReferralState.NOT_BOOKED,
        ReferralState.AWAITING_TRIAGE,
        ReferralState.DEFERRED_TO_PROVIDER,
        ReferralState.APPT_CANCELLED_BY_PATIENT,
        ReferralState.APPT_CANCELLED_BY_PROVIDER,
    },
    WorklistKind.REJECTED_TRIAGE_RESPONSE: {ReferralState.REJECTED, ReferralState.TRIAGE_RESPONSE},
    WorklistKind.ASSESSMENT_RETURNED_CANCELLED_DNA: {
        ReferralState.ASSESSMENT_RESULT,
        ReferralState.CANCELLED_REFERRAL,
        ReferralState.DID_NOT_ATTEND,
    },
    WorklistKind.LETTERS_OUTSTANDING: set(),
}
"""The states of the referrals that stand on each list; the area has no outstanding letters."""
_ITEM = {
    WorklistKind.REFERRALS_FOR_REVIEW: "ReferralsforReview",
    WorklistKind.APPOINTMENT_SLOT_ISSUES: "AppointmentSlotIssues",
    WorklistKind.AWAITING_BOOKING: "AwaitingBooking",
    WorklistKind.REJECTED_TRIAGE_RESPONSE: "RejectedTriageResponse",
    WorklistKind.ASSESSMENT_RETURNED_CANCELLED_DNA: "AssessmentReturnedCancelledDna",
    WorklistKind.LETTERS_OUTSTANDING: "LettersOutstanding",
}


def worklist(kind: WorklistKind, referrals: Iterable[Referral], today: date) -> dict[str, Any]:
    held = tuple(referrals)
    document = {
        "resourceType": "List",
        "meta": {"profile": [f"{d.STRUCTURE}/eRS-FetchWorklist-List-1"]},
        "status": "current",
        "mode": "snapshot",
        "entry": [_entry(kind, r, today) for r in held],
    }
    if kind is WorklistKind.REFERRALS_FOR_REVIEW:
        document["contained"] = [_patient(r) for r in {r.nhs_number: r for r in held}.values()]
    return document


def _entry(kind: WorklistKind, referral: Referral, today: date) -> dict[str, Any]:
    facts = _of_provider(kind, referral, today) if kind in OF_PROVIDERS else _of_practice(referral, today)
    item = {"url": f"{d.STRUCTURE}/Extension-eRS-{_ITEM[kind]}-WorkListItem-1", "extension": facts}
    return {"extension": [item], "item": {"reference": f"ReferralRequest/{referral.ubrn.value}"}}


def _patient(referral: Referral) -> dict[str, Any]:
    number = referral.nhs_number.value
    return {
        "resourceType": "Patient",
        "id": f"Patient-{number}",
        "meta": {"profile": [f"{d.STRUCTURE}/eRS-Patient-1"]},
        "identifier": [{"system": d.NHS_NUMBER, "value": number}],
    }


def _about(referral: Referral, *, by_reference: bool = False) -> list[dict[str, Any]]:
    number = referral.nhs_number.value
    patient = {"reference": f"#Patient-{number}"} if by_reference else {"identifier": {"system": d.NHS_NUMBER, "value": number}}
    return [{"url": "priority", "valueCodeableConcept": d.priority()}, {"url": "patient", "valueReference": patient}]


def _of_provider(kind: WorklistKind, referral: Referral, today: date) -> list[dict[str, Any]]:
    coding = {name: value for name, value in d.specialty_coding(referral).items() if name != "display"}
    service = {"identifier": {"system": d.SERVICE, "value": d.service_id(referral)}, "display": referral.service}
    facts = [
        *_about(referral, by_reference=kind is WorklistKind.REFERRALS_FOR_REVIEW),
        {"url": "specialty", "valueCodeableConcept": {"coding": [coding]}},
        {"url": "eReferralPathwayStart", "valueDateTime": d.noon(referral.clock_start or today)},
        {"url": "clinicalInfoPrinted", "valueBoolean": False},
        {"url": "service", "valueReference": service},
    ]
    return facts + (_for_review(referral) if kind is WorklistKind.REFERRALS_FOR_REVIEW else _slot_issue(referral, today))


def _for_review(referral: Referral) -> list[dict[str, Any]]:
    triage = referral.state is ReferralState.AWAITING_TRIAGE
    of_type = {"system": f"{d.CODES}-ReferralType-1", "code": "TRIAGE_DEFERRAL" if triage else "APPOINTMENT"}
    seen = {"system": f"{d.CODES}-RequestContextStatus-1", "code": "NEVER_REVIEWED", "display": "Never Reviewed"}
    return [
        {"url": "requestContextStatus", "valueCodeableConcept": {"coding": [seen]}},
        {"url": "referralType", "valueCodeableConcept": {"coding": [of_type]}},
        {"url": "referralRequestVersion", "valueInteger": 5},
    ]


def _slot_issue(referral: Referral, today: date) -> list[dict[str, Any]]:
    made = d.made_on(referral) or today
    reason = {"system": f"{d.CODES}-ReviewReason-1", "code": "NO_SLOTS_AT_SERVICE"}
    return [
        {"url": "ubrnReceived", "valueDateTime": d.noon(made)},
        {"url": "patientContactExpected", "valueDate": working_days_later(made, d.CONTACT_DAYS).isoformat()},
        {"url": "reason", "valueCodeableConcept": {"coding": [reason]}},
    ]


def _of_practice(referral: Referral, today: date) -> list[dict[str, Any]]:
    start = d.noon(referral.clock_start or today)
    # Worklists spell two states otherwise than A005 does.
    code, shown = referral.state.value.replace("APPT_", "APP_"), d.state_display(referral.state)
    shown = shown if referral.state is ReferralState.TRIAGE_RESPONSE else shown.capitalize()
    coding = {"system": f"{d.CODES}-ReferralState-1", "code": code, "display": shown}
    clinician = {"identifier": {"system": "http://fhir.nhs.net/Id/sds-user-id", "value": d.CLINICIAN}}
    return [
        *_about(referral),
        {"url": "referralCreated", "valueDateTime": start},
        {"url": "clinicalContext", "valueString": f"{d.specialty_coding(referral)['code']}/NOT_FOR_THIS_DESK"},
        {"url": "referrer", "valueReference": clinician},
        {"url": "referralLastUpdated", "valueDateTime": start},
        {"url": "status", "valueCodeableConcept": {"coding": [coding]}},
    ]

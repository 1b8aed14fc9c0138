"""What the e-RS stub sends beside referrals: errors, codes, services and requests for advice."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_OID, uuid5
from zlib import crc32

from connectors.ers import documents as d
from connectors.ers.advice import words_of
from helpdesk.pathways.model import Referral

ADVICE_STATES = (
    "PROVIDER_RESPONSE_REQUIRED",
    "REFERRER_TO_SUBMIT_FURTHER_INFORMATION",
    "REFERRER_TO_REVIEW_RESPONSE",
    "CONVERSATION_ENDED_CANCELLED",
    "CONVERSATION_ENDED_CLOSED",
    "ADVICE_CONVERTED",
)


def outcome(code: str) -> dict[str, Any]:
    """An error of an STU3 call."""
    coding = {"system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-APIErrorCode-1", "code": code, "display": code}
    issue = {"severity": "error", "code": "business-rule", "details": {"coding": [coding]}, "diagnostics": "Stub"}
    return {"resourceType": "OperationOutcome", "meta": {"profile": [f"{d.STRUCTURE}/eRS-OperationOutcome-1"]}, "issue": [issue]}


def outcome_r4(code: str, kind: str) -> dict[str, Any]:
    """An error of an R4 call."""
    coding = {"system": "https://fhir.nhs.uk/CodeSystem/http-error-codes", "code": code}
    issue = {"severity": "error", "code": kind, "details": {"coding": [coding]}, "diagnostics": "Stub"}
    return {"resourceType": "OperationOutcome", "meta": {"lastUpdated": "2026-01-01T09:00:00.000Z"}, "issue": [issue]}


def priorities() -> dict[str, Any]:
    """A004 for PRIORITY."""
    days = {"ROUTINE": (d.CONTACT_DAYS, 40), "URGENT": (10, 5), "TWO_WEEK_WAIT": (5, 2)}
    about = "https://fhir.nhs.uk/STU3/CodeSystem/eRS-Concept-Properties-1"
    names = ("deferToProviderContactDays", "triageContactDays")
    concept = [
        {
            "code": code,
            "display": code.replace("_", " ").title(),
            "property": [{"code": n, "valueInteger": v} for n, v in zip(names, both, strict=True)],
        }
        for code, both in days.items()
    ]
    return {
        "resourceType": "CodeSystem",
        "id": "PRIORITY",
        "meta": {"profile": ["http://hl7.org/fhir/StructureDefinition/shareablecodesystem"]},
        "url": "_baseUrl_/STU3/CodeSystem/PRIORITY",
        "version": "1",
        "name": "e-RS Priority",
        "status": "active",
        "experimental": False,
        "date": "2026-01-01T09:00:00.000Z",
        "publisher": "e-Referral Service",
        "description": "e-RS Priority",
        "copyright": "Copyright (c) 2016 HL7 UK",
        "caseSensitive": True,
        "content": "complete",
        "property": [{"code": n, "uri": f"{about}#{n}", "type": "integer"} for n in names],
        "concept": concept,
    }


def phone_of(referral: Referral) -> str:
    """The number that patients may ring: the referral's own, or one of those that are kept for drama."""
    return referral.service_phone or f"01632 960{crc32(referral.service.encode()) % 1000:03}"


def healthcare_service(referral: Referral) -> dict[str, Any]:
    """A033. Its kind is an object, as e-RS sends it."""
    contact = "https://fhir.nhs.uk/StructureDefinition/Extension-eRS-HealthcareService-Contact"
    patients = {"system": "http://terminology.hl7.org/CodeSystem/contactentity-type", "code": "PATINF", "display": "Patient"}
    staff = {
        "system": "https://fhir.nhs.uk/CodeSystem/eRS-Purpose",
        "code": "HEALTHCARE_PROFESSIONALS",
        "display": "Healthcare Professionals",
    }

    def for_whom(coding: dict[str, str], point: dict[str, str]) -> dict[str, Any]:
        parts = [{"url": "purpose", "valueCodeableConcept": {"coding": [coding]}}, {"url": "telecom", "valueContactPoint": point}]
        return {"url": contact, "extension": parts}

    return {
        "resourceType": "HealthcareService",
        "id": d.service_id(referral),
        "meta": {"versionId": "1"},
        "language": "en",
        "extension": [
            for_whom(staff, {"system": "phone", "value": "01632 960999"}),
            for_whom(patients, {"system": "phone", "value": phone_of(referral)}),
        ],
        "location": [{"identifier": {"system": "https://fhir.nhs.uk/Id/ods-site-code", "value": "X0001"}}],
        "name": referral.service,
    }


def communication_request(referral: Referral) -> dict[str, Any]:
    """A024, for a referral that holds words of advice."""
    role = "PractitionerRole.021600556514.XPR01.REFERRING-CLINICIAN"
    sender = {"url": f"{d.STRUCTURE}/Extension-PractitionerRole-Reference-1", "valueReference": {"reference": f"#{role}"}}
    to = {"identifier": {"system": d.SERVICE, "value": d.service_id(referral)}}
    state = next((code for code in ADVICE_STATES if words_of(code) == referral.advice), ADVICE_STATES[0])
    return {
        "resourceType": "CommunicationRequest",
        "id": referral.ubrn.value,
        "meta": {"versionId": "5", "profile": [f"{d.STRUCTURE}/eRS-CommunicationRequest-1"]},
        "extension": [
            {"url": f"{d.STRUCTURE}/Extension-eRS-ReferralPriority-1", "valueCodeableConcept": d.priority()},
            {"url": f"{d.STRUCTURE}/Extension-eRS-ReferralShortlist-1", "valueReference": {"reference": "#shortlist"}},
            {"url": f"{d.STRUCTURE}/Extension-eRS-Specialty-1", "valueCoding": d.specialty_coding(referral)},
        ],
        "contained": [d.criteria(referral), d.shortlist(referral), _practitioner_role(role)],
        "status": "active",
        "category": [{"coding": [{"system": f"{d.CODES}-AdviceAndGuidanceStatus-1", "code": state}]}],
        "subject": {"identifier": {"system": d.NHS_NUMBER, "value": referral.nhs_number.value}},
        "recipient": [{"extension": [{"url": f"{d.STRUCTURE}/Extension-HealthcareService-Reference-1", "valueReference": to}]}],
        "sender": {"extension": [sender]},
        "requester": {"agent": {"extension": [sender]}},
        "identifier": [{"system": "https://fhir.nhs.uk/Id/ers-request-id", "value": f"a.{uuid5(NAMESPACE_OID, referral.ubrn.value)}"}],
    }


def _practitioner_role(named: str) -> dict[str, Any]:
    return {
        "resourceType": "PractitionerRole",
        "id": named,
        "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-PractitionerRole-1"]},
        "practitioner": {"identifier": {"system": "http://fhir.nhs.net/Id/sds-user-id", "value": "021600556514"}},
        "organization": {"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "XPR01"}},
        "code": [{"coding": [{"system": f"{d.CODES}-BusinessFunction-1", "code": "REFERRING_CLINICIAN"}]}],
    }

"""The Bundles of the proxy service's stub: a patient's consents with those who may act by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from connectors.fhir import NHS_NUMBER, ODS_CODE
from helpdesk.callers.ports import Proxy
from helpdesk.identifiers import NhsNumber

BASE = "https://api.service.nhs.uk/validated-relationships/FHIR/R4"
_ENGLAND = "https://fhir.nhs.uk/England"
_TERMS = "https://terminology.hl7.org/CodeSystem"
_ROLES = {"mother": "MTH", "parent": "PRN", "child": "CHILD"}
_UNKNOWN = "UNK"


@dataclass(frozen=True)
class Held:
    """One consent as the service holds it: who may act for whom, where it stands, and from when to when."""

    patient: NhsNumber
    proxy: Proxy
    status: str = "active"
    start: date = date(2000, 1, 1)
    end: date | None = None
    type: str = "permit"


def held(patient: NhsNumber, proxy: Proxy, today: date, fault: str = "") -> Held:
    """What a person's consent is, spoilt as the fault says."""
    start = today - timedelta(days=365)
    match fault:
        case "expired_consent":
            return Held(patient, proxy, start=start, end=today - timedelta(days=1))
        case "future_consent":
            return Held(patient, proxy, start=today + timedelta(days=1))
        case "denied_consent":
            return Held(patient, proxy, start=start, type="deny")
        case "proposed_consent" | "inactive_consent":
            return Held(patient, proxy, fault.removesuffix("_consent"), start, proxy.until)
        case _:
            return Held(patient, proxy, start=start, end=proxy.until)


def bundle(consents: Sequence[Held], includes: Sequence[str], url: str) -> dict[str, Any]:
    entry: list[dict[str, Any]] = []
    for one in consents:
        if "Consent:performer" in includes and one.proxy.nhs_number:
            entry += [_entry(_person(one.proxy), "include"), _entry(_related(one), "include")]
        entry.append(_entry(_consent(one), "match"))
    return {
        "resourceType": "Bundle",
        "timestamp": "2026-01-16T14:00:00+00:00",
        "total": len(consents),
        "type": "searchset",
        "link": [{"relation": "self", "url": url}],
        "entry": entry,
    }


def _entry(resource: dict[str, Any], mode: str) -> dict[str, Any]:
    return {"fullUrl": f"{BASE}/{resource['resourceType']}/{resource['id']}", "resource": resource, "search": {"mode": mode}}


def _identifier(number: NhsNumber) -> dict[str, Any]:
    return {"system": NHS_NUMBER, "value": str(number)}


def _person(proxy: Proxy) -> dict[str, Any]:
    name = {"use": "usual", "period": {"start": "2000-01-01"}, "given": list(proxy.given), "family": proxy.family}
    body: dict[str, Any] = {
        "resourceType": "Patient",
        "id": f"P{proxy.nhs_number}",
        "identifier": [_identifier(proxy.nhs_number)] if proxy.nhs_number else [],
        "name": [name],
    }
    return body | ({"birthDate": proxy.born.isoformat()} if proxy.born else {})


def _related(one: Held) -> dict[str, Any]:
    code = _ROLES.get(one.proxy.relationship, "Personal")
    display = one.proxy.relationship if code in _ROLES.values() else "Personal relationship with the patient"
    own = "https://fhir.hl7.org.uk/CodeSystem/UKCore-AdditionalPersonRelationshipRole"
    system = own if code == "Personal" else "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
    return {
        "resourceType": "RelatedPerson",
        "id": f"R{one.proxy.nhs_number}",
        "identifier": [_identifier(one.proxy.nhs_number)] if one.proxy.nhs_number else [],
        "patient": {"type": "Patient", "identifier": _identifier(one.patient)},
        "relationship": [{"coding": [{"system": system, "code": code, "display": display}]}],
    }


def _consent(one: Held) -> dict[str, Any]:
    period = {"start": one.start.isoformat()} | ({"end": one.end.isoformat()} if one.end else {})
    performer = {"performer": [{"identifier": _identifier(one.proxy.nhs_number)}]} if one.proxy.nhs_number else {}
    return {
        "resourceType": "Consent",
        "id": f"C{one.proxy.nhs_number}",
        "status": one.status,
        "scope": {"coding": [{"system": f"{_TERMS}/consentscope", "code": "patient-privacy", "display": "Privacy Consent"}]},
        "category": [{"coding": [{"system": f"{_TERMS}/v3-ActCode", "code": "INFA", "display": "information access"}]}],
        "patient": {"identifier": _identifier(one.patient)},
        "dateTime": "2025-07-21T17:32:28Z",
        **performer,
        "policyRule": {"coding": [_legal_basis(code) for code in one.proxy.scopes or (_UNKNOWN,)]},
        "provision": {"type": one.type, "period": period},
        "extension": [_grantor()],
    }


def _legal_basis(code: str) -> dict[str, Any]:
    system = f"{_TERMS}/v3-NullFlavor" if code == _UNKNOWN else f"{_ENGLAND}/CodeSystem/England-NHSProxyLegalBasis"
    return {"system": system, "code": code}


def _grantor() -> dict[str, Any]:
    url = "https://hl7.org/fhir/5.0/StructureDefinition/extension-Consent.grantor"
    return {"url": url, "valueReference": {"identifier": {"system": ODS_CODE, "value": "XPR01"}}}

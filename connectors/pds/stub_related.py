"""Those related to a practice person, as the Bundle PDS would send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connectors.pds.relations import TYPES
from helpdesk.callers.ports import Proxy
from helpdesk.practice.model import AreaPerson

_TYPES = "http://hl7.org/fhir/ValueSet/relatedperson-relationshiptype"
_ROLES = "https://fhir.nhs.uk/R4/CodeSystem/UKCore-AdditionalRelatedPersonRole"
_BASE = "https://api.service.nhs.uk/personal-demographics/FHIR/R4"
_SINCE = {"start": "2020-01-01"}
_HL7 = frozenset({"SPS", "DOMPART", "PRN", "PRNFOST", "STPPRN", "CHILD", "MTH", "FTH", "SIS", "BRO", "FAMMEMB", "ONESELF"})


def related_bundle(person: AreaPerson, held: Sequence[Proxy]) -> dict[str, Any]:
    """PDS leaves `entry` out where there is nobody."""
    number = str(person.patient.nhs_number)
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset", "total": len(held)}
    if held:
        bundle["entry"] = [
            {"fullUrl": f"{_BASE}/Patient/{number}/RelatedPerson/{n}", "resource": _resource(proxy, number, f"{n:08X}")}
            for n, proxy in enumerate(held, 1)
        ]
    return bundle


def _resource(proxy: Proxy, patient: str, identity: str) -> dict[str, Any]:
    other = str(proxy.nhs_number) if proxy.nhs_number else patient
    resource: dict[str, Any] = {
        "resourceType": "RelatedPerson",
        "id": identity,
        "active": True,
        "patient": {"identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": other}},
        "period": _SINCE,
        "relationship": [{"coding": _codings(proxy.relationship)}],
    }
    if proxy.family:
        resource["name"] = [{"use": "usual", "period": _SINCE, "family": proxy.family, "given": list(proxy.given)}]
    return resource


def _codings(relationship: str) -> list[dict[str, str]]:
    """Role and type; a guardian is both in one."""
    code = next((code for code, words in TYPES.items() if words.casefold() == relationship.casefold()), "NotSpecified")
    kind = {"system": _TYPES if code in _HL7 else _ROLES, "code": code}
    return [kind] if code == "Guardian" else [{"system": _ROLES, "code": "Personal"}, kind]

"""How PDS says that somebody is related to a patient: its codes in words.

Source: PDS FHIR R4, get-related-people; HL7 relatedperson-relationshiptype and UKCore-AdditionalRelatedPersonRole.
"""

from __future__ import annotations

from collections.abc import Sequence

from connectors.fhir import CodeableConcept
from connectors.text import plain

NEXT_OF_KIN = "N"
ROLES = frozenset({"Agent", "Personal"})
"""Codes that say less than the type which stands beside them."""

TYPES = {
    "SPS": "Spouse",
    "DOMPART": "Domestic partner",
    "PolygamousPartner": "Partner",
    "PRN": "Parent",
    "PRNFOST": "Foster parent",
    "STPPRN": "Step-parent",
    "CHILD": "Child",
    "MTH": "Mother",
    "FTH": "Father",
    "SIS": "Sister",
    "BRO": "Brother",
    "FAMMEMB": "Family member",
    "ONESELF": "Self",
    "Dependant": "Dependant",
    "NonDependant": "Family member",
    "Guardian": "Guardian",
    "Carer": "Carer",
    "ProxyContact": "Contact for the patient",
    "ProxyCommunication": "Speaks for the patient",
    "ProxyContactCommunication": "Contact, speaks for the patient",
    "Agent": "Agent",
}
UNKNOWN = "Relationship not known"


def in_words(concepts: Sequence[CodeableConcept]) -> str:
    """The relationship, with "next of kin" behind it where PDS says so."""
    codings = [coding for concept in concepts for coding in concept.coding]
    codes = [coding.code for coding in codings]
    known = next((TYPES[code] for code in sorted(codes, key=lambda code: code in ROLES) if code in TYPES), "")
    words = known or next((plain(c.display) for c in codings if c.display and c.code not in (NEXT_OF_KIN, *ROLES, *TYPES)), "")
    if NEXT_OF_KIN not in codes:
        return words or UNKNOWN
    return f"{words}, next of kin" if words else "Next of kin"

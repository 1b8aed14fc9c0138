"""What the connectors of hospital activity read alike: identifiers that join, days and moments, how and where, and whom to ask."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from connectors.errors_http import misunderstood
from connectors.fhir import ODS_CODE, CodeableConcept, Coding, Identifier, Piece, try_moment, try_partial_date
from connectors.text import plain
from helpdesk.clock import london_day
from helpdesk.errors import ConnectorUnavailable, RuleBroken
from helpdesk.identifiers import OdsCode, PathwayId, Ubrn
from helpdesk.pathways.activity import NO_SPECIALTY
from helpdesk.pathways.model import Coded
from helpdesk.pathways.reference import asks_team

UBRN: Final = "https://fhir.nhs.uk/Id/UBRN"
PATHWAY: Final = "https://fhir.nhs.uk/Id/PathwayId"
CARE_PATHWAY: Final = "https://fhir.nhs.uk/Id/care-pathway-id"
SPECIALTY: Final = "https://fhir.nhs.uk/CodeSystem/Specialty-1"
PRIORITY: Final = "Extension-ServiceRequest-Priority"
REVIEW_DUE: Final = "Extension-eRS-ReviewDueDate"
MEDIUM: Final = "Extension-Consultation-Medium"

_MEDIA = {
    "VIDEO_CONSULTATION": "by video",
    "VIDEO": "by video",
    "TELEPHONE": "by telephone",
    "VIRTUAL": "by video or telephone",
    "VR": "by video or telephone",
    "HH": "at home",
}
"""Source: Wayfinder Extension-Consultation-Medium, UK Core delivery channel, HL7 v3 ActCode. Whatever else is face to face or not said."""

_WHY = re.compile(r"(\b|_)(2|two)[\s_-]*w(ee)?k?s?[\s_-]*w(ai)?t?(\b|_)|\b(usc|fds|fast[\s_-]*track)\b|cancer", re.IGNORECASE)


class AboutAnother(ConnectorUnavailable):
    """A part of the answer is about somebody else, or does not say about whom: nothing of the answer may be used."""

    def __init__(self, label: str) -> None:
        super().__init__(f"{label} answered about a different person, so its answer is not used.")


class _Assigner(Piece):
    identifier: Identifier = Identifier()


class IssuedIdentifier(Identifier):
    """An identifier with the organisation that issued it, where the source says which."""

    assigner: _Assigner = _Assigner()


@dataclass(frozen=True)
class KeySystems:
    """In which identifier systems the joining identifiers stand. `issuer` is the organisation that issued a pathway
    identifier that does not say so itself; "" where nobody can say."""

    ubrn: Sequence[str] = (UBRN,)
    pathway: Sequence[str] = (PATHWAY, CARE_PATHWAY)
    local: Sequence[str] = ()
    issuer: str = ""


@dataclass(frozen=True)
class Keys:
    """What joins a fact to a pathway."""

    ubrn: Ubrn | None = None
    pathway_id: PathwayId | None = None
    local_id: str = ""

    def or_from(self, other: Keys) -> Keys:
        """Its own, and where it has none at all those of the other, to which it refers."""
        return self if self != Keys() else other


def keys_of(identifiers: Iterable[IssuedIdentifier], systems: KeySystems) -> Keys:
    """The first usable identifier of each kind; a pathway identifier that no issuer is known for is the provider's own."""
    ubrn: Ubrn | None = None
    pathway: PathwayId | None = None
    local = ""
    for given in identifiers:
        value = plain(given.value)
        if not value:
            continue
        if given.system in systems.ubrn:
            ubrn = ubrn or try_ubrn(value)
        elif given.system in systems.pathway:
            issued = _issued(value, given.assigner.identifier.value or systems.issuer)
            pathway = pathway or issued
            local = local or ("" if issued else value)
        elif given.system in systems.local:
            local = local or value
    return Keys(ubrn, pathway, local)


def _issued(value: str, issuer: str) -> PathwayId | None:
    """Also in the form issuer~identifier. Source: Patient Care Aggregator, care-pathway-id."""
    before, tilde, after = value.partition("~")
    found = try_ods(before if tilde else issuer)
    number = after if tilde else value
    return PathwayId(number, found.value) if found and number else None


def try_ubrn(text: str) -> Ubrn | None:
    try:
        return Ubrn.parse(text)
    except RuleBroken:
        return None


def try_ods(text: str) -> OdsCode | None:
    try:
        return OdsCode.parse(text)
    except RuleBroken:
        return None


def ods_of(identifier: Identifier) -> OdsCode | None:
    """The organisation an identifier names, or None where it is of another system."""
    return try_ods(identifier.value) if identifier.system == ODS_CODE else None


def start_of(text: str, label: str) -> datetime | date | None:
    """A moment with its offset; the day alone where the time has none, for nobody can say which clock it was; None for
    an empty or a partial date. Raises ConnectorUnavailable for what is no date."""
    if not text:
        return None
    found = try_moment(text)
    if found is not None and date.min.year < found.year < date.max.year:
        return found
    partial = try_partial_date(text)
    if partial is None:
        raise misunderstood(label)
    return None if partial.day is None else date.fromisoformat(text[:10])


def day_of(text: str, label: str) -> date | None:
    """The same as a day at the desk."""
    found = start_of(text, label)
    return london_day(found) if isinstance(found, datetime) else found


def medium_of(code: str) -> str:
    return _MEDIA.get(code.upper(), "")


def specialty_of(concepts: Iterable[CodeableConcept], systems: Sequence[str]) -> Coded:
    """The first coding of one of these systems; no other is read. A name that says whose questions it is for is left out."""
    coding = next((c for concept in concepts for c in concept.coding if c.system in systems and c.code), None)
    return NO_SPECIALTY if coding is None else named(coding)


def named(coding: Coding) -> Coded:
    code, name = plain(coding.code), plain(coding.display)
    return Coded(code, code if not name or says_why(name) else name)


def says_why(words: str) -> bool:
    """Whether these words tell that a cancer is suspected, which is nobody's to hear from a desk."""
    return bool(_WHY.search(words))


def for_team(*words: str) -> bool:
    """Whether any of these (codes or words of a priority, a category or a service) says that all questions are for the
    team itself. Why is not kept."""
    return any(says_why(w) or asks_team(w) for w in words if w)


def words_of(concepts: Iterable[CodeableConcept]) -> tuple[str, ...]:
    """Everything a concept says, to be looked through and dropped."""
    return tuple(w for concept in concepts for w in (concept.text, *(t for c in concept.coding for t in (c.code, c.display))))

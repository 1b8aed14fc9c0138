"""From a Bundle of consents to those who may act for one patient today."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from connectors.errors_http import misunderstood
from connectors.fhir import HumanName, Period, entries, partial_date, try_moment
from connectors.text import plain
from connectors.validated_relationships.resources import Consent, Found, Person, Related, nhs_number
from helpdesk.callers.ports import Proxy
from helpdesk.clock import london_day
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber

_PROXY_ROLE = "patient-privacy"
_PAST_USES = frozenset({"old", "maiden"})
_RELATIONSHIPS = {"MTH": "mother", "PRN": "parent", "CHILD": "child", "Personal": "personal relationship"}
"""The closest first. Source: Validated Relationships Service, RelatedPerson.relationship; a code not listed has no words."""


def proxies_of(body: Any, *, about: str, at: datetime, label: str) -> tuple[Proxy, ...]:
    """Those with a consent to act for this patient (`about`, an NHS number) that is active, permits and is in its period
    at this moment. A consent whose performer was not included comes with what is known, and can be matched by nobody.

    Raises ConnectorUnavailable for another shape, and where anything in the reply is about another patient."""
    found = Found(entries(body, label), label)
    if not _all_about(found, about):
        raise misunderstood(label)
    active = [consent for consent in found.consents if _in_force(consent, at, label)]
    return tuple(dict.fromkeys(_proxy(consent, found, at, label) for consent in active if consent.by != about))


def _all_about(found: Found, about: str) -> bool:
    """Whether every consent and relationship is about this patient, and everybody included belongs to one of them."""
    known = {about} | {consent.by for consent in found.consents if consent.by}
    return (
        all(consent.about == about for consent in found.consents)
        and all(nhs_number([related.patient.identifier]) == about for related in found.related)
        and all(nhs_number(person.identifier) in known for person in found.people)
    )


def _in_force(consent: Consent, at: datetime, label: str) -> bool:
    """Both ends of the period are inclusive. A provision without a type permits: HL7 FHIR R4 allows none in the outermost
    one, while the service writes "permit" there. Source: Validated Relationships Service, Consent."""
    period = consent.provision.period
    began, ended = _has_come(period.start, at, label), _has_passed(period.end, at, label)
    permits = consent.provision.type in ("permit", "") and consent.scope.code_in("consentscope") == _PROXY_ROLE
    return consent.status == "active" and permits and began and not ended


def _has_come(text: str, at: datetime, label: str) -> bool:
    if not text:
        return True
    partial_date(text, label)
    moment = try_moment(text)
    return moment <= at if moment else Period(start=text).covers(london_day(at))


def _has_passed(text: str, at: datetime, label: str) -> bool:
    if not text:
        return False
    partial_date(text, label)
    moment = try_moment(text)
    return moment < at if moment else not Period(end=text).covers(london_day(at))


def _proxy(consent: Consent, found: Found, at: datetime, label: str) -> Proxy:
    person = next((p for p in found.people if consent.by and nhs_number(p.identifier) == consent.by), Person())
    name = _name(person.name, london_day(at))
    return Proxy(
        family=plain(name.family),
        given=tuple(text for part in name.given if (text := plain(part))),
        nhs_number=_number(consent.by),
        born=_day(person.birth_date, label),
        relationship=_relationship([r for r in found.related if nhs_number(r.identifier) == consent.by]),
        until=_day(consent.provision.period.end, label),
        scopes=consent.bases,
    )


def _name(names: list[HumanName], today: date) -> HumanName:
    """The usual name now, else any name now, else none: a former name proves nothing."""
    now = [n for n in names if n.use not in _PAST_USES and n.period.covers(today)]
    return next(iter([n for n in now if n.use == "usual"] or now), HumanName())


def _relationship(related: list[Related]) -> str:
    codes = {coding.code for one in related for concept in one.relationship for coding in concept.coding}
    return next((words for code, words in _RELATIONSHIPS.items() if code in codes), "")


def _number(text: str) -> NhsNumber | None:
    try:
        return NhsNumber(text)
    except RuleBroken:
        return None


def _day(text: str, label: str) -> date | None:
    """None where it is missing, or known only in part."""
    if not text:
        return None
    moment = try_moment(text)
    if moment is not None:
        return london_day(moment)
    known = partial_date(text, label)
    return date(known.year, known.month, known.day) if known.month and known.day else None

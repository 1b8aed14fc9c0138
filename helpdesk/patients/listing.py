"""Puts people from two places into one list, and marks those who could be taken for each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import combinations

from helpdesk.identifiers import NhsNumber, without_separators
from helpdesk.patients.model import Candidate, Death, DeathStatus, FactKind, Origin, Patient, Query, Sensitivity
from helpdesk.patients.words import folded


def merged(first: Iterable[Candidate], then: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The first list in its order, then those of the second who are not in it. For somebody in both, the first's facts
    stand with the reasons of both, and restricted in either is restricted."""
    people = {person.nhs_number: person for person in first}
    for other in then:
        known = people.get(other.nhs_number)
        people[other.nhs_number] = other if known is None else _joined(known, other)
    return tuple(people.values())


def _joined(known: Candidate, other: Candidate) -> Candidate:
    restricted = known.restricted or other.restricted
    return replace(
        known,
        restricted=restricted,
        deceased=known.deceased or other.deceased,
        why=tuple(dict.fromkeys((*known.why, *other.why))),
        similar=known.similar and other.similar,
        postcode="" if restricted else known.postcode,
    )


def look_alikes(people: Sequence[Candidate]) -> tuple[NhsNumber, ...]:
    """Those who share their name, and their birth year or their postcode, with another of the list."""
    alike = {p.nhs_number for pair in combinations(people, 2) if _confusable(*pair) for p in pair}
    return tuple(p.nhs_number for p in people if p.nhs_number in alike)


def _confusable(one: Candidate, other: Candidate) -> bool:
    if not one.name.family or _called(one) != _called(other):
        return False
    same_year = one.born is not None and other.born is not None and one.born.year == other.born.year
    return same_year or (bool(one.postcode) and without_separators(one.postcode).upper() == without_separators(other.postcode).upper())


def _called(person: Candidate) -> tuple[str, str]:
    return folded(person.name.family), folded(person.name.given[0]) if person.name.given else ""


def candidate_of(patient: Patient, query: Query) -> Candidate:
    """A person PDS gave by number, as a row of a search, with what else of the words is right for them."""
    return Candidate(
        nhs_number=patient.nhs_number,
        name=patient.name,
        born=patient.born,
        gender=patient.gender,
        restricted=patient.restricted,
        deceased=patient.death is not None,
        origin=Origin.PDS,
        why=_why(patient, query),
        postcode=patient.address.postcode if patient.address else "",
    )


def _why(patient: Patient, query: Query) -> tuple[str, ...]:
    reasons = ["NHS number, replaced by a new one" if patient.superseded else "NHS number"]
    names = {folded(word) for word in (patient.name.family, *patient.name.given, *patient.former_family_names)}
    typed = query.of(FactKind.NAME)
    if typed and all(word in names for word in typed):
        reasons.append("Name, exact")
    if patient.born is not None and patient.born.iso in query.of(FactKind.BORN):
        reasons.append("Date of birth")
    elif patient.born is not None and str(patient.born.year) in query.of(FactKind.BORN_YEAR):
        reasons.append("Year of birth")
    return tuple(reasons)


def restricted(found: Candidate, held: Patient | None, now: datetime) -> Patient:
    """Somebody whom a search of PDS found to be restricted, as they are held from then on: what is held already without
    where they are, else no more than the search gave."""
    if held is not None:
        return replace(held, asked_for=held.nhs_number, sensitivity=Sensitivity.RESTRICTED, as_at=now)
    return Patient(
        nhs_number=found.nhs_number,
        asked_for=found.nhs_number,
        sensitivity=Sensitivity.RESTRICTED,
        source="",
        as_at=now,
        name=found.name,
        born=found.born,
        gender=found.gender,
        death=Death(DeathStatus.REPORTED) if found.deceased else None,
    )

"""The PDS stub's search: what PDS asks for at least, refuses, and finds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from connectors.pds.codes import GENDERS
from connectors.pds.stub_outcome import outcome
from connectors.pds.stub_resource import resource_of
from connectors.pds.stub_words import matches, same_day, soundex
from connectors.stub_routes import StubReply
from helpdesk.patients.model import Patient
from helpdesk.practice.model import AreaPerson

_FLAGS = ("_fuzzy-match", "_exact-match", "_history")
_ONCE = ("family", "gender", "address-postalcode", "address-postcode", "general-practitioner", "email", "phone", "_max-results", *_FLAGS)
_MANY = ("given", "birthdate", "death-date")
_DATE = re.compile(r"(eq|ge|le)[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WILD = ("family", "given", "address-postalcode", "address-postcode")
_FUZZY_ENOUGH = (
    {"given", "family", "birthdate"},
    {"family", "birthdate", "gender", "address-postalcode"},
    {"given", "birthdate", "gender", "address-postalcode"},
)
_MOST = 50


class _Asked:
    """The parameters of one search, by name."""

    def __init__(self, params: Sequence[tuple[str, str]]) -> None:
        self.all: dict[str, list[str]] = {}
        for name, value in params:
            self.all.setdefault(name, []).append(value)

    def one(self, name: str) -> str:
        return self.all.get(name, [""])[0].casefold()

    def many(self, name: str) -> list[str]:
        return self.all.get(name, [])

    def flag(self, name: str) -> bool:
        return self.one(name) == "true"

    @property
    def postcode(self) -> str:
        return (self.one("address-postalcode") or self.one("address-postcode")).replace(" ", "")

    @property
    def by_place(self) -> bool:
        return bool(self.postcode or self.one("general-practitioner"))


class Search:
    """Searches the people of one area: by the first two letters of a family name, or by what any name sounds like."""

    def __init__(self, people: Sequence[AreaPerson]) -> None:
        self._by_letters: dict[str, list[AreaPerson]] = {}
        self._by_sound: dict[str, list[AreaPerson]] = {}
        for person in people:
            families = _families(person.patient)
            for letters in {family.casefold()[:2] for family in families}:
                self._by_letters.setdefault(letters, []).append(person)
            for sound in {soundex(name) for name in (*families, *person.patient.name.given)}:
                self._by_sound.setdefault(sound, []).append(person)

    def answer(self, params: Sequence[tuple[str, str]]) -> StubReply:
        asked = _Asked(params)
        problem = _problem(asked)
        if problem is not None:
            return problem
        found = [(p, score) for p in self._who(asked) if (score := _score(p, asked)) > 0]
        if asked.flag("_exact-match"):
            found = [(p, score) for p, score in found if score == 1]
        if len(found) > int(asked.one("_max-results") or _MOST):
            return outcome(200, "TOO_MANY_MATCHES", "Too Many Matches", severity="information", general="multiple-matches")
        return StubReply(200, _bundle(sorted(found, key=lambda pair: -pair[1])))

    def _who(self, asked: _Asked) -> Sequence[AreaPerson]:
        """Those who may match; a fuzzy search also by names turned round. One of the two names is always given."""
        family = asked.one("family")
        if asked.flag("_fuzzy-match"):
            return self._by_sound.get(soundex(family or asked.many("given")[0]), ())
        return self._by_letters.get(family[:2], ())


def _families(patient: Patient) -> tuple[str, ...]:
    return (patient.name.family, *patient.former_family_names)


def _bundle(found: Sequence[tuple[AreaPerson, float]]) -> dict[str, Any]:
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset", "total": len(found)}
    if found:
        bundle["entry"] = [{"search": {"score": score}, "resource": resource_of(person, searched=True)} for person, score in found]
    return bundle


def _problem(asked: _Asked) -> StubReply | None:
    """What the specification refuses, in its order of codes."""
    if not asked.all:
        return outcome(400, "UNSUPPORTED_SERVICE", "Unsupported Service")
    unknown = [name for name in asked.all if name not in (*_ONCE, *_MANY)]
    if unknown:
        return outcome(400, "ADDITIONAL_PROPERTIES", "Additional properties", "Additional properties are not allowed")
    if asked.one("address-postalcode") and asked.one("address-postcode"):
        return outcome(400, "INVALID_SEARCH_DATA", "Search data is invalid", "Only one postcode parameter may be given")
    invalid = _invalid(asked)
    if invalid:
        return outcome(400, "INVALID_VALUE", "Provided value is invalid", f"Invalid value in field '{invalid}'")
    return _too_little(asked)


def _invalid(asked: _Asked) -> str:
    """The name of the first parameter whose value is not one PDS takes, or ""."""
    checks = {
        "_max-results": all(v.isascii() and v.isdigit() and 1 <= int(v) <= _MOST for v in asked.many("_max-results")),
        "gender": all(v in GENDERS for v in asked.many("gender")),
        "birthdate": all(_DATE.fullmatch(v) for v in asked.many("birthdate")),
        "death-date": all(_DATE.fullmatch(v) for v in asked.many("death-date")),
    }
    checks |= {name: all(v in ("true", "false") for v in asked.many(name)) for name in _FLAGS}
    checks |= {name: len(asked.many(name)) <= 1 for name in _ONCE if name not in checks}
    checks |= {name: checks.get(name, True) and all("*" not in v[:2] and len(v) <= 35 for v in asked.many(name)) for name in _WILD}
    return next((name for name, good in checks.items() if not good), "")


def _too_little(asked: _Asked) -> StubReply | None:
    if not asked.flag("_fuzzy-match"):
        missing = next((name for name in ("family", "birthdate") if not asked.many(name)), "")
        return outcome(400, "MISSING_VALUE", "Required value is missing", f"Missing value - '{missing}'") if missing else None
    given = {"address-postalcode" if name == "address-postcode" else name for name in asked.all}
    if not any(enough <= given for enough in _FUZZY_ENOUGH):
        return outcome(400, "INVALID_SEARCH_DATA", "Search data is invalid", "Not enough for a fuzzy search")
    if any("*" in v for name in _WILD for v in asked.many(name)):
        return outcome(400, "INVALID_SEARCH_DATA", "Search data is invalid", "No wildcards in a fuzzy search")
    return None


def _score(person: AreaPerson, asked: _Asked) -> float:
    """1 for a match on everything, less for a similar name, 0 for none."""
    patient = person.patient
    if person.flag == "REDACTED" or (person.flag != "U" and asked.by_place):
        return 0
    if not (_same_facts(patient, asked) and _same_place(patient, asked)):
        return 0
    if _same_names(patient, asked, history=asked.flag("_history") or asked.flag("_fuzzy-match")):
        return 1
    return _similar(patient, asked) if asked.flag("_fuzzy-match") else 0


def _same_facts(patient: Patient, asked: _Asked) -> bool:
    day = patient.death.day if patient.death else None
    gender = asked.one("gender")
    return (
        same_day(patient.born, asked.many("birthdate"))
        and (asked.flag("_fuzzy-match") or same_day(day, asked.many("death-date")))
        and (not gender or GENDERS[gender] == patient.gender)
    )


def _same_place(patient: Patient, asked: _Asked) -> bool:
    postcode = patient.address.postcode.replace(" ", "") if patient.address else ""
    practice = "" if asked.flag("_fuzzy-match") else asked.one("general-practitioner")
    phone = asked.one("phone").replace(" ", "")
    return (
        (not asked.postcode or matches(asked.postcode, postcode))
        and (not practice or practice == str(patient.practice or "").casefold())
        and (not phone or phone in [p.number.replace(" ", "") for p in patient.phones])
        and (not asked.one("email") or asked.one("email") in [e.casefold() for e in patient.emails])
    )


def _same_names(patient: Patient, asked: _Asked, *, history: bool) -> bool:
    families = _families(patient) if history else (patient.name.family,)
    given = patient.name.given
    family_fits = not asked.one("family") or any(matches(asked.one("family"), family) for family in families)
    return family_fits and all(any(matches(g, held) for held in (given[:1] if "*" in g else given)) for g in asked.many("given"))


def _similar(patient: Patient, asked: _Asked) -> float:
    """Sounds alike, or is turned round."""
    families = {soundex(f) for f in _families(patient)}
    firsts = {soundex(g) for g in patient.name.given}
    family, given = asked.one("family"), [soundex(g) for g in asked.many("given")]
    if (not family or soundex(family) in families) and all(g in firsts for g in given):
        return 0.8
    return 0.7 if family and given and soundex(family) in firsts and any(g in families for g in given) else 0

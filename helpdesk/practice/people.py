"""Makes patients of the members of homes: identity, contact, needs, and the flags that change what the desk may do."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Death, DeathStatus, Needs, PartialDate, Patient, PersonName, Phone, PhoneUse, Sensitivity
from helpdesk.practice.homes import address
from helpdesk.practice.households import Member, homes
from helpdesk.practice.model import AreaPerson
from helpdesk.practice.names import FEMALE, title
from helpdesk.practice.numbers import area_numbers, landline, mobile
from helpdesk.practice.organisations import practices

SOURCE = "pds"


Taken = frozenset[tuple[str, str, int]]
"""Family name, first given name and birth year of the story patients: nobody else has all three, so that
"smith jane 1950" finds one person."""


def people(draw: random.Random, count: int, today: date, taken: Taken) -> tuple[AreaPerson, ...]:
    """So many people, home by home; the last home may be cut short."""
    return tuple(person for person, _ in zip(_people(draw, today, taken), range(count), strict=False))


def _people(draw: random.Random, today: date, taken: Taken) -> Iterator[AreaPerson]:
    numbers = area_numbers()
    for home in homes(draw):
        phone, practice = landline(draw), draw.choice(practices()).ods
        for member in home:
            name = _name(draw, member)
            while (name.family, name.given[0], member.born.year) in taken:
                name = _name(draw, member)
            patient = Patient(
                nhs_number=(number := next(numbers)),
                asked_for=number,
                sensitivity=Sensitivity.UNRESTRICTED,
                source=SOURCE,
                as_at=known_at(today),
                name=name,
                former_family_names=_former(draw, member, name),
                born=PartialDate.of(member.born),
                gender=member.gender,
                death=_death(draw, member, today),
                address=member.address if draw.random() > 0.03 else address(draw),
                phones=_phones(draw, member, phone),
                emails=_emails(draw, member, number),
                practice=practice if draw.random() > 0.04 else draw.choice(practices()).ods,
                needs=_needs(draw, member),
            )
            yield _flagged(draw, patient, numbers)


def known_at(today: date) -> datetime:
    """When what PDS serves was true: the morning of the area's day."""
    return datetime.combine(today, time(6), UTC)


def _name(draw: random.Random, member: Member) -> PersonName:
    return PersonName(
        family=member.community.family_of(member.family, member.gender),
        given=member.community.given_names(draw, member.gender, member.born.year),
        title=title(draw, member.gender, member.age, married=member.married),
    )


def _former(draw: random.Random, member: Member, name: PersonName) -> tuple[str, ...]:
    if member.gender != FEMALE or not member.married or draw.random() > 0.6:
        return ()
    former = member.community.family_of(member.community.family(draw), member.gender)
    return () if former == name.family else (former,)


def _death(draw: random.Random, member: Member, today: date) -> Death | None:
    if draw.random() > (0.03 if member.age > 75 else 0.002):
        return None
    status = DeathStatus.CONFIRMED if draw.random() < 0.7 else DeathStatus.REPORTED
    return Death(status, PartialDate.of(today - timedelta(days=draw.randrange(3, 120))))


def _phones(draw: random.Random, member: Member, home: str) -> tuple[Phone, ...]:
    phones = []
    if member.age >= 13 and draw.random() < (0.6 if member.age > 80 else 0.95):
        phones.append(Phone(mobile(draw), PhoneUse.MOBILE))
    if draw.random() < (0.9 if member.age > 65 else 0.35):
        phones.append(Phone(home, PhoneUse.HOME))
    return tuple(phones)


def _emails(draw: random.Random, member: Member, number: NhsNumber) -> tuple[str, ...]:
    if member.age < 16 or draw.random() > (0.35 if member.age > 75 else 0.8):
        return ()
    return (f"person.{number.value[3:]}@example.org",)


def _needs(draw: random.Random, member: Member) -> Needs:
    people_of = member.community
    interpreter = member.age > 18 and draw.random() * 100 < people_of.interpreter_percent
    language, formats = (people_of.language, "") if interpreter else ("", "")
    if draw.random() < 0.003:
        language, interpreter = "BSL", True
    if draw.random() < (0.05 if member.age > 75 else 0.006):
        formats = draw.choices(("Large print", "Audio", "Braille"), (80, 14, 6))[0]
    return Needs(
        language=language,
        interpreter=interpreter,
        format=formats,
        contact_method=draw.choices(("", "Telephone", "Letter", "E-mail"), (80, 10, 7, 3))[0],
        no_phone=draw.random() < 0.004,
        no_digital=member.age > 70 and draw.random() < 0.1,
    )


def _flagged(draw: random.Random, patient: Patient, numbers: Iterator[NhsNumber]) -> AreaPerson:
    chance = draw.random()
    flag = "R" if chance < 0.004 else "V" if chance < 0.0045 else "" if chance < 0.005 else "U"
    replaces = (next(numbers),) if draw.random() < 0.003 else ()
    return AreaPerson(with_flag(patient, flag), flag, replaces)


def with_flag(patient: Patient, flag: str) -> Patient:
    """The patient as unrestricted only for the flag U; for any other no address, phone, e-mail or practice stays."""
    if flag == "U":
        return patient
    return replace(patient, sensitivity=Sensitivity.RESTRICTED)

"""Makes the whole practice area from a seed: people, lists, referrals, appointments and the story patients."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.model import ListRow, Referral
from helpdesk.practice.activity import merged, of_plans, same_day_bookings
from helpdesk.practice.model import Area, AreaPerson
from helpdesk.practice.numbers import hospital_number
from helpdesk.practice.organisations import organisations, providers
from helpdesk.practice.pathways import Plan, list_row, referral
from helpdesk.practice.people import people as make_people
from helpdesk.practice.primary import prescriptions, services
from helpdesk.practice.stories import Told, told
from helpdesk.practice.waits import plans, practice_appointments
from helpdesk.primary_care.model import PracticeAppointment

FEWEST = 200


def make_area(people: int, seed: int, today: date) -> Area:
    """The area with so many people, relative to that day; the same three give the same area. The story patients are
    the same in all of them. Raises RuleBroken under 200 people."""
    if people < FEWEST:
        raise RuleBroken(f"A practice area has at least {FEWEST} people.", field="people")
    stories = told(today)
    taken = frozenset(
        (p.patient.name.family, p.patient.name.given[0], p.patient.born.year)
        for p in stories.people
        if p.patient.name.given and p.patient.born
    )
    count = people - len(stories.people)
    others = make_people(_draw(seed, "people"), count, today, taken)
    waiting = list(plans(_draw(seed, "waits"), others))
    numbered, own = _numbered(others, waiting)
    rows, referrals = _held(waiting, own, today)
    return Area(
        seed=seed,
        today=today,
        people=(*stories.people, *numbered),
        organisations=organisations(),
        list_rows=(*stories.list_rows, *rows),
        referrals=(*stories.referrals, *referrals),
        appointments=_appointments(stories, others, seed, today),
        stories=stories.stories,
        list_weeks={p.ods.value: p.week_ending(today) for p in providers()},
        activity=merged(
            stories.activity,
            of_plans(((person.patient.nhs_number, plan) for person, plan in waiting), today),
            same_day_bookings(_draw(seed, "same day"), others, today),
        ),
        prescriptions={**prescriptions(_draw(seed, "prescriptions"), others, today), **stories.prescriptions},
        proxies=stories.proxies,
        services=services(),
    )


def _draw(seed: int, part: str) -> random.Random:
    """Each part of the area draws from its own stream, so that a change in one moves nobody in another."""
    return random.Random(f"{seed}:{part}")  # noqa: S311  # synthetic people, nothing secret


def _numbered(
    others: tuple[AreaPerson, ...], waiting: Iterable[tuple[AreaPerson, Plan]]
) -> tuple[tuple[AreaPerson, ...], dict[tuple[NhsNumber, str], str]]:
    """The people with the hospital numbers of the providers they wait at, and those numbers by person and provider."""
    at: dict[NhsNumber, set[str]] = defaultdict(set)
    for person, plan in waiting:
        at[person.patient.nhs_number].add(plan.provider.ods.value)
    own: dict[tuple[NhsNumber, str], str] = {}
    numbered = []
    for serial, person in enumerate(others):
        number = person.patient.nhs_number
        for provider in providers():
            if provider.ods.value in at[number]:
                own[number, provider.ods.value] = hospital_number(serial, provider.ods)
        mine = tuple(own[number, p.ods.value] for p in providers() if p.ods.value in at[number])
        numbered.append(replace(person, patient=person.patient.with_hospital_numbers(mine)) if mine else person)
    return tuple(numbered), own


def _held(
    waiting: Iterable[tuple[AreaPerson, Plan]], own: dict[tuple[NhsNumber, str], str], today: date
) -> tuple[list[ListRow], list[Referral]]:
    rows, referrals = [], []
    for person, plan in waiting:
        number = person.patient.nhs_number
        rows.append(list_row(plan, number, own[number, plan.provider.ods.value], today))
        if (found := referral(plan, number, today)) is not None:
            referrals.append(found)
    return rows, referrals


def _appointments(
    stories: Told, others: tuple[AreaPerson, ...], seed: int, today: date
) -> dict[NhsNumber, tuple[PracticeAppointment, ...]]:
    draw = _draw(seed, "appointments")
    booked = dict(stories.appointments)
    for person in others:
        if found := practice_appointments(draw, person, today):
            booked[person.patient.nhs_number] = found
    return booked

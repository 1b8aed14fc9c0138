"""Makes the whole practice area from a seed: people, lists, referrals, appointments and the story patients."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.extract_rows import ClockEvent, ReferralRow
from helpdesk.pathways.model import GapKind, ListRow, Referral
from helpdesk.practice.activity import merged, of_plans, same_day_bookings
from helpdesk.practice.model import Area, AreaPerson
from helpdesk.practice.numbers import hospital_number
from helpdesk.practice.organisations import organisations, providers
from helpdesk.practice.pathways import Plan, referral
from helpdesk.practice.people import people as make_people
from helpdesk.practice.planting import planted
from helpdesk.practice.primary import prescriptions, services
from helpdesk.practice.series import clock_stop, rows_before, rows_now, sent_row
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
    waiting = list(planted(_draw(seed, "stuck"), plans(_draw(seed, "waits"), others)))
    numbered, own = _numbered(others, waiting)
    held = _held(waiting, own, today)
    return Area(
        seed=seed,
        today=today,
        people=(*stories.people, *numbered),
        organisations=organisations(),
        list_rows=(*stories.list_rows, *held.rows),
        referrals=(*stories.referrals, *held.referrals),
        appointments=_appointments(stories, others, seed, today),
        stories=stories.stories,
        list_weeks={p.ods.value: p.week_ending(today) for p in providers()},
        activity=merged(
            stories.activity,
            of_plans(((person.patient.nhs_number, plan) for person, plan in waiting if plan.listed), today),
            same_day_bookings(_draw(seed, "same day"), others, today),
        ),
        prescriptions={**prescriptions(_draw(seed, "prescriptions"), others, today), **stories.prescriptions},
        proxies=stories.proxies,
        services=services(),
        former_rows=(*stories.former_rows, *held.former),
        clock_events=(*stories.clock_events, *held.clock_events),
        sent=(*stories.sent, *held.sent),
        planted={**stories.planted, **held.planted},
    )


def _draw(seed: int, part: str) -> random.Random:
    """Each part of the area draws from its own stream, so that a change in one moves nobody in another."""
    return random.Random(f"{seed}:{part}")  # noqa: S311  # synthetic people, nothing secret


def _numbered(
    others: tuple[AreaPerson, ...], waiting: Iterable[tuple[AreaPerson, Plan]]
) -> tuple[tuple[AreaPerson, ...], dict[NhsNumber, dict[str, str]]]:
    """The people with the hospital numbers of the providers they wait at, and those numbers by person and provider."""
    at: dict[NhsNumber, set[str]] = defaultdict(set)
    for person, plan in waiting:
        at[person.patient.nhs_number].update(p.ods.value for p in plan.providers)
    own: dict[NhsNumber, dict[str, str]] = {}
    numbered = []
    for serial, person in enumerate(others):
        number = person.patient.nhs_number
        mine = {p.ods.value: hospital_number(serial, p.ods) for p in providers() if p.ods.value in at[number]}
        own[number] = mine
        numbered.append(replace(person, patient=person.patient.with_hospital_numbers(tuple(mine.values()))) if mine else person)
    return tuple(numbered), own


@dataclass
class _Held:
    """What extracts and e-RS hold, as it is gathered."""

    rows: list[ListRow] = field(default_factory=list)
    former: list[ListRow] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    clock_events: list[ClockEvent] = field(default_factory=list)
    sent: list[ReferralRow] = field(default_factory=list)
    planted: dict[tuple[NhsNumber, str], GapKind] = field(default_factory=dict)


def _held(waiting: Iterable[tuple[AreaPerson, Plan]], own: dict[NhsNumber, dict[str, str]], today: date) -> _Held:
    held = _Held()
    for person, plan in waiting:
        number = person.patient.nhs_number
        held.rows += rows_now(plan, number, own[number], today)
        held.former += rows_before(plan, number, own[number], today)
        held.referrals += [found for found in (referral(plan, number, today),) if found is not None]
        held.clock_events += [found for found in (clock_stop(plan, number, own[number], today),) if found is not None]
        held.sent += [found for found in (sent_row(plan, number, today),) if found is not None]
        if plan.planted is not None:
            held.planted[number, plan.code] = plan.planted
    return held


def _appointments(
    stories: Told, others: tuple[AreaPerson, ...], seed: int, today: date
) -> dict[NhsNumber, tuple[PracticeAppointment, ...]]:
    draw = _draw(seed, "appointments")
    booked = dict(stories.appointments)
    for person in others:
        if found := practice_appointments(draw, person, today):
            booked[person.patient.nhs_number] = found
    return booked

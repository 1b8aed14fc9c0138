"""What providers' own systems hold in the practice area: the same pathways as the lists, told as those systems tell them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta

from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.model import Coded, ListKind
from helpdesk.practice.model import AreaPerson
from helpdesk.practice.numbers import booking_reference, pathway_id
from helpdesk.practice.organisations import System, systems
from helpdesk.practice.pathways import Plan, london_start
from helpdesk.practice.people import known_at

Held = dict[str, dict[NhsNumber, tuple[Activity, ...]]]
ELECTIVE = "elective_waiting_list"
_SHARE_BOOKED_ONLINE = 0.03
_SAME_DAY_AT = time(11, 30)


def of_plans(told: Iterable[tuple[NhsNumber, Plan]], today: date) -> Held:
    """By instance and person. Every provider's own system holds its own pathways; the elective list all that are RTT."""
    held: defaultdict[str, defaultdict[NhsNumber, list[Activity]]] = defaultdict(lambda: defaultdict(list))
    elective = next((s.instance for s in systems() if s.kind == ELECTIVE), "")
    for number, plan in told:
        system = system_of(plan.provider.ods.value)
        if system is not None:
            held[system.instance][number].extend(replace(item, source=system.instance) for item in activity_of(plan, number, today))
        if plan.list_kind is ListKind.RTT:
            held[elective][number].append(_listed(plan, number, today, elective))
    return {instance: {number: tuple(items) for number, items in people.items()} for instance, people in held.items()}


def merged(*parts: Mapping[str, Mapping[NhsNumber, tuple[Activity, ...]]]) -> Held:
    every: Held = {s.instance: {} for s in systems()}
    for part in parts:
        for instance, people in part.items():
            every.setdefault(instance, {}).update(people)
    return every


def system_of(provider: str) -> System | None:
    return next((s for s in systems() if s.provider == provider), None)


def activity_of(plan: Plan, number: NhsNumber, today: date) -> Iterator[Activity]:
    """The facts of one pathway in its provider's own system: the referral, what took place or was called off, what is
    booked, and for a community service its place on the list."""
    base = _base(plan, number, today)
    referred = today + timedelta(days=plan.clock)
    if plan.list_kind is ListKind.RTT:
        yield replace(base, kind=ActivityKind.REFERRAL, status=ActivityStatus.ACTIVE, id=f"{base.id}-r", referred=referred)
    else:
        counted = plan.provider.week_ending(today)
        yield replace(
            base,
            kind=ActivityKind.WAITING,
            status=ActivityStatus.ACTIVE,
            id=f"{base.id}-w",
            clock_start=min(referred, counted),
            as_at=counted,
        )
    for name, days, kind, status in _events(plan):
        start = london_start(today, days, plan.outpatient_time) if days > 0 else today + timedelta(days=days)
        yield replace(base, kind=kind, status=status, id=f"{base.id}-{name}", start=start, place=_place(plan, kind))


def _base(plan: Plan, number: NhsNumber, today: date) -> Activity:
    identifier = pathway_id(plan.serial, plan.provider.ods, from_ers=plan.ers is not None)
    return Activity(
        nhs_number=number,
        kind=ActivityKind.REFERRAL,
        status=ActivityStatus.ACTIVE,
        id=f"{plan.provider.instance.split('_')[0]}{plan.serial}",
        provider=plan.provider.ods,
        specialty=Coded(plan.code, plan.specialty),
        ubrn=booking_reference(plan.serial) if plan.ers is not None else None,
        pathway_id=identifier,
        ask_team=plan.ask_team,
        as_at=known_at(today),
    )


def _events(plan: Plan) -> Sequence[tuple[str, int, ActivityKind, ActivityStatus]]:
    events = [
        ("a", plan.attended, ActivityKind.ATTENDANCE, ActivityStatus.ATTENDED),
        ("c", plan.cancelled, ActivityKind.APPOINTMENT, ActivityStatus.CANCELLED),
        ("m", plan.missed, ActivityKind.APPOINTMENT, ActivityStatus.MISSED),
        ("o", plan.outpatient, ActivityKind.APPOINTMENT, ActivityStatus.BOOKED),
        ("i", plan.admission, ActivityKind.ADMISSION, ActivityStatus.BOOKED),
    ]
    return [(name, days, kind, status) for name, days, kind, status in events if days is not None]


def _place(plan: Plan, kind: ActivityKind) -> str:
    return f"Day Unit, {plan.provider.name}" if kind is ActivityKind.ADMISSION else f"Clinic {plan.serial % 9 + 1}, {plan.provider.name}"


def _listed(plan: Plan, number: NhsNumber, today: date, source: str) -> Activity:
    """The same wait as the national list gives it: a provider, its own identifier, the start and the week."""
    week = plan.provider.week_ending(today)
    identifier = pathway_id(plan.serial, plan.provider.ods, from_ers=plan.ers is not None)
    return Activity(
        nhs_number=number,
        kind=ActivityKind.WAITING,
        status=ActivityStatus.ACTIVE,
        id=identifier.value,
        provider=plan.provider.ods,
        specialty=Coded(plan.code, plan.specialty),
        local_id=identifier.value,
        clock_start=min(today + timedelta(days=plan.clock), week),
        source=source,
        as_at=week,
    )


def same_day_bookings(draw: random.Random, people: Iterable[AreaPerson], today: date) -> Held:
    """A few people are booked at the same-day service by the booking and referral standard."""
    system = next((s for s in systems() if s.kind == "bars"), None)
    if system is None:
        return {}
    held: dict[NhsNumber, tuple[Activity, ...]] = {}
    for serial, person in enumerate(people):
        if draw.random() < _SHARE_BOOKED_ONLINE and person.patient.death is None:
            number = person.patient.nhs_number
            held[number] = (same_day_booking(number, f"s{serial}", 1 + draw.randrange(5), today, system),)
    return {system.instance: held}


def same_day_booking(number: NhsNumber, name: str, days: int, today: date, system: System) -> Activity:
    return Activity(
        nhs_number=number,
        kind=ActivityKind.APPOINTMENT,
        status=ActivityStatus.BOOKED,
        id=name,
        provider=OdsCode(system.provider),
        specialty=Coded("", "Same day care"),
        start=london_start(today, days, _SAME_DAY_AT),
        place="Fenmoor Urgent and Same Day Care",
        source=system.instance,
        as_at=known_at(today),
    )

"""Draws who waits for what, for how long, and what has happened so far."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from itertools import count
from typing import Any

from helpdesk.pathways.model import ListKind, ReferralState
from helpdesk.practice.content import content
from helpdesk.practice.households import age_of
from helpdesk.practice.model import AreaPerson
from helpdesk.practice.organisations import Provider, practices, providers
from helpdesk.practice.pathways import Plan, london_start
from helpdesk.primary_care.model import PracticeAppointment

_LONGEST_DAYS = 80 * 7
_HALF_CHANCE = 0.5
_QUARTERS = (time(8, 40), time(9, 15), time(10, 0), time(11, 20), time(13, 30), time(14, 45), time(16, 10))
_WAITING = (
    ReferralState.DEFERRED_TO_PROVIDER,
    ReferralState.AWAITING_TRIAGE,
    ReferralState.TRIAGED_PROVIDER_TO_ACTION,
    ReferralState.NOT_BOOKED,
)


def plans(draw: random.Random, people: Sequence[AreaPerson]) -> Iterator[tuple[AreaPerson, Plan]]:
    """The pathways of about half of the living and of those who died lately."""
    serials = count(1)
    for person in people:
        if draw.random() > _HALF_CHANCE:
            continue
        seen: set[str] = set()
        for _ in range(draw.choices((1, 2, 3), (72, 21, 7))[0]):
            plan = _plan(draw, person, next(serials))
            if plan.code not in seen:
                seen.add(plan.code)
                yield person, plan


def _plan(draw: random.Random, person: AreaPerson, serial: int) -> Plan:
    provider = draw.choices(providers(), [p.share for p in providers()])[0]
    specialty = _specialty(draw, person, provider)
    days = min(_LONGEST_DAYS, int(draw.expovariate(1 / 130)))
    rtt = provider.kind != "community"
    status = draw.choices(("10", "20", "11", "12", "21"), (52, 34, 5, 5, 4))[0] if rtt else ""
    seen = status == "20" and days > 40
    events = _events(draw, days, seen=seen, surgical=specialty.get("surgical", False))
    return Plan(
        serial=serial,
        provider=provider,
        code=specialty["code"],
        specialty=specialty["name"],
        clock=-days,
        status=status,
        list_kind=ListKind.RTT if rtt else ListKind.NOT_RTT,
        original=-days - draw.randrange(90, 400) if status == "11" else None,
        outpatient_time=draw.choice(_QUARTERS),
        ers=_ers(draw, events, days) if rtt and draw.random() < 0.4 else None,
        outpatient=events.get("outpatient"),
        admission=events.get("admission"),
        attended=events.get("attended"),
        missed=events.get("missed"),
        cancelled=events.get("cancelled"),
        due=events.get("due"),
    )


def _specialty(draw: random.Random, person: AreaPerson, provider: Provider) -> Mapping[str, Any]:
    patient = person.patient
    born = patient.born.whole if patient.born else None
    age = age_of(born) if born else 40
    group = "community" if provider.kind == "community" else "child" if age < 16 else "acute"
    held = content("specialties")[group]
    fitting = [s for s in held if s.get("from_age", 0) <= age and s.get("sex", patient.gender) == patient.gender]
    return draw.choices(fitting, [s["share"] for s in fitting])[0]  # type: ignore[no-any-return]  # data


def _events(draw: random.Random, days: int, *, seen: bool, surgical: bool) -> dict[str, int]:
    """What has happened on the way and what is booked, in days from today."""
    events: dict[str, int] = {}
    if seen:
        events["attended"] = -draw.randrange(10, days)
    chance = draw.random()
    if seen and surgical and chance < 0.3:
        events["admission"] = draw.randrange(8, 60)
    elif chance < 0.42:
        events["outpatient"] = draw.randrange(8, 120)
    if days > 60 and draw.random() < 0.07:
        events["cancelled"] = -draw.randrange(14, 55)
    elif days > 60 and draw.random() < 0.05:
        events["missed"] = -draw.randrange(14, 55)
    if not events and days > 30 and draw.random() < 0.06:
        events["due"] = -draw.randrange(1, 25)
    return events


def _ers(draw: random.Random, events: Mapping[str, int], days: int) -> ReferralState:
    """A state that fits what the list says."""
    if "outpatient" in events or "admission" in events:
        return ReferralState.BOOKED
    if "cancelled" in events:
        return draw.choice((ReferralState.APPT_CANCELLED_BY_PATIENT, ReferralState.APPT_CANCELLED_BY_PROVIDER))
    if "missed" in events:
        return ReferralState.DID_NOT_ATTEND
    if "attended" in events or "due" in events:
        return ReferralState.BOOKED if "attended" in events else ReferralState.DEFERRED_TO_PROVIDER
    return draw.choices(_WAITING, (60, 20 if days < 60 else 2, 15, 5))[0]


def practice_appointments(draw: random.Random, person: AreaPerson, today: date) -> tuple[PracticeAppointment, ...]:
    """The future appointments of a fifth of people, at the practice where they are registered."""
    patient = person.patient
    if draw.random() > 0.2 or patient.practice is None or patient.death is not None:
        return ()
    place = next(p.name for p in practices() if p.ods == patient.practice)
    days = sorted(draw.randrange(8, 45) for _ in range(draw.choices((1, 2), (85, 15))[0]))
    return tuple(PracticeAppointment(london_start(today, d, draw.choice(_QUARTERS)), place, "booked") for d in dict.fromkeys(days))

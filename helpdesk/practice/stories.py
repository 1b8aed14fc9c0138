"""The story patients: told in `resources/practice/stories.json`, made here into the same models as everybody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

from helpdesk.callers.ports import Proxy
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.pathways.activity import Activity
from helpdesk.pathways.extract_rows import ClockEvent, ReferralRow
from helpdesk.pathways.model import GapKind, ListKind, ListRow, Referral, ReferralState
from helpdesk.patients.model import (
    Address,
    Death,
    DeathStatus,
    Needs,
    PartialDate,
    Patient,
    PersonName,
    Phone,
    PhoneUse,
    Sensitivity,
)
from helpdesk.practice.activity import of_plans, system_of
from helpdesk.practice.content import content
from helpdesk.practice.model import AreaPerson, Story
from helpdesk.practice.numbers import hospital_number, story_number, story_serial
from helpdesk.practice.organisations import practices, providers, systems
from helpdesk.practice.pathways import Plan, london_start, referral
from helpdesk.practice.people import SOURCE, known_at, with_flag
from helpdesk.practice.primary import proxy_of, told_prescriptions
from helpdesk.practice.series import clock_stop, rows_before, rows_now, sent_row
from helpdesk.primary_care.model import PracticeAppointment, Prescription

TRACKER = "prescription_tracker"
_HOSPITAL_SERIALS = 5_000_000
"""Story patients' hospital numbers count from here, above those of the largest area."""


@dataclass(frozen=True)
class Told:
    """All that the stories put into an area, first the people they are about, then those who come with them."""

    stories: tuple[Story, ...]
    people: tuple[AreaPerson, ...]
    list_rows: tuple[ListRow, ...]
    referrals: tuple[Referral, ...]
    appointments: Mapping[NhsNumber, tuple[PracticeAppointment, ...]]
    activity: Mapping[str, Mapping[NhsNumber, tuple[Activity, ...]]]
    prescriptions: Mapping[NhsNumber, tuple[Prescription, ...]]
    proxies: Mapping[NhsNumber, tuple[Proxy, ...]]
    former_rows: tuple[ListRow, ...]
    clock_events: tuple[ClockEvent, ...]
    sent: tuple[ReferralRow, ...]
    planted: Mapping[tuple[NhsNumber, str], GapKind]


def told(today: date) -> Told:
    stories, people, referrals, appointments = [], [], [], {}
    rows: list[ListRow] = []
    known: list[tuple[NhsNumber, Plan]] = []
    collected: dict[NhsNumber, tuple[Prescription, ...]] = {}
    proxies: dict[NhsNumber, tuple[Proxy, ...]] = {}
    former: list[ListRow] = []
    stops: list[ClockEvent] = []
    sent: list[ReferralRow] = []
    truth: dict[tuple[NhsNumber, str], GapKind] = {}
    for held in content("stories")["stories"]:
        person = _person(held["person"], held, today)
        number = person.patient.nhs_number
        people.append(person)
        others = [_person(other["person"], other, today) for other in held.get("others", ())]
        people.extend(others)
        own = _as_systems_tell(held)
        known += [(number, plan) for plan in own]
        if on_their_way := told_prescriptions(held, today):
            collected[number] = on_their_way
        if speak := tuple(proxy_of(others[p["other"]].patient, p, today) for p in held.get("proxies", ())):
            proxies[number] = speak
        stories.append(_story(held, person, own, prescriptions=bool(on_their_way)))
        at = {p.ods.value: hospital_number(_HOSPITAL_SERIALS + held["serial"], p.ods) for p in providers()}
        for plan in _plans(held):
            rows += rows_now(plan, number, at, today)
            former += rows_before(plan, number, at, today)
            stops += [stop for stop in (clock_stop(plan, number, at, today),) if stop is not None]
            sent += [row for row in (sent_row(plan, number, today),) if row is not None]
            if plan.planted is not None:
                truth[number, plan.code] = plan.planted
            if (found := referral(plan, number, today)) is not None:
                referrals.append(found)
        if booked := _booked(held, today):
            appointments[number] = booked
    activity = of_plans(known, today)
    return Told(
        stories=tuple(stories),
        people=tuple(people),
        list_rows=tuple(rows),
        referrals=tuple(referrals),
        appointments=appointments,
        activity=activity,
        prescriptions=collected,
        proxies=proxies,
        former_rows=tuple(former),
        clock_events=tuple(stops),
        sent=tuple(sent),
        planted=truth,
    )


def _story(held: Mapping[str, Any], person: AreaPerson, own: Sequence[Plan], *, prescriptions: bool) -> Story:
    """What a provider's system or the tracker answers follows from what it was given, unless the story says otherwise."""
    asked = [s for s in systems() if s.enabled and (s.provider or s.kind == TRACKER)]
    with_system = {system.instance for plan in own if (system := system_of(plan.provider.ods.value))}
    follows = {s.instance: "fresh" if s.instance in with_system or (s.kind == TRACKER and prescriptions) else "nothing_held" for s in asked}
    if person.flag != "U":
        follows = dict.fromkeys(follows, "not_permitted")
    stuck = tuple(GapKind(row["stuck"]) for row in held.get("rows", ()) if "stuck" in row and person.flag == "U")
    return Story(held["key"], story_number(held["serial"]), held["title"], held["shows"], follows | held["expected"], stuck)


def _person(person: Mapping[str, Any], held: Mapping[str, Any], today: date) -> AreaPerson:
    """`now` in a person is the serial of the number that took the story's own number over."""
    asked = story_number(held["serial"])
    number = story_number(person["now"]) if "now" in person else asked
    patient = Patient(
        nhs_number=number,
        asked_for=number,
        sensitivity=Sensitivity.UNRESTRICTED,
        source=SOURCE,
        as_at=known_at(today),
        name=PersonName(person.get("family", ""), tuple(person.get("given", ())), person.get("title", "")),
        born=PartialDate.from_iso(person["born"]) if "born" in person else None,
        gender=person.get("gender", ""),
        death=_death(person, today),
        address=Address(tuple(person["lines"]), person["postcode"]) if "lines" in person else None,
        phones=_phones(person),
        emails=(person["email"],) if "email" in person else (),
        practice=OdsCode(person["practice"]) if "practice" in person else None,
        hospital_numbers=_hospital_numbers(held),
        needs=Needs(**person.get("needs", {})),
    )
    return AreaPerson(
        patient=with_flag(patient, flag := person.get("flag", "U")),
        flag=flag,
        replaces=(asked,) if number != asked else (),
        in_index=person.get("in_index", True),
        faults=held.get("faults", {}),
    )


def _hospital_numbers(held: Mapping[str, Any]) -> tuple[str, ...]:
    at = {row[name] for row in held.get("rows", ()) for name in ("provider", "also") if name in row and row.get("listed", True)}
    return tuple(hospital_number(_HOSPITAL_SERIALS + held["serial"], p.ods) for p in providers() if p.ods.value in at)


def _death(person: Mapping[str, Any], today: date) -> Death | None:
    if "death" not in person:
        return None
    return Death(DeathStatus(person["death"]["status"]), PartialDate.of(today + timedelta(days=person["death"]["days"])))


def _phones(person: Mapping[str, Any]) -> tuple[Phone, ...]:
    uses = {"mobile": PhoneUse.MOBILE, "home": PhoneUse.HOME}
    return tuple(Phone(person[name], use) for name, use in uses.items() if name in person)


def _plans(held: Mapping[str, Any]) -> list[Plan]:
    return [_plan(held["serial"], place, dict(row)) for place, row in enumerate(held.get("rows", ()), 1)]


def _as_systems_tell(held: Mapping[str, Any]) -> list[Plan]:
    """The pathways that the provider's own system holds too; `system` says where it tells more than the list."""
    told_of = [(plan, row["system"]) for plan, row in zip(_plans(held), held.get("rows", ()), strict=True) if "system" in row]
    return [replace(plan, **more) for plan, more in told_of]


def _plan(story: int, place: int, row: dict[str, Any]) -> Plan:
    """A row of the data has the names of a plan's fields, save those taken out here."""
    known = {p.ods.value: p for p in providers()}
    provider, also, stuck = known[row.pop("provider")], row.pop("also", None), row.pop("stuck", None)
    referrer = row.pop("referrer", None)
    state, at, kind = row.pop("ers", None), row.pop("time", "09:30"), row.pop("list", "rtt")
    row.pop("system", None)
    return Plan(
        serial=story_serial(story, place),
        provider=provider,
        list_kind=ListKind(kind),
        outpatient_time=time.fromisoformat(at),
        ers=ReferralState(state) if state else None,
        also=known[also] if also else None,
        referrer=OdsCode(referrer) if referrer else None,
        planted=GapKind(stuck) if stuck else None,
        **row,
    )


def _booked(held: Mapping[str, Any], today: date) -> tuple[PracticeAppointment, ...]:
    own = held["person"].get("practice")
    place = next((p.name for p in practices() if p.ods.value == own), "")
    return tuple(
        PracticeAppointment(london_start(today, a["days"], time.fromisoformat(a["time"])), place, "booked")
        for a in held.get("appointments", ())
    )

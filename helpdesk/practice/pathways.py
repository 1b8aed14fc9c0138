"""Turns a plan of one pathway, in days from today, into the list row and the referral that two systems hold of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from helpdesk.clock import LONDON
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.pathways.days import working_days_later
from helpdesk.pathways.model import EventKind, GapKind, ListKind, ListRow, NextEvent, Referral, ReferralState
from helpdesk.practice.numbers import booking_reference, pathway_id
from helpdesk.practice.organisations import Provider
from helpdesk.practice.people import known_at

ERS_SOURCE = "ers"
_CONTACT_DAYS = 40
"""Working days in which a provider is to be in touch about a routine referral. Source: e-RS FHIR API, A004."""
_TO_CONTACT = (ReferralState.DEFERRED_TO_PROVIDER, ReferralState.AWAITING_TRIAGE)


@dataclass(frozen=True)
class Plan:
    """One pathway. Every number but `serial` is days from today, past ones negative; a future day that falls on a
    weekend moves to the Monday. `ers` is the referral's state where e-RS issued the pathway; `ers_clock` where e-RS
    differs from the list. `left` is how many of its provider's newest lists no longer hold it, `stopped` the day that the
    extract of clock stops gives. `also` is a second provider whose list holds it too, in the status `also_status`. `sent`,
    `received` and `closed` stand in the extract of referrals; without `listed` no list has it. `planted` is the truth."""

    serial: int
    provider: Provider
    code: str
    specialty: str
    clock: int
    status: str = "10"
    list_kind: ListKind = ListKind.RTT
    original: int | None = None
    outpatient: int | None = None
    outpatient_time: time = time(9, 30)
    admission: int | None = None
    attended: int | None = None
    missed: int | None = None
    cancelled: int | None = None
    due: int | None = None
    ask_team: bool = False
    ers: ReferralState | None = None
    ers_clock: int | None = None
    left: int | None = None
    stopped: int | None = None
    also: Provider | None = None
    also_status: str = ""
    sent: int | None = None
    received: int | None = None
    closed: int | None = None
    outcome: str = ""
    referrer: OdsCode | None = None
    listed: bool = True
    planted: GapKind | None = None

    @property
    def providers(self) -> tuple[Provider, ...]:
        """Whose lists hold it, or held it."""
        if not self.listed:
            return ()
        return (self.provider, self.also) if self.also is not None else (self.provider,)


def list_row(plan: Plan, number: NhsNumber, hospital_number: str, today: date) -> ListRow:
    """The row as its provider's list holds it. Nothing in it is later than the list, save what is booked or due."""
    week = plan.provider.week_ending(today)
    identifier = pathway_id(plan.serial, plan.provider.ods, from_ers=plan.ers is not None)
    clock = _past(plan.clock, today, week)
    return ListRow(
        nhs_number=number,
        provider=plan.provider.ods,
        week_ending=week,
        list_kind=plan.list_kind,
        local_patient_id=hospital_number,
        pathway_id=identifier,
        ubrn=identifier.ubrn,
        treatment_function=plan.code,
        referral_received=clock,
        original_referral_received=_past(plan.original, today, week) or clock,
        clock_start=clock if plan.list_kind is ListKind.RTT else None,
        clock_stop=None,
        rtt_status=plan.status if plan.list_kind is ListKind.RTT else "",
        next_outpatient=_future(plan.outpatient, today),
        next_admission=_future(plan.admission, today),
        last_attended=_past(plan.attended, today, week),
        last_missed=_past(plan.missed, today, week),
        cancelled=_past(plan.cancelled, today, week),
        due=None if plan.due is None else today + timedelta(days=plan.due),
        ask_team=plan.ask_team,
        source=plan.provider.instance,
    )


def referral(plan: Plan, number: NhsNumber, today: date) -> Referral | None:
    """The referral as e-RS holds it, where e-RS issued the pathway."""
    if plan.ers is None:
        return None
    clock = plan.clock if plan.ers_clock is None else plan.ers_clock
    day = _future(plan.outpatient, today)
    booked = day is not None and plan.ers is ReferralState.BOOKED
    return Referral(
        ubrn=booking_reference(plan.serial),
        nhs_number=number,
        state=plan.ers,
        specialty=plan.specialty,
        service=f"{plan.specialty} clinic, {plan.provider.name}",
        provider=plan.provider.ods,
        clock_start=today + timedelta(days=clock),
        next_event=NextEvent(EventKind.OUTPATIENT, day, plan.outpatient_time, plan.provider.name) if booked and day else None,
        source=ERS_SOURCE,
        as_at=known_at(today),
        contact_by=working_days_later(today + timedelta(days=clock), _CONTACT_DAYS) if plan.ers in _TO_CONTACT else None,
    )


def weekday_from(today: date, days: int) -> date:
    """That many days on, or the Monday after where it is a weekend."""
    day = today + timedelta(days=days)
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def london_start(today: date, days: int, at: time) -> datetime:
    return datetime.combine(weekday_from(today, days), at, LONDON)


def _past(days: int | None, today: date, week: date) -> date | None:
    return None if days is None else min(today + timedelta(days=days), week)


def _future(days: int | None, today: date) -> date | None:
    if days is None:
        return None
    return weekday_from(today, days) if days > 0 else today + timedelta(days=days)

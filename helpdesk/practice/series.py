"""What the practice area's extracts hold of one pathway: rows of this week's lists, of the weeks before, clock stops, referrals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.extract_rows import ClockEvent, ClockMove, ReferralRow
from helpdesk.pathways.model import ListRow
from helpdesk.practice.numbers import booking_reference, pathway_id
from helpdesk.practice.organisations import Provider
from helpdesk.practice.pathways import Plan, list_row

FORMER_WEEKS = 3
REFERRALS_SOURCE = "referrals"
OwnNumbers = Mapping[str, str]
"""The person's own number at each provider, by its code."""


def rows_now(plan: Plan, number: NhsNumber, own: OwnNumbers, today: date) -> Iterator[ListRow]:
    """The rows of the newest lists."""
    if plan.left is None:
        yield from (_row(plan, provider, number, own, today) for provider in plan.providers)


def rows_before(plan: Plan, number: NhsNumber, own: OwnNumbers, today: date) -> Iterator[ListRow]:
    """The rows of the lists before, the newest first: what had happened by then, once the wait had begun."""
    for provider in plan.providers:
        row = _row(plan, provider, number, own, today)
        for back in range(1, FORMER_WEEKS + 1):
            week = row.week_ending - timedelta(weeks=back)
            began = row.referral_received or week
            if began <= week and (plan.left is None or back >= plan.left):
                yield _as_of(row, week)


def clock_stop(plan: Plan, number: NhsNumber, own: OwnNumbers, today: date) -> ClockEvent | None:
    """The stop of its clock, as the provider's extract gives it."""
    if plan.stopped is None:
        return None
    row = _row(plan, plan.provider, number, own, today)
    return ClockEvent(
        nhs_number=number,
        provider=row.provider,
        as_at=row.week_ending,
        day=min(today + timedelta(days=plan.stopped), row.week_ending),
        move=ClockMove.STOP,
        rtt_status="30",
        local_patient_id=row.local_patient_id,
        pathway_id=row.pathway_id,
        ubrn=row.ubrn,
        treatment_function=row.treatment_function,
        source=row.source,
    )


def sent_row(plan: Plan, number: NhsNumber, today: date) -> ReferralRow | None:
    """The row of the extract of referrals."""
    if plan.sent is None:
        return None
    return ReferralRow(
        nhs_number=number,
        provider=plan.provider.ods,
        as_at=today,
        sent=_day(plan.sent, today),
        received=_day(plan.received, today),
        accepted=None,
        closed=_day(plan.closed, today),
        outcome=plan.outcome,
        referrer=plan.referrer,
        local_patient_id="",
        pathway_id=None,
        ubrn=booking_reference(plan.serial),
        treatment_function=plan.code,
        source=REFERRALS_SOURCE,
    )


def _row(plan: Plan, provider: Provider, number: NhsNumber, own: OwnNumbers, today: date) -> ListRow:
    """At the second provider it has the same identifier, which the first issued."""
    status = plan.also_status if provider is plan.also and plan.also_status else plan.status
    row = list_row(replace(plan, provider=provider, status=status), number, own[provider.ods.value], today)
    identifier = pathway_id(plan.serial, plan.provider.ods, from_ers=plan.ers is not None)
    return replace(row, pathway_id=identifier)


def _as_of(row: ListRow, week: date) -> ListRow:
    def by_then(day: date | None) -> date | None:
        return None if day is None or day > week else day

    return replace(
        row,
        week_ending=week,
        last_attended=by_then(row.last_attended),
        last_missed=by_then(row.last_missed),
        cancelled=by_then(row.cancelled),
    )


def _day(days: int | None, today: date) -> date | None:
    return None if days is None else today + timedelta(days=days)

"""What a series of lists shows and one alone cannot: who has gone from a provider's list, and what two lists hold at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.clock import TRANSFERRED, ClockEffect, clock_effect
from helpdesk.pathways.gap_facts import days_known, stopped_since
from helpdesk.pathways.joining import Joined, join
from helpdesk.pathways.model import ListKind, ListRow
from helpdesk.pathways.ports import HeldRows

_SAME_WEEK = timedelta(days=6)


@dataclass(frozen=True)
class Gone:
    """A pathway that a provider's former list held and no list holds now. `row` is how it stood last, `weeks` the dates of
    the lists since then that do not hold it, the oldest first; `joined` are the facts of it that are not on a list."""

    joined: Joined
    row: ListRow
    held: HeldRows
    weeks: tuple[date, ...]

    @property
    def since(self) -> date:
        return self.weeks[0]


def gone(held: Sequence[HeldRows], joins: Sequence[Joined], about: NhsNumber) -> tuple[Gone, ...]:
    """Those whose clock ran when they were last listed and of whose stop nothing is known. Somebody who was being moved
    to another hospital, or who is listed elsewhere for what looks like the same, has not been lost. Raises RuleBroken
    when a row is about somebody else."""
    former = [row for h in held for row in h.former]
    if any(row.nhs_number != about for row in former):
        raise RuleBroken("A former list answered about somebody else, so nothing of it is used.", field="nhs_number")
    listed = [row for j in joins for row in j.rows]
    now = {_named(row) for row in listed}
    left = _newest(row for row in former if _named(row) not in now)
    if not left:
        return ()
    rest = [j for j in joins if not j.rows]
    events = [e for j in joins for e in j.clock_events] + [e for h in held for e in h.clock_events]
    again = join(
        about,
        [*listed, *left],
        [r for j in rest for r in j.referrals],
        [a for j in rest for a in j.activities],
        clock_events=events,
        sent=[s for j in rest for s in j.sent],
    )
    current = frozenset(listed)
    found = (_gone(j, held, listed) for j in again if j.rows and not current.intersection(j.rows))
    return tuple(sorted((g for g in found if g is not None), key=lambda g: g.joined.key))


def twice_since(joined: Joined, held: Sequence[HeldRows]) -> tuple[date, tuple[ListRow, ListRow]] | None:
    """Since when two entries of lists have held it at once, and the two. One that says that it was moved on is no second;
    neither is one on a list so old that the other need not have been there."""
    rows = [row for row in joined.rows if _counts(row)]
    pairs = [(a, b) for place, a in enumerate(rows) for b in rows[place + 1 :] if _at_once(a, b, held)]
    known = [(max(_began(a), _began(b)), (a, b)) for a, b in pairs]
    return min(known, key=lambda k: (k[0], k[1][0].provider, k[1][1].provider), default=None)


def _newest(rows: Iterable[ListRow]) -> list[ListRow]:
    """The last row of each that was listed."""
    last: dict[tuple[object, ...], ListRow] = {}
    for row in sorted(rows, key=lambda r: (r.week_ending, r.provider)):
        last[row.provider, *_named(row)] = row
    return list(last.values())


def _gone(joined: Joined, held: Sequence[HeldRows], listed: Sequence[ListRow]) -> Gone | None:
    row = max(joined.rows, key=lambda r: (r.week_ending, _counts(r), r.provider))
    lists = next((h for h in held if h.provider == row.provider.value and h.has_list), None)
    if lists is None or row.list_kind is ListKind.NOT_RTT or not _counts(row):
        return None
    if stopped_since(joined, row.clock_start or date.min) or any(_alike(row, other) for other in listed):
        return None
    weeks = tuple(sorted({w for w in (*lists.former_weeks, lists.week_ending) if w > row.week_ending}))
    return Gone(joined, row, lists, weeks) if weeks else None


def _counts(row: ListRow) -> bool:
    """Whether it is a wait that goes on at this provider."""
    if row.clock_stop is not None or row.rtt_status.strip() == TRANSFERRED:
        return False
    return clock_effect(row.rtt_status) is ClockEffect.RUNNING or (row.list_kind is ListKind.NOT_RTT and not row.rtt_status.strip())


def _alike(row: ListRow, other: ListRow) -> bool:
    """Whether another listed wait of this specialty began on the same day."""
    days = {*days_known((other.clock_start, other.referral_received))}
    return row.treatment_function == other.treatment_function and bool(
        days.intersection(days_known((row.clock_start, row.referral_received)))
    )


def _at_once(one: ListRow, two: ListRow, held: Sequence[HeldRows]) -> bool:
    if one.provider != two.provider and ListKind.NOT_RTT in (one.list_kind, two.list_kind):
        return False
    older, newer = sorted((one, two), key=lambda r: r.week_ending)
    if newer.week_ending - older.week_ending <= _SAME_WEEK:
        return True
    return any(
        row.provider == newer.provider and _named(row) == _named(newer) and abs(row.week_ending - older.week_ending) <= _SAME_WEEK
        for row in _former(held)
    )


def _former(held: Iterable[HeldRows]) -> Iterable[ListRow]:
    return (row for h in held for row in h.former)


def _began(row: ListRow) -> date:
    return max(days_known((row.referral_received, row.clock_start)), default=row.week_ending)


def _named(row: ListRow) -> tuple[object, ...]:
    return (row.pathway_id, row.ubrn) if row.pathway_id or row.ubrn else (row.provider, row.local_patient_id, row.treatment_function)

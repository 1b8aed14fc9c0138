"""Puts rows of extracts, referrals and provider activity of one patient together where they are surely one pathway: by hard keys only."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.activity import Activity
from helpdesk.pathways.clock import TRANSFERRED, ClockEffect, clock_effect
from helpdesk.pathways.extract_rows import ClockEvent, ReferralRow
from helpdesk.pathways.hard_keys import activity_keys, local_keys, row_alone, row_keys, shared_ubrns, ubrn_key, written
from helpdesk.pathways.model import ListRow, Referral

Known = ListRow | Referral | ClockEvent | ReferralRow | Activity
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Joined:
    """The facts of one real pathway: list rows, the one that leads first, e-RS referrals, the newest first, and what
    providers' own systems hold; from extracts, clock events by day and rows of referrals (`sent`), the newest extract
    first. `key` is stable from one look to the next and shows no identifier."""

    key: str
    rows: tuple[ListRow, ...]
    referrals: tuple[Referral, ...]
    activities: tuple[Activity, ...] = ()
    clock_events: tuple[ClockEvent, ...] = ()
    sent: tuple[ReferralRow, ...] = ()

    @property
    def row(self) -> ListRow | None:
        return self.rows[0] if self.rows else None

    @property
    def referral(self) -> Referral | None:
        return self.referrals[0] if self.referrals else None


def join(
    about: NhsNumber,
    rows: Sequence[ListRow],
    referrals: Sequence[Referral],
    activities: Sequence[Activity] = (),
    *,
    clock_events: Sequence[ClockEvent] = (),
    sent: Sequence[ReferralRow] = (),
) -> tuple[Joined, ...]:
    """One entry for each real pathway of this patient: facts that share a pathway identifier with its issuer, a provider
    with its own pathway identifier, or a booking reference. What merely looks alike stays apart; a clock event without
    any hard key belongs to no pathway and is left out. Raises RuleBroken when a fact is about somebody else."""
    facts: tuple[Known, ...] = (*rows, *referrals, *activities, *clock_events, *sent)
    if any(fact.nhs_number != about for fact in facts):
        raise RuleBroken("A source answered about somebody else, so nothing of it is used.", field="nhs_number")
    once = (dict.fromkeys(rows), dict.fromkeys(clock_events), dict.fromkeys(sent))  # the very same row twice is one
    extracted = [row for kind in once for row in sorted(kind, key=written)]
    shared, local = shared_ubrns(extracted), local_keys(extracted)
    keyed: list[tuple[tuple[str, ...], Known]] = []
    alone: Counter[str] = Counter()
    for row in extracted:
        keys = (*row_keys(row, shared), *local.get(row, ()))
        if keys:
            keyed.append((keys, row))
        elif not isinstance(row, ClockEvent):
            keyed.append(((row_alone(row, alone),), row))
    keyed += [((ubrn_key(r.ubrn),), r) for r in dict.fromkeys(referrals)]
    known = frozenset(key for keys, _ in keyed for key in keys)
    keyed += [(activity_keys(a, known), a) for a in _once(activities)]
    return tuple(_joined(group) for group in _groups(keyed))


def _once(activities: Sequence[Activity]) -> list[Activity]:
    """The very same fact twice is one. They are many: only what has the same name is compared."""
    named: dict[tuple[str, str], list[Activity]] = {}
    once: list[Activity] = []
    for activity in activities:
        alike = named.setdefault((activity.source, activity.id), [])
        if activity not in alike:
            alike.append(activity)
            once.append(activity)
    return once


def _groups(
    keyed: Sequence[tuple[tuple[str, ...], Known]],
) -> list[tuple[set[str], list[Known]]]:
    """Facts whose keys overlap, also through a third one; the group that was added to last stands last."""
    groups: dict[int, tuple[set[str], list[Known]]] = {}
    whose: dict[str, int] = {}
    for serial, (keys, fact) in enumerate(keyed):
        merged: tuple[set[str], list[Known]] = (set(keys), [])
        for touching in sorted({whose[key] for key in keys if key in whose}):
            held_keys, held = groups.pop(touching)
            merged = (merged[0] | held_keys, [*merged[1], *held])
        merged[1].append(fact)
        groups[serial] = merged
        whose.update(dict.fromkeys(merged[0], serial))
    return list(groups.values())


def _joined(group: tuple[set[str], list[Known]]) -> Joined:
    keys, facts = group
    rows = sorted((f for f in facts if isinstance(f, ListRow)), key=_leads)
    referrals = sorted((f for f in facts if isinstance(f, Referral)), key=lambda r: r.as_at or _NEVER, reverse=True)
    activities = sorted((f for f in facts if isinstance(f, Activity)), key=_soonest)
    return Joined(
        hashlib.sha256(min(keys).encode()).hexdigest()[:20],
        tuple(rows),
        tuple(referrals),
        tuple(activities),
        tuple(sorted((f for f in facts if isinstance(f, ClockEvent)), key=lambda e: (e.day, written(e)))),
        tuple(sorted((f for f in facts if isinstance(f, ReferralRow)), key=lambda r: (-r.as_at.toordinal(), written(r)))),
    )


def _soonest(activity: Activity) -> tuple[str, str, str]:
    return (activity.start.isoformat() if activity.start else "", activity.source, activity.id)


def _leads(row: ListRow) -> tuple[bool, int, bool, str]:
    """Who speaks for a pathway that several lists hold: not who has passed it on, then the newest list, then who
    still counts the wait."""
    counts = clock_effect(row.rtt_status) is ClockEffect.RUNNING
    return row.rtt_status.strip() == TRANSFERRED, -row.week_ending.toordinal(), not counts, row.provider.value

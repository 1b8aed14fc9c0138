"""Puts rows of lists, referrals and provider activity of one patient together where they are surely one pathway: by hard keys only."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime

from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber, Ubrn
from helpdesk.pathways.activity import Activity
from helpdesk.pathways.clock import ClockEffect, clock_effect
from helpdesk.pathways.model import ListRow, Referral

Known = ListRow | Referral | Activity
TRANSFERRED = "21"
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Joined:
    """The facts of one real pathway: list rows, the one that leads first, e-RS referrals, the newest first, and what
    providers' own systems hold. `key` is stable from one look to the next and shows no identifier."""

    key: str
    rows: tuple[ListRow, ...]
    referrals: tuple[Referral, ...]
    activities: tuple[Activity, ...] = ()

    @property
    def row(self) -> ListRow | None:
        return self.rows[0] if self.rows else None

    @property
    def referral(self) -> Referral | None:
        return self.referrals[0] if self.referrals else None


def join(
    about: NhsNumber, rows: Sequence[ListRow], referrals: Sequence[Referral], activities: Sequence[Activity] = ()
) -> tuple[Joined, ...]:
    """One entry for each real pathway of this patient: facts that share a pathway identifier with its issuer, a provider
    with its own pathway identifier, or a booking reference. What merely looks alike stays apart. Raises RuleBroken when
    a fact is about somebody else."""
    facts: tuple[Known, ...] = (*rows, *referrals, *activities)
    if any(fact.nhs_number != about for fact in facts):
        raise RuleBroken("A source answered about somebody else, so nothing of it is used.", field="nhs_number")
    rows = tuple(dict.fromkeys(rows))  # the very same row twice is one
    shared = _shared_ubrns(rows)
    local = _local_keys(rows)
    keyed: list[tuple[tuple[str, ...], Known]] = []
    alike: Counter[str] = Counter()
    for row in sorted(rows, key=_written):
        keyed.append(((*_row_keys(row, shared), *local.get(row, ())) or (_row_alone(row, alike),), row))
    keyed += [((_ubrn_key(r.ubrn),), r) for r in dict.fromkeys(referrals)]
    known = frozenset(key for keys, _ in keyed for key in keys)
    keyed += [(_activity_keys(a, known), a) for a in _once(activities)]
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


def _ubrn_key(ubrn: Ubrn) -> str:
    return f"2:ubrn:{ubrn}"


def _ubrn_of(row: ListRow) -> Ubrn | None:
    """The booking reference of a row, also where it stands padded as a pathway identifier that e-RS issued."""
    return row.ubrn or (row.pathway_id.ubrn if row.pathway_id else None)


def _own_id(row: ListRow) -> str | None:
    """The key of a pathway identifier that an organisation issued itself."""
    issued = row.pathway_id
    if issued is None or issued.ubrn is not None or not issued.value.strip():
        return None
    return f"1:pathway:{issued.issuer}:{issued.value}"


def _local_keys(rows: Iterable[ListRow]) -> dict[ListRow, tuple[str, ...]]:
    """A provider's own pathway identifier as a key, where it names one pathway only."""
    held: defaultdict[str, set[str | None]] = defaultdict(set)
    for row in rows:
        if row.pathway_id is not None:
            held[_local_key(row.provider.value, row.pathway_id.value)].add(_own_id(row))
    keys = {row: _local_key(row.provider.value, row.pathway_id.value) for row in rows if row.pathway_id and _own_id(row)}
    return {row: (key,) for row, key in keys.items() if len(held[key]) == 1}


def _local_key(provider: str, value: str) -> str:
    return f"3:local:{provider}:{value}"


def _activity_keys(activity: Activity, known: frozenset[str]) -> tuple[str, ...]:
    """The strongest key that some list or referral has too; all of its own where none has."""
    keys: list[str] = []
    issued = activity.pathway_id
    if issued is not None:
        keys.append(_ubrn_key(issued.ubrn) if issued.ubrn else f"1:pathway:{issued.issuer}:{issued.value}")
    if activity.provider is not None and activity.local_id:
        keys.append(_local_key(activity.provider.value, activity.local_id))
    if activity.ubrn is not None:
        keys.append(_ubrn_key(activity.ubrn))
    shared = [key for key in keys if key in known]
    return (shared[0],) if shared else tuple(keys) or (f"4:activity:{activity.source}:{activity.kind.value}:{activity.id}",)


def _shared_ubrns(rows: Iterable[ListRow]) -> dict[Ubrn, str]:
    """Booking references that one provider holds under several pathway identifiers, with the one pathway whose they
    are: where two are linked, the first gives the start. Source: NHS England, RTT guidance v5.0."""
    held: defaultdict[Ubrn, list[ListRow]] = defaultdict(list)
    for row in rows:
        if (ubrn := _ubrn_of(row)) is not None and _own_id(row) is not None:
            held[ubrn].append(row)
    first: dict[Ubrn, str] = {}
    for ubrn, group in held.items():
        names = {(row.provider, _own_id(row)) for row in group}
        if len({provider for provider, _ in names}) < len(names):
            earliest = min(group, key=lambda r: (r.clock_start or r.referral_received or date.max, _own_id(r) or ""))
            first[ubrn] = _own_id(earliest) or ""
    return first


def _row_keys(row: ListRow, shared: dict[Ubrn, str]) -> tuple[str, ...]:
    own, ubrn = _own_id(row), _ubrn_of(row)
    keys = [own] if own is not None else []
    if ubrn is not None and (own is None or shared.get(ubrn, own) == own):
        keys.append(_ubrn_key(ubrn))
    return tuple(keys)


def _row_alone(row: ListRow, alike: Counter[str]) -> str:
    """A key for a row without any hard key: its own, also where another looks the same."""
    plain = f"4:row:{row.provider}:{row.local_patient_id}:{row.treatment_function}:{row.referral_received}"
    alike[plain] += 1
    return f"{plain}:{alike[plain]}"


def _written(row: ListRow) -> tuple[str, ...]:
    """Every field as text, so that rows stand in one order however they arrive."""
    return tuple(str(getattr(row, f.name)) for f in fields(row))


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
    return Joined(hashlib.sha256(min(keys).encode()).hexdigest()[:20], tuple(rows), tuple(referrals), tuple(activities))


def _soonest(activity: Activity) -> tuple[str, str, str]:
    return (activity.start.isoformat() if activity.start else "", activity.source, activity.id)


def _leads(row: ListRow) -> tuple[bool, int, bool, str]:
    """Who speaks for a pathway that several lists hold: not who has passed it on, then the newest list, then who
    still counts the wait."""
    counts = clock_effect(row.rtt_status) is ClockEffect.RUNNING
    return row.rtt_status.strip() == TRANSFERRED, -row.week_ending.toordinal(), not counts, row.provider.value

"""The hard keys of a fact: what surely names the pathway that it belongs to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import fields
from datetime import date

from helpdesk.identifiers import Ubrn
from helpdesk.pathways.activity import Activity
from helpdesk.pathways.clock import NEW_CONDITION
from helpdesk.pathways.extract_rows import ClockEvent, ClockMove, ReferralRow
from helpdesk.pathways.model import ListRow

Extracted = ListRow | ClockEvent | ReferralRow
"""A row of a provider's extract: each names its pathway in the same columns."""


def ubrn_key(ubrn: Ubrn) -> str:
    return f"2:ubrn:{ubrn}"


def row_keys(row: Extracted, shared: dict[Ubrn, str]) -> tuple[str, ...]:
    own, ubrn = _own_id(row), _ubrn_of(row)
    keys = [own] if own is not None else []
    if ubrn is not None and (own is None or shared.get(ubrn, own) == own):
        keys.append(ubrn_key(ubrn))
    return tuple(keys)


def local_keys(rows: Iterable[Extracted]) -> dict[Extracted, tuple[str, ...]]:
    """A provider's own pathway identifier as a key, where it names one pathway only."""
    held: defaultdict[str, set[str | None]] = defaultdict(set)
    keys: dict[Extracted, str] = {}
    for row in rows:
        if row.pathway_id is not None:
            key = _local_key(row.provider.value, row.pathway_id.value)
            held[key].add(_own_id(row))
            if _own_id(row):
                keys[row] = key
    return {row: (key,) for row, key in keys.items() if len(held[key]) == 1}


def activity_keys(activity: Activity, known: frozenset[str]) -> tuple[str, ...]:
    """The strongest key that some list or referral has too; all of its own where none has."""
    keys: list[str] = []
    issued = activity.pathway_id
    if issued is not None:
        keys.append(ubrn_key(issued.ubrn) if issued.ubrn else f"1:pathway:{issued.issuer}:{issued.value}")
    if activity.provider is not None and activity.local_id:
        keys.append(_local_key(activity.provider.value, activity.local_id))
    if activity.ubrn is not None:
        keys.append(ubrn_key(activity.ubrn))
    shared = [key for key in keys if key in known]
    return (shared[0],) if shared else tuple(keys) or (f"4:activity:{activity.source}:{activity.kind.value}:{activity.id}",)


def shared_ubrns(rows: Iterable[Extracted]) -> dict[Ubrn, str]:
    """Booking references under which there are several pathways, with the one pathway whose they are: where one provider
    holds two identifiers under it, and where one of them is for a separate condition (status 12). Where two are linked,
    the first gives the start. Source: NHS England, RTT guidance v5.0."""
    held: defaultdict[Ubrn, list[Extracted]] = defaultdict(list)
    for row in rows:
        if (ubrn := _ubrn_of(row)) is not None and _own_id(row) is not None:
            held[ubrn].append(row)
    first: dict[Ubrn, str] = {}
    for ubrn, group in held.items():
        names = {(row.provider, _own_id(row)) for row in group}
        separate = {_own_id(row) for row in group if _is_separate(row)}
        if len({provider for provider, _ in names}) < len(names) or separate not in (set(), {own for _, own in names}):
            first[ubrn] = _own_id(min(group, key=lambda r: (_own_id(r) in separate, _began(r), _own_id(r) or ""))) or ""
    return first


def row_alone(row: ListRow | ReferralRow, alike: Counter[str]) -> str:
    """A key for a row without any hard key: its own, also where another looks the same."""
    if isinstance(row, ListRow):
        plain = f"4:row:{row.provider}:{row.local_patient_id}:{row.treatment_function}:{row.referral_received}"
    else:
        plain = f"4:sent:{row.provider}:{row.referrer}:{row.treatment_function}:{row.sent}"
    alike[plain] += 1
    return f"{plain}:{alike[plain]}"


def written(row: Extracted) -> tuple[str, ...]:
    """Every field as text, so that rows stand in one order however they arrive."""
    return tuple(str(getattr(row, f.name)) for f in fields(row))


def _ubrn_of(row: Extracted) -> Ubrn | None:
    """The booking reference of a row, also where it stands padded as a pathway identifier that e-RS issued."""
    return row.ubrn or (row.pathway_id.ubrn if row.pathway_id else None)


def _own_id(row: Extracted) -> str | None:
    """The key of a pathway identifier that an organisation issued itself."""
    issued = row.pathway_id
    if issued is None or issued.ubrn is not None or not issued.value.strip():
        return None
    return f"1:pathway:{issued.issuer}:{issued.value}"


def _local_key(provider: str, value: str) -> str:
    return f"3:local:{provider}:{value}"


def _is_separate(row: Extracted) -> bool:
    return not isinstance(row, ReferralRow) and row.rtt_status.strip() == NEW_CONDITION


def _began(row: Extracted) -> date:
    """The day from which a row counts; the last of all where it does not say."""
    if isinstance(row, ClockEvent):
        return row.day if row.move is ClockMove.START else date.max
    if isinstance(row, ReferralRow):
        return row.received or row.sent or date.max
    return row.clock_start or row.referral_received or date.max

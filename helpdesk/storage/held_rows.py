"""What the extracts in use, and the lists before them, hold of several people at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Table, select

from helpdesk.extracts.history import import_limits
from helpdesk.extracts.model import ExtractKind
from helpdesk.pathways.ports import HeldRows
from helpdesk.storage import row_reading
from helpdesk.storage.database import Transaction
from helpdesk.storage.extract_records import ActivityRowRecord, ClockEventRecord, ReferralRowRecord
from helpdesk.storage.former import former_lists
from helpdesk.storage.index_records import ListRowRecord, LiveRecord, SnapshotRecord
from helpdesk.storage.records import table_of

_CLOCKS = (ExtractKind.CLOCKS, ExtractKind.CLOCK_STARTS, ExtractKind.CLOCK_STOPS)
_STOPS = (ExtractKind.CLOCKS, ExtractKind.CLOCK_STOPS)
_LIST = table_of(ListRowRecord)
_FURTHER: tuple[tuple[str, tuple[ExtractKind, ...], Table, Callable[[Any], Any]], ...] = (
    ("clock_events", _CLOCKS, table_of(ClockEventRecord), row_reading.clock_event),
    ("referrals", (ExtractKind.REFERRALS,), table_of(ReferralRowRecord), row_reading.referral_row),
    ("activities", (ExtractKind.ACTIVITY,), table_of(ActivityRowRecord), row_reading.activity),
)


@dataclass
class _Provider:
    """The snapshots of one provider that are read."""

    name: str
    week_ending: date
    source: str
    live: dict[str, int]
    stops_to: date | None
    former: tuple[tuple[int, date], ...]
    rows: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    """By number, then by the member of HeldRows."""

    def held(self, number: str) -> HeldRows:
        theirs = {name: tuple(rows) for name, rows in self.rows.get(number, {}).items()}
        return HeldRows(
            self.name,
            self.week_ending,
            theirs.get("rows", ()),
            self.source,
            former=theirs.get("former", ()),
            former_weeks=tuple(week for _, week in self.former),
            clock_events=theirs.get("clock_events", ()),
            referrals=theirs.get("referrals", ()),
            activities=theirs.get("activities", ()),
            clocks_as_at=self.stops_to,
            has_list=ExtractKind.OPEN_PATHWAYS in self.live,
        )


def held_of(transaction: Transaction, asked: Collection[str], former_weeks: int | None = None) -> Mapping[str, tuple[HeldRows, ...]]:
    """For each of these numbers one entry for each provider with a live snapshot of pathways, also when it holds nothing
    of that person. The numbers are those that rows are held under now. Former lists reach back so many weeks."""
    weeks = import_limits().former_weeks if former_weeks is None else former_weeks
    providers = _providers(transaction, weeks)
    lists = {p.live[ExtractKind.OPEN_PATHWAYS]: (p, "rows") for p in providers if ExtractKind.OPEN_PATHWAYS in p.live}
    lists |= {no: (p, "former") for p in providers for no, _ in p.former}
    _read(transaction, asked, _LIST, lists, row_reading.list_row)
    for name, kinds, table, made in _FURTHER:
        origins = {p.live[kind]: (p, name) for p in providers for kind in kinds if kind in p.live}
        _read(transaction, asked, table, origins, made)
    for provider in providers:
        for theirs in provider.rows.values():
            theirs.get("former", []).sort(key=lambda row: row.week_ending, reverse=True)
    return {number: tuple(provider.held(number) for provider in providers) for number in asked}


def _providers(transaction: Transaction, weeks: int) -> list[_Provider]:
    live = (
        select(SnapshotRecord.provider, SnapshotRecord.kind, SnapshotRecord.no, SnapshotRecord.as_at, SnapshotRecord.source)
        .join(LiveRecord, LiveRecord.no == SnapshotRecord.no)
        .where(LiveRecord.kind != ExtractKind.PERSONS)
        .order_by(SnapshotRecord.provider, SnapshotRecord.kind != ExtractKind.OPEN_PATHWAYS, SnapshotRecord.as_at.desc())
    )
    former = former_lists(transaction, weeks) if weeks else {}
    found: dict[str, _Provider] = {}
    for provider, kind, no, as_at, source in transaction.execute(live):
        first = found.setdefault(provider, _Provider(provider, as_at, source, {}, None, former.get(provider, ())))
        first.live[kind] = no
        if kind in _STOPS:
            first.stops_to = max(first.stops_to or as_at, as_at)
    return list(found.values())


def _read(
    transaction: Transaction,
    asked: Collection[str],
    table: Table,
    origins: Mapping[int, tuple[_Provider, str]],
    made: Callable[[Any], Any],
) -> None:
    if not origins:
        return
    theirs = select(table).where(table.c.number.in_(asked), table.c.origin.in_(list(origins)))
    for row in transaction.execute(theirs.order_by(table.c.origin, table.c.row_no)):
        provider, name = origins[row.origin]
        provider.rows.setdefault(row.number, {}).setdefault(name, []).append(made(row))

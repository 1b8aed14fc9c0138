"""What the extracts in use hold of several people at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from helpdesk.extracts.model import ExtractKind
from helpdesk.identifiers import NhsNumber, OdsCode, PathwayId, Ubrn
from helpdesk.pathways.model import ListKind, ListRow
from helpdesk.pathways.ports import HeldRows
from helpdesk.storage.database import Transaction
from helpdesk.storage.index_records import ListRowRecord, LiveRecord, SnapshotRecord
from helpdesk.storage.records import table_of

_LIST = table_of(ListRowRecord)


def held_of(transaction: Transaction, numbers: Sequence[str]) -> Mapping[str, tuple[HeldRows, ...]]:
    """By number: one entry for each provider whose list holds rows of theirs, in the order of the providers."""
    live = (
        select(SnapshotRecord.no, SnapshotRecord.provider, SnapshotRecord.as_at, SnapshotRecord.source)
        .join(LiveRecord, LiveRecord.no == SnapshotRecord.no)
        .where(LiveRecord.kind == ExtractKind.OPEN_PATHWAYS)
        .order_by(SnapshotRecord.provider)
    )
    snapshots = transaction.execute(live).all()
    theirs = select(_LIST).where(_LIST.c.number.in_(numbers), _LIST.c.origin.in_([no for no, *_ in snapshots]))
    rows: dict[tuple[str, int], list[ListRow]] = {}
    for row in transaction.execute(theirs.order_by(_LIST.c.origin, _LIST.c.row_no)):
        rows.setdefault((row.number, row.origin), []).append(_list_row(row))
    held: dict[str, list[HeldRows]] = {}
    for no, provider, as_at, source in snapshots:
        for number in numbers:
            if mine := rows.get((number, no)):
                held.setdefault(number, []).append(HeldRows(provider, as_at, tuple(mine), source))
    return {number: tuple(some) for number, some in held.items()}


def _list_row(row: Any) -> ListRow:
    issued = PathwayId(row.pathway_id, row.pathway_issuer) if row.pathway_id is not None and row.pathway_issuer is not None else None
    return ListRow(
        nhs_number=NhsNumber(row.number),
        provider=OdsCode(row.provider),
        week_ending=row.week_ending,
        list_kind=ListKind(row.list_kind),
        local_patient_id=row.local_patient_id,
        pathway_id=issued,
        ubrn=Ubrn(row.ubrn) if row.ubrn else None,
        treatment_function=row.treatment_function,
        referral_received=row.referral_received,
        original_referral_received=row.original_referral_received,
        clock_start=row.clock_start,
        clock_stop=row.clock_stop,
        rtt_status=row.rtt_status,
        next_outpatient=row.next_outpatient,
        next_admission=row.next_admission,
        last_attended=row.last_attended,
        last_missed=row.last_missed,
        cancelled=row.cancelled,
        due=row.due,
        ask_team=row.ask_team,
        source=row.source,
    )

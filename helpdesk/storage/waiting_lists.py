"""The live snapshots of open pathways, answered patient by patient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from helpdesk.extracts.model import ExtractKind
from helpdesk.identifiers import NhsNumber, OdsCode, PathwayId, Ubrn
from helpdesk.pathways.model import ListKind, ListRow
from helpdesk.pathways.ports import HeldRows
from helpdesk.storage import numbers
from helpdesk.storage.database import Database
from helpdesk.storage.index_records import ListRowRecord, LiveRecord, SnapshotRecord

_AS_THEY_ARE = (
    "week_ending",
    "local_patient_id",
    "treatment_function",
    "referral_received",
    "original_referral_received",
    "clock_start",
    "clock_stop",
    "rtt_status",
    "next_outpatient",
    "next_admission",
    "last_attended",
    "last_missed",
    "cancelled",
    "due",
    "ask_team",
    "source",
)


class SqlWaitingLists:
    """Rows of the live open-pathways snapshots (WaitingLists)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows_for(self, number: NhsNumber) -> Sequence[HeldRows]:
        live = (
            select(SnapshotRecord.no, SnapshotRecord.provider, SnapshotRecord.as_at, SnapshotRecord.source)
            .join(LiveRecord, LiveRecord.no == SnapshotRecord.no)
            .where(LiveRecord.kind == ExtractKind.OPEN_PATHWAYS)
            .order_by(SnapshotRecord.provider)
        )
        with self._database.read() as transaction:
            snapshots = transaction.execute(live).all()
            now = numbers.current(transaction, number)
            theirs = (ListRowRecord.number == now, ListRowRecord.origin.in_([no for no, _, _, _ in snapshots]))
            held: dict[int, list[ListRow]] = {}
            for record in transaction.scalars(select(ListRowRecord).where(*theirs).order_by(ListRowRecord.row_no)):
                held.setdefault(record.origin, []).append(_list_row(record))
        return tuple(HeldRows(provider, as_at, tuple(held.get(no, ())), source) for no, provider, as_at, source in snapshots)


def list_values(row: ListRow, origin: int, row_no: int) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _AS_THEY_ARE} | {
        "origin": origin,
        "row_no": row_no,
        "number": str(row.nhs_number),
        "provider": str(row.provider),
        "list_kind": row.list_kind,
        "pathway_id": row.pathway_id.value if row.pathway_id else None,
        "pathway_issuer": row.pathway_id.issuer if row.pathway_id else None,
        "ubrn": str(row.ubrn) if row.ubrn else None,
    }


def _list_row(record: ListRowRecord) -> ListRow:
    pathway = None
    if record.pathway_id is not None and record.pathway_issuer is not None:
        pathway = PathwayId(record.pathway_id, record.pathway_issuer)
    return ListRow(
        nhs_number=NhsNumber(record.number),
        provider=OdsCode(record.provider),
        list_kind=ListKind(record.list_kind),
        pathway_id=pathway,
        ubrn=Ubrn(record.ubrn) if record.ubrn else None,
        **{name: getattr(record, name) for name in _AS_THEY_ARE},
    )

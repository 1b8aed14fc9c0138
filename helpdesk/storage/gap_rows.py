"""Gaps as rows: how an item is read, and how an evaluation's changes are written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, update

from helpdesk.identifiers import NhsNumber
from helpdesk.queue.gaps import FoundGap, GapItem
from helpdesk.queue.model import WorkKind
from helpdesk.queue.refreshing import Plan
from helpdesk.storage.database import Transaction
from helpdesk.storage.records import GapRecord, WorkRecord, table_of

_FACTS = (
    "pathway",
    "kind",
    "severity",
    "since",
    "evidence",
    "turn",
    "hand_off",
    "provider",
    "specialty",
    "specialty_name",
    "waiting_since",
)
_WORK = ("raised", "claimed_by", "claimed_name", "claimed", "note", "noted_by", "noted", "done")
COLUMNS: tuple[Any, ...] = (
    WorkRecord.id,
    WorkRecord.patient,
    *(getattr(GapRecord, name) for name in _FACTS),
    *(getattr(WorkRecord, name) for name in _WORK),
    GapRecord.gone,
)


def item_of(row: Row[Any]) -> GapItem:
    """An item from the columns in their order."""
    item_id, patient, *values, gone = tuple(row)
    facts = dict(zip(_FACTS, values[: len(_FACTS)], strict=True))
    work = dict(zip(_WORK, values[len(_FACTS) :], strict=True))
    words = {name: work[name] or "" for name in ("claimed_name", "note", "noted_by")}
    return GapItem(id=item_id, found=FoundGap(subject=NhsNumber(patient), **facts), **(work | words), gone=gone)


def apply(transaction: Transaction, planned: Plan, now: datetime) -> None:
    """Writes what an evaluation changed, in the caller's transaction."""
    work, gaps, connection = table_of(WorkRecord), table_of(GapRecord), transaction.connection()
    new = [(str(uuid4()), gap) for gap in planned.raised]
    if new:
        connection.execute(work.insert(), [_work_values(item_id, gap, now) for item_id, gap in new])
        connection.execute(gaps.insert(), [{"id": item_id, **_facts(gap)} for item_id, gap in new])
    for item, gap in (*planned.refreshed, *planned.again):
        connection.execute(gaps.update().where(gaps.c.id == item.id).values(**_facts(gap)))
    open_again = {"done": None, "claimed_by": None, "claimed_name": None, "claimed": None, "raised": now}
    _set(transaction, (item for item, _ in planned.again), **open_again)
    _set(transaction, planned.gone, done=now)
    _set_gone(transaction, (*planned.gone, *planned.settled), now)


def _work_values(item_id: str, gap: FoundGap, now: datetime) -> dict[str, Any]:
    return {
        "id": item_id,
        "kind": WorkKind.GAP,
        "raised": now,
        "reason": gap.kind,
        "patient": str(gap.subject),
        "owner_role": "navigator",
    }


def _facts(gap: FoundGap) -> dict[str, Any]:
    return {name: getattr(gap, name) for name in _FACTS} | {"gone": None}


def _set(transaction: Transaction, items: Iterable[GapItem], **values: object) -> None:
    ids = [item.id for item in items]
    if ids:
        transaction.execute(
            update(WorkRecord).where(WorkRecord.id.in_(ids)).values(**values), execution_options={"synchronize_session": False}
        )


def _set_gone(transaction: Transaction, items: Iterable[GapItem], now: datetime) -> None:
    ids = [item.id for item in items]
    if ids:
        transaction.execute(
            update(GapRecord).where(GapRecord.id.in_(ids)).values(gone=now), execution_options={"synchronize_session": False}
        )

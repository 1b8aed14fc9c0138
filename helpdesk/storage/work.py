"""Work raised for later, and the count of verification items spent for a patient in a day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, func, select, update

from helpdesk.clock import Clock, london_day
from helpdesk.identifiers import NhsNumber
from helpdesk.queue.model import WorkItem, WorkKind
from helpdesk.storage import numbers
from helpdesk.storage.database import Database, Transaction, insert_if_new
from helpdesk.storage.records import SpentRecord, WorkRecord


class SqlWorkItems:
    """Work of all desks (WorkItems)."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def raise_item(self, item: WorkItem) -> None:
        with self._database.begin() as transaction:
            add_work(transaction, item)

    def open_items(self, limit: int = 200) -> Sequence[WorkItem]:
        """Oldest first; gaps have a list of their own."""
        wanted = (
            select(WorkRecord)
            .where(WorkRecord.done.is_(None), WorkRecord.kind != WorkKind.GAP)
            .order_by(WorkRecord.raised, WorkRecord.id)
            .limit(limit)
        )
        with self._database.read() as transaction:
            return tuple(_item(record) for record in transaction.scalars(wanted))

    def resolve(self, item_id: str) -> bool:
        """Marks an item as done. True for whoever did it; False when it was done already or does not exist."""
        with self._database.begin() as transaction:
            changed = transaction.execute(
                update(WorkRecord).where(WorkRecord.id == item_id, WorkRecord.done.is_(None)).values(done=self._clock.now())
            )
            return cast(CursorResult[Any], changed).rowcount == 1


class SqlSpentItems:
    """Verification items spent, over all calls and desks (SpentItems)."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def spend(self, patient: NhsNumber, call_id: str, item: str) -> int:
        day = london_day(self._clock.now())
        with self._database.begin() as transaction:
            number = numbers.current(transaction, patient)
            insert_if_new(transaction, SpentRecord, patient=number, day=day, call_id=call_id, item=item)
            spent = select(func.count()).select_from(SpentRecord).where(SpentRecord.patient == number, SpentRecord.day == day)
            return transaction.scalar(spent) or 0


def add_work(transaction: Transaction, item: WorkItem) -> None:
    """Raises a piece of work in the caller's transaction; the same id twice is one item."""
    insert_if_new(
        transaction,
        WorkRecord,
        id=item.id,
        kind=item.kind,
        raised=item.raised,
        reason=item.reason,
        patient=numbers.current(transaction, item.subject) if item.subject else None,
        call_id=item.call_id,
        owner_role=item.owner_role,
        due=item.due,
        done=item.done,
    )


def _item(record: WorkRecord) -> WorkItem:
    return WorkItem(
        id=record.id,
        kind=WorkKind(record.kind),
        raised=record.raised,
        reason=record.reason,
        subject=NhsNumber(record.patient) if record.patient else None,
        call_id=record.call_id,
        owner_role=record.owner_role,
        due=record.due,
        done=record.done,
    )

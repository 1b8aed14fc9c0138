"""Messages on their way: the intent was saved with its call, the sender takes from here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import ColumnElement, or_, select

from helpdesk.clock import Clock
from helpdesk.errors import NotFound
from helpdesk.identifiers import NhsNumber
from helpdesk.queue.model import WorkItem, WorkKind
from helpdesk.signposting.model import Channel, MessageState, OutboxEntry, OutgoingMessage, Receipt
from helpdesk.storage import numbers
from helpdesk.storage.database import Database, Transaction
from helpdesk.storage.records import OutboxRecord
from helpdesk.storage.work import add_work

_FOR_SOMEBODY = frozenset({MessageState.FAILED, MessageState.REFUSED, MessageState.UNKNOWN})
_SETTLED = _FOR_SOMEBODY | {MessageState.DELIVERED}


class SqlOutbox:
    """The messages of all calls (Outbox)."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def due(self, now: datetime, limit: int = 20) -> Sequence[OutboxEntry]:
        come = or_(OutboxRecord.next_try.is_(None), OutboxRecord.next_try <= now)
        return self._entries(OutboxRecord.state == MessageState.QUEUED, come, limit=limit)

    def unsettled(self, limit: int = 50) -> Sequence[OutboxEntry]:
        come = or_(OutboxRecord.next_try.is_(None), OutboxRecord.next_try <= self._clock.now())
        return self._entries(OutboxRecord.state == MessageState.ACCEPTED, come, limit=limit)

    def settle(self, reference: str, receipt: Receipt, *, next_try: datetime | None = None) -> None:
        """What is settled stays so, and what was accepted is never queued again. Raises NotFound for a reference that was
        never queued."""
        wanted = select(OutboxRecord).where(OutboxRecord.reference == reference).with_for_update()
        with self._database.begin() as transaction:
            record = transaction.scalars(wanted).one_or_none()
            if record is None:
                raise NotFound("There is no such message.")
            again = receipt.state is MessageState.QUEUED
            if record.state in _SETTLED or (again and record.state != MessageState.QUEUED):
                return
            record.attempts += again
            record.state, record.next_try = receipt.state, next_try
            record.service_id = receipt.service_id or record.service_id
            record.problem = receipt.message
            if record.state in _FOR_SOMEBODY:
                add_work(transaction, self._failure(record))

    def of_patient(self, patient: NhsNumber, limit: int = 50) -> Sequence[OutboxEntry]:
        with self._database.read() as transaction:
            now = numbers.current(transaction, patient)
        return self._entries(OutboxRecord.patient == now, limit=limit, latest_first=True)

    def of_call(self, call_id: str) -> Sequence[OutboxEntry]:
        return self._entries(OutboxRecord.call_id == call_id, limit=None)

    def _failure(self, record: OutboxRecord) -> WorkItem:
        """Its id comes from the message's reference, so that one failure is one piece of work."""
        return WorkItem(
            id=str(uuid5(NAMESPACE_OID, f"message-failed:{record.reference}")),
            kind=WorkKind.MESSAGE_FAILED,
            raised=self._clock.now(),
            reason=_reason(record),
            subject=NhsNumber(record.patient),
            call_id=record.call_id,
        )

    def _entries(self, *which: ColumnElement[bool], limit: int | None, latest_first: bool = False) -> tuple[OutboxEntry, ...]:
        order = OutboxRecord.queued.desc() if latest_first else OutboxRecord.queued
        with self._database.read() as transaction:
            found = transaction.scalars(select(OutboxRecord).where(*which).order_by(order, OutboxRecord.reference).limit(limit))
            return tuple(_entry(record) for record in found)


def _reason(record: OutboxRecord) -> str:
    message = f"message by {record.channel.replace('_', ' ')}"
    if record.state == MessageState.UNKNOWN:
        return f"It is not known whether a {message} was delivered"
    return f"A {message} was {record.state}"


def queue_message(transaction: Transaction, message: OutgoingMessage, now: datetime) -> None:
    """Puts the intent to send into the caller's transaction; the same reference twice is one message."""
    if transaction.get(OutboxRecord, message.reference) is not None:
        return
    transaction.add(
        OutboxRecord(
            reference=message.reference,
            call_id=message.call_id,
            patient=numbers.current(transaction, message.nhs_number),
            channel=message.channel,
            card_id=message.card_id,
            card_version=message.card_version,
            text=message.text,
            subject=message.subject,
            state=MessageState.QUEUED,
            queued=now,
            attempts=0,
            next_try=None,
            service_id="",
            problem="",
        )
    )
    transaction.flush()


def _entry(record: OutboxRecord) -> OutboxEntry:
    message = OutgoingMessage(
        reference=record.reference,
        call_id=record.call_id,
        nhs_number=NhsNumber(record.patient),
        channel=Channel(record.channel),
        card_id=record.card_id,
        card_version=record.card_version,
        text=record.text,
        subject=record.subject,
    )
    return OutboxEntry(
        message=message,
        state=MessageState(record.state),
        queued=record.queued,
        attempts=record.attempts,
        next_try=record.next_try,
        service_id=record.service_id,
        problem=record.problem,
    )

"""Drafts and saved calls: a draft may change until its call is saved, a saved call never."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import Select, delete, exists, func, select
from sqlalchemy.orm import aliased

from helpdesk.access.model import Session
from helpdesk.audit import AuditEvent
from helpdesk.calls.model import CallDraft, SavedCall
from helpdesk.clock import Clock
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.queue.model import WorkItem
from helpdesk.signposting.model import OutgoingMessage
from helpdesk.storage import numbers
from helpdesk.storage.audit import append
from helpdesk.storage.database import Database, Transaction, one_at_a_time
from helpdesk.storage.outbox import queue_message
from helpdesk.storage.payloads import call_from, call_json, draft_from, draft_json
from helpdesk.storage.records import CallRecord, DraftRecord
from helpdesk.storage.work import add_work


class SqlCalls:
    """The calls of one session's desk (CallStore)."""

    def __init__(self, database: Database, session: Session, clock: Clock) -> None:
        self._database, self._session, self._clock = database, session, clock

    def put_draft(self, draft: CallDraft) -> None:
        with self._database.begin() as transaction:
            one_at_a_time(transaction, f"call {draft.id}")
            if transaction.scalar(select(exists().where(CallRecord.call_id == draft.id))):
                return
            patient = numbers.current(transaction, draft.patient) if draft.patient else None
            record = transaction.get(DraftRecord, draft.id)
            if record is None:
                record = DraftRecord(id=draft.id, staff_id=self._session.staff.id, desk=self._session.desk)
                transaction.add(record)
            record.started, record.patient = draft.started, patient
            record.content, record.kept = draft_json(draft), self._clock.now()

    def open_drafts(self) -> Sequence[CallDraft]:
        mine = (DraftRecord.desk == self._session.desk, DraftRecord.staff_id == self._session.staff.id)
        with self._database.read() as transaction:
            found = transaction.scalars(select(DraftRecord).where(*mine).order_by(DraftRecord.started, DraftRecord.id))
            return tuple(draft_from(record.content, record.patient) for record in found)

    def save(self, call: SavedCall, messages: Sequence[OutgoingMessage], work: Sequence[WorkItem], event: AuditEvent) -> None:
        content = call_json(call)
        content_hash = sha256(content.encode()).hexdigest()
        with self._database.begin() as transaction:
            one_at_a_time(transaction, f"call {call.id}")
            saved = transaction.get(CallRecord, (call.id, call.version))
            if saved is not None and saved.content_hash != content_hash:
                raise RuleBroken("This call was saved before with other content. A change to it is a correction.")
            if saved is None:
                transaction.add(self._record_of(call, content, content_hash))
                for message in messages:
                    queue_message(transaction, message, self._clock.now())
                for item in work:
                    add_work(transaction, item)
                append(transaction, self._session, self._clock, event)
            transaction.execute(delete(DraftRecord).where(DraftRecord.id == call.id))

    def _record_of(self, call: SavedCall, content: str, content_hash: str) -> CallRecord:
        return CallRecord(
            call_id=call.id,
            version=call.version,
            patient=str(call.patient) if call.patient else None,
            desk=call.desk,
            started=call.started,
            saved=self._clock.now(),
            content=content,
            content_hash=content_hash,
        )

    def calls_of(self, patient: NhsNumber, limit: int = 50) -> Sequence[SavedCall]:
        with self._database.read() as transaction:
            theirs = CallRecord.patient.in_(numbers.all_of(transaction, patient))
            return _calls(transaction, _newest().where(theirs).limit(limit))

    def recent(self, limit: int = 50, *, every_desk: bool = False) -> Sequence[SavedCall]:
        wanted = _newest() if every_desk else _newest().where(CallRecord.desk == self._session.desk)
        with self._database.read() as transaction:
            return _calls(transaction, wanted.limit(limit))

    def call(self, call_id: str) -> SavedCall | None:
        with self._database.read() as transaction:
            found = _calls(transaction, _newest().where(CallRecord.call_id == call_id))
        return found[0] if found else None


def _newest() -> Select[CallRecord]:
    """The newest version of each call, latest call first."""
    other = aliased(CallRecord)
    newest = select(func.max(other.version)).where(other.call_id == CallRecord.call_id).scalar_subquery()
    return select(CallRecord).where(CallRecord.version == newest).order_by(CallRecord.started.desc(), CallRecord.call_id)


def _calls(transaction: Transaction, wanted: Select[CallRecord]) -> tuple[SavedCall, ...]:
    return tuple(call_from(record.content) for record in transaction.scalars(wanted))

"""NHS numbers that were replaced: records held under the old one move to the new, the insert-only record stays as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import aliased

from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Patient
from helpdesk.storage.database import Transaction
from helpdesk.storage.extract_records import ActivityRowRecord, ClockEventRecord, ReferralRowRecord
from helpdesk.storage.index_records import PDS, ListRowRecord, PersonRecord, ReplacedRecord
from helpdesk.storage.persons import forget_keys
from helpdesk.storage.records import DraftRecord, ObservationRecord, OutboxRecord, SpentRecord, WorkRecord


def settled(transaction: Transaction, patient: Patient) -> Patient:
    """An answer under the number it belongs to by now: one from before its number was replaced is the new number's; one
    from afterwards shows that PDS uses the number again."""
    known = transaction.get(ReplacedRecord, str(patient.nhs_number))
    if known is None:
        return patient
    if known.seen > patient.as_at:
        return replace(patient, nhs_number=NhsNumber(known.new))
    transaction.delete(known)
    transaction.flush()
    return patient


def replace_number(transaction: Transaction, old: NhsNumber, new: NhsNumber, seen: datetime) -> None:
    """Moves everything held under `old` to `new`. Twice is the same as once."""
    was, now = str(old), str(new)
    transaction.execute(delete(ReplacedRecord).where(ReplacedRecord.old == now))
    transaction.execute(update(ReplacedRecord).where(ReplacedRecord.new == was).values(new=now))
    transaction.merge(ReplacedRecord(old=was, new=now, seen=seen))
    if (kept := transaction.get(PersonRecord, (PDS, int(was)))) is not None:
        forget_keys(transaction, PDS, int(was), kept.keys + (kept.location_keys or ""))
    transaction.execute(delete(PersonRecord).where(PersonRecord.origin == PDS, PersonRecord.number == was))
    transaction.execute(update(PersonRecord).where(PersonRecord.number == was, PersonRecord.number_status == "01").values(number=now))
    for rows in (ListRowRecord, ClockEventRecord, ReferralRowRecord, ActivityRowRecord):
        transaction.execute(update(rows).where(rows.number == was).values(number=now))
    for held in (DraftRecord, OutboxRecord, WorkRecord):
        transaction.execute(update(held).where(held.patient == was).values(patient=now))
    _move_observations(transaction, was, now)
    _move_spent_items(transaction, was, now)


def _move_observations(transaction: Transaction, was: str, now: str) -> None:
    kept = aliased(ObservationRecord)
    held_already = select(kept.source).where(
        kept.patient == now,
        kept.source == ObservationRecord.source,
        kept.subject == ObservationRecord.subject,
        kept.as_at == ObservationRecord.as_at,
    )
    transaction.execute(delete(ObservationRecord).where(ObservationRecord.patient == was, held_already.exists()))
    transaction.execute(update(ObservationRecord).where(ObservationRecord.patient == was).values(patient=now))


def _move_spent_items(transaction: Transaction, was: str, now: str) -> None:
    kept = aliased(SpentRecord)
    held_already = select(kept.item).where(
        kept.patient == now, kept.day == SpentRecord.day, kept.call_id == SpentRecord.call_id, kept.item == SpentRecord.item
    )
    transaction.execute(delete(SpentRecord).where(SpentRecord.patient == was, held_already.exists()))
    transaction.execute(update(SpentRecord).where(SpentRecord.patient == was).values(patient=now))


def current(transaction: Transaction, number: NhsNumber) -> str:
    """The number that records of this person are held under now."""
    return transaction.scalar(select(ReplacedRecord.new).where(ReplacedRecord.old == str(number))) or str(number)


def all_replaced(transaction: Transaction, numbers: set[str]) -> dict[str, str]:
    """Old number to new, for those of `numbers` that were replaced."""
    found = transaction.execute(select(ReplacedRecord.old, ReplacedRecord.new).where(ReplacedRecord.old.in_(numbers)))
    return {old: new for old, new in found}


def all_of(transaction: Transaction, number: NhsNumber) -> set[str]:
    """Every number this person was ever held under."""
    now = current(transaction, number)
    return {now, str(number), *transaction.scalars(select(ReplacedRecord.old).where(ReplacedRecord.new == now))}

"""All that is held of everybody in the area, some people at a time, for whoever looks through all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, func, select

from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.ports import HeldRows
from helpdesk.storage.database import Database, Transaction
from helpdesk.storage.extract_records import ActivityRowRecord, ClockEventRecord, ReferralRowRecord
from helpdesk.storage.held_rows import held_of
from helpdesk.storage.index_records import ListRowRecord, LiveRecord
from helpdesk.storage.records import ObservationRecord

_NUMBERS: tuple[Any, ...] = (
    ListRowRecord.number,
    ClockEventRecord.number,
    ReferralRowRecord.number,
    ActivityRowRecord.number,
    ObservationRecord.patient,
)
Observation = tuple[str, str, str, str]


class SqlAreaRows:
    """Read in short transactions (AreaRows): an import may swap a list in between two of them; what is read afterwards is
    then of the new one, and `state` is another."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self) -> int:
        with self._database.read() as transaction:
            return transaction.scalar(select(func.count(func.distinct(ListRowRecord.number)))) or 0

    def batches(self, size: int) -> Iterator[Mapping[NhsNumber, tuple[HeldRows, ...]]]:
        last = ""
        while True:
            with self._database.read() as transaction:
                numbers = _next_numbers(transaction, last, size)
                held = held_of(transaction, numbers) if numbers else {}
            if not numbers:
                return
            last = numbers[-1]
            yield {NhsNumber(number): held[number] for number in numbers}

    def observations(self, numbers: Sequence[NhsNumber]) -> Mapping[NhsNumber, Sequence[Observation]]:
        asked = [str(number) for number in numbers]
        kept = ObservationRecord
        newest = (
            select(kept.source, kept.patient, kept.subject, func.max(kept.as_at).label("as_at"))
            .where(kept.patient.in_(asked))
            .group_by(kept.source, kept.patient, kept.subject)
            .subquery()
        )
        same = [getattr(kept, name) == newest.c[name] for name in ("source", "patient", "subject", "as_at")]
        wanted = select(kept.patient, kept.source, kept.subject, kept.as_at, kept.payload).join(
            newest, same[0] & same[1] & same[2] & same[3]
        )
        found: dict[NhsNumber, list[Observation]] = {}
        with self._database.read() as transaction:
            for patient, source, subject, as_at, payload in transaction.execute(wanted):
                found.setdefault(NhsNumber(patient), []).append((source, subject, as_at, payload))
        return found

    def state(self) -> str:
        with self._database.read() as transaction:
            live = transaction.execute(select(LiveRecord.kind, LiveRecord.provider, LiveRecord.no).order_by(LiveRecord.no)).all()
        return sha256(repr([tuple(row) for row in live]).encode()).hexdigest()


def _next_numbers(transaction: Transaction, last: str, size: int) -> list[str]:
    """The next people of whom a list or a source holds anything, in the order of their numbers."""

    def after(column: Any) -> Select[Any]:
        return select(column).where(column > last).distinct().order_by(column).limit(size)

    found = {number for column in _NUMBERS for number in transaction.scalars(after(column))}
    return sorted(found)[:size]

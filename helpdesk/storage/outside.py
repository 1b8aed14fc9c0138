"""What the desk remembers of outside systems: replies that concern no patient, daily limits, and when each last answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from helpdesk.answers import Health
from helpdesk.clock import Clock, london_day
from helpdesk.storage.database import Database, Transaction, insert_if_new, one_at_a_time
from helpdesk.storage.records import DailyUseRecord, KeptReplyRecord, SourceHealthRecord


class SqlKept:
    """Replies of national look-ups (Kept)."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def get(self, source: str, key: str) -> tuple[str, datetime] | None:
        with self._database.read() as transaction:
            held = transaction.get(KeptReplyRecord, (source, key))
            return None if held is None else (held.value, held.at)

    def put(self, source: str, key: str, value: str) -> None:
        with self._database.begin() as transaction:
            one_at_a_time(transaction, f"kept replies of {source}")
            transaction.merge(KeptReplyRecord(source=source, key=key, value=value, at=self._clock.now()))

    def all_of(self, source: str) -> Sequence[tuple[str, str, datetime]]:
        with self._database.read() as transaction:
            found = transaction.scalars(select(KeptReplyRecord).where(KeptReplyRecord.source == source).order_by(KeptReplyRecord.key))
            return tuple((held.key, held.value, held.at) for held in found)


class SqlDailyUse:
    """What services allow only so often a day, counted over every desk that shares the database (DailyUse)."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def take(self, source: str, key: str, limit: int) -> bool:
        day = london_day(self._clock.now())
        with self._database.begin() as transaction:
            one_at_a_time(transaction, f"daily use of {source}")
            insert_if_new(transaction, DailyUseRecord, source=source, key=key, day=day, used=0)
            held = transaction.get_one(DailyUseRecord, (source, key, day))
            if held.used >= limit:
                return False
            held.used += 1
            return True


class SqlSourceHealth:
    """When each source last answered (SourceHealth)."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def answered(self, source: str) -> None:
        with self._database.begin() as transaction:
            self._of(transaction, source).answered = self._clock.now()

    def failed(self, source: str, message: str) -> None:
        with self._database.begin() as transaction:
            held = self._of(transaction, source)
            held.failed, held.message = self._clock.now(), message

    def _of(self, transaction: Transaction, source: str) -> SourceHealthRecord:
        one_at_a_time(transaction, f"health of {source}")
        insert_if_new(transaction, SourceHealthRecord, source=source, answered=None, failed=None, message="")
        return transaction.get_one(SourceHealthRecord, source)

    def all(self) -> Sequence[Health]:
        with self._database.read() as transaction:
            found = transaction.scalars(select(SourceHealthRecord).order_by(SourceHealthRecord.source))
            return tuple(Health(held.source, held.answered, held.failed, held.message) for held in found)

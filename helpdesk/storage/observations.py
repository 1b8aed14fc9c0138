"""Facts kept from sources that forget."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from helpdesk.clock import Clock
from helpdesk.identifiers import NhsNumber
from helpdesk.storage import numbers
from helpdesk.storage.database import Database, one_at_a_time
from helpdesk.storage.persons import known_restricted
from helpdesk.storage.records import ObservationRecord


class SqlObservations:
    """What each source said of each subject, and when (Observations)."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def keep(self, source: str, patient: NhsNumber, key: str, as_at: str, payload: str) -> None:
        """What is kept for the same source, subject and moment is replaced; of somebody known as restricted nothing is
        kept. Returns only after its commit."""
        with self._database.begin() as transaction:
            one_at_a_time(transaction, f"observations of {source}")
            number = numbers.current(transaction, patient)
            if transaction.scalar(select(known_restricted(number))):
                return
            transaction.merge(
                ObservationRecord(source=source, patient=number, subject=key, as_at=as_at, payload=payload, kept=self._clock.now())
            )

    def latest(self, source: str, patient: NhsNumber) -> Sequence[tuple[str, str, str]]:
        with self._database.read() as transaction:
            held = ObservationRecord
            theirs = (held.source == source, held.patient == numbers.current(transaction, patient))
            # the days first, without what was said on them: a subject may have been observed a thousand times
            newest = select(held.subject, func.max(held.as_at)).where(*theirs).group_by(held.subject)
            days = {subject: as_at for subject, as_at in transaction.execute(newest)}
            said = select(held.payload).where(*theirs)
            return tuple(
                (subject, as_at, transaction.scalars(said.where(held.subject == subject, held.as_at == as_at)).one())
                for subject, as_at in sorted(days.items())
            )

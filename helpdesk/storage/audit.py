"""The audit: rows that are only ever added, one hash chain for each desk, and the check that nothing was changed since."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date
from hashlib import sha256

from sqlalchemy import select

from helpdesk.access.model import Session
from helpdesk.audit import AuditEvent
from helpdesk.clock import Clock, london_day
from helpdesk.storage.database import Database, Transaction, insert_if_new
from helpdesk.storage.payloads import canonical
from helpdesk.storage.records import AuditHeadRecord, AuditRecord

_BEFORE_THE_FIRST = "0" * 64


class SqlAuditTrail:
    """The audit of one session (AuditTrail)."""

    def __init__(self, database: Database, session: Session, clock: Clock) -> None:
        self._database, self._session, self._clock = database, session, clock

    def record(self, event: AuditEvent) -> None:
        with self._database.begin() as transaction:
            append(transaction, self._session, self._clock, event)


def append(transaction: Transaction, session: Session, clock: Clock, event: AuditEvent) -> None:
    """Adds one row at the end of the desk's chain, inside the caller's write transaction."""
    head = _locked_head(transaction, session.desk)
    row = AuditRecord(
        desk=session.desk,
        seq=head.seq + 1,
        at=clock.now().astimezone(UTC),
        action=event.action,
        purpose=event.purpose,
        subjects=canonical([str(number) for number in event.subjects]),
        call_id=event.call_id,
        details=canonical(dict(event.details)),
        staff_id=session.staff.id,
        role=session.role,
        session_id=session.id,
        organisation=session.organisation,
        previous=head.hash,
    )
    row.hash = hash_of(row)
    transaction.add(row)
    head.seq, head.hash = row.seq, row.hash
    transaction.flush()


def hash_of(row: AuditRecord) -> str:
    """SHA-256 over the canonical JSON of every column but the hash itself."""
    plain = {column.name: getattr(row, column.name) for column in AuditRecord.__table__.columns if column.name not in ("hash", "at")}
    return sha256(canonical(plain | {"at": row.at.isoformat()}).encode()).hexdigest()


def _locked_head(transaction: Transaction, desk: str) -> AuditHeadRecord:
    """The head of the desk's chain, held so that no other process adds a row until this transaction ends."""
    locked = select(AuditHeadRecord).where(AuditHeadRecord.desk == desk).with_for_update().execution_options(populate_existing=True)
    if (head := transaction.scalars(locked).one_or_none()) is not None:
        return head
    insert_if_new(transaction, AuditHeadRecord, desk=desk, seq=0, hash=_BEFORE_THE_FIRST)
    return transaction.scalars(locked).one()


@dataclass(frozen=True)
class AuditProblem:
    """Where a chain is not as it was written. `text` is a sentence and names no patient."""

    desk: str
    seq: int
    text: str


@dataclass(frozen=True)
class AuditReport:
    """`roots` holds for each day (London) one hash over all chains as that day left them: kept elsewhere, it proves
    later that no chain was written anew."""

    rows: int
    desks: tuple[str, ...]
    problems: tuple[AuditProblem, ...]
    roots: tuple[tuple[date, str], ...]

    @property
    def sound(self) -> bool:
        return not self.problems


def verify(database: Database) -> AuditReport:
    """Goes through every chain. Finds rows changed, taken out, put in another order, and a chain cut short."""
    check = _Check()
    with database.read() as transaction:
        for row in transaction.scalars(select(AuditRecord).order_by(AuditRecord.desk, AuditRecord.seq).execution_options(yield_per=1000)):
            check.row(row)
        heads = {head.desk: head for head in transaction.scalars(select(AuditHeadRecord))}
    return check.report(heads)


class _Check:
    """One pass over all chains, each in its order."""

    def __init__(self) -> None:
        self.rows = 0
        self.last: dict[str, tuple[int, str]] = {}
        self.day_ends: dict[date, dict[str, str]] = {}
        self.problems: list[AuditProblem] = []

    def row(self, row: AuditRecord) -> None:
        seq, previous = self.last.get(row.desk, (0, _BEFORE_THE_FIRST))
        if row.seq != seq + 1:
            self.problems.append(AuditProblem(row.desk, seq + 1, f"{row.seq - seq - 1} rows before row {row.seq} are missing."))
        elif row.previous != previous:
            self.problems.append(AuditProblem(row.desk, row.seq, "This row does not follow the one before it."))
        if hash_of(row) != row.hash:
            self.problems.append(AuditProblem(row.desk, row.seq, "This row was changed after it was written."))
        self.last[row.desk] = (row.seq, row.hash)
        self.day_ends.setdefault(london_day(row.at), {})[row.desk] = row.hash
        self.rows += 1

    def report(self, heads: dict[str, AuditHeadRecord]) -> AuditReport:
        for desk in sorted(heads.keys() | self.last.keys()):
            seq, last_hash = self.last.get(desk, (0, _BEFORE_THE_FIRST))
            head = heads.get(desk)
            if head is None:
                self.problems.append(AuditProblem(desk, seq, "The head of this chain is missing."))
            elif head.seq != seq:
                self.problems.append(AuditProblem(desk, seq + 1, f"The chain ends at row {seq}; it was written up to row {head.seq}."))
            elif head.hash != last_hash:
                self.problems.append(AuditProblem(desk, seq, "The last row is not the one that was written."))
        return AuditReport(self.rows, tuple(sorted(self.last)), tuple(self.problems), tuple(self._roots()))

    def _roots(self) -> Iterator[tuple[date, str]]:
        chains: dict[str, str] = {}
        for day in sorted(self.day_ends):
            chains |= self.day_ends[day]
            yield day, sha256(json.dumps(sorted(chains.items())).encode()).hexdigest()

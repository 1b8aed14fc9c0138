"""Extracts as they are held: rows are staged where nobody reads, one row makes them live, the former ones go afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from itertools import islice
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import delete, exists, func, select, update

from helpdesk.access.model import Session
from helpdesk.audit import AuditEvent
from helpdesk.clock import Clock
from helpdesk.errors import NotFound, RuleBroken, StorageError
from helpdesk.extracts.model import ExtractKind, Profile, Snapshot
from helpdesk.pathways.activity import Activity
from helpdesk.pathways.extract_rows import ClockEvent, ReferralRow
from helpdesk.pathways.model import ListRow
from helpdesk.patients.model import PersonRow, Sensitivity
from helpdesk.storage import numbers
from helpdesk.storage.audit import append
from helpdesk.storage.database import Database, Transaction, one_at_a_time
from helpdesk.storage.index_records import ListRowRecord, LiveRecord, PersonKeyRecord, PersonRecord, SnapshotRecord
from helpdesk.storage.persons import is_live, key_values, person_values, wipe_location, without_location
from helpdesk.storage.records import ObservationRecord, table_of
from helpdesk.storage.waiting_lists import list_values

Row = PersonRow | ListRow | ClockEvent | ReferralRow | Activity
T = TypeVar("T")
_ROWS_AT_ONCE = 2000
_PERSONS_AT_ONCE = 400
"""A person has several search keys: so many persons are about 2,000 rows."""
_ABANDONED_AFTER = timedelta(days=1)


class SqlSnapshots:
    """Imports of extracts by one session (SnapshotStore)."""

    def __init__(self, database: Database, session: Session, clock: Clock) -> None:
        self._database, self._session, self._clock = database, session, clock

    def stage(self, profile: Profile, as_at: date, provider: str, source: str, imported_by: str) -> str:
        record = SnapshotRecord(
            id=str(uuid4()),
            kind=profile.kind,
            provider=provider,
            as_at=as_at,
            source=source,
            sha256=profile.sha256,
            rows=0,
            imported=self._clock.now(),
            imported_by=imported_by,
            state="staged",
            went_live=None,
            cleaned=False,
        )
        with self._database.begin() as transaction:
            transaction.add(record)
        return record.id

    def add(self, snapshot_id: str, rows: Iterable[Row]) -> None:
        """Raises RuleBroken for a snapshot that is no longer staged, or for rows of another kind than it holds."""
        with self._database.read() as transaction:
            kind = _snapshot(transaction, snapshot_id).kind
        at_once = _PERSONS_AT_ONCE if kind == ExtractKind.PERSONS else _ROWS_AT_ONCE
        for some in _batches(rows, at_once):
            with self._database.begin() as transaction:
                record = _staged(transaction, snapshot_id)
                if kind == ExtractKind.PERSONS:
                    _add_persons(transaction, record, some)
                else:
                    _add_list_rows(transaction, record, some)
                record.rows += len(some)

    def go_live(self, snapshot_id: str, event: AuditEvent) -> None:
        """What it replaces is taken out afterwards, in short transactions; should that fail, with the next import."""
        with self._database.begin() as transaction:
            record = _staged(transaction, snapshot_id)
            one_at_a_time(transaction, f"live {record.kind} {record.provider}")
            former = transaction.get(LiveRecord, (record.kind, record.provider))
            newer = select(exists().where(SnapshotRecord.no == former.no, SnapshotRecord.as_at > record.as_at)) if former else None
            if newer is not None and transaction.scalar(newer):
                raise RuleBroken("A newer one came into use meanwhile. Nothing changed.")
            if former is None:
                transaction.add(LiveRecord(kind=record.kind, provider=record.provider, no=record.no))
            else:
                transaction.execute(update(SnapshotRecord).where(SnapshotRecord.no == former.no).values(state="replaced"))
                former.no = record.no
            record.state, record.went_live = "live", self._clock.now()
            transaction.flush()
            if record.kind == ExtractKind.PERSONS:
                _wipe_restricted(transaction)
            append(transaction, self._session, self._clock, event)
        with suppress(StorageError):
            self.clean()

    def discard(self, snapshot_id: str) -> None:
        """A staged snapshot's rows go; one that is live or was is left alone."""
        with self._database.begin() as transaction:
            record = _snapshot(transaction, snapshot_id)
            if record.state == "staged":
                record.state = "discarded"
        self.clean()

    def snapshots(self) -> Sequence[Snapshot]:
        order = (SnapshotRecord.went_live.desc(), SnapshotRecord.no.desc())
        with self._database.read() as transaction:
            found = transaction.scalars(select(SnapshotRecord).where(SnapshotRecord.went_live.is_not(None)).order_by(*order))
            return tuple(_as_model(record) for record in found)

    def has(self, sha256: str) -> bool:
        live = exists().where(SnapshotRecord.sha256 == sha256, SnapshotRecord.no == LiveRecord.no)
        with self._database.read() as transaction:
            return bool(transaction.scalar(select(live)))

    def clean(self) -> None:
        """Takes out the rows of snapshots that were replaced, discarded, or left staged for more than a day."""
        abandoned = (SnapshotRecord.state == "staged") & (SnapshotRecord.imported < self._clock.now() - _ABANDONED_AFTER)
        with self._database.begin() as transaction:
            transaction.execute(update(SnapshotRecord).where(abandoned).values(state="discarded"))
            gone = SnapshotRecord.state.in_(("replaced", "discarded")) & ~SnapshotRecord.cleaned
            origins = transaction.scalars(select(SnapshotRecord.no).where(gone)).all()
        for origin in origins:
            for table in (PersonKeyRecord, PersonRecord, ListRowRecord):
                while self._delete_some(table, origin):
                    pass
            with self._database.begin() as transaction:
                transaction.execute(update(SnapshotRecord).where(SnapshotRecord.no == origin).values(cleaned=True))

    def _delete_some(self, record: type[PersonKeyRecord | PersonRecord | ListRowRecord], origin: int) -> int:
        """Deletes the rows of at most so many persons or list rows, and says how many rows went."""
        table = table_of(record)
        with self._database.begin() as transaction:
            some = select(table.c.row_no).where(table.c.origin == origin).order_by(table.c.row_no).limit(_ROWS_AT_ONCE)
            last = transaction.scalar(select(func.max(some.subquery().c.row_no)))
            if last is None:
                return 0
            gone = transaction.connection().execute(table.delete().where(table.c.origin == origin, table.c.row_no <= last))
            return int(gone.rowcount)


def _batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Rows are drawn before a transaction begins, so that a slow file never holds the write lock."""
    source = iter(rows)
    while some := list(islice(source, size)):
        yield some


def _snapshot(transaction: Transaction, snapshot_id: str) -> SnapshotRecord:
    record = transaction.scalars(select(SnapshotRecord).where(SnapshotRecord.id == snapshot_id)).one_or_none()
    if record is None:
        raise NotFound("There is no such import.")
    return record


def _staged(transaction: Transaction, snapshot_id: str) -> SnapshotRecord:
    one_at_a_time(transaction, f"import {snapshot_id}")
    record = _snapshot(transaction, snapshot_id)
    if record.state != "staged":
        raise RuleBroken("This import has ended: start it again.")
    return record


def _add_persons(transaction: Transaction, snapshot: SnapshotRecord, rows: Sequence[Any]) -> None:
    if not all(isinstance(row, PersonRow) for row in rows):
        raise RuleBroken("A persons extract holds persons only.")
    now = numbers.all_replaced(transaction, {str(row.patient.nhs_number) for row in rows})
    restricted = _known_restricted(transaction, {str(row.patient.nhs_number) for row in rows} | set(now.values()))
    persons, keys = [], []
    for row_no, row in enumerate(rows, snapshot.rows):
        verified = row.nhs_number_status == "01"
        number = now.get(str(row.patient.nhs_number), str(row.patient.nhs_number)) if verified else str(row.patient.nhs_number)
        patient = without_location(row.patient) if verified and number in restricted else row.patient
        persons.append(person_values(patient, snapshot.no, row_no, row.nhs_number_status) | {"number": number})
        keys += key_values(patient, snapshot.no, row_no)
    connection = transaction.connection()
    connection.execute(table_of(PersonRecord).insert(), persons)
    if keys:
        connection.execute(table_of(PersonKeyRecord).insert(), keys)


def _add_list_rows(transaction: Transaction, snapshot: SnapshotRecord, rows: Sequence[Any]) -> None:
    if not all(isinstance(row, ListRow) for row in rows):
        raise RuleBroken("An open-pathways extract holds list rows only.")
    now = numbers.all_replaced(transaction, {str(row.nhs_number) for row in rows})
    values = [list_values(row, snapshot.no, row_no) for row_no, row in enumerate(rows, snapshot.rows)]
    for value in values:
        value["number"] = now.get(value["number"], value["number"])
    transaction.connection().execute(table_of(ListRowRecord).insert(), values)


def _known_restricted(transaction: Transaction, asked: set[str]) -> set[str]:
    wanted = select(PersonRecord.number).where(
        PersonRecord.number.in_(asked), PersonRecord.number_status == "01", PersonRecord.sensitivity == Sensitivity.RESTRICTED, is_live()
    )
    return set(transaction.scalars(wanted))


def _wipe_restricted(transaction: Transaction) -> None:
    """Whoever is restricted by PDS or by what is live now is wiped in every origin, and what sources said of them goes."""
    restricted = select(PersonRecord.number).where(
        PersonRecord.sensitivity == Sensitivity.RESTRICTED, PersonRecord.number_status == "01", is_live()
    )
    wipe_location(
        transaction, PersonRecord.number.in_(restricted) & (PersonRecord.number_status == "01") & PersonRecord.location.is_not(None)
    )
    transaction.execute(delete(ObservationRecord).where(ObservationRecord.patient.in_(restricted)))


def _as_model(record: SnapshotRecord) -> Snapshot:
    return Snapshot(
        id=record.id,
        kind=ExtractKind(record.kind),
        provider=record.provider,
        as_at=record.as_at,
        rows=record.rows,
        sha256=record.sha256,
        imported=record.imported,
        imported_by=record.imported_by,
        live=record.state == "live",
        source=record.source,
    )

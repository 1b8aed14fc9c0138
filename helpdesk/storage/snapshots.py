"""Extracts as they are held: rows are staged where nobody reads, one row makes them live, the former ones go afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from uuid import uuid4

from sqlalchemy import delete, exists, select, update

from helpdesk.access.model import Session
from helpdesk.audit import AuditEvent
from helpdesk.clock import Clock
from helpdesk.errors import NotFound, RuleBroken, StorageError
from helpdesk.extracts.history import import_limits
from helpdesk.extracts.model import ExtractKind, Profile, Snapshot
from helpdesk.patients.model import Sensitivity
from helpdesk.storage.audit import append
from helpdesk.storage.bulk import Pace, writing_much
from helpdesk.storage.cleaning import clean
from helpdesk.storage.database import Database, Transaction, one_at_a_time
from helpdesk.storage.index_records import LiveRecord, PersonRecord, SnapshotRecord
from helpdesk.storage.persons import forget_places, is_live, wipe_location
from helpdesk.storage.prepared import Piece, Preparation, Row
from helpdesk.storage.records import ObservationRecord
from helpdesk.storage.staging import Staging


class SqlSnapshots:
    """Imports of extracts by one session (SnapshotStore). `pace` learns how many rows go into one short transaction."""

    def __init__(
        self, database: Database, session: Session, clock: Clock, pace: Pace | None = None, former_weeks: int | None = None
    ) -> None:
        self._database, self._session, self._clock = database, session, clock
        self.pace = pace or Pace()
        self._former_weeks = import_limits().former_weeks if former_weeks is None else former_weeks

    def stage(self, profile: Profile, as_at: date, provider: str, source: str, imported_by: str) -> str:
        now = self._clock.now()
        record = SnapshotRecord(
            id=str(uuid4()),
            kind=profile.kind,
            provider=provider,
            as_at=as_at,
            source=source,
            sha256=profile.sha256,
            rows=0,
            imported=now,
            imported_by=imported_by,
            state="staged",
            went_live=None,
            cleaned=False,
            touched=now,
        )
        with self._database.begin() as transaction:
            transaction.add(record)
        return record.id

    def preparation(self, snapshot_id: str) -> Preparation:
        with self._database.read() as transaction:
            record = _snapshot(transaction, snapshot_id)
        zone = self._database.dialect != "sqlite"
        return Preparation(ExtractKind(record.kind), record.no, moments_with_zone=zone, first=record.rows)

    def put(self, snapshot_id: str, pieces: Iterable[Piece]) -> int:
        with self._database.read() as transaction:
            record = _snapshot(transaction, snapshot_id)
        with writing_much(self._database, self.pace) as writer:
            return Staging(writer, record.no, self._clock).put(pieces)

    def add(self, snapshot_id: str, rows: Iterable[Row]) -> None:
        """Raises RuleBroken for a snapshot that is no longer staged, or for rows of another kind than it holds."""
        with self._database.begin() as transaction:
            _staged(transaction, snapshot_id)
        preparation = self.preparation(snapshot_id)
        self.put(snapshot_id, (piece for some in (preparation.take(rows), preparation.rest()) for piece in some))

    def settle(self, snapshot_id: str, profile: Profile, as_at: date) -> None:
        with self._database.begin() as transaction:
            record = _staged(transaction, snapshot_id)
            record.kind, record.provider, record.as_at, record.sha256 = profile.kind, profile.provider, as_at, profile.sha256

    def go_live(self, snapshot_id: str, event: AuditEvent, *, any_week: bool = False) -> None:
        """What it replaces is taken out afterwards, in short transactions; should that fail, with the next import."""
        with self._database.begin() as transaction:
            record = _staged(transaction, snapshot_id)
            one_at_a_time(transaction, f"live {record.kind} {record.provider}")
            former = transaction.get(LiveRecord, (record.kind, record.provider))
            newer = select(exists().where(SnapshotRecord.no == former.no, SnapshotRecord.as_at > record.as_at)) if former else None
            if newer is not None and not any_week and transaction.scalar(newer):
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
        """Takes out the rows of snapshots that were replaced (but of former lists that stay), discarded, or left by a
        program that was ended."""
        clean(self._database, self._clock, self.pace, self._former_weeks)


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


def _wipe_restricted(transaction: Transaction) -> None:
    """Whoever is restricted by PDS or by what is live now is wiped in every origin, and what sources said of them goes."""
    restricted = select(PersonRecord.number).where(
        PersonRecord.sensitivity == Sensitivity.RESTRICTED, PersonRecord.number_status == "01", is_live()
    )
    wipe_location(
        transaction, PersonRecord.number.in_(restricted) & (PersonRecord.number_status == "01") & PersonRecord.location.is_not(None)
    )
    transaction.execute(delete(ObservationRecord).where(ObservationRecord.patient.in_(restricted)))
    forget_places(transaction, restricted)


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

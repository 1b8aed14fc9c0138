"""Published counts of waiting and their curves as they are held: staged where nobody reads, then one row makes them live."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import groupby, islice
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import Select, delete, insert, select, update

from helpdesk.access.model import Session
from helpdesk.audit import AuditEvent
from helpdesk.clock import Clock
from helpdesk.errors import StorageError
from helpdesk.storage.audit import append
from helpdesk.storage.database import Database, one_at_a_time
from helpdesk.storage.wait_records import WaitCountRecord, WaitCurveRecord, WaitFileRecord, WaitRunRecord
from helpdesk.waits.counts import CellCounts, Month, MonthCounts, month_of
from helpdesk.waits.packing import pack_counts, unpack_counts
from helpdesk.waits.ports import HeldMonth

T = TypeVar("T")
_AT_ONCE = 64
_WAITING = "Part_2"
_STAGED, _LIVE, _REPLACED = "staged", "live", "replaced"
_ABANDONED_AFTER = timedelta(days=1)


class SqlWaits:
    """Counts and curves, for one session (WaitStore)."""

    def __init__(self, database: Database, session: Session | None, clock: Clock) -> None:
        self._database, self._session, self._clock = database, session, clock

    def put(self, counts: MonthCounts, sha256: str, source: str, imported_by: str, event: AuditEvent) -> None:
        if self._session is None:
            raise StorageError("Nobody is signed in to import counts.")
        record = WaitFileRecord(
            id=str(uuid4()),
            month=str(counts.month),
            sha256=sha256,
            rows=counts.rows,
            providers=len({provider for provider, _ in counts.cells}),
            waiting=counts.totals.get(_WAITING, 0),
            source=source,
            imported=self._clock.now(),
            imported_by=imported_by,
            state=_STAGED,
        )
        with self._database.begin() as transaction:
            transaction.add(record)
        for some in _batches(_packed(counts), _AT_ONCE):
            rows = [{"file_id": record.id, "provider": provider, "packed": packed} for provider, packed in some]
            with self._database.begin() as transaction:
                transaction.execute(insert(WaitCountRecord), rows)
        with self._database.begin() as transaction:
            one_at_a_time(transaction, "counts of waiting")
            former = (WaitFileRecord.month == record.month) & (WaitFileRecord.state == _LIVE)
            transaction.execute(update(WaitFileRecord).where(former).values(state=_REPLACED))
            transaction.execute(update(WaitFileRecord).where(WaitFileRecord.id == record.id).values(state=_LIVE))
            append(transaction, self._session, self._clock, event)
        self._clean()

    def months(self) -> Sequence[HeldMonth]:
        live = select(WaitFileRecord).where(WaitFileRecord.state == _LIVE).order_by(WaitFileRecord.month)
        with self._database.read() as transaction:
            return tuple(_held(record) for record in transaction.scalars(live))

    def providers(self) -> Sequence[str]:
        wanted = select(WaitCountRecord.provider).where(WaitCountRecord.file_id.in_(_live_files())).distinct()
        with self._database.read() as transaction:
            return tuple(sorted(transaction.scalars(wanted)))

    def counts(self, provider: str, months: Sequence[Month]) -> Mapping[str, Mapping[Month, CellCounts]]:
        wanted = (
            select(WaitFileRecord.month, WaitCountRecord.packed)
            .join(WaitCountRecord, WaitCountRecord.file_id == WaitFileRecord.id)
            .where(WaitFileRecord.state == _LIVE, WaitCountRecord.provider == provider, WaitFileRecord.month.in_([str(m) for m in months]))
        )
        found: dict[str, dict[Month, CellCounts]] = {}
        with self._database.read() as transaction:
            rows = transaction.execute(wanted).all()
        for month, packed in rows:
            for function, cell in unpack_counts(packed).items():
                found.setdefault(function, {})[_month(month)] = cell
        return found

    def keep_run(self, curves: Iterable[tuple[str, bytes]], report: str) -> None:
        run = WaitRunRecord(id=str(uuid4()), made=self._clock.now(), report=report, state=_STAGED)
        with self._database.begin() as transaction:
            transaction.add(run)
        for some in _batches(curves, _AT_ONCE):
            rows = [{"run_id": run.id, "provider": provider, "packed": packed} for provider, packed in some]
            with self._database.begin() as transaction:
                transaction.execute(insert(WaitCurveRecord), rows)
        with self._database.begin() as transaction:
            one_at_a_time(transaction, "counts of waiting")
            transaction.execute(update(WaitRunRecord).where(WaitRunRecord.state == _LIVE).values(state=_REPLACED))
            transaction.execute(update(WaitRunRecord).where(WaitRunRecord.id == run.id).values(state=_LIVE))
        self._clean()

    def run(self) -> tuple[Mapping[str, bytes], str]:
        with self._database.read() as transaction:
            live = transaction.scalars(select(WaitRunRecord).where(WaitRunRecord.state == _LIVE)).one_or_none()
            if live is None:
                return {}, ""
            wanted = select(WaitCurveRecord.provider, WaitCurveRecord.packed).where(WaitCurveRecord.run_id == live.id)
            return {provider: packed for provider, packed in transaction.execute(wanted)}, live.report

    def _clean(self) -> None:
        """What was replaced goes, and what was begun more than a day ago and never came to its end."""
        old = self._clock.now() - _ABANDONED_AFTER
        files = (WaitFileRecord.state == _REPLACED) | ((WaitFileRecord.state == _STAGED) & (WaitFileRecord.imported < old))
        runs = (WaitRunRecord.state == _REPLACED) | ((WaitRunRecord.state == _STAGED) & (WaitRunRecord.made < old))
        with self._database.read() as transaction:
            old_files = transaction.scalars(select(WaitFileRecord.id).where(files)).all()
            old_runs = transaction.scalars(select(WaitRunRecord.id).where(runs)).all()
        for file_id in old_files:
            with self._database.begin() as transaction:
                transaction.execute(delete(WaitCountRecord).where(WaitCountRecord.file_id == file_id))
                transaction.execute(delete(WaitFileRecord).where(WaitFileRecord.id == file_id))
        for run_id in old_runs:
            with self._database.begin() as transaction:
                transaction.execute(delete(WaitCurveRecord).where(WaitCurveRecord.run_id == run_id))
                transaction.execute(delete(WaitRunRecord).where(WaitRunRecord.id == run_id))


def _live_files() -> Select[Any]:
    return select(WaitFileRecord.id).where(WaitFileRecord.state == _LIVE)


def _packed(counts: MonthCounts) -> Iterator[tuple[str, bytes]]:
    ordered = sorted(counts.cells.items(), key=lambda item: item[0])
    for provider, cells in groupby(ordered, key=lambda item: item[0][0]):
        yield provider, pack_counts({function: cell for (_, function), cell in cells})


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Drawn before a transaction begins, so that slow work never holds the write lock."""
    source = iter(items)
    while some := list(islice(source, size)):
        yield some


def _month(text: str) -> Month:
    month = month_of(text)
    if month is None:
        raise StorageError("A month of counts in the desk's database cannot be read.")
    return month


def _held(record: WaitFileRecord) -> HeldMonth:
    return HeldMonth(
        month=_month(record.month),
        sha256=record.sha256,
        rows=record.rows,
        providers=record.providers,
        waiting=record.waiting,
        source=record.source,
        imported=record.imported,
        imported_by=record.imported_by,
    )

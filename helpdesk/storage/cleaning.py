"""Takes out the rows of snapshots that nobody reads any more, in short transactions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Executable, func, select, text, update

from helpdesk.clock import Clock
from helpdesk.extracts.history import ImportOutcome
from helpdesk.extracts.model import ExtractKind
from helpdesk.storage.bulk import BulkWriter, Pace, writing_much
from helpdesk.storage.database import Database, Transaction
from helpdesk.storage.extract_records import ActivityRowRecord, AttemptRecord, ClockEventRecord, ReferralRowRecord
from helpdesk.storage.former import former_lists
from helpdesk.storage.index_records import ListRowRecord, PersonRecord, SnapshotRecord
from helpdesk.storage.records import Record, table_of
from helpdesk.storage.search_keys import keys_in

LEFT_AFTER = timedelta(minutes=2)
"""An import touches its snapshot many times a second; one untouched for so long was left by a program that was ended."""
_PERSONS_READ = 10_000
_ROWS: dict[str, type[Record]] = {
    ExtractKind.OPEN_PATHWAYS: ListRowRecord,
    ExtractKind.CLOCKS: ClockEventRecord,
    ExtractKind.CLOCK_STARTS: ClockEventRecord,
    ExtractKind.CLOCK_STOPS: ClockEventRecord,
    ExtractKind.REFERRALS: ReferralRowRecord,
    ExtractKind.ACTIVITY: ActivityRowRecord,
}
_FORGET_KEY = "DELETE FROM person_key WHERE kind = {0} AND value = {0} AND origin = {0} AND row_no = {0}"


def clean(database: Database, clock: Clock, pace: Pace, former_weeks: int) -> None:
    """Former lists stay for so many weeks."""
    with database.begin() as transaction:
        _give_up(transaction, clock.now())
        unread = _unread(transaction, former_weeks)
    if not unread:
        return
    with writing_much(database, pace) as writer:
        for origin, kind in unread:
            if kind == ExtractKind.PERSONS:
                _forget_persons(database, writer, origin)
            else:
                _forget_rows(writer, table_of(_ROWS[kind]).name, origin)
            done = update(SnapshotRecord).where(SnapshotRecord.no == origin).values(cleaned=True)
            writer.transaction("snapshot", 1, partial(_execute, done, {}))


def _give_up(transaction: Transaction, now: datetime) -> None:
    """What was left by a program that was ended is discarded, and its attempt says so."""
    left = (SnapshotRecord.state == "staged") & (func.coalesce(SnapshotRecord.touched, SnapshotRecord.imported) < now - LEFT_AFTER)
    ids = transaction.scalars(select(SnapshotRecord.id).where(left)).all()
    transaction.execute(update(SnapshotRecord).where(SnapshotRecord.id.in_(ids)).values(state="discarded"))
    alone = AttemptRecord.snapshot_id.is_(None) & (AttemptRecord.began < now - timedelta(days=1))
    running = AttemptRecord.outcome == ImportOutcome.RUNNING
    over = update(AttemptRecord).where(running, AttemptRecord.snapshot_id.in_(ids) | alone)
    transaction.execute(over.values(outcome=ImportOutcome.INTERRUPTED.value, ended=now))


def _unread(transaction: Transaction, former_weeks: int) -> Sequence[tuple[int, str]]:
    kept = [no for lists in former_lists(transaction, former_weeks).values() for no, _ in lists]
    gone = SnapshotRecord.state.in_(("replaced", "discarded")) & ~SnapshotRecord.cleaned & SnapshotRecord.no.not_in(kept)
    return [(no, kind) for no, kind in transaction.execute(select(SnapshotRecord.no, SnapshotRecord.kind).where(gone))]


def _forget_persons(database: Database, writer: BulkWriter, origin: int) -> None:
    """Keys first: the persons say which they were, should this be ended half way."""
    person = PersonRecord
    some = (
        select(person.row_no, person.keys, person.location_keys).where(person.origin == origin).order_by(person.row_no).limit(_PERSONS_READ)
    )
    while True:
        with database.read() as transaction:
            held = transaction.execute(some).all()
        if not held:
            return
        keys = sorted((*key, origin, row_no) for row_no, names, places in held for key in keys_in(names + (places or "")))
        for batch in _batches(writer, "forgotten keys", keys):
            writer.transaction("forgotten keys", len(batch), partial(_forget_keys, batch))
        _forget_rows(writer, "person", origin, held[-1].row_no)


def _forget_keys(keys: list[tuple[Any, ...]], connection: Connection) -> None:
    connection.exec_driver_sql(_FORGET_KEY.format("?" if connection.dialect.name == "sqlite" else "%s"), keys)


def _forget_rows(writer: BulkWriter, table: str, origin: int, last: int | None = None) -> None:
    """Rows of one snapshot, up to that one."""
    ends = text(f"SELECT min(row_no), max(row_no) FROM {table} WHERE origin = :origin")  # noqa: S608  # our own names
    some = text(f"DELETE FROM {table} WHERE origin = :origin AND row_no >= :first AND row_no < :behind")  # noqa: S608  # our own names
    what = f"forgotten {table}"
    first, held_last = writer.transaction("ends", 1, lambda connection: connection.execute(ends, {"origin": origin}).one())
    if first is None:
        return
    last = held_last if last is None else last
    while first <= last:
        behind = min(first + writer.rows(what), last + 1)
        values = {"origin": origin, "first": first, "behind": behind}
        writer.transaction(what, behind - first, partial(_execute, some, values))
        first = behind


def _execute(statement: Executable, values: dict[str, int], connection: Connection) -> None:
    connection.execute(statement, values)


def _batches(writer: BulkWriter, what: str, rows: list[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    at = 0
    while at < len(rows):
        size = writer.rows(what)
        yield rows[at : at + size]
        at += size

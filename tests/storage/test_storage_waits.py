"""Published counts and curves as they are held, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from storage_facts import MovableClock

from helpdesk.access.model import Role, Session, Staff
from helpdesk.audit import AuditAction, AuditEvent
from helpdesk.errors import StorageError
from helpdesk.storage import waits
from helpdesk.storage.database import Database
from helpdesk.storage.wait_records import WaitCountRecord, WaitCurveRecord
from helpdesk.storage.waits import SqlWaits
from helpdesk.waits.counts import CellCounts, Month, MonthCounts

MAY = Month(2026, 5)
EVENT = AuditEvent(AuditAction.EXTRACT_IMPORTED, details={"kind": "waits"})
CELL = CellCounts((1, 2, 3), None, (0, 1, 0), (1, 0, 0), 7)


def _session() -> Session:
    staff = Staff("s1", "support", "S. Support", frozenset({Role.SUPPORT}))
    return Session("session", staff, Role.SUPPORT, "cli", "XICB", datetime(2026, 7, 1, tzinfo=UTC))


def _month(month: Month, providers: int = 70) -> MonthCounts:
    cells = {(f"X{n:03}", function): CELL for n in range(providers) for function in ("110", "X02")}
    return MonthCounts(month, 104, cells, {}, {"Part_2": 6}, 20)


def _rows(database: Database, record: type[WaitCountRecord | WaitCurveRecord]) -> int:
    with database.read() as transaction:
        return transaction.query(record).count()


def test_a_month_comes_in_whole_and_takes_the_place_of_the_former(database: Database, clock: MovableClock) -> None:
    store = SqlWaits(database, _session(), clock)
    store.put(_month(MAY.plus(1), 2), "a", "command line", "S. Support", EVENT)
    store.put(_month(MAY), "b", "command line", "S. Support", EVENT)
    assert [(h.month, h.providers, h.waiting, h.sha256) for h in store.months()] == [(MAY, 70, 6, "b"), (MAY.plus(1), 2, 6, "a")]
    assert len(store.providers()) == 70
    assert store.counts("X001", [MAY, MAY.plus(1)]) == {f: {MAY: CELL, MAY.plus(1): CELL} for f in ("110", "X02")}
    revised = replace(_month(MAY, 1), cells={("X001", "110"): CellCounts(waiting=(9,))})
    store.put(revised, "c", "command line", "S. Support", EVENT)
    assert store.counts("X001", [MAY]) == {"110": {MAY: CellCounts(waiting=(9,))}}
    assert store.counts("X002", [MAY]) == {}
    assert _rows(database, WaitCountRecord) == 3


def test_a_month_that_breaks_off_is_never_read(database: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SqlWaits(database, _session(), clock)
    store.put(_month(MAY, 2), "a", "command line", "S. Support", EVENT)

    def broken(*_: object) -> None:
        raise StorageError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(waits, "append", broken)
        with pytest.raises(StorageError):
            store.put(_month(MAY, 3), "b", "command line", "S. Support", EVENT)
    assert [(h.sha256, h.providers) for h in store.months()] == [("a", 2)]
    assert len(store.providers()) == 2


def test_curves_take_the_place_of_the_former_at_once(database: Database, clock: MovableClock) -> None:
    store = SqlWaits(database, _session(), clock)
    assert store.run() == ({}, "")
    store.keep_run(((f"X{n:03}", b"first") for n in range(130)), "{}")
    assert len(store.run()[0]) == 130
    store.keep_run([("X001", b"second")], '{"lists": 1}')
    assert store.run() == ({"X001": b"second"}, '{"lists": 1}')
    assert _rows(database, WaitCurveRecord) == 1


def test_nobody_signed_in_imports_nothing(database: Database, clock: MovableClock) -> None:
    with pytest.raises(StorageError):
        SqlWaits(database, None, clock).put(_month(MAY), "a", "command line", "", EVENT)

"""Published months taken in by a member of staff, reckoned and tried, on a real database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from helpdesk.access.model import Role, Session, Staff
from helpdesk.errors import RuleBroken
from helpdesk.practice.published_waits import write_published
from helpdesk.storage.audit import SqlAuditTrail, verify
from helpdesk.storage.database import Database
from helpdesk.storage.waits import SqlWaits
from helpdesk.waits.service import WaitImport
from helpdesk.waits.tables import WaitTables

TODAY = date(2026, 11, 22)


class Fixed:
    def now(self) -> datetime:
        return datetime(2026, 11, 22, 12, tzinfo=UTC)


def _desk(database: Database, role: Role) -> tuple[WaitImport, WaitTables]:
    staff = Staff("s1", "staff", "S. Staff", frozenset({role}))
    session = Session("session", staff, role, "cli", "XICB", Fixed().now())
    store = SqlWaits(database, session, Fixed())
    tables = WaitTables(store, live=False)
    return WaitImport(store, tables, SqlAuditTrail(database, session, Fixed()), session, Fixed()), tables


def test_months_come_in_and_a_range_with_its_back_test_comes_out(encrypted: Database, tmp_path: Path) -> None:
    work, tables = _desk(encrypted, Role.SUPPORT)
    files = write_published(tmp_path, TODAY)[-14:]
    taken = [work.take_in(file, "test") for file in files]
    assert all(t.changed and not t.replaced for t in taken)
    assert taken[0].totals["Part_2"] == taken[0].held.waiting > 10_000
    again = work.take_in(files[-1], "test")
    assert (again.changed, again.replaced) == (False, False)
    asked = {"provider": "XFC01", "treatment_function": "330", "days_waited": 100, "today": TODAY, "on_18_weeks": True}
    assert tables.answer(**asked).range is None  # type: ignore[arg-type]  # plain values by name
    report = work.reckon()
    assert report["lists_tested"] > 5
    assert report["lists_withheld"] == 0
    found = tables.answer(**asked).range  # type: ignore[arg-type]  # plain values by name
    assert found is not None
    assert found.back_test is not None
    assert 0.68 <= found.back_test.inside <= 0.82
    assert verify(encrypted).sound


def test_a_revised_month_takes_the_place_of_the_former(encrypted: Database, tmp_path: Path) -> None:
    work, _ = _desk(encrypted, Role.SUPPORT)
    file = write_published(tmp_path, TODAY)[-1]
    work.take_in(file, "test")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("NON-ENGLISH", "NOT ENGLISH"), encoding="utf-8")
    assert work.take_in(file, "test").replaced
    assert len(work.months()) == 1


def test_a_refused_file_changes_nothing_and_is_on_record(encrypted: Database, tmp_path: Path) -> None:
    work, _ = _desk(encrypted, Role.SUPPORT)
    bad = tmp_path / "bad.csv"
    bad.write_text("nothing of the kind\n", encoding="utf-8")
    with pytest.raises(RuleBroken, match="refused"):
        work.take_in(bad, "test")
    with pytest.raises(RuleBroken, match="no such file"):
        work.take_in(tmp_path / "none.csv", "test")
    soon = write_published(tmp_path, date(2027, 2, 1))[-1]
    with pytest.raises(RuleBroken, match="not over yet"):
        work.take_in(soon, "test")
    assert work.months() == ()
    assert verify(encrypted).rows == 2


def test_a_handler_may_not_import(encrypted: Database, tmp_path: Path) -> None:
    work, _ = _desk(encrypted, Role.HANDLER)
    for act in (lambda: work.take_in(tmp_path / "none.csv", "test"), work.reckon):
        with pytest.raises(RuleBroken, match="may not do this"):
            act()

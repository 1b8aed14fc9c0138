"""The audit: every way of changing what was written is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from storage_facts import MovableClock, event, number, session

from helpdesk.audit import AuditAction
from helpdesk.errors import StorageError
from helpdesk.storage.audit import SqlAuditTrail, verify
from helpdesk.storage.database import Database


@pytest.fixture
def audited(database: Database, clock: MovableClock) -> Database:
    """Two desks, three rows each, over two days."""
    for desk in ("desk-1", "cli"):
        trail = SqlAuditTrail(database, session(desk), clock)
        for n in range(3):
            trail.record(event(AuditAction.PATIENT_OPENED, subjects=(number(n),), details={"n": str(n)}, purpose="call", call_id="c"))
            clock.move(hours=8)
    return database


def without_guards(database: Database, *statements: str) -> None:
    """What somebody could do who holds the key and takes the triggers off."""
    with database.begin() as transaction:
        if database.dialect == "sqlite":
            guards = transaction.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
            for guard in guards:
                transaction.execute(text(f"DROP TRIGGER {guard}"))
        else:
            transaction.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            transaction.execute(text(statement))


def test_an_untouched_audit_is_sound(audited: Database) -> None:
    report = verify(audited)
    assert report.sound
    assert (report.rows, report.desks) == (6, ("cli", "desk-1"))
    assert len({root for _, root in report.roots}) == len(report.roots) == 3


def test_an_empty_audit_is_sound(database: Database) -> None:
    assert verify(database).sound


@pytest.mark.parametrize(
    ("statements", "desk", "seq", "said"),
    [
        (["UPDATE audit SET details = '{}' WHERE desk = 'cli' AND seq = 2"], "cli", 2, "changed after"),
        (["UPDATE audit SET staff_id = 'x' WHERE desk = 'cli' AND seq = 3"], "cli", 3, "changed after"),
        (["DELETE FROM audit WHERE desk = 'desk-1' AND seq = 2"], "desk-1", 2, "missing"),
        (["DELETE FROM audit WHERE desk = 'desk-1' AND seq = 1"], "desk-1", 1, "missing"),
        (
            [
                "UPDATE audit SET seq = 9 WHERE desk = 'cli' AND seq = 1",
                "UPDATE audit SET seq = 1 WHERE desk = 'cli' AND seq = 2",
                "UPDATE audit SET seq = 2 WHERE desk = 'cli' AND seq = 9",
            ],
            "cli",
            1,
            "does not follow",
        ),
        (["DELETE FROM audit WHERE desk = 'cli' AND seq = 3"], "cli", 3, "ends at row 2; it was written up to row 3"),
        (["DELETE FROM audit WHERE desk = 'cli'"], "cli", 1, "ends at row 0"),
        (["DELETE FROM audit_head WHERE desk = 'cli'"], "cli", 3, "head of this chain is missing"),
        (["UPDATE audit_head SET hash = 'x' WHERE desk = 'cli'"], "cli", 3, "not the one"),
    ],
)
def test_tampering_is_found(audited: Database, statements: list[str], desk: str, seq: int, said: str) -> None:
    without_guards(audited, *statements)
    problems = verify(audited).problems
    assert any(problem.desk == desk and problem.seq == seq and said in problem.text for problem in problems)
    assert {problem.desk for problem in problems} == {desk}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET purpose = ''",
        "DELETE FROM audit",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET seq = 1",
    ],
)
def test_the_database_refuses_changes(audited: Database, statement: str) -> None:
    with pytest.raises(StorageError, match="cannot be changed"), audited.begin() as transaction:
        transaction.execute(text(statement))
    assert verify(audited).sound


def test_a_chain_written_anew_has_another_root(audited: Database, clock: MovableClock) -> None:
    before = verify(audited)
    without_guards(audited, "DELETE FROM audit WHERE desk = 'cli'", "DELETE FROM audit_head WHERE desk = 'cli'")
    clock.move(hours=-24)
    trail = SqlAuditTrail(audited, session("cli"), clock)
    write: Callable[[int], None] = lambda n: trail.record(event(details={"n": str(n)}))  # noqa: E731  # three rows, other content
    for n in range(3):
        write(n)
        clock.move(hours=8)
    after = verify(audited)
    assert after.sound
    assert after.roots[-1] != before.roots[-1]

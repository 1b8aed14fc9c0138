"""Gaps in the database: kept in step with what was found, listed without the restricted, claimed once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from storage_facts import NOON, MovableClock, number, patient, session
from test_storage_work import at_once

from helpdesk.access.model import Role, Session, Staff
from helpdesk.audit import AuditAction
from helpdesk.errors import NotFound, RuleBroken
from helpdesk.patients.model import Sensitivity
from helpdesk.queue.gaps import HIGH, LOW, MEDIUM, Change, FoundGap, GapCount, GapFilter, Whose
from helpdesk.storage.audit import verify
from helpdesk.storage.database import Database
from helpdesk.storage.gaps import SqlGaps
from helpdesk.storage.people import SqlPeople
from helpdesk.storage.records import AuditRecord
from helpdesk.storage.work import SqlWorkItems


def navigator(n: int) -> Session:
    staff = Staff(f"5b6ad6a0-0000-4000-8000-00000000010{n}", f"nav{n}", f"N. Avigator{n}", frozenset({Role.NAVIGATOR}))
    return replace(session(f"desk-{n}"), staff=staff, role=Role.NAVIGATOR)


def gap(n: int, **more: object) -> FoundGap:
    facts: dict[str, object] = {
        "subject": number(n),
        "pathway": "1:pathway:XFC01:P1",
        "kind": "not_booked",
        "severity": MEDIUM,
        "since": date(2026, 10, 1),
        "evidence": "No date is booked on the list of 15-Nov-2026.",
        "turn": "the hospital or service",
        "hand_off": "Ask for a date.",
        "provider": "XFC01",
        "specialty": "110",
        "specialty_name": "Trauma and orthopaedics",
        "waiting_since": date(2026, 3, 3),
    }
    return FoundGap(**(facts | more))  # type: ignore[arg-type]


@pytest.fixture
def gaps(database: Database, clock: MovableClock) -> SqlGaps:
    """Six people whom PDS knows as unrestricted."""
    for n in range(1, 7):
        SqlPeople(database, clock).remember(patient(n))
    return SqlGaps(database, navigator(1), clock)


def test_what_is_found_comes_on_the_list_the_worst_and_oldest_first(gaps: SqlGaps) -> None:
    found = [gap(1, severity=LOW), gap(2), gap(3, since=date(2026, 9, 1)), gap(4, severity=HIGH)]
    assert gaps.put([number(n) for n in range(1, 5)], found) == Change(raised=4)
    page = gaps.listed(GapFilter())
    assert [item.found.subject for item in page.items] == [number(4), number(3), number(2), number(1)]
    assert (page.total, page.withheld) == (4, 0)
    (first, *_) = page.items
    assert (first.found, first.raised, first.claimed_by, first.note, first.done) == (found[3], NOON, None, "", None)


def test_an_evaluation_that_finds_the_same_changes_nothing(gaps: SqlGaps) -> None:
    gaps.put([number(1)], [gap(1)])
    before = gaps.listed(GapFilter()).items
    assert gaps.put([number(1)], [gap(1)]) == Change()
    assert gaps.put([number(1)], [gap(1, evidence="Another week.")]) == Change(refreshed=1)
    (after,) = gaps.listed(GapFilter()).items
    assert (after.id, after.found.evidence) == (before[0].id, "Another week.")


def test_what_is_gone_leaves_the_list_of_those_people_alone(gaps: SqlGaps) -> None:
    gaps.put([number(1), number(2)], [gap(1), gap(2)])
    assert gaps.put([number(1)], []) == Change(closed=1)
    assert [item.found.subject for item in gaps.listed(GapFilter()).items] == [number(2)]
    assert gaps.subjects() == {number(2)}


def test_what_was_done_comes_back_after_two_weeks_with_its_note_and_nobodys(gaps: SqlGaps, clock: MovableClock) -> None:
    gaps.put([number(1)], [gap(1)])
    (item,) = gaps.listed(GapFilter()).items
    gaps.claim(item.id)
    done = gaps.finish(item.id, "Rang bookings, they will write.")
    assert (done.done, done.note, done.noted_by) == (NOON, "Rang bookings, they will write.", "N. Avigator1")
    assert gaps.put([number(1)], [gap(1)]) == Change()
    assert gaps.listed(GapFilter()).items == ()
    clock.move(days=14)
    assert gaps.put([number(1)], [gap(1)]) == Change(raised=1)
    (again,) = gaps.listed(GapFilter()).items
    assert (again.id, again.claimed_by, again.note, again.raised) == (item.id, None, done.note, clock.now())


def test_the_list_is_narrowed(gaps: SqlGaps) -> None:
    gaps.put(
        [number(n) for n in range(1, 5)],
        [
            gap(1),
            gap(2, kind="no_activity", severity=HIGH),
            gap(3, provider="XFC02", since=date(2026, 11, 1)),
            gap(4, specialty="130", specialty_name="Ophthalmology", severity=LOW),
        ],
    )
    first = gaps.listed(GapFilter(provider="XFC02")).items[0]
    gaps.claim(first.id)
    me = navigator(1).staff.id

    def those(**narrowed: object) -> set[int]:
        page = gaps.listed(GapFilter(**narrowed))  # type: ignore[arg-type]
        assert page.total == len(page.items)
        return {n for n in range(1, 5) if number(n) in {item.found.subject for item in page.items}}

    assert those(kind="no_activity") == {2}
    assert those(specialty="130") == {4}
    assert those(severity=MEDIUM) == {1, 2, 3}
    assert those(since_before=date(2026, 10, 1)) == {1, 2, 4}
    assert those(whose=Whose.MINE, staff_id=me) == {3}
    assert those(whose=Whose.UNCLAIMED) == {1, 2, 4}
    assert gaps.listed(GapFilter(), limit=2).total == 4
    assert GapCount("no_activity", "XFC01", "110", "Trauma and orthopaedics", HIGH, 1) in gaps.counts()
    assert sum(c.count for c in gaps.counts()) == 4


def test_nobody_restricted_or_unknown_is_listed_or_counted(gaps: SqlGaps, database: Database, clock: MovableClock) -> None:
    gaps.put([number(1), number(2), number(50)], [gap(1), gap(2), gap(50)])
    clock.move(minutes=1)
    SqlPeople(database, clock).remember(patient(2, sensitivity=Sensitivity.RESTRICTED, as_at=clock.now()))
    page = gaps.listed(GapFilter())
    assert [item.found.subject for item in page.items] == [number(1)]
    assert (page.total, page.withheld) == (1, 2)
    assert sum(c.count for c in gaps.counts()) == 1


def test_a_replaced_number_keeps_its_item(gaps: SqlGaps, database: Database, clock: MovableClock) -> None:
    gaps.put([number(1)], [gap(1)])
    (item,) = gaps.listed(GapFilter()).items
    gaps.claim(item.id)
    clock.move(minutes=1)
    SqlPeople(database, clock).remember(patient(60, asked_for=number(1), as_at=clock.now()))
    assert gaps.put([number(60)], [gap(60)]) == Change()
    (after,) = gaps.listed(GapFilter()).items
    assert (after.id, after.found.subject, after.claimed_name) == (item.id, number(60), "N. Avigator1")
    assert gaps.put([number(1)], [gap(1)]) == Change()


def test_of_four_who_claim_at_once_one_has_it_and_all_are_told_who(database: Database, clock: MovableClock, gaps: SqlGaps) -> None:
    for round_ in range(5):
        gaps.put([number(1)], [gap(1, pathway=f"p{round_}")])
        (item,) = gaps.listed(GapFilter()).items
        told = at_once(lambda n, item=item: SqlGaps(database, navigator(n), clock).claim(item.id))
        (winner,) = {one.claimed_by for one in told}
        assert winner in {navigator(n).staff.id for n in range(4)}
    with database.read() as transaction:
        claims = transaction.query(AuditRecord).filter(AuditRecord.action == AuditAction.GAP_CLAIMED).all()
    assert len(claims) == 5
    assert verify(database).sound


def test_what_somebody_else_has_is_neither_released_nor_done_by_another(database: Database, clock: MovableClock, gaps: SqlGaps) -> None:
    gaps.put([number(1)], [gap(1)])
    (item,) = gaps.listed(GapFilter()).items
    gaps.claim(item.id)
    other = SqlGaps(database, navigator(2), clock)
    with pytest.raises(RuleBroken, match=r"N\. Avigator1 has this one since 12:00 on 20-Nov-2026"):
        other.release(item.id)
    with pytest.raises(RuleBroken, match=r"N\. Avigator1"):
        other.finish(item.id, "Done")
    assert other.release(item.id, anybodys=True).claimed_by is None
    assert other.claim(item.id).claimed_name == "N. Avigator2"
    with pytest.raises(NotFound):
        other.claim("none")
    other.finish(item.id, "Booked for 3 December")
    with pytest.raises(RuleBroken, match="no longer on the list"):
        gaps.claim(item.id)
    assert other.items([item.id])[0].note == "Booked for 3 December"


def test_gaps_are_not_among_the_other_work(database: Database, clock: MovableClock, gaps: SqlGaps) -> None:
    gaps.put([number(1)], [gap(1)])
    assert SqlWorkItems(database, clock).open_items() == ()

"""The list of stuck pathways: who may see it, that names are on record first, and who works on what."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.access.model import Role, Session
from helpdesk.audit import AuditAction
from helpdesk.desk.looking import Looking
from helpdesk.desk.stuck import StuckDesk, Wanted
from helpdesk.errors import RuleBroken, StorageError
from helpdesk.queue.gaps import HIGH, LOW, Whose
from tests.fakes import HandClock, numbers_in
from tests.fakes_stuck import MemoryIndex, MemoryQueue, MemoryTrail, gap, number, session


class Bench:
    def __init__(self, who: Session | None = None) -> None:
        who = who or session()
        self.queue, self.trail, self.looking = MemoryQueue(who), MemoryTrail(), Looking()
        self.index = MemoryIndex(range(1, 20), restricted=[30], dead=[3])
        made: Any = self.index
        nothing: Any = None
        self.desk = StuckDesk(self.queue, made, self.trail, who, HandClock(), {"XFC01": "Fenmoor City"}.get, nothing, self.looking)  # type: ignore[arg-type]  # a name for every code here


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_row_says_where_and_how_long_and_nobodys_name_or_number(bench: Bench) -> None:
    bench.queue.add(gap(1))
    seen = bench.desk.look(Wanted())
    (row,) = seen.rows
    assert (row.provider, row.specialty, row.days, row.waited_days, row.mine) == ("Fenmoor City", "Trauma and orthopaedics", 50, 262, False)
    assert [(c.key, c.words, c.count) for c in seen.providers] == [("XFC01", "Fenmoor City", 1)]
    assert (seen.total, seen.everything, seen.withheld) == (1, 1, 0)
    assert bench.trail.events == []


def test_the_list_is_narrowed_by_age_and_whose(bench: Bench) -> None:
    bench.queue.add(gap(1))
    other = bench.queue.add(gap(2, since=gap(2).since.replace(month=11, day=18), severity=HIGH))
    bench.desk.claim(other.id)
    assert [r.item.found.subject for r in bench.desk.look(Wanted(days=50)).rows] == [number(1)]
    assert bench.desk.look(Wanted(days=51)).rows == ()
    assert [r.mine for r in bench.desk.look(Wanted(whose=Whose.MINE)).rows] == [True]
    seen = bench.desk.look(Wanted(severity=HIGH))
    assert (seen.total, seen.everything, seen.severities) == (1, 2, {2: 1, 3: 1})


def test_names_are_on_record_before_they_are_given_all_in_one_row(bench: Bench) -> None:
    items = [bench.queue.add(gap(n)) for n in (1, 2, 3)]
    people = bench.desk.people([i.id for i in items], "list-1")
    assert {p.name for p in people.values()} == {f"SMITH, Jane{number(n).value[-4:]} (Mrs)" for n in (1, 2, 3)}
    assert [people[i.id].died for i in items] == [False, False, True]
    (event,) = bench.trail.events
    assert (event.action, event.subjects, event.purpose) == (AuditAction.GAPS_LISTED, tuple(number(n) for n in (1, 2, 3)), "stuck pathways")
    assert event.details == {"list_id": "list-1", "count": "3"}
    assert numbers_in(people) == set()


def test_without_the_record_there_are_no_names(bench: Bench) -> None:
    item = bench.queue.add(gap(1))
    bench.trail.error = StorageError("The record cannot be kept.")
    with pytest.raises(StorageError):
        bench.desk.people([item.id], "list-1")


def test_whoever_is_restricted_or_unknown_has_no_name_and_no_call(bench: Bench) -> None:
    restricted, unknown = bench.queue.add(gap(30)), bench.queue.add(gap(50))
    assert bench.desk.people([restricted.id, unknown.id], "list-1") == {}
    for item in (restricted, unknown):
        with pytest.raises(RuleBroken, match="may not be listed"):
            bench.desk.open_from(item.id)
    assert bench.trail.events == []


def test_who_comes_second_is_told_who_was_first(bench: Bench) -> None:
    item = bench.queue.add(gap(1), claimed_by="staff-2", claimed_name="N. Quill")
    with pytest.raises(RuleBroken, match=r"N\. Quill was first and has this one\."):
        bench.desk.claim(item.id)
    with pytest.raises(RuleBroken, match=r"N\. Quill"):
        bench.desk.release(item.id)
    with pytest.raises(RuleBroken, match=r"N\. Quill"):
        bench.desk.open_from(item.id)


def test_a_supervisor_releases_what_somebody_else_has() -> None:
    bench = Bench(session(Role.SUPERVISOR))
    item = bench.queue.add(gap(1), claimed_by="staff-2", claimed_name="N. Quill")
    assert bench.desk.release(item.id).item.claimed_by is None


def test_done_needs_words_and_takes_it_off_the_list(bench: Bench) -> None:
    item = bench.queue.add(gap(1, severity=LOW))
    for empty in ("", "  ", "rang"):
        with pytest.raises(RuleBroken) as refused:
            bench.desk.finish(item.id, empty)
        assert refused.value.field == "note"
    with pytest.raises(RuleBroken, match="too long"):
        bench.desk.finish(item.id, "word " * 500)
    assert bench.desk.finish(item.id, " Rang bookings.\n They write. ").item.note == "Rang bookings. They write."
    assert bench.desk.look(Wanted()).rows == ()


def test_a_call_from_a_row_claims_it_and_is_on_record(bench: Bench) -> None:
    item = bench.queue.add(gap(1))
    start = bench.desk.open_from(item.id)
    assert (start.number, start.item.claimed_by) == (number(1), "staff-1")
    (event,) = bench.trail.events
    assert (event.action, event.subjects) == (AuditAction.GAP_OPENED, (number(1),))


@pytest.mark.parametrize("role", [Role.HANDLER, Role.ADMINISTRATOR, Role.PRIVACY_OFFICER, Role.SUPPORT])
def test_other_roles_see_and_do_nothing(role: Role) -> None:
    bench = Bench(session(role))
    item = bench.queue.add(gap(1))
    desk = bench.desk
    acts: list[Any] = [
        lambda: desk.look(Wanted()),
        lambda: desk.people([item.id], "l"),
        lambda: desk.claim(item.id),
        lambda: desk.release(item.id),
        lambda: desk.finish(item.id, "Rang bookings"),
        lambda: desk.open_from(item.id),
        lambda: desk.evaluate(lambda _done, _total: None, lambda: False),
    ]
    for act in acts:
        with pytest.raises(RuleBroken):
            act()
    assert bench.queue.held[item.id] == item
    assert bench.trail.events == []


def test_a_look_behind_the_desk_is_seen_asked_for_and_stopped(bench: Bench) -> None:
    looking = bench.looking
    assert not bench.desk.standing.running
    bench.desk.again()
    assert looking.take_asked()
    assert not looking.take_asked()
    bench.desk.stop()
    assert not looking.stopped
    looking.begin()
    looking.progress(10, 100)
    assert (bench.desk.standing.running, bench.desk.standing.done, bench.desk.standing.total) == (True, 10, 100)
    bench.desk.stop()
    assert looking.stopped
    looking.fail("The disk is full.")
    assert (bench.desk.standing.running, bench.desk.standing.trouble) == (False, "The disk is full.")

"""Looking through the whole area: everybody once, the restricted never, the list brought up to date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from helpdesk.audit import AuditAction
from helpdesk.composition.processes import spread
from helpdesk.desk import evaluating
from helpdesk.desk.evaluating import Batch, Found, HeldOfPerson, Measure, gaps_of
from helpdesk.desk.evaluation import AT_ONCE, AreaEvaluation
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.model import GapKind, Pathway, Severity
from helpdesk.practice.area import make_area
from helpdesk.practice.held import held_rows
from helpdesk.queue.gaps import HIGH, MEDIUM, Change, GapFilter
from tests.fakes import HandClock
from tests.fakes_stuck import TODAY, MemoryIndex, MemoryQueue, MemoryRows, MemoryTrail, gap, number, pathway, session, stuck

PEOPLE = {n: number(n) for n in range(1, 1001)}
NUMBERED = {held: n for n, held in PEOPLE.items()}


class Area:
    """An area whose every tenth person is stuck in a pathway."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, people: Iterable[int], *, restricted: Iterable[int] = (), bad: Iterable[int] = ()
    ) -> None:
        self.rows = MemoryRows([PEOPLE[n] for n in people])
        self.index = MemoryIndex(people, restricted)
        self.queue, self.trail = MemoryQueue(session()), MemoryTrail()
        self.evaluation = AreaEvaluation(
            self.rows, self.index, self.queue, self.trail, HandClock(), {"lists": 10}, lambda code: f"<{code}>"
        )  # type: ignore[arg-type]  # the index in memory has what is asked of it
        self.stuck = {n for n in people if n % 10 == 0}
        self.names: set[str] = set()

        def stitch(
            held: Any, _referrals: Any, *, about: NhsNumber, organisations: Callable[[str], str], **_more: Any
        ) -> tuple[Pathway, ...]:
            n = NUMBERED[about]
            self.names |= {organisations(h.provider) for h in held}
            if n in bad:
                raise RuleBroken("A source answered about somebody else.")
            return (pathway(n, *([stuck()] if n in self.stuck else [])),) if held else ()

        monkeypatch.setattr(evaluating, "stitch", stitch)

    def run(self, cancelled: Callable[[], bool] = lambda: False) -> Any:
        self.progress: list[tuple[int, int]] = []
        return self.evaluation.run(lambda done, total: self.progress.append((done, total)), cancelled)

    @property
    def listed(self) -> set[int]:
        return {NUMBERED[i.found.subject] for i in self.queue.listed(GapFilter()).items}


def test_everybody_is_looked_at_once_in_short_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    area = Area(monkeypatch, range(1, 1001))
    done = area.run()
    assert (done.people, done.pathways, done.gaps, done.change) == (1000, 1000, 100, Change(raised=100))
    assert area.queue.lots == [400, 400, 200]
    assert max(area.queue.lots) <= AT_ONCE
    assert area.progress == [(0, 1000), (400, 1000), (800, 1000), (1000, 1000)]
    assert area.listed == area.stuck
    assert area.names == {"<XFC01>"}


def test_a_second_look_changes_only_what_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    area = Area(monkeypatch, range(1, 101))
    area.run()
    area.stuck = (area.stuck - {10}) | {11}
    assert area.run().change == Change(raised=1, closed=1)
    assert area.listed == area.stuck


def test_of_whoever_nothing_is_held_any_more_nothing_is_stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    area = Area(monkeypatch, range(1, 101))
    area.run()
    area.rows.people = area.rows.people[:50]
    assert area.run().change == Change(closed=5)
    assert area.listed == {10, 20, 30, 40, 50}


def test_a_restricted_person_is_not_worked_out_and_leaves_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    area = Area(monkeypatch, range(1, 101), restricted=[20])
    assert area.run().pathways == 99
    assert 20 not in area.listed
    area.index.flags |= MemoryIndex([], [30]).flags
    assert area.run().change == Change(closed=1)
    assert 30 not in area.listed


def test_facts_of_two_people_under_one_number_stop_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    area = Area(monkeypatch, range(1, 101), bad=[10])
    done = area.run()
    assert (done.left_out, done.pathways) == (1, 99)
    assert area.listed == area.stuck - {10}


def test_what_is_stopped_stands_and_closes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    area = Area(monkeypatch, range(1, 1001))
    area.run()
    area.stuck = set()
    calls = iter([False, False, True])
    done = area.run(lambda: next(calls, True))
    assert done.stopped
    assert done.people <= 400
    assert len(area.listed) >= 60
    assert area.trail.events[-1].details["stopped"] == "yes"


def test_a_look_is_on_record_without_names(monkeypatch: pytest.MonkeyPatch) -> None:
    area = Area(monkeypatch, range(1, 101))
    area.run()
    (event,) = area.trail.events
    assert (event.action, event.subjects) == (AuditAction.GAPS_EVALUATED, ())
    assert event.details == {"people": "100", "gaps": "10", "raised": "10", "closed": "0"}


def test_a_gap_is_kept_with_where_its_pathway_is() -> None:
    made = evaluating.found_gap(pathway(1), stuck(GapKind.NO_ACTIVITY, Severity.HIGH))
    assert made == gap(1, kind="no_activity", severity=HIGH, hand_off="Ask for a date.")
    assert evaluating.found_gap(pathway(1), stuck()).severity == MEDIUM


def test_other_processes_find_the_same_in_the_same_order() -> None:
    """The real rules, in the processes that the window uses."""
    by = Measure(TODAY, 10)
    batches = [Batch((HeldOfPerson(PEOPLE[n], ()),), by) for n in range(1, 13)]

    def those() -> Iterator[Batch]:
        yield from batches

    made = list(spread(gaps_of, those()))
    assert [batch for batch, _ in made] == batches
    assert all(found == Found() for _, found in made)


def test_the_gaps_are_the_same_whether_words_are_made_or_not() -> None:
    """The real rules over a practice area, whose planted gaps are found without a word being made."""
    area = make_area(400, 20_260_301, TODAY)
    people = tuple(HeldOfPerson(number_, held) for number_, held in held_rows(area).items())
    spoken, silent = (gaps_of(Batch(people, Measure(TODAY, 10, words=words))) for words in (True, False))
    assert spoken == silent
    kinds = {found.kind for found in silent.gaps}
    assert {"left_list_without_stop", "cancelled_not_rebooked", "no_activity"} <= kinds

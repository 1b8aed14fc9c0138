"""The rules of the clock over its starts and stops, against a simulation day by day, and on any sequence of moves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathway_facts import CITY, GENERAL, WEEK, clock

from helpdesk.pathways.clock import status_effects
from helpdesk.pathways.clock_history import ClockRun, ClockState, clock_history, stopped_by
from helpdesk.pathways.extract_rows import ClockEvent, ClockMove

D = date(2026, 1, 5)
START, STOP, NULLIFY = ClockMove.START, ClockMove.STOP, ClockMove.NULLIFY


def on(days: int) -> date:
    return D + timedelta(days=days)


def at(days: int, move: ClockMove, status: str = "20", **more: object) -> ClockEvent:
    return clock(on(days), move, status, **more)


def test_no_moves_no_clock() -> None:
    history = clock_history([])
    assert (history.state, history.runs, history.since, history.running) == (ClockState.NONE, (), None, None)


def test_a_start_runs_and_a_stop_ends_it() -> None:
    running = clock_history([at(0, START, "10")])
    assert (running.state, running.runs, running.since) == (ClockState.RUNNING, (ClockRun(on(0)),), on(0))
    assert running.running == ClockRun(on(0))
    ended = clock_history([at(0, START, "10"), at(40, STOP, "30")])
    assert (ended.state, ended.runs, ended.since, ended.unmatched) == (ClockState.STOPPED, (ClockRun(on(0), on(40)),), on(40), ())
    assert ended.running is None


@pytest.mark.parametrize("monitored", ["31", "32"])
def test_a_return_from_active_monitoring_is_a_new_clock_at_zero(monitored: str) -> None:
    moves = [at(0, START, "10"), at(40, STOP, monitored)]
    assert clock_history(moves).state is ClockState.MONITORED
    again = clock_history([*moves, at(100, START, "11")])
    assert again.runs == (ClockRun(on(0), on(40)), ClockRun(on(100), restarted=True))
    assert (again.state, again.since, again.unmatched) == (ClockState.RUNNING, on(100), ())


@pytest.mark.parametrize("missed", [at(30, NULLIFY, "33"), at(30, STOP, "33"), at(30, NULLIFY, "")])
def test_a_missed_first_appointment_nullifies_and_booking_again_starts_anew(missed: ClockEvent) -> None:
    moves = [at(0, START, "10"), missed]
    gone = clock_history(moves)
    assert (gone.state, gone.runs) == (ClockState.NULLIFIED, (ClockRun(on(0), on(30), nullified=True),))
    again = clock_history([*moves, at(33, START, "10")])
    assert again.running == ClockRun(on(33))
    assert (again.since, again.unmatched) == (on(33), ())


@pytest.mark.parametrize("passed_on", [[], [at(50, STOP, "21")], [at(50, START, "21")]])
def test_a_transfer_is_one_clock_and_the_first_start_counts(passed_on: list[ClockEvent]) -> None:
    moves = [at(0, START, "10"), *passed_on, at(55, START, "20", provider=GENERAL)]
    history = clock_history(moves)
    assert (history.runs, history.since, history.unmatched) == ((ClockRun(on(0)),), on(0), ())
    treated = clock_history([*moves, at(90, STOP, "30", provider=GENERAL)])
    assert treated.runs == (ClockRun(on(0), on(90)),)


def test_a_row_passed_on_says_nothing_of_a_clock_whose_start_nobody_gave() -> None:
    alone = at(50, STOP, "21")
    assert (clock_history([alone]).state, clock_history([alone]).unmatched) == (ClockState.NONE, (alone,))
    ended = [at(0, START, "10"), at(40, STOP, "30"), alone]
    assert clock_history(ended).state is ClockState.STOPPED
    assert clock_history(ended).since == on(40)


def test_a_nullified_move_of_a_transferred_row_still_nullifies() -> None:
    assert clock_history([at(0, START, "10"), at(9, NULLIFY, "21")]).state is ClockState.NULLIFIED


def test_a_second_start_at_one_provider_is_told_and_makes_no_wait_shorter() -> None:
    second = at(20, START, "10")
    history = clock_history([at(0, START, "10"), second])
    assert (history.running, history.unmatched, history.since) == (ClockRun(on(0)), (second,), on(0))
    same_day = clock_history([at(0, START, "10"), at(0, START, "20")])
    assert (same_day.running, same_day.unmatched) == (ClockRun(on(0)), ())
    third = at(30, START, "20", provider=GENERAL)
    late = at(60, START, "20", provider=GENERAL)
    assert clock_history([at(0, START, "10"), third, late]).unmatched == (late,)


def test_after_a_stop_the_same_provider_may_start_again() -> None:
    history = clock_history([at(0, START, "10"), at(9, STOP, "34"), at(20, START, "12")])
    assert (history.running, history.unmatched) == (ClockRun(on(20)), ())


def test_a_restart_without_its_stop_is_a_new_clock_and_is_told() -> None:
    restart = at(60, START, "11")
    history = clock_history([at(0, START, "10"), restart])
    assert history.runs == (ClockRun(on(0), on(60)), ClockRun(on(60), restarted=True))
    assert history.unmatched == (restart,)
    assert clock_history([at(0, START, "10"), at(0, START, "11")]).runs == (ClockRun(on(0)),)
    after = clock_history([at(0, START, "10"), restart, at(70, START, "20")])
    assert (after.running, len(after.unmatched)) == (ClockRun(on(60), restarted=True), 2)


def test_a_stop_without_a_start_is_a_stop() -> None:
    stop = at(30, STOP, "32")
    history = clock_history([stop])
    assert (history.state, history.runs, history.since, history.unmatched) == (ClockState.MONITORED, (), on(30), (stop,))
    later = at(60, STOP, "30")
    assert clock_history([stop, later]).state is ClockState.STOPPED
    assert clock_history([stop, later]).since == on(60)
    assert clock_history([stop, later]).unmatched == (stop, later)


def test_moves_of_one_day_are_taken_in_the_turn_that_fits() -> None:
    rebooked = clock_history([at(0, START, "10"), at(30, START, "10"), at(30, NULLIFY, "33")])
    assert (rebooked.running, rebooked.unmatched) == (ClockRun(on(30)), ())
    at_once = clock_history([at(0, STOP, "30"), at(0, START, "10")])
    assert (at_once.runs, at_once.state, at_once.unmatched) == ((ClockRun(on(0), on(0)),), ClockState.STOPPED, ())
    three = clock_history([at(0, START, "10"), at(0, START, "20", provider=GENERAL), at(0, STOP, "30")])
    assert (three.runs, three.state) == ((ClockRun(on(0), on(0)), ClockRun(on(0))), ClockState.RUNNING)
    back = clock_history([at(0, START, "10"), at(30, STOP, "30"), at(30, START, "12"), at(30, STOP, "34")])
    assert back.runs == (ClockRun(on(0), on(30)), ClockRun(on(30), on(30)))


@pytest.mark.parametrize("status", [*status_effects(), "", "77", " 32 "])
def test_what_a_stop_with_each_status_makes_of_the_clock(status: str) -> None:
    known = {"33": ClockState.NULLIFIED, "31": ClockState.MONITORED, "32": ClockState.MONITORED}
    assert stopped_by(status) is known.get(status.strip(), ClockState.STOPPED)


def simulated(moves: Sequence[tuple[int, ClockMove, str, str]]) -> tuple[date | None, str]:
    """Walks over every day, one move of a day after the other, with nothing but a start, a word and the rules as written:
    no list of clocks, no objects. Moves stand on days of their own."""
    start: date | None = None
    word = "no clock"
    for day in range(max((d for d, *_ in moves), default=-1) + 1):
        for at_day, move, status, _ in moves:
            if at_day != day:
                continue
            passes_on = status == "21" and move.value == "stop"
            if passes_on:
                continue
            if move.value == "start":
                if start is None or (status == "11" and word == "running"):
                    start = on(day)
                word = "running"
            else:
                start = None
                if move.value == "nullify" or status == "33":
                    word = "nullified"
                elif status in ("31", "32"):
                    word = "active monitoring"
                else:
                    word = "stopped"
    return start, word


MOVES = [
    (START, "10"),
    (START, "11"),
    (START, "12"),
    (START, "20"),
    (START, "21"),
    (STOP, "21"),
    (STOP, "30"),
    (STOP, "31"),
    (STOP, "32"),
    (STOP, "33"),
    (STOP, "34"),
    (STOP, "35"),
    (STOP, "36"),
    (NULLIFY, "33"),
]


def check(moves: Sequence[tuple[int, ClockMove, str, str]], events: Sequence[ClockEvent]) -> None:
    history = clock_history(events)
    start, word = simulated(moves)
    assert (history.running.start if history.running else None, history.state.value) == (start, word), moves


def test_every_sequence_of_three_moves_equals_the_day_by_day_simulation() -> None:
    for kinds in product(MOVES, repeat=3):
        for providers in (("XFC01",) * 3, ("XFC01", "XTG01", "XTG01")):
            moves = [(3 * i, move, status, who) for i, ((move, status), who) in enumerate(zip(kinds, providers, strict=True))]
            events = [at(d, m, s, provider=CITY if w == "XFC01" else GENERAL) for d, m, s, w in moves]
            check(moves, events)


A_MOVE = st.tuples(st.sampled_from(MOVES), st.integers(1, 40), st.sampled_from(["XFC01", "XTG01"]))


@given(st.lists(A_MOVE, max_size=9), st.randoms())
def test_any_sequence_equals_the_simulation_in_whatever_order_it_comes(
    drawn: list[tuple[tuple[ClockMove, str], int, str]], r: object
) -> None:
    day, moves = 0, []
    for (move, status), gap, who in drawn:
        day += gap
        moves.append((day, move, status, who))
    events = [at(d, m, s, provider=CITY if w == "XFC01" else GENERAL) for d, m, s, w in moves]
    shuffled = list(events)
    r.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    check(moves, shuffled)
    assert clock_history(shuffled) == clock_history(events)


@given(st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 3)), max_size=8))
def test_clocks_never_overlap_and_only_the_last_may_run(drawn: list[tuple[tuple[ClockMove, str], int]]) -> None:
    history = clock_history([at(d, m, s) for (m, s), d in drawn])
    for before, after in zip(history.runs, history.runs[1:], strict=False):
        assert before.ended is not None
        assert before.start <= before.ended <= after.start
    assert all(run.ended is not None for run in history.runs[:-1])
    assert (history.state is ClockState.RUNNING) == bool(history.runs and history.runs[-1].ended is None)
    assert {run.start for run in history.runs} <= {on(d) for (m, _), d in drawn if m is START}


def test_the_order_of_moves_of_one_day_does_not_matter() -> None:
    moves = [at(0, START, "10"), at(5, STOP, "32"), at(5, START, "11"), at(5, START, "20", provider=GENERAL)]
    assert len({repr(clock_history(order)) for order in permutations(moves)}) == 1


def test_nothing_of_a_clock_depends_on_when_the_extract_was_made() -> None:
    assert clock_history([at(0, START, "10", as_at=WEEK)]).runs == clock_history([at(0, START, "10", as_at=WEEK - timedelta(7))]).runs

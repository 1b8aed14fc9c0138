"""Whatever order answers come in, no view is ever shown one person's data while another's record is open."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.callers.model import CallerKind, Item
from helpdesk.desk.model import Banner
from tests.desk_in_hand import NUMBERS, InHand
from tests.fakes import HandRunner, numbers_in

ROUNDS, RUNS_A_ROUND, STEPS = 8, 400, 60
ABOUT_A_PATIENT = ("verification", "status", "signpost", "history", "notes")


class Watched:
    """The call desk with a witness at every view: the patient on screen is the one in the banner, and nothing else
    that names anybody may name another. `wanted` are those the handler chose and has not closed since."""

    def __init__(self) -> None:
        self.on_screen: str | None = None
        self.wanted: set[str] = set()
        self.shown = 0
        self.d = InHand(HandRunner(), self._seen)

    def _seen(self, view: str, what: str, args: tuple[Any, ...]) -> None:
        named = numbers_in(args)
        if what == "show_banner":
            banner: Banner | None = args[0]
            self.on_screen = banner.number.value if banner else None
            assert named <= self.wanted, "a record that was not asked for, or was closed, came on the screen"
        elif view in ABOUT_A_PATIENT:
            assert named <= {self.on_screen}, f"{view}.{what} named {named} with {self.on_screen} on the screen"
            self.shown += bool(named)

    def choose(self, row: int) -> None:
        if self.d.p.current.opened is None and self.d.p.current.call_id is not None and self.d.p.search._numbers:
            self.wanted = {NUMBERS[row].value}
        self.d.p.search.chosen(row)

    def wrong_person(self) -> None:
        if self.d.p.current.opened is not None:
            self.wanted = set()
        self.d.p.call.wrong_person()

    def next_call(self) -> None:
        self.d.fill_in()
        self.d.p.call.finish()

    def new_call(self) -> None:
        self.d.p.call.new_call()
        self.d.p.search.typed("smith")
        self.d.scheduler.pass_ms(150)

    def acts(self) -> list[Callable[[], None]]:
        p = self.d.p
        verify = [lambda i=item: p.verification.said(i, "right") for item in (Item.DATE_OF_BIRTH, Item.POSTCODE, Item.HOSPITAL_NUMBER)]
        return [
            self.new_call,
            *[lambda r=row: self.choose(r) for row in range(len(NUMBERS))],
            *verify,
            *verify,
            self.wrong_person,
            self.next_call,
            lambda: p.verification.said(Item.POSTCODE, "wrong"),
            lambda: p.verification.caller_is(CallerKind.SOMEONE_ELSE, "", False),
            lambda: p.verification.caller_is(CallerKind.PATIENT, "", False),
            lambda: p.verification.break_glass("a reason"),
            lambda: p.status.retry("ers"),
            p.call.check_further,
            p.call.signpost,
            p.call.history,
            lambda: self.d.scheduler.pass_ms(400),
        ]

    def quiet(self) -> None:
        """Everything has come back: the desk holds open whom the screen shows."""
        self.d.runner.all()
        call_id = self.d.p.current.call_id
        held = self.d.desk.open.get(call_id) if call_id else None
        on_screen = self.d.p.current.number
        assert (on_screen.value if on_screen else None) == self.on_screen
        assert (held.number if held else None) == on_screen


def _play(pick: random.Random) -> Watched:
    w = Watched()
    w.new_call()
    acts = w.acts()
    for _ in range(STEPS):
        if w.d.runner.tasks and pick.random() < 0.65:
            w.d.runner.step(pick)
        else:
            pick.choice(acts)()
    w.quiet()
    return w


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_thousands_of_orders_of_answers(round_: int) -> None:
    shown = dropped = 0
    for run in range(RUNS_A_ROUND):
        w = _play(random.Random(f"{round_}-{run}"))
        shown, dropped = shown + w.shown, dropped + w.d.p.dropped
    assert shown > RUNS_A_ROUND, "the runs must get as far as showing somebody's status"
    assert dropped > RUNS_A_ROUND // 2, "and answers must have come too late"


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_orders_that_a_search_for_counterexamples_finds(pick: random.Random) -> None:
    _play(pick)


def test_an_answer_about_somebody_else_is_dropped_and_counted() -> None:
    d = InHand().take_call()
    asked = d.desk.ask

    def ask(call_id: str, source: Any) -> Any:
        answer = asked(call_id, source)
        return type(answer)(answer.source, answer.label, NUMBERS[3], answer.state) if source.name == "ers" else answer

    d.desk.ask = ask  # type: ignore[method-assign]
    d.open().verify()
    lines = {line.name: line.state for line in d.views["status"].last("show_sources")}
    assert lines["ers"] is None
    assert lines["gp_connect"] is not None
    assert d.p.status.dropped >= 1


def test_a_source_that_hangs_hides_nothing() -> None:
    d = InHand(HandRunner())
    d.take_call()
    d.runner.all()
    d.open()
    d.runner.all()
    d.verify()
    asked = len(d.runner.tasks)
    while not d.views["status"].count("show_sources") or len(d.views["status"].last("show_sources")) < 4:
        asked = len(d.runner.tasks)
        d.runner.advance(0)
    hung = d.runner.tasks[-1]
    assert asked < len(d.runner.tasks)
    while [t for t in d.runner.tasks if t is not hung]:
        d.runner.advance(next(i for i, t in enumerate(d.runner.tasks) if t is not hung))
    d.scheduler.pass_ms(3000)
    states = [line.words for line in d.views["status"].last("show_sources")]
    assert states.count("Fresh") == 3
    assert any(words.startswith("Asking, ") for words in states)


def test_fewer_answers_never_replace_more() -> None:
    d = InHand(HandRunner())
    d.take_call()
    d.runner.all()
    d.open()
    d.runner.all()
    d.verify()
    for _ in range(200):
        if not d.runner.tasks:
            break
        index = next((i for i in reversed(range(len(d.runner.tasks))) if d.runner.tasks[i].done is not None), 0)
        started = next((i for i, t in enumerate(d.runner.tasks) if t.done is None), None)
        d.runner.advance(started if started is not None else index)
    counts = [len(args[0].sources) for name, args in d.views["status"].calls if name == "show_status"]
    assert counts == sorted(counts)
    assert counts[-1] == 4

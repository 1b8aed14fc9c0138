"""Two people and one call: whatever happens while a source is being waited for, nobody's facts stand under the other's name."""

from __future__ import annotations

import os
import random
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from helpdesk.audit import AuditAction
from helpdesk.callers.model import CallerKind, Item, ItemState
from helpdesk.desk.model import Opened
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.query import understand
from tests.core_in_hand import ALFA, BRAVO, MARKS, Core, organisation, person, right_answers
from tests.fakes import numbers_in

SOAK = 10 if os.environ.get("HELPDESK_SOAK") else 1
SEQUENCES, LONG, DEEP = 1500, 14, 2
OTHER = {ALFA: BRAVO, BRAVO: ALFA}


def facts_of(number: NhsNumber) -> set[str]:
    patient = person(number)
    assert patient.address is not None
    assert patient.practice is not None
    answers = right_answers(patient)
    held = {MARKS[number], patient.phones[0].number, patient.practice.value, patient.hospital_numbers[0], *answers.values(), number.value}
    return {fact.casefold() for fact in held}


STRAYS = {number: facts_of(OTHER[number]) for number in MARKS}


def assert_about(number: NhsNumber, shown: Any) -> None:
    """Nothing of the other person stands in what is shown under this number."""
    assert numbers_in(shown) <= {number.value}
    words = repr(shown).casefold()
    assert [fact for fact in STRAYS[number] if fact in words] == []


class Shuffle:
    """Does random acts, and more of them wherever one has to wait, as another thread would. `wanted` is who was asked for
    last."""

    def __init__(self, seed: int) -> None:
        self.core, self.chance = Core(), random.Random(seed)
        self.call = self.core.desk.begin().id
        self.wanted: NhsNumber | None = None
        self.depth = self.shown = self.refused = 0
        self.core.world.meanwhile = self.meanwhile
        self.acts: tuple[Callable[[], None], ...] = (
            self.open, self.open, self.verify, self.verify, self.verify, self.close, self.ask, self.ask, self.ask, self.status,
            self.status, self.said, self.glass, self.cards, self.history, self.somebody_else,
        )  # fmt: skip

    def run(self, acts: int) -> None:
        for _ in range(acts):
            self.chance.choice(self.acts)()
            self.check_at_rest()

    def meanwhile(self, _place: str) -> None:
        if self.depth < DEEP and self.chance.random() < 0.12:
            self.depth += 1
            try:
                for _ in range(self.chance.randint(1, 3)):
                    self.chance.choice(self.acts)()
            finally:
                self.depth -= 1

    def tried(self, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except RuleBroken:
            self.refused += 1
            return None

    def see(self, opened: Opened | None) -> None:
        if opened is not None:
            self.shown += 1
            assert opened.banner.number == opened.gate.number == opened.number == opened.pds.about
            assert_about(opened.number, opened)

    def open(self) -> None:
        number = self.wanted = self.chance.choice((ALFA, BRAVO))
        self.see(self.tried(lambda: self.core.desk.open_patient(self.call, number, None)))

    def close(self) -> None:
        self.wanted = None
        self.core.desk.close_patient(self.call)

    def verify(self) -> None:
        for item, said in right_answers(person(self.wanted or ALFA)).items():
            self.see(self.tried(lambda item=item, said=said: self.core.desk.try_item(self.call, item, said)))

    def said(self) -> None:
        number = self.chance.choice((ALFA, BRAVO))
        opened = self.tried(lambda: self.core.desk.try_item(self.call, Item.HOSPITAL_NUMBER, person(number).hospital_numbers[0]))
        self.see(opened)
        if opened is not None and opened.number != number:
            assert opened.verification.results[Item.HOSPITAL_NUMBER].state is not ItemState.MATCH or self.has_said(opened.number)

    def has_said(self, number: NhsNumber) -> bool:
        matched = {"item": Item.HOSPITAL_NUMBER.value, "result": ItemState.MATCH.value}
        return any(e.action is AuditAction.VERIFICATION_TRIED and e.details == matched and e.subjects == (number,) for e in self.events)

    @property
    def events(self) -> list[Any]:
        return self.core.world.events

    def glass(self) -> None:
        self.see(self.tried(lambda: self.core.desk.break_glass(self.call, "caller is very unwell")))

    def somebody_else(self) -> None:
        kind = self.chance.choice((CallerKind.PATIENT, CallerKind.PATIENT, CallerKind.SOMEONE_ELSE))
        self.see(self.tried(lambda: self.core.desk.set_caller(self.call, kind, None)))

    def ask(self) -> None:
        for source in self.tried(lambda: self.core.desk.sources(self.call)) or ():
            answer = self.tried(lambda source=source: self.core.desk.ask(self.call, source))
            if answer is not None:
                assert answer.value is None
                assert_about(answer.about, answer)

    def status(self) -> None:
        view = self.tried(lambda: self.core.desk.status(self.call))
        if view is not None:
            self.shown += 1
            assert_about(view.number, view)

    def cards(self) -> None:
        self.tried(lambda: self.core.desk.cards(self.call))

    def history(self) -> None:
        self.tried(lambda: self.core.desk.history(self.call))

    def check_at_rest(self) -> None:
        """With nothing in flight, who is open is who was asked for last, or nobody."""
        self.core.world.meanwhile = lambda _place: None
        view = self.tried(lambda: self.core.desk.status(self.call))
        opened = self.tried(lambda: self.core.desk.cannot_say(self.call, Item.UBRN))
        for seen in (view, opened):
            assert seen is None or seen.number == self.wanted
        if view is not None:
            assert_about(view.number, view)
        assert (opened is None) == (self.wanted is None)
        self.core.world.meanwhile = self.meanwhile


@pytest.mark.timeout(900)
def test_interleaved_waits_never_mix_two_people() -> None:
    shown = refused = 0
    for seed in range(SEQUENCES * SOAK):
        shuffle = Shuffle(seed)
        shuffle.run(LONG)
        shown, refused = shown + shuffle.shown, refused + shuffle.refused
    assert shown > 5 * SEQUENCES, "a shuffle that shows nobody proves nothing"
    assert refused > SEQUENCES


@pytest.mark.parametrize("place", ["pds", "audit"])
def test_an_answer_of_pds_that_comes_after_the_next_was_asked_for_opens_nobody(place: str) -> None:
    core = Core()
    call = core.desk.begin().id

    def meanwhile(now: str) -> None:
        if now == place:
            core.world.meanwhile = lambda _place: None
            core.verified(call, BRAVO)

    core.world.meanwhile = meanwhile
    with pytest.raises(RuleBroken):
        core.desk.open_patient(call, ALFA, None)
    core.ask_all(call)
    assert_about(BRAVO, core.desk.status(call))
    assert core.desk.status(call).number == BRAVO


def test_a_patient_closed_while_pds_was_asked_does_not_come_back() -> None:
    core = Core()
    call = core.desk.begin().id

    def meanwhile(now: str) -> None:
        if now == "pds":
            core.desk.close_patient(call)

    core.world.meanwhile = meanwhile
    with pytest.raises(RuleBroken):
        core.desk.open_patient(call, ALFA, None)
    with pytest.raises(RuleBroken):
        core.desk.cannot_say(call, Item.UBRN)


def test_a_patient_who_cannot_be_opened_does_not_leave_the_one_before_open() -> None:
    core = Core()
    call = core.desk.begin().id
    core.verified(call, ALFA)
    core.world.down = True
    core.world.held.clear()
    with pytest.raises(Exception, match="Nobody with this number"):
        core.desk.open_patient(call, BRAVO, None)
    with pytest.raises(RuleBroken):
        core.desk.status(call)


def test_an_item_tried_while_the_patient_is_closed_answers_about_nobody() -> None:
    core = Core()
    call = core.desk.begin().id
    core.desk.open_patient(call, ALFA, None)

    def meanwhile(now: str) -> None:
        if now == "audit":
            core.world.meanwhile = lambda _place: None
            core.desk.close_patient(call)

    core.world.meanwhile = meanwhile
    with pytest.raises(RuleBroken):
        core.desk.try_item(call, Item.DATE_OF_BIRTH, right_answers(person(ALFA))[Item.DATE_OF_BIRTH])


@pytest.fixture
def quick_switches() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("quick_switches")
def test_threads_on_one_call_never_mix_two_people() -> None:
    for seed in range(6 * SOAK):
        first = Shuffle(seed)
        first.core.world.meanwhile = lambda _place: None
        wrong: list[BaseException] = []

        def work(nth: int, first: Shuffle = first, wrong: list[BaseException] = wrong) -> None:
            mine = Shuffle(1000 + nth)
            mine.core, mine.call = first.core, first.call
            try:
                for _ in range(60):
                    mine.chance.choice(mine.acts)()
            except BaseException as error:  # noqa: BLE001  # told to the test's own thread
                wrong.append(error)

        threads = [threading.Thread(target=work, args=(nth,)) for nth in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert not wrong, repr(wrong[0])
        first.open()
        first.check_at_rest()


def test_what_is_told_here_does_tell_two_people_apart() -> None:
    """The proof's own eyes: each fact of a person is seen when it stands in the other's view."""
    core = Core()
    call = core.desk.begin().id
    core.verified(call, ALFA)
    core.ask_all(call)
    view = core.desk.status(call)
    with pytest.raises(AssertionError):
        assert_about(BRAVO, view)
    assert organisation("XFA01").startswith(MARKS[ALFA])


@pytest.mark.parametrize(("reference", "owner"), [("000000000001", ALFA), ("000000000002", BRAVO)])
def test_a_booking_reference_that_the_caller_gave_is_asked_for_and_shows_only_its_own_patient(reference: str, owner: NhsNumber) -> None:
    core = Core()
    core.world.listed = False
    call = core.desk.begin().id
    core.desk.open_patient(call, ALFA, understand(f"ubrn:{reference}", date(2026, 11, 20)))
    for item, said in right_answers(person(ALFA)).items():
        core.desk.try_item(call, item, said)
    core.ask_all(call)
    view = core.desk.status(call)
    assert_about(ALFA, view)
    assert len(view.pathways) == (owner == ALFA)

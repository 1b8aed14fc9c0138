"""What was asked for a search or a patient that was left is dropped while it still waits for its turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from helpdesk.tasks import nobody_waits
from tests.desk_in_hand import InHand


def noting(work: Callable[..., Any], noted: list[bool]) -> Callable[..., Any]:
    """The same, and whether anybody still waits for it when its turn has come."""

    def asked(*args: Any, **named: Any) -> Any:
        noted.append(nobody_waits())
        return work(*args, **named)

    return asked


def left_by_other_words(d: InHand) -> None:
    d.p.search.typed("jones 1950")


def left_by_the_end_of_the_call(d: InHand) -> None:
    d.p.search.reset()


def left_by_asking_anew(d: InHand) -> None:
    d.p.search.entered()


def searching(monkeypatch: pytest.MonkeyPatch) -> tuple[InHand, list[bool]]:
    """PDS is asked for the words in the box, and its turn has not come."""
    d = InHand.waiting()
    noted: list[bool] = []
    monkeypatch.setattr(d.people, "traced", noting(d.people.traced, noted))
    d.p.call.new_call()
    d.runner.all()
    d.p.search.typed("smith 1950")
    d.scheduler.pass_ms(200)
    d.runner.all()
    d.p.search.entered()
    return d, noted


@pytest.mark.parametrize("leave", [left_by_other_words, left_by_the_end_of_the_call, left_by_asking_anew])
def test_a_search_that_was_left_is_dropped(leave: Callable[[InHand], None], monkeypatch: pytest.MonkeyPatch) -> None:
    d, noted = searching(monkeypatch)
    leave(d)
    d.runner.all()
    assert noted[0] is True
    assert not any(noted[1:])


def test_a_search_that_is_waited_for_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    d, noted = searching(monkeypatch)
    d.runner.all()
    assert noted == [False]


@pytest.mark.parametrize("leaves", [True, False])
def test_what_is_asked_of_a_patient_who_was_left_is_dropped(leaves: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    d = InHand.waiting()
    noted: list[bool] = []
    monkeypatch.setattr(d.desk, "ask", noting(d.desk.ask, noted))
    d.take_call()
    d.runner.all()
    d.scheduler.pass_ms(200)
    d.runner.all()
    d.open()
    d.runner.all()
    d.verify()
    while not noted:
        d.runner.advance(0)
    asked_before = len(noted)
    if leaves:
        d.p.call.wrong_person()
    d.runner.all()
    assert len(noted) > asked_before
    assert noted[asked_before:] == [leaves] * (len(noted) - asked_before)

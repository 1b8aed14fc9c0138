"""The national sign-in in the menu under the name: begun, given up, refused, ended, and gone with whoever was at the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QAction

from helpdesk.errors import ConnectorAuthFailed
from tests.fakes import HandRunner
from ui.keys import KeyMap
from ui.shell.window import MainWindow
from ui.smartcard import GIVE_UP, SIGN_IN, SIGN_OUT, SmartcardEntry


class Card:
    """A sign-in that ends as the test says."""

    def __init__(self) -> None:
        self.signed_in = False
        self.refuses = ""

    def sign_in(self, cancelled: Callable[[], bool]) -> None:
        if cancelled():
            raise ConnectorAuthFailed("The smartcard (CIS2) sign-in was cancelled.")
        if self.refuses:
            raise ConnectorAuthFailed(self.refuses)
        self.signed_in = True

    def sign_out(self) -> None:
        self.signed_in = False


@pytest.fixture
def window(qtbot: object) -> Iterator[MainWindow]:
    made = MainWindow(KeyMap())
    yield made
    made.close()


def entry_of(window: MainWindow) -> QAction:
    (entry,) = [a for a in window.call_bar.staff_menu.actions() if "smartcard" in a.text()]
    return entry


def test_signing_in_and_out_again(window: MainWindow) -> None:
    runner, card = HandRunner(), Card()
    made = SmartcardEntry(window, runner)
    made.offer(card)
    entry = entry_of(window)
    assert entry.text() == SIGN_IN
    entry.trigger()
    assert entry.text() == GIVE_UP
    runner.all()
    assert card.signed_in
    assert entry.text() == SIGN_OUT
    entry.trigger()
    runner.all()
    assert not card.signed_in
    assert entry.text() == SIGN_IN


def test_a_sign_in_can_be_given_up(window: MainWindow) -> None:
    runner, card = HandRunner(), Card()
    made = SmartcardEntry(window, runner)
    made.offer(card)
    entry_of(window).trigger()
    entry_of(window).trigger()
    runner.all()
    assert not card.signed_in
    assert entry_of(window).text() == SIGN_IN


def test_a_refusal_is_said_and_it_can_be_tried_again(window: MainWindow) -> None:
    runner, card = HandRunner(), Card()
    card.refuses = "The smartcard (CIS2) sign-in was refused or given up."
    made = SmartcardEntry(window, runner)
    made.offer(card)
    entry_of(window).trigger()
    runner.all()
    assert entry_of(window).text() == SIGN_IN


def test_another_member_of_staff_does_not_get_the_first_ones_sign_in(window: MainWindow) -> None:
    runner, first, second = HandRunner(), Card(), Card()
    made = SmartcardEntry(window, runner)
    made.offer(first)
    entry_of(window).trigger()
    made.offer(second)
    runner.all()
    assert not first.signed_in
    assert entry_of(window).text() == SIGN_IN


def test_a_desk_without_one_offers_nothing(window: MainWindow) -> None:
    made = SmartcardEntry(window, HandRunner())
    made.offer(None)
    assert not [a for a in window.call_bar.staff_menu.actions() if "smartcard" in a.text()]


def test_another_role_of_the_same_person_still_says_that_they_are_signed_in(window: MainWindow) -> None:
    runner, card = HandRunner(), Card()
    made = SmartcardEntry(window, runner)
    made.offer(card)
    card.signed_in = True
    made.offer(card)
    assert entry_of(window).text() == SIGN_OUT

"""Each step of the call in each window size: nothing cut off, nothing wider than asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from helpdesk.callers.model import CallerKind, Item
from helpdesk.tasks import InlineRunner
from tests.fakes import CHOICES, FakeDesk, FakePeople, HandClock, HandScheduler
from tests.ui.looking import nothing_cut_off
from ui.call_desk.screen import CallDeskScreen
from ui.call_desk.together import CallDeskPresenters, Services
from ui.keys import KeyMap
from ui.shell.window import MainWindow

SIZES = [(1024, 700), (1280, 800), (1440, 900)]


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def at_size(request: Any, qtbot: Any, qapp: QApplication, tmp_path: Path) -> Iterator[tuple[MainWindow, CallDeskScreen]]:
    window = MainWindow(KeyMap(), "practice")
    screen = CallDeskScreen(window)
    qtbot.addWidget(window)
    clock = HandClock()
    screen.attach(Services(FakeDesk(clock), FakePeople(), CHOICES, InlineRunner(), HandScheduler(clock), clock))
    window.resize(*request.param)
    window.show()
    qtbot.waitExposed(window)
    yield window, screen
    assert window.width() == request.param[0]


def _presenters(screen: CallDeskScreen) -> CallDeskPresenters:
    assert screen.presenters is not None
    return screen.presenters


def _search(p: CallDeskPresenters) -> None:
    p.call.new_call("07700 900123")
    p.search.typed("smith 1950")
    p.search.entered()


def _verify(p: CallDeskPresenters) -> None:
    _search(p)
    p.search.chosen(0)
    p.verification.said(Item.POSTCODE, "wrong")


def _someone_else(p: CallDeskPresenters) -> None:
    _verify(p)
    p.verification.caller_is(CallerKind.SOMEONE_ELSE, "consent_recorded", False)


def _cannot_check(p: CallDeskPresenters) -> None:
    _verify(p)
    p.call.cannot_check()


def _status(p: CallDeskPresenters) -> None:
    _verify(p)
    for item in (Item.DATE_OF_BIRTH, Item.HOSPITAL_NUMBER):
        p.verification.said(item, "right")


def _refused(p: CallDeskPresenters) -> None:
    _status(p)
    p.call.finish()


def _signpost(p: CallDeskPresenters) -> None:
    _status(p)
    p.call.signpost()


def _history(p: CallDeskPresenters) -> None:
    _status(p)
    p.call.history()


STEPS = [lambda _p: None, _search, _verify, _someone_else, _cannot_check, _status, _refused, _signpost, _history]
NAMES = ["idle", "search", "verify", "someone-else", "cannot-check", "status", "refused", "signpost", "history"]


@pytest.mark.parametrize("step", STEPS, ids=NAMES)
def test_nothing_is_cut_off(step: Any, at_size: tuple[MainWindow, CallDeskScreen], qtbot: Any) -> None:
    window, screen = at_size
    step(_presenters(screen))
    nothing_cut_off(window, qtbot)


@pytest.mark.parametrize("step", [_verify, _status], ids=["verify", "status"])
def test_every_control_has_a_name(step: Any, at_size: tuple[MainWindow, CallDeskScreen]) -> None:

    window, screen = at_size
    step(_presenters(screen))
    tab = Qt.FocusPolicy.TabFocus
    nameless = [
        type(w).__name__
        for w in window.findChildren(QWidget)
        if w.isVisible() and (w.focusPolicy() & tab) == tab and not w.accessibleName() and w.focusProxy() is None
    ]
    assert nameless == []

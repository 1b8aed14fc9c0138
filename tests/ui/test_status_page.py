"""The cards of the status: what did not change stays as it is, what changed is never left on the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from helpdesk.desk.model import StatusView
from helpdesk.pathways.model import Coded, Pathway
from tests.fakes import NUMBERS, TODAY, pathway
from ui.call_desk.status.say import SayPanel
from ui.call_desk.status.view import StatusPage
from ui.keys import KeyMap
from ui.widgets.pathway_card import PathwayCard

WHOSE = NUMBERS[0]


def named(key: str) -> Pathway:
    return replace(pathway(WHOSE), key=key, provider=Coded("XFC01", f"Provider {key}"))


def view(*pathways: Pathway) -> StatusView:
    return StatusView(WHOSE, False, None, True, (), pathways, today=TODAY)


def on_screen(page: StatusPage) -> list[PathwayCard]:
    """The cards from above to below."""
    return sorted((c for c in page.findChildren(PathwayCard) if c.isVisible()), key=lambda c: c.y())


def spoken(page: StatusPage) -> list[str]:
    return [next(word for word in card.accessibleName().split(", ") if word.startswith("Provider ")) for card in on_screen(page)]


@pytest.fixture
def page(shown: Callable[..., QWidget]) -> StatusPage:
    made = StatusPage(KeyMap(), SayPanel())
    shown(made, 900, 900)
    return made


def laid_out(page: StatusPage, status: StatusView, keys: str, qtbot: Any) -> list[PathwayCard]:
    page.show_status(status)
    qtbot.waitUntil(lambda: spoken(page) == [f"Provider {k}" for k in keys])
    return on_screen(page)


def test_a_card_that_did_not_change_stays(page: StatusPage, qtbot: Any) -> None:
    first = laid_out(page, view(named("a"), named("b")), "ab", qtbot)
    after = laid_out(page, view(named("a"), named("b"), named("c")), "abc", qtbot)
    assert after[:2] == first


def test_a_pathway_that_changed_is_shown_as_it_is_now(page: StatusPage, qtbot: Any) -> None:
    laid_out(page, view(named("a"), named("b")), "ab", qtbot)
    page.show_status(view(named("a"), replace(named("b"), standing="cancelled by the provider")))
    assert "cancelled by the provider" in on_screen(page)[1].accessibleName()


def test_cards_follow_the_order_and_what_is_gone_is_gone(page: StatusPage, qtbot: Any) -> None:
    laid_out(page, view(named("a"), named("b"), named("c")), "abc", qtbot)
    laid_out(page, view(named("b"), named("a"), named("c")), "bac", qtbot)
    after = laid_out(page, view(named("c")), "c", qtbot)
    assert after[0].accessibleName().startswith("Trauma")
    page.clear()
    assert on_screen(page) == []


def test_choosing_a_card_opens_it_and_folds_the_other(page: StatusPage, qtbot: Any) -> None:
    laid_out(page, view(named("a"), named("b")), "ab", qtbot)
    page.select("b")
    assert [card.is_open for card in on_screen(page)] == [False, True]
    page.select("a")
    assert [card.is_open for card in on_screen(page)] == [True, False]

"""A pathway's card: where it is stuck, how long others waited on, what is alike, all of it also in one spoken sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from helpdesk.desk.model import StatusView
from helpdesk.pathways.model import Alike, Course, EventState, Gap, GapKind, Pathway, PathwayEvent, Severity, Turn
from helpdesk.pathways.versions import WordingNote
from helpdesk.waits.model import BackTest, WaitAnswer, WaitRange
from helpdesk.waits.tables import NO_FIGURE
from tests.fakes import NUMBERS, TODAY, pathway
from ui.call_desk.status import cards
from ui.call_desk.status.events import MOST, EventList, stops_of
from ui.call_desk.status.say import SayPanel
from ui.call_desk.status.stuck import FACTS, headline
from ui.call_desk.status.view import StatusPage
from ui.call_desk.status.wait import WaitRow
from ui.keys import KeyMap
from ui.widgets.chip import Chip
from ui.widgets.pathway_card import PathwayCard
from ui.widgets.range_bar import Range, RangeBar
from ui.widgets.strip import Strip

SINCE = TODAY - timedelta(days=100)
STUCK = Gap(
    GapKind.CANCELLED_NOT_REBOOKED, Severity.HIGH, SINCE, 100, "The list shows no later date.", Turn.PROVIDER, "Ask the bookings office."
)
RANGE = WaitAnswer(WaitRange(22, 38, "1,240 people, August 2026", TODAY, back_test=BackTest(21, 0.49, 5210)))
NONE = WaitAnswer(None, f"{NO_FIGURE}: too few people came off this list.")


def stuck_pathway() -> Pathway:
    return replace(pathway(NUMBERS[0]), gaps=(STUCK,), course=Course.PLANNED, days_since_referral=320)


def view(one: Pathway, wait: WaitAnswer | None = None) -> StatusView:
    return StatusView(NUMBERS[0], False, None, True, (), (one,), today=TODAY, waits={one.key: wait} if wait else {})


@pytest.fixture
def page(qtbot: Any) -> StatusPage:
    made = StatusPage(KeyMap(), SayPanel())
    qtbot.addWidget(made)
    made.resize(760, 700)
    made.show()
    return made


def words_on(widget: QWidget) -> str:
    QApplication.processEvents()
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def test_a_gap_stands_on_the_open_card_with_its_evidence_and_whose_turn_it_is(page: StatusPage) -> None:
    page.show_status(view(stuck_pathway()))
    shown = words_on(page)
    assert headline(STUCK) in shown
    assert STUCK.evidence in shown
    assert Turn.PROVIDER.value in shown


def test_what_is_proposed_is_handed_off_with_its_reason(page: StatusPage, qtbot: Any) -> None:
    page.show_status(view(stuck_pathway()))
    assert headline(STUCK) in words_on(page)
    strip = next(s for s in page.findChildren(Strip) if s.button is not None and s.isVisibleTo(page))
    assert strip.button is not None
    with qtbot.waitSignal(page.hand_off_asked) as asked:
        strip.button.click()
    assert STUCK.hand_off in asked.args[0]
    assert FACTS[STUCK.kind] in asked.args[0]


def test_a_range_that_changes_is_drawn_anew(page: StatusPage) -> None:
    one = stuck_pathway()
    page.show_status(view(one))
    assert "22 more weeks" not in words_on(page)
    page.show_status(view(one, RANGE))
    assert "22 more weeks" in words_on(page)
    page.show_status(view(one, NONE))
    assert "22 more weeks" not in words_on(page)
    assert NO_FIGURE in words_on(page)


def test_how_the_figure_did_is_one_press_away(qtbot: Any) -> None:
    row = WaitRow(RANGE)
    qtbot.addWidget(row)
    row.show()
    assert "21 months" not in words_on(row)
    row.how.click()
    assert "21 months" in words_on(row)
    assert "49 of 100" in words_on(row)


def test_the_card_says_everything_in_one_sentence(page: StatusPage) -> None:
    page.show_status(view(stuck_pathway(), RANGE))
    card = page.findChildren(PathwayCard)[0]
    for told in (headline(STUCK), "320 days since the original referral", "Half of those", "Not a date or a promise"):
        assert told in card.accessibleName()


def test_the_line_is_quiet_since_the_gap() -> None:
    line = cards.line_of(stuck_pathway(), TODAY)
    assert line is not None
    assert line.quiet_since == SINCE


def test_what_is_alike_is_named_and_kept_apart(page: StatusPage) -> None:
    one = replace(pathway(NUMBERS[0]), key="one", may_be_same=(Alike("two", ("same specialty",)),))
    two = replace(pathway(NUMBERS[0]), key="two")
    page.show_status(StatusView(NUMBERS[0], False, None, True, (), (one, two), today=TODAY))
    page.select("one")
    assert f"May be the same as {two.specialty.name}, {two.provider.name}" in words_on(page)
    assert "same specialty" in words_on(page)


def test_no_more_events_stand_on_the_line_than_it_holds_and_the_broken_one_is_among_them() -> None:
    many = tuple(PathwayEvent(date(2026, 1, 1) + timedelta(days=9 * n), f"Seen {n}", EventState.DONE, "list") for n in range(20))
    broken = PathwayEvent(date(2026, 5, 1), "Outpatients", EventState.CALLED_OFF, "list")
    one = replace(pathway(NUMBERS[0]), events=tuple(sorted((*many, broken), key=lambda e: e.day)), next_event=None)
    stops = stops_of(one, None)
    assert len(stops) <= MOST
    assert [s.kind for s in stops].count("cancelled") == 1
    assert stops[0].day == date(2026, 1, 1)


@given(half=st.integers(0, 200), more=st.integers(0, 200), width=st.integers(180, 260))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_words_under_a_range_never_lie_upon_another(qtbot: Any, half: int, more: int, width: int) -> None:
    bar = RangeBar(Range(half, half + more))
    qtbot.addWidget(bar)
    bar.resize(width, bar.height())
    rects = bar.label_rects()
    assert not any(a.intersects(b) for a, b in combinations(rects, 2))
    assert all(r.left() >= 0 and r.right() <= bar.width() + 0.01 for r in rects)


def test_words_that_nobody_signed_are_marked_and_missing_ones_say_why(page: StatusPage) -> None:
    QApplication.processEvents()
    known = view(pathway(NUMBERS[0]))
    page.say.show_status(replace(known, wording=WordingNote("2", sample=True)), "")
    assert page.say._sample.isVisibleTo(page.say)
    page.say.show_status(replace(known, wording=WordingNote("1", sign_off="A. Surname")), "")
    assert not page.say._sample.isVisibleTo(page.say)
    page.say.show_status(replace(known, wording=WordingNote(missing="Version 2 is not signed off.")), "")
    assert "Version 2 is not signed off." in words_on(page.say)


def test_all_events_are_there_when_they_are_asked_for_and_fold_again(qtbot: Any) -> None:
    events = tuple(PathwayEvent(date(2026, 1, 1) + timedelta(days=n), f"Seen {n}", EventState.DONE, "list") for n in range(3))
    shown = EventList(events)
    qtbot.addWidget(shown)
    shown.show()
    assert "Seen 1" not in words_on(shown)
    shown.button.click()
    assert "Seen 1" in words_on(shown)
    shown.button.click()
    assert "Seen 1" not in words_on(shown)


def test_a_clock_is_not_said_to_have_stopped_where_no_stop_is_known(page: StatusPage) -> None:
    left = replace(STUCK, kind=GapKind.LEFT_LIST_WITHOUT_STOP)
    one = replace(pathway(NUMBERS[0]), clock_running=False, gaps=(left,))
    page.show_status(view(one, NONE))
    QApplication.processEvents()
    chips = [chip.accessibleName() or chip.text() for chip in page.findChildren(Chip) if chip.isVisibleTo(page)]
    assert "Clock not known" in " ".join(chips)
    assert "Clock stopped" not in " ".join(chips)
    assert words_on(page).count(NO_FIGURE) == 1

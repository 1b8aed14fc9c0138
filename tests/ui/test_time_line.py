"""The line of a pathway and the strip of its sources."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QWidget

from helpdesk.answers import Answer, Remedy, SourceState
from helpdesk.identifiers import NhsNumber
from tests.ui.looking import has_ring, pixels
from ui.theme.theme import current
from ui.widgets.arrange import column
from ui.widgets.source_strip import SourceLine, SourceStrip, as_at_words, line_of
from ui.widgets.time_line import Limit, Stop, TimeLine, WaitLine

START = date(2026, 3, 3)
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 10, 50, tzinfo=UTC)
PATIENT = NhsNumber("9000000009")


def line(today: date, days: list[int], quiet: int | None = None) -> WaitLine:
    stops = tuple(Stop(START + timedelta(day), f"Event number {day}", "Wed 16-Dec-2026 10:20") for day in sorted(days))
    weeks = (today - START).days // 7
    limits = (Limit(START + timedelta(126), "18 weeks, 07-Jul-2026"), Limit(START + timedelta(364), "52 weeks, 02-Mar-2027"))
    return WaitLine(START, today, f"Today, {weeks}w", "Referred 3 March 2026", stops, limits, START + timedelta(quiet) if quiet else None)


@given(
    today=st.integers(0, 900),
    days=st.lists(st.integers(0, 700), max_size=5, unique=True),
    width=st.integers(300, 1200),
)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_label_lies_upon_another_or_outside(light_theme: None, today: int, days: list[int], width: int) -> None:
    drawn = TimeLine(line(START + timedelta(today), days))
    drawn.resize(width, drawn.height())
    drawn.grab()
    rects = drawn.label_rects()
    for one, other in combinations(rects, 2):
        assert not one.intersects(other), (one, other)
    for rect in rects:
        assert rect.left() >= 0
        assert rect.right() <= width + 0.5
        assert rect.top() >= 0
        assert rect.bottom() <= drawn.height()


def test_days_lie_to_one_scale_on_every_line(qapp: object) -> None:
    short, long = TimeLine(line(START + timedelta(63), [0])), TimeLine(line(TODAY, [0, 56]))
    for drawn in (short, long):
        drawn.resize(700, drawn.height())
        drawn.grab()
    mark = START + timedelta(126)
    assert short.x_of(mark) == long.x_of(mark)
    waited = TimeLine(line(START + timedelta(7 * 80), [0]))
    waited.resize(700, waited.height())
    assert waited.x_of(START + timedelta(7 * 80)) < 700 - 8


def test_the_line_is_said_in_words_and_can_be_reached(shown: Callable[..., QWidget]) -> None:
    drawn = TimeLine(line(TODAY, [0, 56], quiet=164))
    shown(column(drawn), 720)
    assert drawn.accessibleName() == "Referred 3 March 2026"
    drawn.setFocus()
    assert has_ring(drawn)


def test_what_is_elapsed_is_solid_and_what_is_quiet_is_hatched(shown: Callable[..., QWidget]) -> None:
    drawn = TimeLine(line(TODAY, [0]))
    shown(column(drawn), 720)
    solid = pixels(drawn, current().colour("accent"))
    drawn.show_line(line(TODAY, [0], quiet=164))
    assert 0 < pixels(drawn, current().colour("accent")) < solid
    assert pixels(drawn, current().colour("warn_soft")) > 0


def answer(label: str, state: SourceState, **more: object) -> Answer[object]:
    return Answer(source=label, label=label, about=PATIENT, state=state, **more)  # type: ignore[arg-type]  # keywords of Answer


ANSWERS = [
    answer("PDS", SourceState.FRESH, as_at=datetime(2026, 11, 20, 10, 42, tzinfo=UTC)),
    answer("Waiting list", SourceState.FRESH, as_at=date(2026, 11, 15)),
    answer("e-RS", SourceState.STALE, as_at=datetime(2026, 11, 18, 9, tzinfo=UTC), message="The referral service did not answer."),
    answer("Portal", SourceState.UNAVAILABLE, message="The portal took too long.", remedy=Remedy.RETRY),
    answer("GP Connect", SourceState.NOT_PERMITTED),
    answer("Community", SourceState.NOTHING_HELD),
]


def test_each_state_has_its_word_and_says_itself_whole(shown: Callable[..., QWidget]) -> None:
    strip = SourceStrip()
    strip.show_answers(ANSWERS, NOW, asking=["Notify"])
    shown(column(strip, None), 1200, 200)
    said = [child.accessibleName() for child in strip.findChildren(QWidget) if child.accessibleName()]
    assert said == [
        "PDS: Fresh, 10:42.",
        "Waiting list: Fresh, 15-Nov-2026.",
        "e-RS: Stale, 2d. The referral service did not answer.",
        "Portal: Unavailable. The portal took too long. You can try again.",
        "GP Connect: Not permitted.",
        "Community: Nothing held.",
        "Notify: Asking.",
    ]


def test_sources_fold_to_counts_and_open_out_by_key(shown: Callable[..., QWidget], qtbot: object) -> None:
    strip = SourceStrip()
    strip.show_answers(ANSWERS, NOW)
    window = shown(column(strip, None), 1200, 400)
    window.resize(560, 400)
    said = [child.accessibleName() for child in strip.findChildren(QWidget) if child.accessibleName()]
    assert "Community: Nothing held." in said, "rows of three, before anything is folded"
    window.resize(330, 400)
    said = [child.accessibleName() for child in strip.findChildren(QWidget) if child.accessibleName()]
    assert said[0].startswith("Sources: 2 fresh, 1 stale"), "counts, and under them those that need a look"
    assert [words.partition(":")[0] for words in said[2:]] == ["e-RS", "Portal", "GP Connect"]
    window.resize(210, 400)
    said = [child.accessibleName() for child in strip.findChildren(QWidget) if child.accessibleName()]
    assert said == ["Sources: 2 fresh, 1 stale, 1 unavailable, 1 not permitted, 1 nothing held", "Show every source"]
    button = next(child for child in strip.findChildren(QWidget) if child.accessibleName() == "Show every source")
    button.click()  # type: ignore[attr-defined]  # it is a button
    said = [child.accessibleName() for child in strip.findChildren(QWidget) if child.accessibleName()]
    assert "GP Connect: Not permitted." in said


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (None, ""),
        (date(2026, 11, 15), "15-Nov-2026"),
        (datetime(2026, 11, 20, 9, 5, tzinfo=UTC), "09:05"),
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "141d"),
    ],
)
def test_when_facts_were_true_is_said_briefly(moment: date | datetime | None, words: str) -> None:
    assert as_at_words(moment, NOW) == words


def test_a_time_is_shown_as_clocks_at_the_desk_do() -> None:
    summer = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
    assert as_at_words(summer, summer) == "10:00"


def test_an_unavailable_source_shows_no_date() -> None:
    old = answer("Portal", SourceState.UNAVAILABLE, as_at=date(2026, 11, 15))
    assert line_of(old, NOW).as_at == ""


def test_the_keyboard_stays_on_a_source_when_its_answer_comes(qtbot: Any) -> None:
    strip = SourceStrip()
    qtbot.addWidget(strip)
    strip.resize(900, 60)
    strip.show()
    strip.show_lines([SourceLine("PDS", "fresh", "10:42"), SourceLine("City", "asking", "…")])
    before = strip._sources[1]
    before.setFocus()
    strip.show_lines([SourceLine("PDS", "fresh", "10:42"), SourceLine("City", "unavailable", "", "City did not answer in time.")])
    assert strip._sources[1] is before
    assert "Unavailable" in before.accessibleName()
    assert before.toolTip() == "City did not answer in time."

"""The clock against a count made week by week, and against the published boundary rows."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from helpdesk.pathways.clock import (
    ClockEffect,
    clock_effect,
    days_between,
    mark_18_weeks,
    status_effects,
    threshold_days,
    weeks_band,
    within_18_weeks,
)
from helpdesk.pathways.days import is_working_day, said, said_time, said_with_weekday, shown, working_day_after

START = date(2024, 2, 28)


def oracle_band(days: int) -> str:
    """Walks the published columns: 'greater than N to N + 1 weeks', the first holding day 0 as well."""
    for week in range(104):
        if days <= (week + 1) * 7:
            return str(week)
    return "104+"


@pytest.mark.parametrize("days", range(3001))
def test_band_equals_the_walk_over_the_published_columns(days: int) -> None:
    end = START + timedelta(days=days)
    assert days_between(START, end) == days
    assert weeks_band(days) == oracle_band(days)
    assert within_18_weeks(days) == (end <= mark_18_weeks(START))


@pytest.mark.parametrize(
    ("days", "band"),
    [(0, "0"), (7, "0"), (8, "1"), (120, "17"), (126, "17"), (127, "18"), (364, "51"), (365, "52"), (728, "103"), (729, "104+")],
)
def test_boundary_rows(days: int, band: str) -> None:
    assert weeks_band(days) == band


def test_18_weeks_ends_after_day_126() -> None:
    assert within_18_weeks(126)
    assert not within_18_weeks(127)
    assert mark_18_weeks(date(2026, 3, 3)) == date(2026, 7, 7)


def test_a_negative_wait_is_refused() -> None:
    with pytest.raises(ValueError, match="fewer than 0"):
        weeks_band(-1)


def test_thresholds_have_dates() -> None:
    assert threshold_days("within_18_weeks", date(2026, 1, 1)) == 126
    with pytest.raises(LookupError):
        threshold_days("within_18_weeks", date(2015, 9, 30))
    with pytest.raises(LookupError):
        threshold_days("within_9_weeks")


def test_the_17_status_codes_and_their_effects() -> None:
    by_effect = {effect: {c for c, e in status_effects().items() if e is effect} for effect in ClockEffect}
    assert by_effect == {
        ClockEffect.RUNNING: {"10", "11", "12", "20", "21"},
        ClockEffect.STOPPED: {"30", "31", "32", "33", "34", "35", "36"},
        ClockEffect.NONE: {"90", "91", "92", "98"},
        ClockEffect.UNKNOWN: {"99"},
    }
    assert clock_effect("77") is ClockEffect.UNKNOWN
    assert clock_effect("") is ClockEffect.UNKNOWN
    assert clock_effect(" 20 ") is ClockEffect.RUNNING


def test_days_are_written_with_the_month_in_letters() -> None:
    day = date(2026, 12, 4)
    assert said(day) == "4 December 2026"
    assert said_with_weekday(day) == "Friday 4 December 2026"
    assert shown(date(2026, 3, 3)) == "03-Mar-2026"


@pytest.mark.parametrize(("clock", "words"), [("09:10", "9:10am"), ("12:00", "12 noon"), ("14:00", "2pm"), ("00:05", "12:05am")])
def test_times_as_they_are_said(clock: str, words: str) -> None:
    assert said_time(time.fromisoformat(clock)) == words


def test_working_days_skip_weekends_and_bank_holidays() -> None:
    assert not is_working_day(date(2026, 12, 25))
    assert working_day_after(date(2026, 12, 11), 14) == date(2026, 12, 29)
    assert working_day_after(date(2026, 11, 21), 14) == date(2026, 12, 7)

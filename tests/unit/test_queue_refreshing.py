"""What an evaluation changes on the list of gaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from helpdesk.identifiers import NhsNumber
from helpdesk.queue.gaps import HIGH, LOW, Change, FoundGap, GapItem
from helpdesk.queue.refreshing import AGAIN_AFTER, plan

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FOUND = FoundGap(
    NhsNumber("9000000009"), "k", "not_booked", LOW, date(2026, 10, 1), "No date.", "the hospital", "Ask.", "XFC01", "110", "T&O"
)
ITEM = GapItem("i1", FOUND, NOW - timedelta(days=7))
DONE = replace(ITEM, done=NOW - timedelta(days=1), note="Asked the hospital")


def test_what_is_new_is_raised_and_what_is_the_same_is_left_alone() -> None:
    other = replace(FOUND, kind="no_activity")
    made = plan([ITEM], [FOUND, other], NOW)
    assert (made.raised, made.refreshed, made.gone) == ((other,), (), ())
    assert plan([ITEM], [FOUND], NOW).nothing


def test_what_is_known_is_refreshed_under_its_own_name() -> None:
    worse = replace(FOUND, severity=HIGH, evidence="No date for ten weeks.")
    made = plan([ITEM], [worse], NOW)
    assert made.refreshed == ((ITEM, worse),)
    assert made.change == Change(0, 1, 0)


def test_what_is_not_found_any_more_is_gone() -> None:
    assert plan([ITEM], [], NOW).gone == (ITEM,)


def test_what_was_done_stays_done_for_two_weeks_and_comes_back_if_it_is_still_there() -> None:
    assert plan([DONE], [FOUND], NOW).nothing
    assert plan([DONE], [FOUND], DONE.done + AGAIN_AFTER).again == ((DONE, FOUND),)  # type: ignore[operator]  # it is done
    assert plan([DONE], [FOUND], NOW + timedelta(days=12)).nothing


def test_what_was_done_and_went_away_is_raised_again_at_once_when_it_returns() -> None:
    assert plan([DONE], [], NOW).settled == (DONE,)
    away = replace(DONE, gone=NOW)
    assert plan([away], [], NOW).nothing
    assert plan([away], [FOUND], NOW).again == ((away, FOUND),)


def test_the_same_gap_of_somebody_else_is_another() -> None:
    other = replace(FOUND, subject=NhsNumber("9000000017"))
    made = plan([ITEM], [other], NOW)
    assert (made.raised, made.gone) == ((other,), (ITEM,))

"""The clock of a list row against an independent count: every number of days from 0 to 3,000 with every status code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from pathway_facts import GENERAL, TODAY, WEEK, activity, clock, referral, row, sent

from helpdesk.pathways.activity import ActivityKind, ActivityStatus
from helpdesk.pathways.clock import is_over, mark_18_weeks, status_effects, status_moves, threshold_days, weeks_band, within_18_weeks
from helpdesk.pathways.clock_history import ClockState
from helpdesk.pathways.clock_reading import days_since_referral, original_referral, read_clock
from helpdesk.pathways.clock_reading import is_over as has_ended
from helpdesk.pathways.extract_rows import ClockEvent, ClockMove, ReferralRow
from helpdesk.pathways.joining import Joined
from helpdesk.pathways.model import ListKind, ListRow, Referral, ReferralState

START, STOP, NULLIFY = ClockMove.START, ClockMove.STOP, ClockMove.NULLIFY
BEGAN = date(2026, 3, 3)
RUNS = {"10", "11", "12", "20", "21"}
"""As the rules name them, written out a second time."""


def joined(
    *rows: ListRow, events: tuple[ClockEvent, ...] = (), ers: tuple[Referral, ...] = (), referred: tuple[ReferralRow, ...] = ()
) -> Joined:
    return Joined("k", rows, ers, (), tuple(sorted(events, key=lambda e: e.day)), referred)


def band_of_columns() -> dict[int, str]:
    """Deals the days out over the published columns: eight to the first, seven to each other, the rest to the last."""
    dealt, column, room = {}, 0, 8
    for day in range(3001):
        if column < 104 and room == 0:
            column, room = column + 1, 7
        room -= 1
        dealt[day] = str(column) if column < 104 else "104+"
    return dealt


BANDS = band_of_columns()


@pytest.mark.parametrize("status", [*status_effects(), "", "77"])
def test_every_number_of_days_with_every_status(status: str) -> None:
    over = {18: 127, 52: 365, 65: 456, 78: 547, 104: 729}
    now = date(2034, 6, 30)
    start = now
    for days in range(3001):
        reading = read_clock(joined(row(rtt_status=status, clock_start=start, week_ending=now)), now)
        assert reading.running is (status in RUNS)
        assert reading.start == start
        waited = (now - start).days
        assert waited == days
        assert weeks_band(waited) == BANDS[days]
        assert within_18_weeks(waited) is (days < over[18])
        assert (now <= mark_18_weeks(start)) is (days < over[18])
        for weeks, first in over.items():
            assert is_over(waited, weeks) is (days >= first)
        start -= timedelta(days=1)


def test_the_marks_have_their_dates() -> None:
    assert [threshold_days(f"within_{w}_weeks") for w in (18, 52, 65, 78, 104)] == [126, 364, 455, 546, 728]
    with pytest.raises(LookupError):
        threshold_days("within_65_weeks", date(2022, 2, 7))
    assert threshold_days("within_65_weeks", date(2022, 2, 8)) == 455
    with pytest.raises(LookupError):
        is_over(1, 9)


def test_what_each_status_does_is_one_of_the_known_words() -> None:
    status_moves.cache_clear()
    status_effects.cache_clear()
    does = status_moves()
    assert set(does) == set(status_effects())
    assert {c for c, d in does.items() if d in ("starts", "starts_again", "starts_apart", "goes_on", "moves")} == RUNS
    assert {c: d for c, d in does.items() if d in ("starts_again", "starts_apart", "moves", "monitors", "nullifies")} == {
        "11": "starts_again",
        "12": "starts_apart",
        "21": "moves",
        "31": "monitors",
        "32": "monitors",
        "33": "nullifies",
    }


def test_a_clock_that_begins_later_does_not_run_yet() -> None:
    assert read_clock(joined(row(clock_start=TODAY)), TODAY).running
    assert not read_clock(joined(row(clock_start=TODAY + timedelta(1))), TODAY).running
    assert not read_clock(joined(row(clock_start=None)), TODAY).running


def test_of_two_providers_the_first_start_counts() -> None:
    later = date(2026, 6, 1)
    receiver = row(provider=GENERAL, clock_start=later)
    reading = read_clock(joined(receiver, row(rtt_status="21")), TODAY)
    assert (reading.start, reading.running) == (BEGAN, True)
    restarted = read_clock(joined(replace(receiver, rtt_status="11"), row(rtt_status="21")), TODAY)
    assert restarted.start == later
    ended = read_clock(joined(receiver, row(rtt_status="30")), TODAY)
    assert ended.start == later
    passed_on = read_clock(joined(receiver, row(rtt_status="21", clock_stop=date(2026, 5, 1))), TODAY)
    assert passed_on.start == later
    without = read_clock(joined(replace(receiver, clock_start=None), row(rtt_status="30")), TODAY)
    assert (without.start, without.running) == (BEGAN, True)


def test_a_row_that_does_not_count_keeps_its_own_start() -> None:
    assert read_clock(joined(row(rtt_status="30", clock_start=TODAY), row(provider=GENERAL)), TODAY).start == TODAY


def test_a_list_without_a_start_has_that_of_e_rs() -> None:
    ers = referral(clock_start=date(2026, 9, 1))
    assert read_clock(joined(row(clock_start=None), ers=(ers,)), TODAY).start == date(2026, 9, 1)
    assert read_clock(joined(row(), ers=(ers,)), TODAY).start == BEGAN


RUNNING_STATES = {"NOT_BOOKED", "BOOKED", "DEFERRED_TO_PROVIDER", "AWAITING_TRIAGE", "TRIAGED_PROVIDER_TO_ACTION"}


@pytest.mark.parametrize("state", list(ReferralState))
def test_the_state_of_e_rs_alone_says_whether_its_clock_counts(state: ReferralState) -> None:
    reading = read_clock(joined(ers=(referral(state=state, clock_start=BEGAN),)), TODAY)
    assert reading.start == BEGAN
    assert reading.running is (state.value in RUNNING_STATES or state.value.startswith("APPT_CANCELLED"))
    assert not read_clock(joined(ers=(referral(state=state),)), TODAY).running


def test_a_list_and_a_clock_extract_that_agree() -> None:
    reading = read_clock(joined(row(), events=(clock(BEGAN, START, "10"),)), TODAY)
    assert (reading.start, reading.running, reading.stopped_since) == (BEGAN, True, None)


def test_a_start_that_nothing_explains_makes_no_wait_shorter() -> None:
    slip = clock(date(2026, 6, 1), START, "10")
    assert read_clock(joined(row(), events=(slip,)), TODAY).start == BEGAN
    earlier = clock(date(2026, 1, 2), START, "10")
    assert read_clock(joined(row(), events=(earlier,)), TODAY).start == date(2026, 1, 2)
    stopped_list = row(rtt_status="30")
    assert read_clock(joined(stopped_list, events=(slip,)), TODAY).start == date(2026, 6, 1)


@pytest.mark.parametrize(
    "explained",
    [
        (clock(date(2026, 6, 1), START, "11"),),
        (clock(BEGAN, START, "10"), clock(date(2026, 5, 1), NULLIFY, "33"), clock(date(2026, 6, 1), START, "10")),
        (clock(date(2026, 5, 1), STOP, "32"), clock(date(2026, 6, 1), START, "20")),
    ],
)
def test_a_start_that_is_explained_stands(explained: tuple[ClockEvent, ...]) -> None:
    reading = read_clock(joined(row(), events=explained), TODAY)
    assert (reading.start, reading.running) == (date(2026, 6, 1), True)


def test_the_later_of_list_and_clock_extract_speaks() -> None:
    stop = clock(date(2026, 11, 1), STOP, "30")
    both = (clock(BEGAN, START, "10"), stop)
    same_day = read_clock(joined(row(), events=both), TODAY)
    assert (same_day.running, same_day.start, same_day.stopped_since) == (False, BEGAN, date(2026, 11, 1))
    older = tuple(replace(e, as_at=WEEK - timedelta(1)) for e in both)
    assert read_clock(joined(row(), events=older), TODAY).running
    one_newer = (replace(both[0], as_at=WEEK - timedelta(7)), both[1])
    assert not read_clock(joined(row(), events=one_newer), TODAY).running
    elsewhere = read_clock(joined(row(clock_start=date(2026, 3, 9)), events=both), TODAY)
    assert elsewhere.start == BEGAN
    agreed = read_clock(joined(row(rtt_status="30"), events=both), TODAY)
    assert (agreed.running, agreed.stopped_since) == (False, None)


def test_a_stop_without_its_start_leaves_the_lists_start() -> None:
    reading = read_clock(joined(row(), events=(clock(date(2026, 11, 1), STOP, "30"),)), TODAY)
    assert (reading.start, reading.running) == (BEGAN, False)


def test_a_clock_that_began_after_the_last_stop_goes_on() -> None:
    stop = clock(date(2026, 2, 1), STOP, "32")
    reading = read_clock(joined(row(), events=(stop,)), TODAY)
    assert (reading.start, reading.running) == (BEGAN, True)
    on_the_day = read_clock(joined(row(), events=(replace(stop, day=BEGAN),)), TODAY)
    assert not on_the_day.running


def test_moves_after_the_day_counted_to_are_not_known_on_it() -> None:
    events = (clock(BEGAN, START, "10"), clock(date(2026, 11, 10), STOP, "30"))
    assert read_clock(joined(row(), events=events), date(2026, 11, 9)).running
    assert not read_clock(joined(row(), events=events), date(2026, 11, 10)).running


def test_clock_extracts_alone_give_a_clock() -> None:
    reading = read_clock(joined(events=(clock(BEGAN, START, "10"),)), TODAY)
    assert (reading.start, reading.running, reading.history.state) == (BEGAN, True, ClockState.RUNNING)


def since(*rows: ListRow, **more: object) -> int | None:
    facts = joined(*rows, **more)  # type: ignore[arg-type]  # each test names what it gives
    return days_since_referral(facts, read_clock(facts, TODAY), TODAY)


def test_two_waits_where_they_differ() -> None:
    first = date(2025, 1, 10)
    assert since(row(original_referral_received=first)) == (TODAY - first).days
    assert since(row()) is None
    assert since(row(referral_received=date(2026, 3, 2))) == (TODAY - date(2026, 3, 2)).days
    assert since(row(referral_received=date(2026, 3, 4))) is None
    assert since(row(referral_received=None)) is None
    assert since(row(referral_received=TODAY + timedelta(1))) is None
    assert since(row(referral_received=TODAY, clock_start=None)) == 0
    assert since(row(), row(provider=GENERAL, referral_received=first)) == (TODAY - first).days


@pytest.mark.parametrize("status", [*status_effects(), ""])
def test_the_wait_since_the_referral_ends_with_treatment_but_not_with_active_monitoring(status: str) -> None:
    over = status in {"30", "34", "35", "36", "90"}
    first = date(2025, 1, 10)
    assert (since(row(rtt_status=status, original_referral_received=first)) is None) is over
    if status not in RUNS:
        assert since(row(rtt_status=status)) == (None if over else (TODAY - BEGAN).days)


def test_a_stop_date_beside_a_status_that_counts_ends_it() -> None:
    assert since(row(clock_stop=date(2026, 9, 1))) is None
    assert since(row(rtt_status="32", clock_stop=date(2026, 9, 1))) == (TODAY - BEGAN).days
    assert since(row(list_kind=ListKind.NOT_RTT, clock_start=None, rtt_status="")) == (TODAY - BEGAN).days


def test_a_newer_clock_extract_ends_the_wait_or_not() -> None:
    began = clock(BEGAN, START, "10")
    assert since(row(), events=(began, clock(date(2026, 11, 1), STOP, "30"))) is None
    assert since(row(), events=(began, clock(date(2026, 11, 1), STOP, "32"))) == (TODAY - BEGAN).days
    alone = joined(events=(began, clock(date(2026, 11, 1), STOP, "30")))
    assert has_ended(alone, read_clock(alone, TODAY))
    nothing = joined(ers=(referral(),))
    assert not has_ended(nothing, read_clock(nothing, TODAY))


def test_the_original_referral_is_the_first_that_was_received() -> None:
    assert original_referral(joined(row(), referred=(sent(received=date(2026, 2, 1), sent=date(2026, 1, 1)),))) == date(2026, 2, 1)
    assert original_referral(joined(row(), referred=(sent(sent=date(2026, 1, 1)),))) == BEGAN
    assert original_referral(joined(referred=(sent(sent=date(2026, 1, 1)),))) == date(2026, 1, 1)
    told = activity(ActivityKind.REFERRAL, ActivityStatus.ACTIVE, referred=date(2026, 4, 1))
    assert original_referral(Joined("k", (), (), (told,))) == date(2026, 4, 1)
    assert original_referral(joined()) is None

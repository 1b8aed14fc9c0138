"""Two systems that do not say the same are shown side by side, each with its date, and what agrees is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from pathway_facts import CITY, GENERAL, JANE, TODAY, UBRN, WEEK, clock, named, row, sent

from helpdesk.pathways.extract_rows import ClockEvent, ClockMove, ReferralRow
from helpdesk.pathways.model import ListKind, ListRow, Pathway
from helpdesk.pathways.ports import HeldRows
from helpdesk.pathways.stitching import stitch

START, STOP, NULLIFY = ClockMove.START, ClockMove.STOP, ClockMove.NULLIFY
BEGAN, ENDED = date(2026, 3, 3), date(2026, 10, 9)


def found(*rows: ListRow, events: tuple[ClockEvent, ...] = (), referred: tuple[ReferralRow, ...] = ()) -> Pathway:
    held = [HeldRows("XFC01", WEEK, rows, clock_events=events, referrals=referred)]
    (pathway,) = stitch(held, [], about=JANE, today=TODAY, limit_days=10, organisations=named)
    return pathway


def test_what_agrees_is_not_told() -> None:
    assert found(row(), events=(clock(BEGAN, START, "10"),)).differs == ()
    over = row(rtt_status="30", clock_stop=ENDED)
    assert found(over, events=(clock(BEGAN, START, "10"), clock(ENDED, STOP, "30"))).differs == ()
    assert found(row(ubrn=UBRN), referred=(sent(received=BEGAN),)).differs == ()


def test_starts_that_differ() -> None:
    pathway = found(row(), events=(clock(date(2026, 3, 12), START, "10", as_at=date(2026, 11, 8)),))
    assert pathway.differs == (
        "Clock start: Fenmoor City list (15-Nov-2026) says 03-Mar-2026, Fenmoor City clock extract (08-Nov-2026) says 12-Mar-2026",
    )
    assert (pathway.clock_start, pathway.clock_running) == (BEGAN, True)


def test_one_counts_on_and_one_has_stopped() -> None:
    pathway = found(row(), events=(clock(BEGAN, START, "10"), clock(ENDED, STOP, "30")))
    assert pathway.differs == (
        "18-week clock: Fenmoor City list (15-Nov-2026) still counts it, "
        "Fenmoor City clock extract (15-Nov-2026) says that it stopped on 09-Oct-2026",
    )
    assert (pathway.clock_running, pathway.days_waited, pathway.standing) == (False, None, "18-week clock stopped")
    other = found(row(rtt_status="30"), events=(clock(BEGAN, START, "10"),))
    assert other.differs == (
        "18-week clock: Fenmoor City clock extract (15-Nov-2026) still counts it, Fenmoor City list (15-Nov-2026) says that it stopped",
    )
    assert other.clock_running


def test_two_lists_of_which_one_has_stopped() -> None:
    pathway = found(row(), row(provider=GENERAL, rtt_status="34", clock_stop=ENDED))
    assert pathway.differs == (
        "18-week clock: Fenmoor City list (15-Nov-2026) still counts it, "
        "Thornmere General list (15-Nov-2026) says that it stopped on 09-Oct-2026",
    )


def test_a_transfer_is_no_disagreement() -> None:
    assert found(row(provider=GENERAL), row(rtt_status="21")).differs == ()
    assert found(row(rtt_status="21"), events=(clock(BEGAN, START, "10"), clock(ENDED, STOP, "30", provider=GENERAL))).differs == ()


def test_stops_that_differ() -> None:
    over = row(rtt_status="30", clock_stop=date(2026, 10, 1))
    pathway = found(over, events=(clock(BEGAN, START, "10"), clock(ENDED, STOP, "30")))
    assert pathway.differs == (
        "Clock stop: Fenmoor City list (15-Nov-2026) says 01-Oct-2026, Fenmoor City clock extract (15-Nov-2026) says 09-Oct-2026",
    )


def test_a_stop_after_the_list_was_made_is_news() -> None:
    news = clock(WEEK + timedelta(1), STOP, "30", as_at=WEEK + timedelta(2))
    pathway = found(row(), events=(clock(BEGAN, START, "10"), news))
    assert pathway.differs == ()
    assert not pathway.clock_running
    on_the_day = found(row(), events=(clock(BEGAN, START, "10"), replace(news, day=WEEK)))
    assert len(on_the_day.differs) == 1


def test_a_newer_list_with_a_newer_clock_is_news() -> None:
    old = (clock(date(2025, 1, 1), START, "10", as_at=date(2026, 3, 1)), clock(date(2026, 2, 1), STOP, "32", as_at=date(2026, 3, 1)))
    pathway = found(row(), events=old)
    assert pathway.differs == ()
    assert (pathway.clock_start, pathway.clock_running) == (BEGAN, True)
    on_the_day = (old[0], replace(old[1], day=BEGAN))
    assert len(found(row(), events=on_the_day).differs) == 2
    without = found(row(clock_start=None), events=old)
    assert len(without.differs) == 1
    same_week = tuple(replace(e, as_at=WEEK) for e in old)
    assert len(found(row(), events=same_week).differs) == 2


def test_a_list_outside_the_18_weeks_stops_nothing() -> None:
    community = row(list_kind=ListKind.NOT_RTT, rtt_status="30", clock_start=None)
    assert not any("stopped" in words for words in found(row(), replace(community, provider=GENERAL)).differs)


def test_days_on_which_a_referral_was_received() -> None:
    pathway = found(row(ubrn=UBRN), referred=(sent(received=date(2026, 3, 9)),))
    assert pathway.differs == (
        "Referral received: Fenmoor City list (15-Nov-2026) says 03-Mar-2026, referral extract (15-Nov-2026) says 09-Mar-2026",
    )
    elsewhere = sent(received=date(2026, 3, 9), provider=GENERAL)
    assert found(row(ubrn=UBRN), referred=(elsewhere,)).differs == ()


@pytest.mark.parametrize(
    ("changed", "told"),
    [({}, True), ({"provider": GENERAL}, False), ({"closed": WEEK + timedelta(1)}, False), ({"closed": WEEK}, True)],
)
def test_a_referral_that_was_closed_and_is_still_held(changed: dict[str, Any], told: bool) -> None:
    closed = sent(**({"closed": ENDED} | changed))
    differs = found(row(ubrn=UBRN), referred=(closed,)).differs
    assert bool(differs) is told
    if told and not changed:
        assert differs == (
            "Where it stands: Fenmoor City list (15-Nov-2026) still holds it, "
            "referral extract (15-Nov-2026) says that it was closed on 09-Oct-2026",
        )
    assert found(row(ubrn=UBRN, rtt_status="30"), referred=(sent(closed=ENDED),)).differs == ()


def test_no_identifier_stands_in_a_disagreement() -> None:
    pathway = found(row(), events=(clock(date(2026, 3, 12), START, "10"),))
    assert all(str(JANE) not in words and "P1" not in words and "L1" not in words for words in pathway.differs)
    assert CITY.value not in pathway.differs[0]

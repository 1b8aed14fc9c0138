"""Gaps of any facts: nobody's number or name, nothing forbidden, the same in any order, and never more for a later booking."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from pathway_facts import CITY, GENERAL, JANE, TODAY, UBRN, WEEK, activity, referral
from stuck_facts import Known, clock_event, former, gaps, pathways, sent, waiting

from helpdesk.identifiers import PathwayId
from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.clock import status_effects
from helpdesk.pathways.extract_rows import ClockMove
from helpdesk.pathways.model import ListKind, ListRow, ReferralState
from helpdesk.pathways.sentences import book

PAST = st.integers(0, 400).map(lambda days: TODAY - timedelta(days=days))
NEAR = st.integers(-60, 60).map(lambda days: TODAY - timedelta(days=days))
NUMBERS = re.compile(r"\d{5,}|\d{3} \d{3} \d{4}")


@st.composite
def rows(draw: st.DrawFn) -> ListRow:
    maybe = {name: draw(st.none() | PAST) for name in ("last_attended", "last_missed", "cancelled", "clock_start", "referral_received")}
    dates = {name: draw(st.none() | NEAR) for name in ("next_outpatient", "next_admission", "due")}
    return waiting(
        **maybe,
        **dates,
        provider=draw(st.sampled_from((CITY, GENERAL))),
        rtt_status=draw(st.sampled_from([*status_effects(), ""])),
        list_kind=draw(st.sampled_from(ListKind)),
        ubrn=draw(st.sampled_from((None, UBRN))),
        pathway_id=draw(st.sampled_from((None, PathwayId("P1", "XFC01"), PathwayId("P2", "XFC01")))),
        local_patient_id="H7654321",
        week_ending=draw(st.sampled_from((WEEK, WEEK - timedelta(weeks=3)))),
    )


@st.composite
def activities(draw: st.DrawFn) -> Activity:
    return activity(
        draw(st.sampled_from(ActivityKind)),
        draw(st.sampled_from(ActivityStatus)),
        id=draw(st.sampled_from("abcdef")),
        local_id=draw(st.sampled_from(("P1", "P9"))),
        start=draw(st.none() | NEAR),
        referred=draw(st.none() | PAST),
        due=draw(st.none() | NEAR),
    )


@st.composite
def known(draw: st.DrawFn) -> Known:
    states = st.builds(lambda state, day: referral(state=state, clock_start=day), st.sampled_from(ReferralState), st.none() | PAST)
    closing = st.builds(
        lambda day, closed, word: sent(sent=day, closed=closed, outcome=word if closed else "", treatment_function="110"),
        PAST,
        st.none() | PAST,
        st.sampled_from(("rejected", "withdrawn")),
    )
    return Known(
        rows=tuple(draw(st.lists(rows(), max_size=3))),
        referrals=tuple(draw(st.lists(states, max_size=1))),
        activities=tuple(draw(st.lists(activities(), max_size=3))),
        former=former(draw(st.lists(st.integers(1, 4), max_size=3, unique=True))),
        events=tuple(draw(st.lists(st.builds(clock_event, st.sampled_from(ClockMove), PAST), max_size=2))),
        sent=tuple(draw(st.lists(closing, max_size=1))),
        stops=draw(st.booleans()),
    )


@given(known())
def test_a_gap_names_nobody_and_says_nothing_forbidden(facts: Known) -> None:
    for gap in gaps(facts):
        told = " ".join((gap.evidence, gap.hand_off, *(s.text for s in gap.say)))
        assert not NUMBERS.search(told)
        assert not any(name in told for name in (JANE.value, JANE.spaced, UBRN.value, "H7654321", "P1", "P2", "P9"))
        assert not book().is_forbidden(told)
        assert gap.days >= 0
        assert gap.since <= TODAY


@given(known(), st.randoms(use_true_random=False))
def test_gaps_do_not_depend_on_the_order_of_facts(facts: Known, order: object) -> None:
    def mixed(some: tuple[object, ...]) -> tuple[object, ...]:
        parts = list(some)
        order.shuffle(parts)  # type: ignore[attr-defined]  # a random.Random
        return tuple(parts)

    names = ("rows", "referrals", "activities", "former", "events", "sent")
    again = replace(facts, **{name: mixed(getattr(facts, name)) for name in names})
    assert {(p.key, p.gaps) for p in pathways(again)} == {(p.key, p.gaps) for p in pathways(facts)}


@given(known(), st.integers(1, 90))
def test_a_later_booking_never_adds_a_gap(facts: Known, days: int) -> None:
    booked = replace(facts, rows=tuple(replace(r, next_admission=TODAY + timedelta(days=days)) for r in facts.rows))
    before = {p.key: {g.kind for g in p.gaps} for p in pathways(facts)}
    for pathway in pathways(booked):
        assert {g.kind for g in pathway.gaps} <= before[pathway.key]


@given(known())
def test_one_pathway_has_at_most_one_cause_beside_being_held_twice(facts: Known) -> None:
    for pathway in pathways(facts):
        assert len([g for g in pathway.gaps if g.kind.value != "held_twice"]) <= 1

"""On the practice area, where the truth is planted: how many stuck pathways are found, and how many of those found are stuck."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from helpdesk.pathways.model import GapKind
from helpdesk.practice.area import make_area
from helpdesk.practice.measuring import measure_gaps, stuck_in
from helpdesk.practice.model import Area

TODAY = date(2026, 11, 18)


@pytest.fixture(scope="module", params=[7, 21])
def area(request: pytest.FixtureRequest) -> Area:
    return make_area(2_000, request.param, TODAY)


def test_every_kind_is_planted_and_found_and_hardly_anything_else(area: Area) -> None:
    measured = {found.kind: found for found in measure_gaps(area)}
    assert set(measured) == set(GapKind)
    for found in measured.values():
        assert found.planted >= 5, found
        assert found.recall == 1.0, found
        assert found.precision >= 0.95, found


def test_about_one_pathway_in_seven_is_stuck(area: Area) -> None:
    assert 0.11 < len(area.planted) / len({(r.nhs_number, r.pathway_id) for r in area.list_rows}) < 0.2


def test_what_is_not_known_cannot_be_found(area: Area) -> None:
    """The measure itself: without former lists nobody can be seen to have left."""
    measured = {found.kind: found for found in measure_gaps(replace(area, former_rows=()))}
    assert (measured[GapKind.LEFT_LIST_WITHOUT_STOP].recall, measured[GapKind.NOT_BOOKED].recall) == (0.0, 1.0)


def test_what_was_not_planted_counts_against_precision(area: Area) -> None:
    fewer = {where: kind for where, kind in area.planted.items() if kind is not GapKind.NOT_BOOKED}
    measured = {found.kind: found for found in measure_gaps(replace(area, planted=fewer))}
    assert (measured[GapKind.NOT_BOOKED].planted, measured[GapKind.NOT_BOOKED].precision) == (0, 0.0)


def test_each_story_is_stuck_as_it_says(area: Area) -> None:
    closed = {p.patient.nhs_number for p in area.people if p.flag != "U"}
    shown = {number: tuple(g.kind for g in pathway.gaps) for (number, _), pathway in stuck_in(area) if number not in closed}
    told = {story.nhs_number: story.gaps for story in area.stories if story.gaps}
    assert {number: kinds for number, kinds in shown.items() if number in {s.nhs_number for s in area.stories}} == told
    assert {kind for kinds in told.values() for kind in kinds} == set(GapKind)


def test_lists_of_the_weeks_before_hold_nothing_later_than_their_week(area: Area) -> None:
    weeks = {(r.provider.value, r.week_ending) for r in area.former_rows}
    assert {p: len([w for q, w in weeks if q == p]) for p, _ in weeks} == dict.fromkeys(area.list_weeks, 3)
    for row in area.former_rows:
        known = (row.clock_start, row.referral_received, row.last_attended, row.last_missed, row.cancelled)
        assert all(day is None or day <= row.week_ending for day in known)

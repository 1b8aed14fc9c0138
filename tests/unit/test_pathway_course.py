"""What kind of pathway it is: told apart by list, status, service and facts."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files

import pytest
from pathway_facts import TODAY, activity, clock, only, referral, row, sent, stitched

from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.activity import ActivityKind, ActivityStatus
from helpdesk.pathways.clock import status_effects
from helpdesk.pathways.course import alike_days, in_force, is_diagnostic, same_specialty
from helpdesk.pathways.extract_rows import ClockMove
from helpdesk.pathways.model import Coded, Course, ListKind
from helpdesk.pathways.ports import HeldRows
from helpdesk.pathways.stitching import stitch


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Each test weighs the words anew."""
    is_diagnostic.cache_clear()


NOT_RTT: dict[str, object] = {"list_kind": ListKind.NOT_RTT, "clock_start": None, "rtt_status": ""}


@pytest.mark.parametrize(
    ("changed", "course"),
    [
        ({}, Course.RTT),
        ({"due": date(2026, 8, 1)}, Course.RTT),
        ({"treatment_function": "812"}, Course.RTT),
        ({"list_kind": ListKind.UNKNOWN}, Course.RTT),
        ({"list_kind": ListKind.UNKNOWN, "rtt_status": "99"}, Course.UNKNOWN),
        ({"list_kind": ListKind.UNKNOWN, "rtt_status": "98"}, Course.NOT_RTT),
        ({"rtt_status": "30", "due": date(2026, 8, 1)}, Course.RTT),
        (NOT_RTT, Course.NOT_RTT),
        ({**NOT_RTT, "due": date(2027, 2, 1)}, Course.PLANNED),
        ({**NOT_RTT, "due": date(2026, 2, 1)}, Course.PLANNED),
        ({**NOT_RTT, "due": date(2026, 2, 1), "clock_stop": date(2026, 3, 1)}, Course.NOT_RTT),
        ({"clock_start": None, "rtt_status": "98", "due": date(2027, 2, 1)}, Course.PLANNED),
        ({**NOT_RTT, "treatment_function": "812"}, Course.DIAGNOSTIC),
        ({**NOT_RTT, "treatment_function": "840"}, Course.DIAGNOSTIC),
        ({**NOT_RTT, "treatment_function": "812", "due": date(2027, 2, 1)}, Course.PLANNED),
        ({"ask_team": True}, Course.ASK_TEAM),
        ({**NOT_RTT, "ask_team": True}, Course.ASK_TEAM),
        ({"treatment_function": "800"}, Course.ASK_TEAM),
    ],
)
def test_course_of_a_list_row(changed: dict[str, object], course: Course) -> None:
    assert only([row(**changed)]).course is course


@pytest.mark.parametrize("status", [*status_effects(), ""])
def test_course_of_every_status_on_an_18_week_list(status: str) -> None:
    expected = {"90": Course.NOT_RTT, "98": Course.NOT_RTT, "92": Course.DIAGNOSTIC}
    assert only([row(rtt_status=status)]).course is expected.get(status, Course.RTT)


@pytest.mark.parametrize(
    ("told", "course"),
    [
        ({"clock_start": date(2026, 9, 1)}, Course.RTT),
        ({}, Course.UNKNOWN),
        ({"specialty": "Diagnostic Imaging", "service": "MRI knee"}, Course.DIAGNOSTIC),
        ({"service": "Direct access DEXA"}, Course.DIAGNOSTIC),
        ({"service": "Direct access ECG"}, Course.UNKNOWN),
        ({"specialty": "2WW", "service": "Two week wait skin"}, Course.ASK_TEAM),
    ],
)
def test_course_of_what_e_rs_alone_knows(told: dict[str, object], course: Course) -> None:
    assert only([], [referral(**told)]).course is course


def test_course_of_what_a_provider_alone_knows() -> None:
    soon = date(2026, 12, 16)
    assert only([], activities=[activity(ActivityKind.DIAGNOSTIC, start=soon)]).course is Course.DIAGNOSTIC
    assert only([], activities=[activity(start=soon)]).course is Course.UNKNOWN
    both = [activity(ActivityKind.DIAGNOSTIC, start=soon), activity(id="a2", start=soon)]
    assert only([], activities=both).course is Course.UNKNOWN
    imaging = activity(start=soon, specialty=Coded("812", "Diagnostic imaging"))
    assert only([], activities=[imaging]).course is Course.DIAGNOSTIC
    waiting = activity(ActivityKind.WAITING, ActivityStatus.ACTIVE, start=None, clock_start=date(2026, 5, 5))
    assert only([], activities=[waiting]).course is Course.UNKNOWN  # a community list counts days too


def test_course_of_what_extracts_alone_know() -> None:
    held = HeldRows("XFC01", TODAY, (), referrals=(sent(treatment_function="812"),))
    (found,) = stitch([held], [], about=held.referrals[0].nhs_number, today=TODAY, limit_days=10, organisations=str)
    assert found.course is Course.DIAGNOSTIC
    held = HeldRows("XFC01", TODAY, (), clock_events=(clock(date(2026, 9, 1), ClockMove.START, "10"),))
    (found,) = stitch([held], [], about=NhsNumber("9000000009"), today=TODAY, limit_days=10, organisations=str)
    assert (found.course, found.clock_start, found.days_waited) == (Course.RTT, date(2026, 9, 1), 80)


def test_the_fifteen_tests_of_dm01() -> None:
    listed = json.loads((files("resources") / "reference" / "courses.json").read_text(encoding="utf-8"))
    assert len(listed["diagnostic"]) == 15
    assert all(test["words"] for test in listed["diagnostic"])
    assert listed["source"]
    for named in ("Gastroscopy", "flexi-sigmoidoscopy list", "Adult sleep_study", "Non-obstetric ultrasound", "Peripheral neurophysiology"):
        assert is_diagnostic(named, TODAY), named
    for other in ("110", "Orthopaedics", "", "direct access", "Impact clinic"):
        assert not is_diagnostic(other, TODAY), other


def test_specialties_that_are_reported_as_one() -> None:
    assert same_specialty("110", "110", TODAY)
    assert same_specialty("111", "108", TODAY)
    assert not same_specialty("110", "140", TODAY)
    assert not same_specialty("110", "130", TODAY)
    assert alike_days() == 14


def test_the_two_waits_of_one_pathway() -> None:
    found = only([row(original_referral_received=date(2025, 1, 10))])
    assert (found.days_waited, found.days_since_referral) == (262, 679)
    assert only([row()]).days_since_referral is None
    old = only([row(original_referral_received=date(2025, 1, 10), week_ending=date(2026, 10, 4))])
    assert (old.days_waited, old.days_since_referral) == (215, 632)
    assert len(stitched([row()])) == 1


@pytest.mark.parametrize(
    ("from_day", "to_day", "holds"),
    [
        (None, None, True),
        ("2026-11-20", None, True),
        ("2026-11-21", None, False),
        (None, "2026-11-20", True),
        (None, "2026-11-19", False),
        ("2026-11-20", "2026-11-20", True),
        ("2026-11-01", "2026-11-19", False),
    ],
)
def test_what_is_in_force_on_a_day(from_day: str | None, to_day: str | None, holds: bool) -> None:
    entry = {"from": from_day, "to": to_day}
    assert in_force([entry], TODAY) == ([entry] if holds else [])

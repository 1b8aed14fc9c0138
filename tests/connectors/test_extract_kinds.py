"""Clock, referral and activity extracts: what is read of each, what is refused, and how a file's own totals are held against it."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from connectors.waiting_list_extract import national
from helpdesk.clock import LONDON
from helpdesk.errors import RuleBroken
from helpdesk.extracts.columns import CLOCK_STARTS, CLOCK_STOPS
from helpdesk.extracts.model import ExtractKind
from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.extract_rows import ClockEvent, ClockMove, ReferralRow
from helpdesk.pathways.reference import TreatmentFunction, treatment_functions
from tests.connectors.test_waiting_list_extract import DAY, reader
from tests.fakes_extract_kinds import activities, clocks, referrals
from tests.fakes_extracts import OTHER_NUMBER, pathways, persons

T = TypeVar("T")
START, STOP = "REFERRAL_TO_TREATMENT_PERIOD_START_DATE", "REFERRAL_TO_TREATMENT_PERIOD_END_DATE"
STATUS = "REFERRAL_TO_TREATMENT_PERIOD_STATUS"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "extract.csv"


def rows(path: Path, of: type[T], as_at: date | None = None) -> list[T]:
    profile = reader().profile(path, as_at=as_at)
    assert profile.problems == ()
    return [row for row in reader().rows(path, profile) if isinstance(row, of)]


def problems(path: Path, as_at: date | None = DAY) -> list[tuple[int | None, str]]:
    return [(p.row, p.column) for p in reader().profile(path, as_at=as_at).problems]


# Clocks


@pytest.mark.parametrize(
    ("told", "move", "day"),
    [
        ({}, ClockMove.START, date(2026, 3, 3)),
        ({STOP: "2026-06-01", STATUS: "30"}, ClockMove.STOP, date(2026, 6, 1)),
        ({STOP: "2026-06-01", STATUS: "33"}, ClockMove.NULLIFY, date(2026, 6, 1)),
        ({STOP: "1900-01-01"}, ClockMove.START, date(2026, 3, 3)),
    ],
)
def test_a_row_of_a_clocks_file_is_one_event(file: Path, told: dict[str, str], move: ClockMove, day: date) -> None:
    [event] = rows(clocks(file, told), ClockEvent)
    assert (event.move, event.day, event.as_at, event.provider.value) == (move, day, date(2026, 11, 15), "XFC01")
    assert event.pathway_id is not None


def test_starts_and_stops_may_come_in_two_files(file: Path) -> None:
    starts, stops = file.with_name("starts.csv"), file.with_name("stops.csv")
    clocks(starts, {}, columns=CLOCK_STARTS)
    clocks(stops, {STOP: "2026-06-01", STATUS: "30"}, columns=CLOCK_STOPS)
    assert [reader().read(p).kind for p in (starts, stops)] == [ExtractKind.CLOCK_STARTS, ExtractKind.CLOCK_STOPS]
    assert [e.move for p in (starts, stops) for e in rows(p, ClockEvent)] == [ClockMove.START, ClockMove.STOP]
    assert {ExtractKind.CLOCK_STARTS.held_as, ExtractKind.CLOCK_STOPS.held_as} == {ExtractKind.CLOCKS}


@pytest.mark.parametrize(
    ("told", "column"),
    [
        ({START: ""}, START),
        ({START: "2026-07-01", STOP: "2026-06-01"}, START),
        ({STATUS: "13"}, STATUS),
        ({"PATIENT_PATHWAY_IDENTIFIER": "XFC01000000000000"}, "PATIENT_PATHWAY_IDENTIFIER"),
        ({"NHS_NUMBER": "9993000018"}, "NHS_NUMBER"),
        ({"WEEK_ENDING_DATE": "2026-11-08"}, "WEEK_ENDING_DATE"),
    ],
)
def test_a_wrong_clock_is_named(file: Path, told: dict[str, str], column: str) -> None:
    assert problems(clocks(file, {}, told), None) == [(3, column)]


def test_an_open_pathways_file_is_not_taken_for_one_of_clocks(file: Path) -> None:
    assert reader().profile(pathways(file, {}, also=(STOP,))).kind is ExtractKind.OPEN_PATHWAYS


# Referrals


@pytest.mark.parametrize(
    ("state", "received", "accepted", "closed", "outcome"),
    [
        ("sent", None, None, None, ""),
        ("AWAITING_TRIAGE", 9, None, None, ""),
        ("Accepted", None, 9, None, ""),
        ("booked", None, 9, None, ""),
        ("REJECTED", None, None, 9, "rejected"),
        ("sent back", None, None, 9, "sent back"),
        ("withdrawn", None, None, 9, "withdrawn"),
    ],
)
def test_what_a_state_says(file: Path, state: str, received: int | None, accepted: int | None, closed: int | None, outcome: str) -> None:
    [row] = rows(referrals(file, {"state": state}), ReferralRow, DAY)
    expected = tuple(date(2026, 9, day) if day else None for day in (received, accepted, closed))
    assert (row.received, row.accepted, row.closed, row.outcome) == (*expected, outcome)
    assert (row.sent, row.as_at, row.referrer and row.referrer.value) == (date(2026, 9, 1), DAY, "XPR01")
    assert (row.ubrn and row.ubrn.value, row.treatment_function) == ("000990000017", "130")


def test_a_referral_file_may_be_to_several_providers_and_says_its_own_week(file: Path) -> None:
    week = {"as_at": "2026-11-15"}
    several = reader().profile(referrals(file, week, {**week, "provider_ods": "XTG01"}))
    assert (several.provider, several.as_at, several.problems) == ("", date(2026, 11, 15), ())
    assert reader().profile(file, provider="XPR01").provider == "XPR01"
    assert reader().profile(referrals(file, week, {**week, "nhs_number": OTHER_NUMBER})).provider == "XFC01"
    assert problems(referrals(file, {"as_at": "2026-11-22"}), None) == [(2, "as_at")]


def test_priority_is_never_read(file: Path) -> None:
    profile = reader().profile(referrals(file, {"priority": "2WW", "ward": "9"}), as_at=DAY)
    assert (profile.not_used, profile.extra_columns) == (("priority",), ("ward",))
    assert "2WW" not in repr(vars(rows(file, ReferralRow, DAY)[0]))


@pytest.mark.parametrize(
    ("told", "column"),
    [
        ({"state": "lost"}, "state"),
        ({"state": ""}, "state"),
        ({"state_date": ""}, "state_date"),
        ({"state_date": "2026-08-01"}, "state_date"),
        ({"sent_date": "01/09/2026"}, "sent_date"),
        ({"ubrn": "12"}, "ubrn"),
        ({"provider_ods": ""}, "provider_ods"),
        ({"treatment_function": "999"}, "treatment_function"),
        ({"nhs_number": "9993000018"}, "nhs_number"),
        ({"ubrn": "000990000017"}, "ubrn"),
    ],
)
def test_a_wrong_referral_is_named(file: Path, told: dict[str, str], column: str) -> None:
    assert problems(referrals(file, {}, told)) == [(3, column)]


def test_only_a_verified_number_is_linked_where_the_file_says_so(file: Path) -> None:
    profile = reader().profile(referrals(file, {"nhs_number_status": "01"}, {"nhs_number_status": "03"}), as_at=DAY)
    assert (profile.rows, profile.left_out, profile.problems) == (2, 1, ())
    assert len(list(reader().rows(file, profile))) == 1


# Activity


@pytest.mark.parametrize(
    ("told", "kind", "status"),
    [
        ({}, ActivityKind.APPOINTMENT, ActivityStatus.BOOKED),
        ({"outcome": "discharged"}, ActivityKind.ATTENDANCE, ActivityStatus.ATTENDED),
        ({"status": "fulfilled"}, ActivityKind.ATTENDANCE, ActivityStatus.ATTENDED),
        ({"status": "noshow", "outcome": "attended"}, ActivityKind.APPOINTMENT, ActivityStatus.MISSED),
        ({"kind": "Admission", "status": ""}, ActivityKind.ADMISSION, ActivityStatus.UNKNOWN),
        ({"kind": "diagnostic", "status": "cancelled"}, ActivityKind.DIAGNOSTIC, ActivityStatus.CANCELLED),
    ],
)
def test_what_an_activity_is_and_what_came_of_it(file: Path, told: dict[str, str], kind: ActivityKind, status: ActivityStatus) -> None:
    [fact] = rows(activities(file, told), Activity, DAY)
    assert (fact.kind, fact.status, fact.as_at, fact.local_id, fact.place) == (kind, status, DAY, "P1", "Eye clinic")


@pytest.mark.parametrize(
    ("written", "start"),
    [
        ("2026-12-01T09:30", datetime(2026, 12, 1, 9, 30, tzinfo=LONDON)),
        ("2026-12-01 09:30:00", datetime(2026, 12, 1, 9, 30, tzinfo=LONDON)),
        ("2026-12-01", date(2026, 12, 1)),
        ("2026-12-01T00:00:00", date(2026, 12, 1)),
        ("1900-01-01", None),
        ("", None),
    ],
)
def test_when_it_starts(file: Path, written: str, start: datetime | date | None) -> None:
    assert rows(activities(file, {"start": written}), Activity, DAY)[0].start == start


@pytest.mark.parametrize(
    ("told", "column"),
    [
        ({"kind": "telepathy"}, "kind"),
        ({"status": "perhaps"}, "status"),
        ({"outcome": "cured"}, "outcome"),
        ({"start": "2026-12-01T25:30"}, "start"),
        ({"start": "01/12/2026"}, "start"),
        ({"ubrn": "1"}, "ubrn"),
        ({"local_pathway_id": "P1"}, "start"),
    ],
)
def test_a_wrong_activity_is_named(file: Path, told: dict[str, str], column: str) -> None:
    told = {"local_pathway_id": "P2", **told}
    assert problems(activities(file, {}, told)) == [(3, column)]


# Code lists and totals


def test_a_treatment_function_that_had_ended_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = TreatmentFunction("130", "Ophthalmology", False, False, None, date(2026, 8, 31), "made up")
    monkeypatch.setattr(national, "treatment_functions", lambda: {**treatment_functions(), "130": ended})
    assert problems(referrals(file, {}, {"sent_date": "2026-08-31"})) == [(2, "treatment_function")]


@pytest.mark.parametrize(
    ("trailer", "expected"), [("TRAILER,2", []), ("TRAILER,3", [(4, "trailer row")]), ("Total,,", [(4, "trailer row")])]
)
def test_a_trailer_row_counts_the_others(file: Path, trailer: str, expected: list[tuple[int, str]]) -> None:
    referrals(file, {}, {"nhs_number": OTHER_NUMBER})
    file.write_text(file.read_text(encoding="utf-8") + trailer + "\r\n", encoding="utf-8", newline="")
    assert problems(file) == expected
    assert reader().profile(file, as_at=DAY).rows == 2


def test_a_row_behind_the_trailer_is_refused(file: Path) -> None:
    lines = referrals(file, {}).read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([lines[0], "TRAILER,1", lines[1]]), encoding="utf-8")
    assert problems(file) == [(3, "trailer row")]


@pytest.mark.parametrize("name", ["extract.csv.totals", "extract.totals"])
def test_a_file_of_totals_beside_it(file: Path, name: str) -> None:
    referrals(file, {})
    beside = file.with_name(name)
    beside.write_text(f"rows=1\nsha256={hashlib.sha256(file.read_bytes()).hexdigest()}\n", encoding="utf-8")
    assert problems(file) == []
    beside.write_text("rows,7\n", encoding="utf-8")
    assert problems(file) == [(None, "totals file")]
    beside.write_text("sha256=00\n", encoding="utf-8")
    assert problems(file) == [(None, "totals file")]
    beside.write_text("many", encoding="utf-8")
    with pytest.raises(RuleBroken, match="totals file"):
        reader().profile(file, as_at=DAY)


# In one pass


def test_one_pass_gives_the_rows_and_at_the_end_what_was_found(file: Path) -> None:
    reading = reader().read(pathways(file, {}, {"NHS_NUMBER_STATUS": "03"}, {"NHS_NUMBER": "1"}, {}))
    assert (reading.kind, reading.provider, reading.as_at) == (ExtractKind.OPEN_PATHWAYS, "XFC01", date(2026, 11, 15))
    with pytest.raises(RuleBroken, match="not read to its end"):
        reading.profile()
    assert len(list(reading)) == 2
    assert (reading.problem_count, reading.share) == (1, 1.0)
    assert reading.profile() == reader().profile(file)


def test_one_pass_over_persons_needs_their_day(file: Path) -> None:
    reading = reader().read(persons(file, {}))
    assert (reading.as_at, len(list(reading)), reading.profile().as_at) == (None, 1, None)

"""Clocks, referrals and activity: held like lists, read back per provider, and hiding what a list would not say."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import text
from storage_facts import NOON, MovableClock, event, list_row, number, patient, profile, session

from helpdesk.extracts.history import ImportOutcome
from helpdesk.extracts.model import ExtractKind
from helpdesk.identifiers import OdsCode, PathwayId, Ubrn
from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.extract_rows import ClockEvent, ClockMove, ReferralRow
from helpdesk.pathways.model import Coded
from helpdesk.patients.model import PersonRow, Sensitivity
from helpdesk.storage.database import Database
from helpdesk.storage.import_history import SqlImportHistory
from helpdesk.storage.people import SqlPeople
from helpdesk.storage.prepared import Row
from helpdesk.storage.snapshots import SqlSnapshots
from helpdesk.storage.waiting_lists import SqlWaitingLists

DAY = date(2026, 11, 15)


def clock_event(n: int) -> ClockEvent:
    keys = (PathwayId("P1", "XFC01"), Ubrn("000012345678"))
    return ClockEvent(number(n), OdsCode("XFC01"), DAY, date(2026, 11, 2), ClockMove.STOP, "30", f"L{n}", *keys, "110", "clocks")


def referral(n: int) -> ReferralRow:
    days = (date(2026, 3, 1), date(2026, 3, 3), None, None)
    return ReferralRow(number(n), OdsCode("XFC01"), DAY, *days, "waiting", OdsCode("XGP001"), f"L{n}", None, None, "110", "referrals")


def visit(n: int, at: date | datetime = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)) -> Activity:
    return Activity(
        number(n),
        ActivityKind.APPOINTMENT,
        ActivityStatus.BOOKED,
        f"a{n}",
        provider=OdsCode("XFC01"),
        specialty=Coded("110", "Trauma and Orthopaedics"),
        start=at,
        place="Fenmoor General",
        source="activity",
        as_at=DAY,
    )


def put(database: Database, clock: MovableClock, kind: ExtractKind, *rows: Row, provider: str = "XFC01") -> None:
    snapshots = SqlSnapshots(database, session(), clock)
    staged = snapshots.stage(profile(kind, provider), DAY, provider, kind.value, "A. Handler")
    snapshots.add(staged, rows)
    snapshots.go_live(staged, event())


def test_each_kind_is_read_back_as_it_was(database: Database, clock: MovableClock) -> None:
    put(database, clock, ExtractKind.OPEN_PATHWAYS, list_row(1))
    put(database, clock, ExtractKind.CLOCK_STOPS, clock_event(1), clock_event(2))
    put(database, clock, ExtractKind.REFERRALS, referral(1))
    put(database, clock, ExtractKind.ACTIVITY, visit(1), visit(1, date(2026, 12, 2)))
    (held,) = SqlWaitingLists(database).rows_for(number(1))
    assert (held.rows, held.clock_events, held.referrals) == ((list_row(1),), (clock_event(1),), (referral(1),))
    assert held.activities == (visit(1), visit(1, date(2026, 12, 2)))
    assert (held.clocks_as_at, held.has_list) == (DAY, True)


def test_a_provider_without_a_list_says_so(database: Database, clock: MovableClock) -> None:
    put(database, clock, ExtractKind.REFERRALS, referral(1), provider="XEYE1")
    (held,) = SqlWaitingLists(database).rows_for(number(2))
    assert (held.provider, held.has_list, held.referrals, held.clocks_as_at) == ("XEYE1", False, (), None)


def test_rows_follow_a_replaced_number(database: Database, clock: MovableClock) -> None:
    put(database, clock, ExtractKind.CLOCKS, clock_event(1))
    SqlPeople(database, clock).remember(patient(2, asked_for=number(1), source="pds"))
    put(database, clock, ExtractKind.REFERRALS, referral(1))
    (held,) = SqlWaitingLists(database).rows_for(number(1))
    assert {row.nhs_number for row in (*held.clock_events, *held.referrals)} == {number(2)}
    assert (len(held.clock_events), len(held.referrals)) == (1, 1)


def test_nothing_says_where_a_restricted_person_is_whichever_came_first(database: Database, clock: MovableClock) -> None:
    people = SqlPeople(database, clock)
    put(database, clock, ExtractKind.ACTIVITY, visit(1), visit(2))
    people.remember(patient(1, source="pds", sensitivity=Sensitivity.RESTRICTED))
    put(database, clock, ExtractKind.REFERRALS, referral(1), referral(2))
    (held,) = SqlWaitingLists(database).rows_for(number(1))
    assert ([a.place for a in held.activities], [r.referrer for r in held.referrals]) == ([""], [None])
    (other,) = SqlWaitingLists(database).rows_for(number(2))
    assert ([a.place for a in other.activities], [r.referrer for r in other.referrals]) == (["Fenmoor General"], [OdsCode("XGP001")])


def test_keys_of_somebody_restricted_while_the_import_runs_never_go_in(database: Database, clock: MovableClock) -> None:
    snapshots = SqlSnapshots(database, session(), clock)
    staged = snapshots.stage(profile(), DAY, "", "persons", "A. Handler")
    preparation = snapshots.preparation(staged)
    rows, keys = [*preparation.take([PersonRow(patient(1)), PersonRow(patient(2))]), *preparation.rest()]

    def meanwhile() -> object:
        yield rows
        SqlPeople(database, clock).remember(patient(1, source="pds", sensitivity=Sensitivity.RESTRICTED))
        yield keys

    snapshots.put(staged, meanwhile())  # type: ignore[arg-type]  # a generator of pieces
    with database.read() as transaction:
        kinds = text("SELECT kind FROM person_key WHERE origin <> 0 AND row_no = :row AND kind IN ('phone', 'postcode', 'email')")
        assert [len(transaction.scalars(kinds, {"row": row}).all()) for row in (0, 1)] == [0, 3]


def test_every_attempt_stands_in_the_history(database: Database, clock: MovableClock) -> None:
    history = SqlImportHistory(database, clock)
    snapshots = SqlSnapshots(database, session(), clock)
    refused, left = history.began("lists", "A. Handler"), history.began("lists", "B. Handler")
    history.ended(refused, ImportOutcome.REFUSED, profile(ExtractKind.OPEN_PATHWAYS, "XFC01"), "older")
    history.staged(left, snapshots.stage(profile(), DAY, "", "lists", "B. Handler"))
    clock.move(minutes=3)
    snapshots.clean()
    last, first = history.attempts()
    assert (first.outcome, first.why, first.by, first.kind, first.began) == (
        ImportOutcome.REFUSED,
        "older",
        "A. Handler",
        "open_pathways",
        NOON,
    )
    assert (last.outcome, last.ended) == (ImportOutcome.INTERRUPTED, clock.moment)

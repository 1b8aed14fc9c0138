"""Everybody in the area, some at a time: nobody twice, nobody left out, a list swapped in between is the new one."""

from __future__ import annotations

import json
from datetime import date

import pytest
from storage_facts import MovableClock, event, list_row, number, profile, session

from helpdesk.audit import AuditAction
from helpdesk.extracts.model import ExtractKind
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.model import ListRow
from helpdesk.storage.area_rows import SqlAreaRows
from helpdesk.storage.database import Database
from helpdesk.storage.observations import SqlObservations
from helpdesk.storage.snapshots import SqlSnapshots


class Lists:
    def __init__(self, database: Database, clock: MovableClock) -> None:
        self._store = SqlSnapshots(database, session(), clock)

    def go_live(self, provider: str, week: date, rows: list[ListRow]) -> None:
        made = self._store.stage(profile(ExtractKind.OPEN_PATHWAYS, provider), week, provider, "lists", "A. Handler")
        self._store.add(made, rows)
        self._store.go_live(made, event(AuditAction.EXTRACT_IMPORTED))


@pytest.fixture
def lists(database: Database, clock: MovableClock) -> Lists:
    return Lists(database, clock)


def everybody(database: Database, size: int) -> list[NhsNumber]:
    return [number_ for some in SqlAreaRows(database).batches(size) for number_ in some]


def test_everybody_comes_once_in_lots_of_the_size_asked_for(database: Database, lists: Lists) -> None:
    week = date(2026, 11, 15)
    lists.go_live("XFC01", week, [list_row(n, pathway=f"P{n}") for n in range(1, 12)] + [list_row(3, pathway="P3b")])
    lists.go_live("XFC02", week, [list_row(n, provider="XFC02", pathway=f"Q{n}") for n in (2, 30)])
    rows = SqlAreaRows(database)
    lots = list(rows.batches(5))
    assert [len(lot) for lot in lots] == [5, 5, 2]
    assert everybody(database, 5) == [number(n) for n in (*range(1, 12), 30)]
    held = {number_: theirs for lot in lots for number_, theirs in lot.items()}
    assert [h.provider for h in held[number(2)]] == ["XFC01", "XFC02"]
    assert [len(h.rows) for h in held[number(3)]] == [2, 0]
    assert all(row.nhs_number == number_ for number_, theirs in held.items() for h in theirs for row in h.rows)
    assert rows.count() == 12


def test_whoever_left_the_list_comes_with_the_lists_of_before(database: Database, lists: Lists) -> None:
    lists.go_live("XFC01", date(2026, 11, 8), [list_row(n, pathway=f"P{n}", week=date(2026, 11, 8)) for n in (1, 2)])
    before = SqlAreaRows(database).state()
    lists.go_live("XFC01", date(2026, 11, 15), [list_row(1)])
    (lot,) = SqlAreaRows(database).batches(10)
    assert set(lot) == {number(1), number(2)}
    (held,) = lot[number(2)]
    assert (held.rows, [row.week_ending for row in held.former]) == ((), [date(2026, 11, 8)])
    assert SqlAreaRows(database).state() != before


def test_whoever_is_known_only_from_a_source_comes_too_with_the_newest_of_each(
    database: Database, clock: MovableClock, lists: Lists
) -> None:
    lists.go_live("XFC01", date(2026, 11, 15), [list_row(1)])
    observations = SqlObservations(database, clock)
    for day in ("19", "20"):
        observations.keep("ers", number(9), "ubrn:1", f"2026-11-{day}T09:00:00+00:00", json.dumps(day))
    assert everybody(database, 10) == [number(1), number(9)]
    kept = SqlAreaRows(database).observations([number(1), number(9)])
    assert kept == {number(9): [("ers", "ubrn:1", "2026-11-20T09:00:00+00:00", '"20"')]}


def test_a_list_swapped_between_two_lots_is_the_new_one_afterwards(database: Database, lists: Lists) -> None:
    lists.go_live("XFC01", date(2026, 11, 8), [list_row(n, pathway=f"P{n}", week=date(2026, 11, 8)) for n in range(1, 5)])
    lots = SqlAreaRows(database).batches(2)
    first = next(lots)
    lists.go_live("XFC01", date(2026, 11, 15), [list_row(n, pathway=f"P{n}") for n in range(1, 5)])
    second = next(lots)
    assert {h.week_ending for theirs in first.values() for h in theirs} == {date(2026, 11, 8)}
    assert {h.week_ending for theirs in second.values() for h in theirs} == {date(2026, 11, 15)}
    assert set(first) | set(second) == {number(n) for n in range(1, 5)}

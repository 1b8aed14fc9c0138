"""Imports people as an extract does, and finds them again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from storage_facts import MovableClock, event, profile, session

from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Patient, PersonRow, Query
from helpdesk.storage.database import Database
from helpdesk.storage.people import SqlPeople
from helpdesk.storage.snapshots import SqlSnapshots


def imported(database: Database, clock: MovableClock, rows: Iterable[PersonRow | Patient], provider: str = "") -> None:
    snapshots = SqlSnapshots(database, session(), clock)
    opened = snapshots.stage(profile(), date(2026, 11, 15), provider, "persons", "A. Handler")
    snapshots.add(opened, [row if isinstance(row, PersonRow) else PersonRow(row) for row in rows])
    snapshots.go_live(opened, event())


def found(people: SqlPeople, asked: Query, limit: int = 50) -> list[NhsNumber]:
    return [one.nhs_number for one in people.find(asked, limit)[0]]

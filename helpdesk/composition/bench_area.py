"""The area of `bench pathways`: as many pathways as asked for, in an encrypted database of its own, with four weeks of lists.

A small practice area, with pathways stuck in each of the ways at its usual rates, is written over and over under other
people's numbers; so whatever the size, the mixture is that of the practice area."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count, islice
from pathlib import Path

from helpdesk.access.model import Role, Session
from helpdesk.audit import AuditAction, AuditEvent
from helpdesk.clock import Clock, SystemClock, london_day
from helpdesk.composition import accounts
from helpdesk.desk.kept_referrals import KeptReferrals
from helpdesk.desk.ports import Row
from helpdesk.extracts.model import ExtractKind, Profile
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.model import ListRow
from helpdesk.patients.model import PersonRow
from helpdesk.practice.area import make_area
from helpdesk.practice.model import Area
from helpdesk.start import PRACTICE_SEED
from helpdesk.storage.database import Database
from helpdesk.storage.observations import SqlObservations
from helpdesk.storage.snapshots import SqlSnapshots

_SAMPLE = 2_000
_FIRST = 900_000_000
_MOST_KEPT = 2_000
"""e-RS answers are kept one by one: of so many people at most."""


@dataclass(frozen=True)
class BenchArea:
    """`people` are those with pathways, `pathways` how many rows the newest lists have."""

    database: Database
    session: Session
    clock: Clock
    people: tuple[NhsNumber, ...]
    pathways: int


@contextmanager
def filled(pathways: int) -> Iterator[BenchArea]:
    """A database with at least so many pathways, in a temporary folder that goes at the end."""
    clock = SystemClock()
    area = make_area(_SAMPLE, PRACTICE_SEED, london_day(clock.now()))
    session = accounts.program_session(Role.NAVIGATOR, accounts.COMMAND_DESK, "XICB", clock)
    copies = _copies(area, pathways)
    with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder:
        database = Database.open(Path(folder) / "helpdesk.db", os.urandom(32), "sandbox")
        try:
            database.migrate()
            _Filling(database, session, clock, area, copies).fill()
            people = tuple(number for copy in copies for number in dict.fromkeys(copy[row.nhs_number] for row in area.list_rows))
            yield BenchArea(database, session, clock, people, len(area.list_rows) * len(copies))
        finally:
            database.close()


Copy = dict[NhsNumber, NhsNumber]


def _copies(area: Area, pathways: int) -> tuple[Copy, ...]:
    """For each time the area is written, its people's numbers there."""
    numbers = _numbers()
    own = [person.patient.nhs_number for person in area.people]
    times = -(-pathways // len(area.list_rows))
    return tuple(dict(zip(own, islice(numbers, len(own)), strict=True)) for _ in range(times))


def _numbers() -> Iterator[NhsNumber]:
    """NHS numbers that are never issued."""
    for nine in count(_FIRST):
        digit = NhsNumber.check_digit(str(nine))
        if digit is not None:
            yield NhsNumber(f"{nine}{digit}")


class _Filling:
    def __init__(self, database: Database, session: Session, clock: Clock, area: Area, copies: tuple[Copy, ...]) -> None:
        self._store = SqlSnapshots(database, session, clock)
        self._kept = KeptReferrals(SqlObservations(database, clock))
        self._area, self._copies = area, copies

    def fill(self) -> None:
        area = self._area
        self._import(ExtractKind.PERSONS, "", area.today, (PersonRow(person.patient) for person in area.people))
        rows = [*area.former_rows, *area.list_rows]
        for provider, week in sorted({(row.provider.value, row.week_ending) for row in rows}, key=lambda one: one[1]):
            theirs = [row for row in rows if (row.provider.value, row.week_ending) == (provider, week)]
            self._import(ExtractKind.OPEN_PATHWAYS, provider, week, theirs)
        for provider in sorted({event.provider.value for event in area.clock_events}):
            events = [event for event in area.clock_events if event.provider.value == provider]
            self._import(ExtractKind.CLOCK_STOPS, provider, events[0].as_at, events)
        for provider in sorted({sent.provider.value for sent in area.sent}):
            sent = [one for one in area.sent if one.provider.value == provider]
            self._import(ExtractKind.REFERRALS, provider, sent[0].as_at, sent)
        self._keep_referrals()

    def _import(self, kind: ExtractKind, provider: str, day: date, rows: Iterable[Row]) -> None:
        sample = tuple(rows)
        profile = Profile(kind, provider, day, len(sample) * len(self._copies), f"{kind}{provider}{day}")
        made = self._store.stage(profile, day, provider, "lists", "bench")
        self._store.add(made, (_for(row, copy) for copy in self._copies for row in sample if _whose(row) in copy))
        self._store.go_live(made, AuditEvent(AuditAction.EXTRACT_IMPORTED, "bench"))

    def _keep_referrals(self) -> None:
        every = (replace(r, nhs_number=copy[r.nhs_number]) for copy in self._copies for r in self._area.referrals if r.nhs_number in copy)
        moment = SystemClock().now() - timedelta(hours=6)
        for referral in islice(every, _MOST_KEPT):
            self._kept.keep(replace(referral, as_at=moment, source="ers"))


def _whose(row: Row) -> NhsNumber:
    return row.patient.nhs_number if isinstance(row, PersonRow) else row.nhs_number


def _for(row: Row, copy: Copy) -> Row:
    """The same row of somebody else."""
    number = copy[_whose(row)]
    if isinstance(row, PersonRow):
        return PersonRow(replace(row.patient, nhs_number=number, asked_for=number), row.nhs_number_status)
    if isinstance(row, ListRow):
        return replace(row, nhs_number=number, source="lists")
    return replace(row, nhs_number=number)

"""Thousands of broken extracts: each is imported whole or refused whole with its place, and never is half of one held."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from connectors.waiting_list_extract import connect
from connectors.waiting_list_extract.settings import ExtractSettings
from helpdesk.access.model import Role, Session, Staff
from helpdesk.desk.extracts import ExtractImport, ExtractRefused
from helpdesk.errors import RuleBroken
from helpdesk.extracts.columns import ACTIVITY, CLOCKS, OPEN_PATHWAYS, PERSONS, REFERRALS
from helpdesk.extracts.model import Profile
from helpdesk.identifiers import NhsNumber
from helpdesk.registry.contract import ConnectorContext
from helpdesk.storage.database import Database
from helpdesk.storage.index_records import SnapshotRecord
from helpdesk.storage.snapshots import SqlSnapshots
from tests.extract_mutations import MUTATIONS, mutated
from tests.fakes_extract_kinds import APPOINTMENT, CLOCK, REFERRAL
from tests.fakes_extracts import NOW, PATHWAY, PERSON, FixedClock, NotedAudit, text_of

PARTS, FILES = (20, 500) if os.environ.get("HELPDESK_SOAK") else (1, 200)
"""So many desks, each of which is sent so many files."""
SEED = 20261118
DAY = date(2026, 11, 18)
ROWS = 30
NUMBERS = [f"{nine}{digit}" for nine in range(999_300_001, 999_300_060) if (digit := NhsNumber.check_digit(str(nine)))][:ROWS]
OF_THE_FILE = {"trailer row", "totals file", ""}


def _files() -> dict[str, bytes]:
    """A sound file of each kind."""
    each = [(n, number) for n, number in enumerate(NUMBERS)]
    pathway = [{"PATIENT_PATHWAY_IDENTIFIER": f"XFC01{n:012}", "NHS_NUMBER": number} for n, number in each]
    stop = "REFERRAL_TO_TREATMENT_PERIOD_END_DATE"
    return {
        "persons": text_of(PERSONS, [{**PERSON, "nhs_number": number} for _, number in each]).encode(),
        "open_pathways": text_of(OPEN_PATHWAYS, [{**PATHWAY, **row} for row in pathway]).encode(),
        "clocks": text_of(CLOCKS, [{**CLOCK, **row, stop: "2026-06-01"} for row in pathway]).encode(),
        "referrals": text_of(REFERRALS, [{**REFERRAL, "nhs_number": number, "ubrn": f"000990{n:06}"} for n, number in each]).encode(),
        "activity": text_of(ACTIVITY, [{**APPOINTMENT, "nhs_number": number} for _, number in each]).encode(),
    }


class Desk:
    """A real import into a real database of its own."""

    def __init__(self, folder: Path) -> None:
        self.database = Database.open(folder / "helpdesk.db", bytes(range(32)), "live")
        self.database.migrate()
        staff = Staff("staff-1", "admin", "A. Administrator", frozenset({Role.ADMINISTRATOR}))
        session = Session("session-1", staff, Role.ADMINISTRATOR, "desk-1", "XICB", NOW)
        self.store = SqlSnapshots(self.database, session, FixedClock())
        self.reader = connect(ExtractSettings(), ConnectorContext("list", "List", "XICB", FixedClock(), str))
        self.service = ExtractImport(self.store, NotedAudit(), session, FixedClock())
        self.path = folder / "extract.csv"

    def take(self, data: bytes) -> Profile:
        """Imports the file and returns what was said of it. Raises RuleBroken."""
        self.path.write_bytes(data)
        made = self.service.import_file(self.reader, self.path, as_at=DAY if b"WEEK_ENDING" not in data.upper() else None, source="list")
        profile = self.reader.profile(self.path, as_at=made.as_at)
        assert made.rows == profile.rows - profile.left_out
        return profile

    def live(self) -> set[tuple[str, int]]:
        with self.database.read() as transaction:
            return {
                (s, n) for s, n in transaction.execute(select(SnapshotRecord.id, SnapshotRecord.rows).where(SnapshotRecord.state == "live"))
            }

    def half_done(self) -> int:
        with self.database.read() as transaction:
            return transaction.scalar(select(func.count()).select_from(SnapshotRecord).where(SnapshotRecord.state == "staged")) or 0


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.database.close()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(PARTS))
def test_soak_of_broken_extracts(desk: Desk, part: int) -> None:
    rng, sound = Random(SEED + part), _files()
    for data in sound.values():
        desk.take(data)
    became: Counter[str] = Counter()
    for n in range(FILES):
        kind = rng.choice(tuple(sound))
        names, data = mutated(rng, sound[kind])
        before = desk.live()
        try:
            desk.take(data)
            became["taken"] += 1
        except RuleBroken as refused:
            became["refused"] += 1
            assert desk.live() == before, f"file {n} ({kind}: {names}) changed what is held"
            _check_place(refused, f"file {n} ({kind}: {names})")
        if n % 50 == 0 or n == FILES - 1:
            assert desk.half_done() == 0, f"after file {n} ({kind}: {names}) something is half done"
    assert became["refused"] > FILES / 2
    assert became["taken"] > 0


def _check_place(refused: RuleBroken, which: str) -> None:
    """Each problem names its row and column; what concerns the whole file names the field or says what to do."""
    assert refused.message.endswith((".", "?")), which
    if not isinstance(refused, ExtractRefused) or not refused.problems:
        assert refused.field, which
        return
    for problem in refused.problems:
        whole_file = problem.row is None and problem.column in OF_THE_FILE
        assert whole_file or (problem.row is not None and problem.row > 1 and problem.column), f"{which}: {problem}"
        assert not any(number in problem.text for number in NUMBERS), which


@pytest.mark.parametrize("name", MUTATIONS)
def test_every_fault_changes_a_file(name: str) -> None:
    sound = _files()
    assert any(MUTATIONS[name](Random(seed), data) != data for seed in range(20) for data in sound.values())

"""What was acknowledged is there after the program was killed, and no file shows anybody's data."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from storage_facts import KEY, NOON, MovableClock, draft, event, list_row, message, number, patient, profile, saved, session

from helpdesk.extracts.model import ExtractKind
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Address, PersonName, PersonRow, Phone
from helpdesk.queue.model import WorkItem, WorkKind
from helpdesk.storage.audit import verify
from helpdesk.storage.calls import SqlCalls
from helpdesk.storage.database import Database
from helpdesk.storage.observations import SqlObservations
from helpdesk.storage.outbox import SqlOutbox
from helpdesk.storage.people import SqlPeople
from helpdesk.storage.snapshots import SqlSnapshots
from helpdesk.storage.work import SqlSpentItems, SqlWorkItems

KILLS = 20


def write_until_killed(path: Path, acknowledgements: int) -> list[list[str]]:
    """Kills the writer after so many acknowledgements, wherever it then is, and returns all it acknowledged."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    command = [sys.executable, str(Path(__file__).with_name("storage_writer.py")), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(acknowledgements)]
        writer.send_signal(signal.SIGKILL)
        lines += writer.stdout.readlines()
        assert writer.wait(20) == -signal.SIGKILL
    return [line.rstrip("\n").split("\t") for line in lines if line.endswith("\n")]


@pytest.mark.timeout(300)
def test_killed_twenty_times_keeps_all_that_was_acknowledged(encrypted: Database, tmp_path: Path, clock: MovableClock) -> None:
    encrypted.close()
    path, drafts, calls = tmp_path / "helpdesk.db", dict[str, str](), set[str]()
    chance = random.Random(7)
    for _ in range(KILLS):
        for kind, call_id, notes in write_until_killed(path, chance.randint(1, 12)):
            if kind == "draft":
                drafts[call_id] = notes
            else:
                calls.add(call_id)
                drafts.pop(call_id)
        database = Database.open(path, KEY, "live")
        _check(database, clock, drafts, calls)
        database.close()
    assert len(calls) > KILLS


def _check(database: Database, clock: MovableClock, drafts: dict[str, str], calls: set[str]) -> None:
    store = SqlCalls(database, session(), clock)
    held = {one.id: one.notes for one in store.open_drafts()}
    kept = {one.id for one in store.calls_of(number(1), limit=100_000)}
    assert calls <= kept
    for call_id, notes in drafts.items():
        assert call_id in kept or held[call_id] in (notes, "all the words")
    with database.read() as transaction:
        assert transaction.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        assert set(transaction.scalars(text("SELECT call_id FROM outbox"))) == kept
    report = verify(database)
    assert (report.rows, report.problems) == (len(kept), ())


def test_no_file_shows_anybody_s_data(encrypted: Database, tmp_path: Path, clock: MovableClock) -> None:
    canaries = _fill_with_canaries(encrypted, clock)
    assert len(canaries) >= 1000
    _assert_absent(tmp_path, canaries, {"helpdesk.db", "helpdesk.db-wal", "helpdesk.db-shm"})
    encrypted.close()
    _assert_absent(tmp_path, canaries, {"helpdesk.db"})


def _assert_absent(folder: Path, canaries: set[str], files: set[str]) -> None:
    assert {file.name for file in folder.iterdir()} == files
    for file in folder.iterdir():
        found = file.read_bytes()
        assert [canary for canary in canaries if canary.encode() in found or canary.encode("utf-16-le") in found] == [], file.name


def _fill_with_canaries(database: Database, clock: MovableClock) -> set[str]:
    """Writes 200 people with a name, a number, a phone, a note and more each, through every table."""
    snapshots, calls = SqlSnapshots(database, session(), clock), SqlCalls(database, session(), clock)
    persons = snapshots.stage(profile(), NOON.date(), "", "persons", "A. Handler")
    lists = snapshots.stage(profile(ExtractKind.OPEN_PATHWAYS, "XFC01"), NOON.date(), "XFC01", "lists", "A. Handler")
    canaries: set[str] = set()
    people: list[PersonRow] = []
    for n in range(200):
        name, phone, note, street = f"Canaryname{n:04}", f"07700 9{n:05}", f"canary note {n:04}", f"{n:04} Canary Street"
        canaries |= {name, name.lower(), phone, phone.replace(" ", ""), note, street, str(number(n)), f"person{n}@example.org"}
        located = {"phones": (Phone(phone),), "address": Address((street,), "ZZ99 3AA")}
        people.append(PersonRow(patient(n, name=PersonName(name, ("Jane",)), **located)))
        _one_call(database, calls, clock, number(n), note, remember=n % 20 == 0)
    snapshots.add(persons, people)
    snapshots.add(lists, [list_row(n) for n in range(200)])
    snapshots.go_live(persons, event(subjects=tuple(number(n) for n in range(200))))
    snapshots.go_live(lists, event())
    return canaries


def _one_call(database: Database, calls: SqlCalls, clock: MovableClock, about: NhsNumber, note: str, *, remember: bool) -> None:
    calls.put_draft(draft(notes=note, about=about))
    if not remember:
        return
    call = saved(notes=note, about=about)
    calls.save(
        call, [message(call.id, about)], [WorkItem(call.id, WorkKind.CALL_BACK, NOON, note, subject=about)], event(subjects=(about,))
    )
    SqlObservations(database, clock).keep("ers", about, "ubrn:1", "2026-11-20", f'"{note}"')
    SqlSpentItems(database, clock).spend(about, call.id, "postcode")
    assert SqlPeople(database, clock).known_sensitivity(about) is None
    assert SqlOutbox(database, clock).of_call(call.id)
    assert SqlWorkItems(database, clock).open_items()

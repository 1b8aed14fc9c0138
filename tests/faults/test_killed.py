"""A desk killed in the middle of a call, again and again: what was acknowledged is there, once, and under the right patient."""

from __future__ import annotations

import json
import os
import random
import re
import select
import signal
import subprocess
import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import text

from helpdesk.access.model import Role
from helpdesk.composition.opening import OpenFolder
from helpdesk.composition.services import Services
from helpdesk.start import begin
from helpdesk.storage.audit import verify
from helpdesk.storage.database import Database
from tests.journeys.conftest import Sandbox, area, sandbox
from tests.journeys.test_one_call import patient_of, right_answers

__all__ = ["area", "sandbox"]

KILLS = 500 if os.environ.get("HELPDESK_SOAK") else 25
LONGEST_S = 0.35
STORIES = ("simple_wait", "three_pathways", "conflict")
NOTE = re.compile(r"note (\d+) about (\d{10})")


@dataclass
class Acknowledged:
    """What the killed programs said is on disk: the newest notes of each draft, each saved call's notes, and whose they are."""

    drafts: dict[str, str] = field(default_factory=dict)
    calls: dict[str, str] = field(default_factory=dict)
    patients: dict[str, str] = field(default_factory=dict)

    def take(self, lines: list[str]) -> None:
        for kind, call_id, patient, notes in (line.split("\t") for line in lines):
            self.patients[call_id] = patient
            if kind == "saved":
                self.calls[call_id] = notes
                self.drafts.pop(call_id, None)
            else:
                self.drafts[call_id] = notes


class Killer:
    """Starts the child, lets it run for a random while after its first word, and kills it."""

    def __init__(self, sandbox: Sandbox, tmp_path: Path) -> None:
        self._sandbox, self._people, self._chance = sandbox, tmp_path / "people.json", random.Random(11)
        patients = [patient_of(sandbox, story) for story in STORIES]
        told = {p.nhs_number.value: {"number": p.nhs_number.value, "answers": right_answers(p)} for p in patients}
        self._people.write_text(json.dumps(told), encoding="utf-8")

    def round(self, nth: int) -> list[str]:
        top = Path(__file__).resolve().parents[2]
        words = [str(self._sandbox.config), str(self._sandbox.data), str(self._people), str(nth)]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(top), *sys.path])}
        command = [sys.executable, str(Path(__file__).with_name("call_taker.py")), *words]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, bufsize=0) as child:
            assert child.stdout is not None
            heard = child.stdout.read(1) or b""
            assert heard, "the child ended before it took a call"
            select.select([], [], [], self._chance.uniform(0, LONGEST_S))
            child.send_signal(signal.SIGKILL)
            heard += child.stdout.read()
            assert child.wait(30) == -signal.SIGKILL
        whole, _, _cut_short = heard.rpartition(b"\n")
        return whole.decode().splitlines()


@pytest.mark.timeout(max(600, 8 * KILLS))
def test_a_desk_killed_at_any_moment_loses_nothing_it_acknowledged(sandbox: Sandbox, tmp_path: Path) -> None:
    killer, said, begun = Killer(sandbox, tmp_path), Acknowledged(), begin(config=str(sandbox.config), data_dir=str(sandbox.data))
    caught_open = 0
    for nth in range(KILLS):
        said.take(killer.round(nth))
        with closing(OpenFolder(begun)) as folder:
            caught_open += _check(folder, folder.practise_as(Role.HANDLER), said)
    assert len(said.calls) > KILLS
    assert caught_open > KILLS / 4, "most of the kills came between two calls"


def _check(folder: OpenFolder, services: Services, said: Acknowledged) -> int:
    """Returns how many drafts the kill left behind."""
    drafts = {d.id: d for d in services.workstation().calls.unfinished()}
    calls = {c.id: c for c in services.recent_calls(100_000)}
    for call_id, notes in said.calls.items():
        assert calls[call_id].notes == notes
        assert str(calls[call_id].patient) == said.patients[call_id]
    for call_id, notes in said.drafts.items():
        found = drafts[call_id] if call_id in drafts else calls[call_id]
        assert _count(found.notes) in (_count(notes), _count(notes) + 1)
    for one in (*drafts.values(), *calls.values()):
        about = NOTE.fullmatch(one.notes)
        assert about is None or about[2] == str(one.patient), "notes under another patient"
    assert drafts.keys().isdisjoint(calls)
    _check_database(folder.database, set(calls))
    return len(said.drafts.keys() & drafts.keys())


def _count(notes: str) -> int:
    found = NOTE.fullmatch(notes)
    return int(found[1]) if found else 0


def _check_database(database: Database, calls: set[str]) -> None:
    with database.read() as transaction:
        assert transaction.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        versions = Counter(transaction.scalars(text("SELECT call_id FROM call_version")))
        messages = Counter(transaction.scalars(text("SELECT call_id FROM outbox")))
        saves = Counter(transaction.scalars(text("SELECT call_id FROM audit WHERE action = 'call_saved'")))
    assert versions == messages == saves == Counter(calls), "each call once, with its message and its audit row"
    assert verify(database).problems == ()

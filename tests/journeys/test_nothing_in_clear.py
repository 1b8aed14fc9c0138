"""Nobody can be read in any file that a desk leaves: while it works, after it was killed, and after it was closed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from helpdesk.access.model import Role
from helpdesk.callers.model import Level
from helpdesk.composition.opening import OpenFolder
from helpdesk.patients.model import Patient
from helpdesk.secrets import DATABASE_FILE
from helpdesk.start import begin
from tests.journeys.conftest import Sandbox
from tests.journeys.test_one_call import right_answers

CALLS = 8
SHORTEST = 6
"""Shorter words would stand in encrypted bytes by chance."""


def in_every_form(patient: Patient) -> set[str]:
    number = patient.nhs_number.value
    forms = {number, patient.nhs_number.spaced, f"{number[:3]}-{number[3:6]}-{number[6:]}"}
    forms |= {patient.name.family, *patient.former_family_names, *patient.emails, *patient.hospital_numbers}
    for phone in patient.phones:
        digits = phone.number.replace(" ", "")
        forms |= {digits, f"{digits[:5]} {digits[5:]}", f"{digits[:5]} {digits[5:8]} {digits[8:]}", f"+44{digits[1:]}"}
    if patient.address is not None:
        forms |= {patient.address.postcode, patient.address.postcode.replace(" ", ""), *patient.address.lines[:1]}
    return {form.lower() for form in forms if len(form) >= SHORTEST}


def notes_about(patient: Patient) -> str:
    return f"Unmistakable note: {patient.name.family}, {patient.nhs_number.spaced}, rang from {patient.phones[0].number}"


class Busy:
    """A desk in a process of its own, whose every folder lies under one."""

    def __init__(self, sandbox: Sandbox, tmp_path: Path) -> None:
        self.home = tmp_path / "home"
        self.data = self.home / "data"
        self._sandbox, self._tmp = sandbox, tmp_path
        everybody = [p.patient for p in sandbox.area.people]
        told = [p for p in sandbox.area.people if p.flag == "U" and not p.faults and p.patient.death is None and p.in_index]
        self.called = [p.patient for p in told if p.patient.phones and p.patient.address and p.patient.born and p.patient.born.whole][
            :CALLS
        ]
        self.identifiers = set().union(*map(in_every_form, everybody)) | {notes_about(p).lower() for p in self.called}

    def start(self) -> subprocess.Popen[str]:
        folders = {name: self.home / name.lower() for name in ("TMPDIR", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
        for folder in (self.home, *folders.values()):
            folder.mkdir(mode=0o700, exist_ok=True)
        people = self._tmp / "people.json"
        people.write_text(json.dumps([self._told(p) for p in self.called]), encoding="utf-8")
        top = Path(__file__).resolve().parents[2]
        where = {"HOME": str(self.home), "PYTHONPATH": os.pathsep.join([str(top), *sys.path]), "PYTHONDONTWRITEBYTECODE": "1"}
        child = Path(__file__).with_name("busy_desk.py")
        words = [sys.executable, str(child), str(self._sandbox.config), str(self.data), str(people)]
        log = (self.home / "output").open("w", encoding="utf-8")
        with log:
            return subprocess.Popen(
                words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=self.home,
                env=os.environ | where | {name: str(folder) for name, folder in folders.items()},
            )

    def _told(self, patient: Patient) -> dict[str, Any]:
        assert patient.born is not None
        assert patient.address is not None
        first = f"{patient.name.family} {patient.born.iso}"
        searches = [first, patient.nhs_number.spaced, f"{patient.name.family} {patient.address.postcode}", patient.phones[0].number]
        answers = {item.value: said for item, said in right_answers(patient).items()}
        return {
            "number": patient.nhs_number.value,
            "phone": patient.phones[0].number,
            "searches": [*searches, *patient.emails],
            "answers": answers,
            "notes": notes_about(patient),
        }

    def files(self) -> dict[str, bytes]:
        """The name and the bytes of every file there is, in small letters and without noughts, so that wide letters are seen
        too."""
        found = {str(path.relative_to(self.home)): path for path in sorted(self.home.rglob("*")) if path.is_file()}
        return {name: (name.encode() + b"\n" + path.read_bytes()).lower().replace(b"\0", b"") for name, path in found.items()}

    def found(self) -> list[tuple[str, str]]:
        """Which identifier stands in which file."""
        wanted = [(identifier, identifier.encode()) for identifier in self.identifiers]
        return [(name, identifier) for name, held in self.files().items() for identifier, form in wanted if form in held]


@pytest.fixture
def busy(sandbox: Sandbox, tmp_path: Path) -> Busy:
    return Busy(sandbox, tmp_path)


@pytest.mark.timeout(300)
def test_no_file_of_a_desk_shows_anybody(busy: Busy, sandbox: Sandbox) -> None:
    assert len(busy.identifiers) >= 1000
    assert len(busy.called) == CALLS
    with busy.start() as desk:
        assert desk.stdout is not None
        assert desk.stdout.readline() == "in the middle of a call\n", (busy.home / "output").read_text()
        folder = f"data/sandbox/{DATABASE_FILE}"
        assert {folder, f"{folder}-wal", f"{folder}-shm"} <= busy.files().keys()
        assert busy.found() == [], "while the desk works"
        desk.send_signal(signal.SIGKILL)
        assert desk.stdout.read() == ""
    assert desk.returncode == -signal.SIGKILL
    assert len(busy.files()[folder]) > 200_000
    assert busy.found() == [], "after the desk was killed"
    assert_it_is_all_there(busy, sandbox)
    assert busy.found() == [], "after the desk was closed"
    assert_the_search_can_find(busy)


def assert_it_is_all_there(busy: Busy, sandbox: Sandbox) -> None:
    """Files without anybody's data in them would prove nothing."""
    folder = OpenFolder(begin(config=str(sandbox.config), data_dir=str(busy.data)))
    services = folder.practise_as(Role.HANDLER)
    assert [d.notes for d in services.workstation().calls.unfinished()] == [notes_about(busy.called[-1])]
    calls = services.recent_calls(100)
    assert {c.notes for c in calls} == {notes_about(p) for p in busy.called[:-1]}
    assert {c.level_reached for c in calls} == {Level.STATUS.name.lower()}
    assert sandbox.stub("nhs_notify").messages
    for patient in busy.called:
        assert services.people.listed(services.people.understand(f"{patient.name.family} {patient.nhs_number}"), "proof").people
    folder.close()


def assert_the_search_can_find(busy: Busy) -> None:
    patient = busy.called[0]
    wide, loud = patient.phones[0].number.encode("utf-16-le"), notes_about(patient).upper().encode()
    forms = {"plain": patient.nhs_number.value.encode(), "wide": wide, "loud": loud}
    for name, form in forms.items():
        (busy.data / name).write_bytes(os.urandom(4000) + form + os.urandom(4000))
    (busy.data / patient.nhs_number.value).touch()
    assert {name for name, _ in busy.found()} == {f"data/{name}" for name in (*forms, patient.nhs_number.value)}

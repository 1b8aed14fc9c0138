"""The real window on a virtual screen, by keyboard: one call from ring to wrap-up, and a call cut off by a crash."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpdesk.clock import SystemClock
from helpdesk.secrets import DATABASE_FILE, database_key
from helpdesk.signposting.model import MessageState
from helpdesk.storage.database import Database
from helpdesk.storage.outbox import SqlOutbox
from tests.conftest import identifiers_in
from tests.journeys.desktop import Desktop, kill, missing
from tests.journeys.playing import JANE, NOTES, Player

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(300)]


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    absent = missing()
    assert not absent, f"make test installs these: {absent}"
    made = Desktop(tmp_path / "home", "1280x800")
    yield made
    made.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def command(data: Path, *words: str) -> Any:
    ran = subprocess.run(
        [sys.executable, "-m", "helpdesk.cli", "--practice", "--data-dir", str(data), *words, "--json"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(ran.stdout)


def states_of(data: Path, call_id: str) -> set[MessageState]:
    folder = data / "practice"
    database = Database.open(folder / DATABASE_FILE, database_key("practice", folder), "practice")
    try:
        return {entry.state for entry in SqlOutbox(database, SystemClock()).of_call(call_id)}
    finally:
        database.close()


def test_one_call_from_ring_to_wrap_up(desktop: Desktop, data: Path, tmp_path: Path) -> None:
    log = tmp_path / "program.log"
    player = Player(desktop)
    process = player.start("--practice", "--data-dir", str(data), log=log)
    player.new_call()
    player.find("smith jane 1950", "SMITH, Jane")
    for answer in (a for a in JANE if a):
        assert answer not in desktop.words(), "what the caller must know is nowhere before it is said"
    player.verify()
    player.status("What we know", "Trauma and orthopaedics", "You have waited")
    player.notes()
    player.signpost("hip")
    player.wrap_up()

    player.new_call()
    player.find("9993000019", "SMITH, Jane")
    player.verify(("1 January 1950", "14 Sluice Row"))
    desktop.key("alt+h")
    desktop.wait_for(NOTES)

    calls = command(data, "call", "list")
    assert [(c["notes"], c["outcome"], c["nhs_number"]) for c in calls] == [(NOTES, "answered", "9993000019")]
    assert [s["channel"] for s in calls[0]["signposts"]] == ["sms"]
    desktop.wait_for(lambda _: states_of(data, calls[0]["id"]) <= {MessageState.ACCEPTED, MessageState.DELIVERED})
    kill(process)
    assert command(data, "audit", "verify")["problems"] == []
    assert not identifiers_in(log.read_text(encoding="utf-8"))


def test_notes_are_there_after_the_program_was_killed_in_the_middle_of_a_call(desktop: Desktop, data: Path, tmp_path: Path) -> None:
    log = tmp_path / "program.log"
    player = Player(desktop)
    process = player.start("--practice", "--data-dir", str(data), log=log)
    player.new_call()
    player.find("smith jane 1950", "SMITH, Jane")
    player.verify()
    player.notes()
    kill(process)

    again = player.start("--practice", "--data-dir", str(data), log=log)
    desktop.wait_for("was not finished")
    desktop.key("alt+r")
    desktop.wait_for(NOTES)
    words = desktop.words()
    assert "In call" in words
    assert "Trauma and orthopaedics" not in words, "the patient must be opened and the caller checked again"
    kill(again)

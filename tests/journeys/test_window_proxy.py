"""The real window by keyboard: a mother rings about her child, and the NHS says whether she may speak for him."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.desktop import Desktop, kill, missing
from tests.journeys.playing import Player

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(300)]


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    absent = missing()
    assert not absent, f"make test installs these: {absent}"
    made = Desktop(tmp_path / "home", "1280x800")
    yield made
    made.close()


def test_a_proxy_is_checked_blind_and_nothing_typed_is_lost(desktop: Desktop, tmp_path: Path) -> None:
    player = Player(desktop)
    process = player.start("--practice", "--data-dir", str(tmp_path / "data"), log=tmp_path / "program.log")
    player.new_call()
    player.find("9993000167", "ADEYEMI")
    desktop.type("14 March 2017")
    desktop.key("Return")
    desktop.wait_for("1 more match")
    desktop.key("alt+c", "Right")
    desktop.wait_for("Ask the NHS proxy service")
    assert "Folake" not in desktop.words(), "who may speak for him stands nowhere"
    desktop.key("Tab", "Tab")
    desktop.type("Folake Adeyemi")
    desktop.key("Return")
    desktop.type("9 August 1987")
    desktop.key("Return")
    desktop.wait_for("First check the facts about the patient")
    desktop.key("alt+v")
    desktop.type("58 Skylark Row")
    desktop.key("Return")
    desktop.wait_for("an authority to be told")
    desktop.key("alt+c", "Tab", "Tab", "Tab", "Return")
    desktop.wait_for("1 try left")
    desktop.key("ctrl+a")
    desktop.type("8 August 1987")
    desktop.key("Return")
    player.status("Checked: status", "Children's ear, nose and throat", "What we know")
    kill(process)

"""The connections of the practice area over real servers: an administrator switches sources on, and the next start asks them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest

from helpdesk.access.model import Role
from helpdesk.composition import open_door
from helpdesk.composition.opening import OpenFolder
from helpdesk.desk.connections import NO_SECRETS, Secrets
from helpdesk.errors import RuleBroken, Stage
from helpdesk.start import Start, begin
from helpdesk.storage.audit import verify
from tests.journeys.desktop import Desktop, kill, missing
from tests.journeys.playing import Player
from tests.storage.test_storage_secrets import InMemory

SOURCES = ("elective_list", "urgent_bookings")


@pytest.fixture
def start(tmp_path: Path) -> Start:
    return begin(practice=True, data_dir=str(tmp_path / "data"))


def opened(start: Start) -> OpenFolder:
    return OpenFolder(start)


def asked_sources(folder: OpenFolder) -> set[str]:
    return {source.info.name for source in folder.ground.connected.sources}


def test_a_source_that_is_switched_on_is_tested_kept_and_asked_after_the_next_start(start: Start) -> None:
    folder = opened(start)
    try:
        assert not asked_sources(folder) & set(SOURCES)
        assert folder.practise_as(Role.HANDLER).workstation().connections is None
        managed = folder.practise_as(Role.ADMINISTRATOR).workstation().connections
        assert managed is not None
        for name in SOURCES:
            form = managed.form(name)
            values = form.values | {"enabled": "yes", "label": f"Tried {name}"}
            assert managed.test(name, form.kind, values, NO_SECRETS).ok
            elsewhere = managed.test(name, form.kind, values | {"base_url": "http://127.0.0.1:1"}, NO_SECRETS)
            assert (elsewhere.ok, elsewhere.stage, elsewhere.field) == (False, Stage.CONNECTION, "base_url")
            with pytest.raises(RuleBroken, match="not kept") as refused:
                managed.save(name, form.kind, values | {"base_url": "http://127.0.0.1:1"}, NO_SECRETS)
            assert refused.value.field == "base_url"
            managed.save(name, form.kind, values, NO_SECRETS)
        assert {c.instance for c in managed.listing().connections if c.waits} == set(SOURCES)
        assert not asked_sources(folder) & set(SOURCES), "it holds from the next start"
        assert verify(folder.database).problems == ()
    finally:
        folder.close()
    again = opened(start)
    try:
        assert asked_sources(again) >= set(SOURCES)
        held = {c.instance: c for c in again.practise_as(Role.ADMINISTRATOR).connections().listing().connections}  # type: ignore[union-attr]
        assert [held[name].label for name in SOURCES] == [f"Tried {name}" for name in SOURCES]
        assert not any(c.waits for c in held.values())
    finally:
        again.close()


def test_every_connection_of_the_area_answers_its_test_or_says_what_is_missing(start: Start) -> None:
    folder = opened(start)
    try:
        managed = folder.practise_as(Role.ADMINISTRATOR).connections()
        assert managed is not None
        failed = {}
        for connection in managed.listing().connections:
            form = managed.form(connection.instance)
            tested = managed.test(connection.instance, form.kind, form.values, NO_SECRETS)
            if not tested.ok:
                failed[connection.instance] = (tested.stage, tested.message)
        assert failed.pop("mesh")[0] is Stage.SIGN_IN
        assert failed == {"govuk_notify": (Stage.SETTINGS, "No template of GOV.UK Notify is set, so nothing can be sent.")}
    finally:
        folder.close()


def test_the_command_says_how_far_each_came(tmp_path: Path) -> None:
    data = tmp_path / "data"

    def command(*words: str) -> tuple[int, Any]:
        ran = subprocess.run(
            [sys.executable, "-m", "helpdesk.cli", "--practice", "--data-dir", str(data), "connector", *words, "--json"],
            capture_output=True,
            text=True,
            check=False,
            timeout=90,
        )
        return ran.returncode, json.loads(ran.stdout)

    code, held = command("check", "pds")
    assert (code, held) == (0, [{"name": "pds", "kind": "pds", "ok": True, "stage": "", "message": "It answers."}])
    (data / "practice" / "connections.toml").write_text('[connectors.second]\nkind = "ods"\nbase_url = "http://127.0.0.1:1"\n')
    code, held = command("check")
    told = {one["name"]: one for one in held}
    assert code == 1
    assert [name for name, one in told.items() if not one["ok"]] == ["second"]
    assert (told["second"]["stage"], told["second"]["message"]) == ("connection", "ODS cannot be reached at the moment.")


def test_no_connection_of_the_practice_area_leads_to_another_computer(start: Start) -> None:
    start.folder.mkdir(parents=True)
    (start.folder / "connections.toml").write_text(
        '[connectors.second]\nkind = "ods"\nbase_url = "https://ods.example"\nsign_in = "api_key"\n', encoding="utf-8"
    )
    with pytest.raises(RuleBroken, match="on this computer"):
        opened(start)


@pytest.fixture
def key_store() -> Iterator[InMemory]:
    before = keyring.get_keyring()
    made = InMemory()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.mark.usefixtures("key_store")
def test_on_a_live_desk_somebody_with_the_role_changes_to_it_and_writes_the_configuration_in_use(tmp_path: Path) -> None:
    config = tmp_path / "desk.toml"
    text = '# ours\n[desk]\nprofile = "live"\n\n[connectors.ods]\nbase_url = "http://127.0.0.1:1"  # soon another\n'
    config.write_text(text, encoding="utf-8")
    door = open_door(begin(config=str(config), data_dir=str(tmp_path / "data")))
    try:
        station = door.make_first_account("a.surname", "A. Surname", "a long enough password")
        assert (station.session.role, station.connections) == (Role.HANDLER, None)
        with pytest.raises(RuleBroken, match="does not have this role"):
            door.enter(Role.SUPERVISOR)
        managed = door.enter(Role.ADMINISTRATOR).connections
        assert managed is not None
        values = managed.form("ods").values | {"base_url": "https://ods.example", "sign_in": "api_key"}
        managed.save("ods", "ods", values, Secrets({"api_key": "canary-of-a-key"}))
        kept = config.read_text(encoding="utf-8")
        assert kept == text.replace("http://127.0.0.1:1", "https://ods.example") + 'sign_in = "api_key"\n'
        assert [s.kept for s in managed.form("ods").secrets] == [True]
        assert managed.listing().where == str(config)
    finally:
        door.close()


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    absent = missing()
    assert not absent, f"make test installs these: {absent}"
    made = Desktop(tmp_path / "home", "1280x800")
    yield made
    made.close()


@pytest.mark.desktop
@pytest.mark.timeout(300)
def test_an_administrator_switches_a_source_on_by_keyboard(desktop: Desktop, tmp_path: Path) -> None:
    data = tmp_path / "data"
    player = Player(desktop)
    process = player.start("--practice", "--data-dir", str(data), log=tmp_path / "program.log")
    player.work_as("Up", "Connections to other systems")
    desktop.wait_for("Who a person is")
    desktop.type("Elective")
    desktop.wait_for("Elective Waiting List, “elective_list” in the configuration")
    desktop.key("Tab", "space")
    desktop.key("ctrl+t")
    desktop.wait_for("Elective list answers")
    desktop.key("Tab", "Tab", "End")
    desktop.type("9")
    desktop.key("ctrl+s")
    desktop.wait_for("The practice area sets this anew at each start: it can be tried here, and is not kept.")
    assert not (data / "practice" / "connections.toml").exists()
    desktop.key("BackSpace")
    desktop.key("ctrl+s")
    desktop.wait_for("Kept. It holds from the next start of the desk.")
    kept = (data / "practice" / "connections.toml").read_text(encoding="utf-8")
    assert kept == "[connectors.elective_list]\nenabled = true\n"
    kill(process)

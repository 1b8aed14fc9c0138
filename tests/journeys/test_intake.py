"""Files that arrive while the desk is open, by folder and by MESH, and `extract take`: taken in, put away, told in plain words."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from helpdesk.composition.opening import DeskFolder, OpenFolder
from helpdesk.start import Start, begin
from tests.connectors.mesh_server import OURS, SECRETS, WORKFLOW, mesh_sandbox
from tests.journeys.command import Ran, Terminal
from tests.journeys.extract_files import ANN, BEN, WEEK, open_pathways, persons

SOON_S = 60


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpdesk.composition.intake._LOOK_S", 0.05)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    made = tmp_path / "inbox"
    made.mkdir()
    return made


@pytest.fixture
def config(tmp_path: Path, inbox: Path) -> Path:
    path = tmp_path / "desk.toml"
    path.write_text(_configuration(inbox), encoding="utf-8")
    return path


@pytest.fixture
def start(tmp_path: Path, config: Path) -> Start:
    return begin(config=str(config), data_dir=str(tmp_path / "data"))


@pytest.fixture
def desk(start: Start) -> Iterator[DeskFolder]:
    with closing(DeskFolder(start)) as opened:
        yield opened


def _configuration(inbox: Path, more: str = "") -> str:
    folder = f'[connectors.north]\nkind = "waiting_list_extract"\nfolder = "{inbox}"\nsettle_s = 0.2\n'
    return f'[desk]\nprofile = "sandbox"\n{folder}{more}'


def until(holds: Callable[[], bool]) -> None:
    ends, between = time.monotonic() + SOON_S, threading.Event()
    while not holds():
        assert time.monotonic() < ends, "it never came to that"
        between.wait(0.02)


def live(folder: OpenFolder) -> dict[str, int]:
    return {s.kind.value: s.rows for s in folder.for_command(None, "test").snapshots() if s.live}


def test_what_arrives_while_the_desk_is_open_is_taken_in(desk: DeskFolder, inbox: Path) -> None:
    persons(inbox / f"persons_{WEEK}.csv")
    open_pathways(inbox / "list.csv", "XNN01", ANN)
    until(lambda: len(list((inbox / "taken").glob("*.csv"))) == 2)
    assert live(desk) == {"persons": 2, "open_pathways": 1}
    open_pathways(inbox / "list.csv", "XNN01", ANN, BEN)
    until(lambda: (inbox / "taken" / "list.2.csv").exists())
    assert live(desk)["open_pathways"] == 2
    assert [p.name for p in inbox.iterdir() if p.is_file()] == []


def test_what_is_refused_is_work_for_the_administrator_and_stands_in_the_audit(
    desk: DeskFolder, inbox: Path, caplog: pytest.LogCaptureFixture
) -> None:
    open_pathways(inbox / f"{ANN} Quarrenton.csv", "XNN01", ANN, BEN, PERSON_BIRTH_DATE="1961-13-04")
    report = inbox / "refused" / f"{ANN} Quarrenton.csv.report.txt"
    until(lambda: (inbox / "refused" / f"{ANN} Quarrenton.csv").exists())
    words = report.read_text(encoding="utf-8")
    assert "row 2, PERSON_BIRTH_DATE" in words
    assert "row 3, PERSON_BIRTH_DATE" in words
    assert not any(value in words for value in (ANN, BEN, "1961"))
    until(lambda: [i.kind.value for i in desk.for_command(None, "test").open_work()] == ["extract_refused"])
    (item,) = desk.for_command(None, "test").open_work()
    assert item.owner_role == "administrator"
    assert "Quarrenton" not in item.reason
    with desk.database.read() as transaction:
        assert transaction.scalar(text("select count(*) from audit where action = 'extract_refused'")) == 1
    assert live(desk) == {}
    assert not any(word in caplog.text for word in (ANN, "Quarrenton"))


def test_a_command_leaves_the_taking_to_the_open_desk(desk: DeskFolder, tmp_path: Path, config: Path) -> None:
    until(lambda: (desk.start.folder / "intake.lock").exists())
    until(lambda: "taken in already" in _take(tmp_path, config).err)


def _take(tmp_path: Path, config: Path, *more: str) -> Ran:
    return Terminal(tmp_path / "home").run("extract", "take", "--config", str(config), "--data-dir", str(tmp_path / "data"), *more)


def test_a_command_takes_what_waits_once(tmp_path: Path, inbox: Path, config: Path) -> None:
    assert "Nothing waits." in _take(tmp_path, config).out
    open_pathways(inbox / "good.csv", "XNN01", ANN)
    (inbox / "bad.csv").write_text("what,is,this\n1,2,3\n", encoding="utf-8")
    ran = _take(tmp_path, config, "--json")
    assert ran.code == 1
    assert sorted((f["source"], f["result"]) for f in ran.json["files"]) == [("north", "refused"), ("north", "taken")]
    assert (ran.json["still_changing"], ran.json["unreadable_messages"]) == (False, 0)
    assert "bad.csv" not in ran.out + ran.err
    assert sorted(p.name for p in inbox.rglob("*.csv*")) == ["bad.csv", "bad.csv.report.txt", "good.csv", "good.csv.report.txt"]
    again = _take(tmp_path, config)
    assert (again.code, "Nothing waits." in again.out) == (0, True)


def test_a_folder_that_is_not_watched_is_read_and_left_as_it_was(tmp_path: Path, inbox: Path, config: Path) -> None:
    config.write_text(_configuration(inbox).replace("settle_s", "watched = false\nsettle_s"), encoding="utf-8")
    open_pathways(inbox / "list.csv", "XNN01", ANN)
    with closing(DeskFolder(begin(config=str(config), data_dir=str(tmp_path / "data")))) as desk:
        assert live(desk) == {"open_pathways": 1}
    assert [p.name for p in inbox.iterdir()] == ["list.csv"]


@pytest.mark.timeout(240)
def test_a_list_sent_by_mesh_comes_in_and_its_message_goes(
    tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("helpdesk.composition.sources.secret", lambda _profile, _instance, name, _folder=None: SECRETS.get(name))
    with mesh_sandbox(tmp_path / "mesh") as sandbox, sandbox.sender() as sender:
        good, bad = open_pathways(tmp_path / "l.csv", "XNN01", ANN, BEN).read_bytes(), f"{ANN},Quarrenton\n".encode()
        for data in (good, good, bad):
            sender.send_message(OURS, data, max_chunk_size=300, workflow_id=WORKFLOW, filename=f"Quarrenton {ANN}.csv")
        told = f'base_url = "{sandbox.address}"\nmailbox = "{OURS}"\nworkflows = ["{WORKFLOW}"]\nread_as = "north"\n'
        config = tmp_path / "mesh.toml"
        config.write_text(_configuration(inbox, f"[connectors.mesh]\n{told}"), encoding="utf-8")
        with closing(DeskFolder(begin(config=str(config), data_dir=str(tmp_path / "data")))) as desk:
            mailbox = sandbox.mailbox()
            until(lambda: mailbox.arrived() == ())
            (snapshot,) = [s for s in desk.for_command(None, "test").snapshots() if s.live]
            assert (snapshot.rows, snapshot.source) == (2, "north")
            assert len(desk.for_command(None, "test").open_work()) == 1
            data = desk.start.folder
        reports = sorted((data / "reports").iterdir())
        assert Counter(p.read_text().partition(".")[0] for p in reports) == {
            "This file was taken in": 1,
            "This file was taken in before; nothing changed": 1,
            "This file was refused": 1,
        }
        assert list((data / "in-transit").glob("*")) == []
    told_anywhere = caplog.text + "".join(p.read_text() + p.name for p in reports)
    assert not any(word in told_anywhere for word in (ANN, "Quarrenton", *SECRETS.values()))

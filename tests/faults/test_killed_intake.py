"""A desk killed while it takes a file in: the former list stays live, the message stays in its mailbox, and nothing is taken twice."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from connectors.mesh.stub import MAILBOX, WORKFLOW, HeldMessage, MeshStub
from connectors.stub_routes import Route, StubReply, StubRequest
from helpdesk.composition.commands import open_for_command
from helpdesk.extracts.model import Snapshot
from helpdesk.start import begin
from tests.faults.file_taker import SECRETS
from tests.journeys.extract_files import ANN, BEN, WEEK, open_pathways

pytestmark = pytest.mark.timeout(180)
_PART = "GET /messageexchange/{mailbox}/inbox/{message}/{part}"


@dataclass
class Desk:
    tmp_path: Path
    stub: MeshStub

    @property
    def config(self) -> Path:
        path = self.tmp_path / "desk.toml"
        words = f'mailbox = "{MAILBOX}"\nworkflows = ["{WORKFLOW}"]\nbase_url = "{self.stub.address}"\n'
        path.write_text(f'[desk]\nprofile = "sandbox"\n[connectors.mesh]\n{words}', encoding="utf-8")
        return path

    @contextmanager
    def running(self, moment: str) -> Iterator[subprocess.Popen[bytes]]:
        """A desk in a process of its own, killed at the end."""
        top = Path(__file__).resolve().parents[2]
        words = [sys.executable, "-m", "tests.faults.file_taker", str(self.config), str(self.data), moment]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(top), *sys.path])}
        with subprocess.Popen(words, stdout=subprocess.PIPE, env=environment, cwd=top) as child:
            try:
                yield child
            finally:
                child.send_signal(signal.SIGKILL)

    @property
    def data(self) -> Path:
        return self.tmp_path / "data"

    @property
    def in_transit(self) -> list[Path]:
        return list((self.data / "sandbox" / "in-transit").glob("*"))

    def take(self) -> list[str]:
        services = open_for_command(begin(config=str(self.config), data_dir=str(self.data)), None, "test", takes_files=True)
        try:
            with services.intake() as intake:
                return [one.verdict.value for one in intake.take_once()]
        finally:
            services.close()

    def live(self) -> list[Snapshot]:
        services = open_for_command(begin(config=str(self.config), data_dir=str(self.data)), None, "test")
        try:
            return [s for s in services.snapshots() if s.live]
        finally:
            services.close()

    def send(self, name: str, *numbers: str, provider: str = "XAA01", parts: int = 2) -> HeldMessage:
        file = open_pathways(self.tmp_path / name, provider, *numbers)
        return self.stub.mailbox.put(f"open_pathways_{WEEK}.csv", file.read_bytes(), parts=parts)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr("helpdesk.composition.sources.secret", lambda _profile, _instance, name, _folder=None: SECRETS.get(name))
    stub = MeshStub()
    yield Desk(tmp_path, stub)
    stub.stop()


def heard(child: subprocess.Popen[bytes], word: bytes) -> None:
    assert child.stdout is not None
    while True:
        ready, _, _ = select.select([child.stdout], [], [], 90)
        assert ready, "the child said nothing"
        line = child.stdout.readline()
        assert line, "the child ended"
        if line.strip() == word:
            return


def test_killed_before_the_swap_the_former_stays_and_the_message_too(desk: Desk) -> None:
    desk.send("former.csv", ANN)
    assert desk.take() == ["taken"]
    (former,) = desk.live()
    later = desk.send("later.csv", ANN, BEN)
    with desk.running("before the swap") as child:
        heard(child, b"here")
    assert desk.live() == [former]
    assert not later.acknowledged
    assert desk.take() == ["taken"]
    (now,) = desk.live()
    assert (now.rows, later.acknowledged) == (2, True)
    assert desk.in_transit == []


def test_killed_before_the_acknowledgement_it_is_given_and_nothing_is_imported_again(desk: Desk) -> None:
    sent = desk.send("list.csv", ANN)
    with desk.running("before the acknowledgement") as child:
        heard(child, b"here")
    (live,) = desk.live()
    assert not sent.acknowledged
    assert desk.take() == []
    assert sent.acknowledged
    assert desk.live() == [live]


def test_killed_while_it_downloads_nothing_is_left_that_could_be_read(desk: Desk) -> None:
    sent = desk.send("list.csv", ANN, BEN, parts=3)
    asked, hung = _hang_at(desk.stub, "3")
    with desk.running("never") as child:
        heard(child, b"open")
        assert asked()
        held = desk.in_transit
        assert len(held) == 2
        assert not any(ANN.encode() in path.read_bytes() for path in held)
        assert all(path.stat().st_mode & 0o077 == 0 for path in held)
    hung.clear()
    assert len(desk.in_transit) == 2
    assert not sent.acknowledged
    assert desk.take() == ["taken"]
    assert sent.acknowledged
    assert desk.in_transit == []


def _hang_at(stub: MeshStub, part: str) -> tuple[Callable[[], bool], list[bool]]:
    """That part never comes while the list holds something; the first of the two waits until it is asked for."""
    asked, hanging = threading.Event(), [True]

    def answer(route: Route) -> Callable[[StubRequest], StubReply]:
        def given(request: StubRequest) -> StubReply:
            if request.values["part"] == part and hanging:
                asked.set()
                stub.ending.wait(90)
            return route.answer(request)

        return given

    stub.behind(lambda route: replace(route, answer=answer(route)) if route.name == _PART else route)
    return lambda: asked.wait(90), hanging

"""`practice serve` and `--practice` as programs of their own: what they announce, how they end, what they leave."""

from __future__ import annotations

import signal
import subprocess
import time
import tomllib
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from helpdesk.identifiers import NhsNumber
from helpdesk.practice.organisations import systems
from tests.journeys.command import COMMAND, Terminal
from tests.journeys.shapes import SERVED, STATUS, STORIES, differs

JANE = "9993000019"
ANSWER_S = 25
"""Alone on a computer it answers within ten; here every other test runs beside two of them."""


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    return folder


@pytest.fixture
def terminal(tmp_path: Path, temporary: Path) -> Terminal:
    """A terminal whose programs put their temporary files where the test can see them."""
    return Terminal(tmp_path / "home", TMPDIR=str(temporary))


@pytest.mark.parametrize("way", [signal.SIGTERM, signal.SIGINT, "end of input"])
def test_it_announces_itself_in_one_line_serves_and_leaves_nothing(terminal: Terminal, temporary: Path, way: object) -> None:
    until_eof = ["--until-eof"] if way == "end of input" else []
    with terminal.serving("--seed", "3", *until_eof) as (process, announced):
        assert differs(announced, SERVED) == []
        assert (announced["seed"], announced["people"]) == (3, 200)
        assert set(announced["systems"]) == {s.instance for s in systems()}
        assert list(temporary.iterdir()), "the extracts lie outside the data folder"
        assert all(p.stat().st_mode & 0o077 == 0 for p in temporary.iterdir())
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{announced['systems']['pds']}/Patient/{JANE}", timeout=5)
        assert refused.value.code == 400, "PDS asks for a request id"
        if isinstance(way, signal.Signals):
            process.send_signal(way)
            out, err = process.communicate(timeout=10)
        else:
            out, err = process.communicate("", timeout=10)
        assert (process.returncode, out, err) == (0, "", "")
    assert list(temporary.iterdir()) == []


def test_without_until_eof_the_end_of_input_ends_nothing(terminal: Terminal) -> None:
    with terminal.serving() as (process, announced):
        assert process.stdin is not None
        process.stdin.close()
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{announced['systems']['pds']}/Patient/{JANE}", timeout=5)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.3)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        process.stdin = None


def test_its_configuration_serves_another_process(terminal: Terminal, tmp_path: Path) -> None:
    with terminal.serving() as (_, announced):
        own = tmp_path / "own.toml"
        own.write_text(announced["config"], encoding="utf-8")
        held = tomllib.loads(announced["config"])
        assert held["desk"]["profile"] == "sandbox"
        asked = {n: t["base_url"] for n, t in held["connectors"].items() if "base_url" in t}
        assert asked | {"shared_record": announced["systems"]["shared_record"]} == announced["systems"]
        assert held["connectors"]["shared_record"]["url"].startswith(announced["systems"]["shared_record"])
        options = ("--config", str(own), "--data-dir", str(tmp_path / "data"), "--json")
        ran = terminal.run("patient", "status", JANE, *options)
        assert (ran.code, ran.err) == (0, "")
        assert differs(ran.json, STATUS) == []
        assert [p["provider"]["name"] for p in ran.json["pathways"]] == ["Fenmoor City Hospital"]


def test_the_same_seed_makes_the_same_people(terminal: Terminal) -> None:
    announced = []
    for seed in ("1", "1", "2"):
        with terminal.serving("--seed", seed) as (_, told):
            folder = Path(tomllib.loads(told["config"])["connectors"]["fenmoor_list"]["folder"])
            announced.append(next(folder.glob("persons_*.csv")).read_bytes())
    assert announced[0] == announced[1] != announced[2]


def test_practice_answers_soon_and_two_at_once_do_not_harm_each_other(terminal: Terminal, tmp_path: Path, temporary: Path) -> None:
    options = ("--practice", "--data-dir", str(tmp_path / "data"), "--json")

    def ask(words: tuple[str, ...]) -> tuple[float, object]:
        started = time.monotonic()
        ran = terminal.run(*words, *options)
        assert (ran.code, ran.err) == (0, "")
        return time.monotonic() - started, ran.json

    asked = [("patient", "status", JANE), ("patient", "search", "smith jane 1950")]
    with ThreadPoolExecutor(2) as pool:
        first = list(pool.map(ask, asked))
    again = ask(asked[0])
    assert max(took for took, _ in (*first, again)) < ANSWER_S
    states = [{s["source"]: s["state"] for s in answer["sources"]} for _, answer in (first[0], again)]  # type: ignore[index]
    assert states[0] == states[1]
    assert len(states[0]) == 10
    assert list(temporary.iterdir()) == []
    assert terminal.run("audit", "verify", *options).code == 0


def test_a_practice_command_beside_a_served_area(terminal: Terminal, tmp_path: Path) -> None:
    with terminal.serving():
        assert terminal.run("patient", "status", JANE, "--practice", "--data-dir", str(tmp_path / "data")).code == 0


def test_a_command_that_is_ended_leaves_no_temporary_folder(terminal: Terminal, tmp_path: Path, temporary: Path) -> None:
    hangs = next(s["nhs_number"] for s in terminal.run("practice", "stories", "--json").json if s["story"] == "gp_connect_hangs")
    options = ("--practice", "--data-dir", str(tmp_path / "data"))
    process = subprocess.Popen(
        [*COMMAND, "patient", "status", hangs, *options], env=terminal.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    while not list(temporary.iterdir()) and process.poll() is None:
        pass
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=15)
    assert process.returncode == 128 + signal.SIGTERM
    assert list(temporary.iterdir()) == []


def test_the_stories_are_the_same_everywhere_and_none_is_anybodys(terminal: Terminal) -> None:
    told = terminal.run("practice", "stories", "--json").json
    assert differs(told, STORIES) == []
    numbers = [NhsNumber(s["nhs_number"]) for s in told]
    assert len(set(numbers)) == len(told)
    assert all(n.value.startswith("9") for n in numbers)
    assert JANE in {n.value for n in numbers}

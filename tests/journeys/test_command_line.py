"""The command line from outside: its options, its errors and what its exit code means."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk import __version__
from tests.journeys.command import COMMAND, Terminal
from tests.journeys.conftest import Sandbox
from tests.journeys.shapes import SEARCH, STORIES, differs

PDS = '[desk]\nprofile = "sandbox"\n[connectors.pds]\nbase_url = "http://127.0.0.1:1"\n'


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path / "home")


def config(tmp_path: Path, text: str) -> str:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


# options


@pytest.mark.parametrize("words", [("--version",), ("doctor", "--version"), ("patient", "--version"), ("patient", "search", "--version")])
def test_the_version_is_told_before_and_after_the_subcommand(terminal: Terminal, words: tuple[str, ...]) -> None:
    ran = terminal.run(*words)
    assert (ran.code, ran.out.strip(), ran.err) == (0, f"helpdesk {__version__}", "")


def test_common_options_stand_before_within_or_after_the_subcommand(terminal: Terminal, tmp_path: Path) -> None:
    options = ("--profile", "sandbox", "--data-dir", str(tmp_path / "data"), "--json")
    ran = [
        terminal.run(*options, "extract", "list"),
        terminal.run("extract", *options, "list"),
        terminal.run("extract", "list", *options),
        terminal.run(*options[:2], "extract", *options[4:], "list", *options[2:4]),
    ]
    assert [(r.code, r.json) for r in ran] == [(0, [])] * 4
    assert (tmp_path / "data" / "sandbox").is_dir()


@pytest.mark.parametrize("words", [("--help",), ("patient", "--help"), ("patient", "status", "-h"), ("practice", "serve", "--help")])
def test_help_is_told_and_nothing_is_made(terminal: Terminal, words: tuple[str, ...]) -> None:
    ran = terminal.run(*words)
    assert ran.code == 0
    assert ran.out.startswith("usage: helpdesk")
    assert list(terminal.home.iterdir()) == []


# errors


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("patient", "status", "9993000019", "--colour"), "unknown option --colour"),
        (("patient", "status", "9993000019", "--colour=9993000019"), "unknown option --colour"),
        (("patient", "9993000019"), "invalid choice (choose from 'search', 'status')"),
        (("doctor", "9993000019"), "words that belong to no command"),
        (("--prac", "patient", "search", "smith"), "unknown option --prac"),
        (("patient", "status"), "required: NHS-NUMBER"),
        (("extract", "check", "--kind", "9993000019", "file.csv"), "argument --kind: invalid choice (choose from"),
        (("practice", "serve", "--people", "many"), "argument --people: invalid int"),
        (("pop",), "required: --from"),
        (("patient",), "required: COMMAND"),
    ],
)
def test_words_that_make_no_command_are_one_line_and_two(terminal: Terminal, words: tuple[str, ...], part: str) -> None:
    ran = terminal.run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert part in ran.problem


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("[desk\n", "not valid TOML"),
        ("\xff", "not valid TOML"),
        ("[desk]\nprofile = 3\n", "A profile is live, practice or sandbox"),
        ('[desk]\nprofile = "sandbox"\norganization = "X"\n', "wrong at desk.organization"),
        ('[desk]\nprofile = "sandbox"\n[database]\nkey = "paper"\n', "wrong at database.key"),
        ('[desk]\nprofile = "sandbox"\n[conectors.pds]\nbase_url = "http://127.0.0.1:1"\n', "wrong at conectors"),
        ('[desk]\nprofile = "sandbox"\n[database]\nurl = "mysql://u:secret@127.0.0.1/x"\n', "wrong at database.url"),
        (PDS + "colour = 3\n", "wrong at connectors.pds.colour"),
        (PDS + "timeout_s = 0\n", "wrong at connectors.pds.timeout_s"),
        (PDS + 'stale_after_hours = "long"\n', "wrong at connectors.pds.stale_after_hours"),
        ('[desk]\nprofile = "sandbox"\n[connectors]\npds = 3\n', "wrong at connectors.pds"),
        ('[desk]\nprofile = "sandbox"\n[connectors.pds]\n', "wrong at connectors.pds.base_url"),
        ('[desk]\nprofile = "sandbox"\n[connectors.mine]\nkind = "fax"\n', "a connector that is not here: fax"),
        ('[desk]\nprofile = "sandbox"\n[connectors.pds]\nbase_url = "https://pds.invalid"\nsign_in = "cis2"\n', "connectors.pds.base_url"),
    ],
)
def test_a_wrong_configuration_is_named_in_one_line(terminal: Terminal, tmp_path: Path, text: str, part: str) -> None:
    own = tmp_path / "own.toml"
    own.write_bytes(text.encode("latin-1"))
    ran = terminal.run("connector", "check", "--config", str(own), "--data-dir", str(tmp_path / "data"), "--json")
    assert (ran.code, ran.out) == (1, "")
    assert part in ran.problem
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('base_url = "http://pds.invalid"\nsign_in = "cis2"\n', "plain http"),
        ('base_url = "https://pds.invalid"\n', 'sign_in "none"'),
    ],
)
def test_a_live_desk_asks_nobody_by_a_wrong_setting_and_says_which(terminal: Terminal, tmp_path: Path, text: str, part: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(f'[desk]\nprofile = "live"\n[connectors.pds]\n{text}', encoding="utf-8")
    ran = terminal.run("connector", "check", "--config", str(own), "--data-dir", str(tmp_path / "data"), "--json")
    assert (ran.code, ran.err) == (1, "")
    assert [(one["name"], one["ok"]) for one in ran.json] == [("pds", False)]
    assert part in ran.json[0]["message"]
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--config", "/nowhere/own.toml", "doctor"), "configuration file cannot be read"),
        (("--profile", "holiday", "doctor"), "A profile is live, practice or sandbox"),
        (("--profile", "../live", "doctor"), "A profile is live, practice or sandbox"),
        (("--practice", "--profile", "live", "doctor"), "different profiles"),
        (("extract", "check", "/nowhere/persons.csv"), "There is no such file"),
        (("--profile", "sandbox", "patient", "status", "999 300 0018"), "This is not a valid NHS number"),
        (("--profile", "sandbox", "patient", "status", "99930000"), "An NHS number has 10 digits; this has 8"),
        (("--profile", "sandbox", "patient", "status", "٩٩٩٣٠٠٠٠١٩"), "only the digits 0 to 9"),
        (("--profile", "sandbox", "connector", "check", "fax"), "no such instance"),
        (("practice", "serve", "--people", "5"), "at least 200 people"),
        ((), "There is no display here"),
        (("pop", "--from", "07700900123"), "There is no display here"),
    ],
)
def test_every_other_error_is_one_line_and_one(terminal: Terminal, words: tuple[str, ...], part: str) -> None:
    ran = terminal.run(*words)
    assert (ran.code, ran.out) == (1, "")
    assert part in ran.problem


def test_a_data_folder_that_cannot_be_made_is_one_line(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for options in (("--practice",), ("--profile", "sandbox")):
        ran = terminal.run("extract", "list", *options, "--data-dir", str(tmp_path / "file"))
        assert (ran.code, ran.out) == (1, "")
        assert "folder cannot be" in ran.problem


def test_a_database_server_that_is_not_there_is_one_line_without_its_password(terminal: Terminal, tmp_path: Path) -> None:
    own = config(tmp_path, '[desk]\nprofile = "sandbox"\n[database]\nurl = "postgresql://desk:secret@127.0.0.1:1/helpdesk"\n')
    ran = terminal.run("extract", "list", "--config", own, "--data-dir", str(tmp_path / "data"))
    assert (ran.code, ran.out) == (1, "")
    assert ran.problem
    assert "secret" not in ran.err


def test_output_is_utf_8_in_any_language_and_a_reader_may_leave(terminal: Terminal) -> None:
    ran = terminal.run("practice", "stories", "--json", env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    assert (ran.code, ran.err) == (0, "")
    cut = subprocess.run(
        ["sh", "-c", '"$@" | true', "sh", *COMMAND, "practice", "stories", "--json"],
        env=terminal.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (cut.stdout, cut.stderr) == ("", "")


def test_a_mistake_in_the_program_is_one_line_without_anything_of_its_words(tmp_path: Path) -> None:
    program = "import sys; from helpdesk import cli; cli._run = lambda o: int('9993000019x'); sys.argv = ['helpdesk', 'doctor']; cli.main()"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert ran.stderr.splitlines() == ["helpdesk: A mistake in the program stopped this command: ValueError (<string>, line 1)."]


# searching


def test_a_search_has_the_shape_it_must_have(terminal: Terminal, sandbox: Sandbox) -> None:
    jane = sandbox.story("simple_wait").value
    by_name = terminal.run("patient", "search", "smith jane 1950", "--json", *sandbox.options())
    by_number = terminal.run("patient", "search", f"{jane[:3]} {jane[3:6]} {jane[6:]}", "--json", *sandbox.options())
    for ran in (by_name, by_number):
        assert ran.code == 0
        assert differs(ran.json, SEARCH) == []
        assert [p["born"] for p in ran.json["people"] if p["nhs_number"] == jane] == ["1950-01-01"]
    assert by_name.json["query"] == "smith jane 1950"
    assert not by_name.json["more"]
    assert by_name.json["understood"]


def test_finding_nobody_is_an_answer(terminal: Terminal, sandbox: Sandbox) -> None:
    ran = terminal.run("patient", "search", "Quxwort Zebulon 03-Mar-1931", "--json", *sandbox.options())
    assert ran.code == 0
    assert ran.json["people"] == []
    assert differs(ran.json, SEARCH) == []


def test_a_search_finds_on_this_computer_while_pds_is_down_and_says_so(terminal: Terminal, sandbox: Sandbox) -> None:
    terminal.run("extract", "list", *sandbox.options())
    sandbox.stub("pds").fault = "503"
    ran = terminal.run("patient", "search", "smith jane 1950", "--json", *sandbox.options())
    assert ran.code == 0
    assert sandbox.story("simple_wait").value in {p["nhs_number"] for p in ran.json["people"]}
    assert "not available" in ran.problem


@pytest.mark.parametrize("text", ["9993000018", "", "?"])
def test_words_that_cannot_be_searched_for_are_refused(terminal: Terminal, sandbox: Sandbox, text: str) -> None:
    ran = terminal.run("patient", "search", text, "--json", *sandbox.options())
    assert (ran.code, ran.out) == (1, "")
    assert ran.problem


# what needs no database


def test_what_needs_no_database_makes_none(terminal: Terminal, tmp_path: Path) -> None:
    data = tmp_path / "data"
    doctor = terminal.run("doctor", "--json", "--data-dir", str(data))
    listed = terminal.run("connector", "list", "--json", "--data-dir", str(data))
    told = terminal.run("practice", "stories", "--json", "--data-dir", str(data))
    assert [r.code for r in (doctor, listed, told)] == [0, 0, 0]
    assert doctor.json["profile"] == "live"
    assert not doctor.json["data_folder_exists"]
    assert {"pds", "ers", "gp_connect", "nhs_notify", "waiting_list_extract"} <= {c["id"] for c in listed.json["connectors"]}
    assert differs(told.json, STORIES) == []
    assert len(told.json) >= 15
    assert not data.exists()


def test_instances_are_listed_with_their_connector_and_unknown_kinds_are_said(terminal: Terminal, tmp_path: Path) -> None:
    own = config(tmp_path, PDS + '[connectors.north]\nkind = "gp_connect"\nbase_url = "http://127.0.0.1:1"\n[connectors.fax]\n')
    ran = terminal.run("connector", "list", "--json", "--config", own)
    instances = {c["id"]: c["instances"] for c in ran.json["connectors"]}
    assert instances["pds"] == ["pds"]
    assert instances["gp_connect"] == ["north"]
    assert ran.json["unknown"] == [{"name": "fax", "kind": "fax"}]
    assert "not here: fax" in terminal.run("connector", "list", "--config", own).problem


# connectors


def test_each_system_of_the_area_answers_its_check(terminal: Terminal, sandbox: Sandbox) -> None:
    ran = terminal.run("connector", "check", "--json", *sandbox.options())
    assert ran.code == 0, ran
    assert {r["name"]: (r["ok"], r["stage"]) for r in ran.json} == dict.fromkeys([*_asked(sandbox), LINK, *_lists(sandbox)], (True, ""))
    assert not sandbox.data.exists()


@pytest.mark.parametrize("fault", ["401", "404", "broken"])
def test_a_system_that_fails_fails_its_check(terminal: Terminal, sandbox: Sandbox, fault: str) -> None:
    for name in sandbox.running.systems:
        sandbox.stub(name).fault = fault
    ran = terminal.run("connector", "check", "--json", *sandbox.options())
    assert ran.code == 1
    assert {r["name"] for r in ran.json if not r["ok"]} == set(_asked(sandbox))


def test_one_system_can_be_checked_alone(terminal: Terminal, sandbox: Sandbox) -> None:
    sandbox.stub("ers").fault = "500"
    assert terminal.run("connector", "check", "gp_connect", *sandbox.options()).code == 0
    assert terminal.run("connector", "check", "ers", *sandbox.options()).code == 1


LINK = "shared_record"
"""Asks nobody: a browser opens it."""


def _asked(sandbox: Sandbox) -> list[str]:
    """The systems that are switched on and that a check asks."""
    tables = sandbox.running.tables["connectors"]
    return [name for name in sandbox.running.systems if tables[name].get("enabled", True) and name != LINK]


def _lists(sandbox: Sandbox) -> list[str]:
    return [name for name, table in sandbox.running.tables["connectors"].items() if table.get("kind") == "waiting_list_extract"]

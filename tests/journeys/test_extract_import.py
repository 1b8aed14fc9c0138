"""`extract check` and `extract import` with somebody else's files, on each kind of profile that needs no sign-in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.command import Terminal
from tests.journeys.conftest import today
from tests.journeys.extract_files import ANN, BEN, WEEK, open_pathways, persons


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path / "home")


@pytest.fixture
def sandbox_options(tmp_path: Path) -> tuple[str, ...]:
    return ("--profile", "sandbox", "--data-dir", str(tmp_path / "data"))


def test_a_good_file_is_checked_without_a_database(terminal: Terminal, tmp_path: Path) -> None:
    file = open_pathways(tmp_path / "list.csv", "XAA01", ANN, BEN)
    ran = terminal.run("extract", "check", str(file), "--json", "--data-dir", str(tmp_path / "data"))
    assert (ran.code, ran.err) == (0, "")
    assert ran.json == {
        "kind": "open_pathways",
        "provider": "XAA01",
        "as_at": WEEK.isoformat(),
        "rows": 2,
        "extra_columns": [],
        "not_used": [],
        "left_out": 0,
        "problem_count": 0,
        "problems": [],
    }
    assert not (tmp_path / "data").exists()


def test_a_broken_file_is_checked_with_row_and_column(terminal: Terminal, tmp_path: Path) -> None:
    file = open_pathways(tmp_path / "list.csv", "XAA01", ANN, BEN, REFERRAL_REQUEST_RECEIVED_DATE="31/12/2025")
    ran = terminal.run("extract", "check", str(file), "--json")
    assert ran.code == 1
    assert ran.json["problem_count"] >= 2
    assert {(p["row"], p["column"]) for p in ran.json["problems"]} >= {(r, "REFERRAL_REQUEST_RECEIVED_DATE") for r in _rows(ran.json)}
    assert "31/12/2025" not in ran.out


def _rows(checked: dict[str, list[dict[str, int]]]) -> set[int]:
    return {p["row"] for p in checked["problems"]}


@pytest.mark.parametrize("options", [("--practice",), ("--profile", "sandbox")])
def test_files_are_imported_listed_and_found(terminal: Terminal, tmp_path: Path, options: tuple[str, ...]) -> None:
    options = (*options, "--data-dir", str(tmp_path / "data"))
    people = str(persons(tmp_path / "p.csv"))
    if "--practice" in options:
        assert (
            terminal.run("extract", "import", str(open_pathways(tmp_path / "l.csv", "XAA01")), "--json", *options).json["provider"]
            == "XAA01"
        )
        return
    made = terminal.run("extract", "import", people, "--as-at", today().isoformat(), "--json", *options)
    assert (made.code, made.err) == (0, "")
    assert (made.json["kind"], made.json["rows"], made.json["live"]) == ("persons", 2, True)
    assert [s["id"] for s in terminal.run("extract", "list", "--json", *options).json] == [made.json["id"]]
    found = terminal.run("patient", "search", "quarrenton ann", "--json", *options)
    assert [p["nhs_number"] for p in found.json["people"]] == [ANN]


def test_a_broken_file_is_refused_whole_and_the_former_stays(terminal: Terminal, tmp_path: Path, sandbox_options: tuple[str, ...]) -> None:
    good = terminal.run("extract", "import", str(open_pathways(tmp_path / "1.csv", "XAA01")), "--json", *sandbox_options)
    broken = open_pathways(tmp_path / "2.csv", "XAA01", ANN, "9990000019", PERSON_BIRTH_DATE="1961-13-04")
    ran = terminal.run("extract", "import", str(broken), *sandbox_options)
    assert (ran.code, ran.out) == (1, "")
    lines = ran.err.splitlines()
    assert all(line.startswith("helpdesk: ") for line in lines)
    assert any("row 2, PERSON_BIRTH_DATE" in line for line in lines)
    assert any("row 3, NHS_NUMBER" in line for line in lines)
    assert "refused and nothing changed" in lines[-1]
    assert [s["id"] for s in terminal.run("extract", "list", "--json", *sandbox_options).json if s["live"]] == [good.json["id"]]


def test_the_same_file_again_says_so_and_changes_nothing(terminal: Terminal, tmp_path: Path, sandbox_options: tuple[str, ...]) -> None:
    file = str(open_pathways(tmp_path / "1.csv", "XAA01"))
    first, again = (terminal.run("extract", "import", file, *sandbox_options) for _ in range(2))
    assert (first.code, again.code) == (0, 0)
    assert first.out.startswith("Imported 1 rows.")
    assert "imported already; nothing changed" in again.out
    assert len(terminal.run("extract", "list", "--json", *sandbox_options).json) == 1
    assert terminal.run("extract", "import", file, "--json", *sandbox_options).json["changed"] is False


def test_an_older_list_is_refused(terminal: Terminal, tmp_path: Path, sandbox_options: tuple[str, ...]) -> None:
    assert terminal.run("extract", "import", str(open_pathways(tmp_path / "1.csv", "XAA01")), *sandbox_options).code == 0
    older = open_pathways(tmp_path / "2.csv", "XAA01", week=WEEK - timedelta(weeks=1))
    ran = terminal.run("extract", "import", str(older), *sandbox_options)
    assert (ran.code, ran.out) == (1, "")
    assert ran.problem.startswith("A newer one is in use already")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ((), "Say which day this file is for"),
        (("--as-at", "yesterday"), "--as-at takes a date as YYYY-MM-DD"),
        (("--as-at", "2999-01-01"), "future"),
        (("--as-at", "2026-01-01", "--kind", "open_pathways"), "no"),
    ],
)
def test_what_is_said_about_a_file_is_checked(
    terminal: Terminal, tmp_path: Path, sandbox_options: tuple[str, ...], words: tuple[str, ...], part: str
) -> None:
    ran = terminal.run("extract", "import", str(persons(tmp_path / "p.csv")), *words, *sandbox_options)
    assert (ran.code, ran.out) == (1, "")
    assert part in ran.err


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"a,b,c\n1,2,3\n", b"nhs_number\n"])
def test_what_is_no_extract_is_refused_in_one_line(terminal: Terminal, tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "own.csv"
    file.write_bytes(data)
    ran = terminal.run("extract", "check", str(file))
    assert (ran.code, ran.out) == (1, "")
    assert ran.problem

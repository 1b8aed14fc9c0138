"""A watched folder: only files at rest are taken, each is put away once with its report, and nothing names anybody."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from helpdesk.desk.taking import Verdict
from helpdesk.desk.watched_folder import WatchedFolder
from helpdesk.errors import StorageError
from tests.intake_in_hand import Imports, Ticking, Work, never, taking

NAMED = "SMITH Jane 9000000009 2026-11-15.csv"


class Csvs:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def waiting(self) -> Sequence[Path]:
        return sorted(self._folder.glob("*.csv"))


class Watching:
    """`look` is one pass. Files are as young as the test: only standing still counts."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.imports, self.work, self.clock = folder, Imports(), Work(), Ticking()
        reader: Any = Csvs(folder)
        self.watched = WatchedFolder("south", folder, reader, 10, self.clock, now=lambda: 0.0)

    def look(self, after_s: float = 0) -> list[Verdict]:
        self.clock.at += after_s
        return [one.verdict for one in self.watched.pass_once(taking(self.imports, self.work), never)]


@pytest.fixture
def watching(tmp_path: Path) -> Watching:
    return Watching(tmp_path)


def test_a_file_that_still_changes_waits(watching: Watching) -> None:
    file = watching.folder / "list.csv"
    file.write_bytes(b"good")
    assert watching.look() == []
    assert watching.watched.changing
    for _ in range(3):
        with file.open("ab") as more:
            more.write(b" more")
        assert watching.look(9) == []
    assert watching.look(9) == []
    assert watching.look(1) == [Verdict.TAKEN]
    assert watching.imports.taken[0][1] == b"good more more more"
    assert not watching.watched.changing


def test_a_file_last_written_long_ago_need_not_be_looked_at_twice(tmp_path: Path) -> None:
    watching = Watching(tmp_path)
    watching.watched._now = lambda: 2_000_000_000.0
    file = tmp_path / "old.csv"
    file.write_bytes(b"good")
    assert watching.look() == [Verdict.TAKEN]


def test_what_is_taken_lies_in_taken_with_its_report(watching: Watching) -> None:
    (watching.folder / NAMED).write_bytes(b"good")
    assert watching.look() + watching.look(10) == [Verdict.TAKEN]
    assert sorted(p.name for p in (watching.folder / "taken").iterdir()) == [NAMED, f"{NAMED}.report.txt"]
    report = (watching.folder / "taken" / f"{NAMED}.report.txt").read_text(encoding="utf-8")
    assert "This file was taken in." in report
    assert "Rows        7" in report
    assert "Left out    2" in report
    assert watching.imports.taken[0][2].isoformat() == "2026-11-15"  # type: ignore[union-attr]  # it has a day
    assert watching.work.items == {}


def test_what_is_refused_lies_in_refused_with_row_and_column_and_is_work_for_the_administrator(watching: Watching) -> None:
    (watching.folder / NAMED).write_bytes(b"9000000009,SMITH")
    assert watching.look() + watching.look(10) == [Verdict.REFUSED]
    assert not (watching.folder / NAMED).exists()
    assert (watching.folder / "refused" / NAMED).read_bytes() == b"9000000009,SMITH"
    report = (watching.folder / "refused" / f"{NAMED}.report.txt").read_text(encoding="utf-8")
    assert "row 3, NHS_NUMBER: The check digit is wrong." in report
    assert "214, of which the first 1 follow" in report
    assert "What to do" in report
    assert "SMITH" not in report
    (item,) = watching.work.items.values()
    assert (item.kind.value, item.owner_role) == ("extract_refused", "administrator")
    assert "SMITH" not in item.reason
    assert watching.look(10) == []


@pytest.mark.parametrize("name", ["list.csv.totals", "list.totals"])
def test_the_control_totals_go_where_the_file_goes(watching: Watching, name: str) -> None:
    (watching.folder / "list.csv").write_bytes(b"good")
    (watching.folder / name).write_text("rows=1")
    assert watching.look() + watching.look(10) == [Verdict.TAKEN]
    assert (watching.folder / "taken" / "list.csv.totals").read_text() == "rows=1"
    assert not (watching.folder / name).exists()


def test_nothing_is_ever_written_over(watching: Watching) -> None:
    for text in (b"good 1", b"good 2", b"good 3"):
        (watching.folder / "list.csv").write_bytes(text)
        assert watching.look() + watching.look(10) == [Verdict.TAKEN]
    kept = {p.name: p.read_bytes() for p in (watching.folder / "taken").glob("*.csv")}
    assert kept == {"list.csv": b"good 1", "list.2.csv": b"good 2", "list.3.csv": b"good 3"}


def test_the_same_file_again_is_put_away_and_not_imported_again(watching: Watching) -> None:
    for _ in range(2):
        (watching.folder / "list.csv").write_bytes(b"good")
        made = watching.look() + watching.look(10)
    assert made == [Verdict.ALREADY]
    assert len(watching.imports.taken) == 1


def test_what_cannot_be_kept_now_stays_where_it_is(watching: Watching) -> None:
    (watching.folder / "list.csv").write_bytes(b"good")
    watching.imports.error = StorageError("The disk is full.")
    watching.look()
    assert watching.look(10) == []
    assert (watching.folder / "list.csv").exists()
    watching.imports.error = None
    watching.look()
    assert watching.look(10) == [Verdict.TAKEN]


def test_a_file_that_changes_while_it_is_read_is_neither_taken_nor_refused(watching: Watching) -> None:
    file = watching.folder / "list.csv"
    file.write_bytes(b"bad")
    watching.imports.during = lambda: file.write_bytes(b"bad and longer") and None
    watching.look()
    assert watching.look(10) == []
    assert file.exists()
    assert watching.work.items == {}


@pytest.mark.expects_log("files cannot be moved in its folder")
def test_a_folder_that_may_not_be_written_is_left_alone_and_told_once(watching: Watching, caplog: pytest.LogCaptureFixture) -> None:
    (watching.folder / "taken").write_text("a file where a folder should be")
    (watching.folder / NAMED).write_bytes(b"good")
    watching.look()
    assert watching.look(10) + watching.look(10) + watching.look(10) == []
    assert watching.imports.asked == 0
    assert len(caplog.records) == 1
    assert "SMITH" not in caplog.text


@pytest.mark.expects_log("cannot be moved away")
def test_what_cannot_be_moved_is_not_imported_again_and_again(watching: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    (watching.folder / "list.csv").write_bytes(b"good")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(PermissionError))
        watching.look()
        assert watching.look(10) == [Verdict.TAKEN]
        assert watching.look() + watching.look(10) + watching.look(10) == []
    assert watching.imports.asked == 1
    watching.look()
    assert watching.look(10) == []
    assert (watching.folder / "taken" / "list.csv").exists()
    assert watching.imports.asked == 1


def test_links_and_folders_are_no_files(watching: Watching, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "list.csv"
    elsewhere.write_bytes(b"good")
    (watching.folder / "link.csv").symlink_to(elsewhere)
    (watching.folder / "folder.csv").mkdir()
    assert watching.look() + watching.look(10) == []
    assert elsewhere.exists()


def test_no_name_is_logged(watching: Watching, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for text in (b"good", b"bad"):
        (watching.folder / NAMED).write_bytes(text)
        watching.look()
        watching.look(10)
    assert "SMITH" not in caplog.text
    assert "9000000009" not in caplog.text

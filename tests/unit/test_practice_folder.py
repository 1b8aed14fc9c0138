"""The practice area of a data folder: made once, and moved to today when its dates have grown old."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from helpdesk.errors import RuleBroken, StorageError
from helpdesk.practice.folder import FILE, load_or_make

MONDAY = date(2026, 11, 16)


def test_it_is_made_once(tmp_path: Path) -> None:
    made, changed = load_or_make(tmp_path / "new", 200, 1, MONDAY)
    again, changed_again = load_or_make(tmp_path / "new", 200, 1, MONDAY + timedelta(days=1))
    assert (changed, changed_again) == (True, False)
    assert again == made
    assert json.loads((tmp_path / "new" / FILE).read_text()) == {"seed": 1, "people": 200, "made_on": "2026-11-16"}


@pytest.mark.parametrize(("days", "moves"), [(0, False), (7, False), (8, True), (60, True), (-1, True)])
def test_it_moves_to_today_when_it_is_older_than_a_week(tmp_path: Path, days: int, moves: bool) -> None:
    load_or_make(tmp_path, 200, 1, MONDAY)
    today = MONDAY + timedelta(days=days)
    area, changed = load_or_make(tmp_path, 200, 1, today)
    assert changed is moves
    assert area.today == (today if moves else MONDAY)


def test_its_newest_lists_never_pass_their_ten_days(tmp_path: Path) -> None:
    for made in (MONDAY + timedelta(days=n) for n in range(7)):
        load_or_make(tmp_path / str(made), 200, 1, made)
        for days in range(9):
            today = made + timedelta(days=days)
            area, _ = load_or_make(tmp_path / str(made), 200, 1, today)
            ages = sorted((today - week).days for week in area.list_weeks.values())
            assert ages[1] <= 10 < ages[2]


@pytest.mark.parametrize(("people", "seed"), [(201, 1), (200, 2)])
def test_another_size_or_seed_is_another_area(tmp_path: Path, people: int, seed: int) -> None:
    load_or_make(tmp_path, 200, 1, MONDAY)
    area, changed = load_or_make(tmp_path, people, seed, MONDAY)
    assert (changed, area.seed, len(area.people)) == (True, seed, people)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"seed": 1}', '{"seed": "x", "people": 200, "made_on": "2026-11-16"}', "null", "\xff"])
def test_a_damaged_file_is_made_again(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="latin-1")
    assert load_or_make(tmp_path, 200, 1, MONDAY)[1] is True
    assert load_or_make(tmp_path, 200, 1, MONDAY)[1] is False


def test_too_few_people_write_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuleBroken):
        load_or_make(tmp_path, 20, 1, MONDAY)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be written"):
        load_or_make(tmp_path / "file", 200, 1, MONDAY)

"""Published counts are read as they are published, or refused whole with a reason."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from helpdesk.errors import RuleBroken
from helpdesk.waits.counts import CellCounts, CellKey, Month, month_of
from helpdesk.waits.panel import read_panel
from helpdesk.waits.published import read_month
from tests.unit.wait_files import JANUARY, Cells, column, month_file, real, row, write

BANDS = column("Gt 00 To 01 Weeks SUM 1")


def test_commissioners_are_summed_and_the_total_is_not_counted_again(tmp_path: Path) -> None:
    month = read_month(write(tmp_path, month_file()))
    assert (month.month, month.open_from, month.rows) == (JANUARY, 104, 30)
    assert set(month.cells) == {("XFC01", "110"), ("XFC01", "X02")}
    cell = month.cells["XFC01", "110"]
    assert cell.waiting is not None
    assert cell.waiting[:4] == (7, 4, 10, 0)
    assert cell.started == 21
    assert month.totals["Part_2"] == 32


def test_a_zip_and_title_lines_and_a_file_to_52_weeks_are_read(tmp_path: Path) -> None:
    def to_52_weeks(rows: Cells) -> None:
        for cells in rows:
            del cells[BANDS + 53 : BANDS + 105]
        rows[0][BANDS + 52] = "Gt 52 Weeks SUM 1"

    path = write(tmp_path, month_file(), to_52_weeks, before="RTT waiting times\nPublished,,\n")
    packed = tmp_path / "month.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(path, "inside.csv")
    for file in (path, packed):
        month = read_month(file)
        assert month.open_from == 52
        assert len(month.cells["XFC01", "110"].waiting or ()) == 53


def test_a_part_that_is_not_published_is_not_nobody(tmp_path: Path) -> None:
    def without_decided(rows: Cells) -> None:
        rows[:] = [r for r in rows if r[column("RTT Part Type")] not in ("Part_2A", "Part_3")]

    cell = read_month(write(tmp_path, month_file(), without_decided)).cells["XFC01", "110"]
    assert cell.decided is None
    assert cell.started is None


def _set(place: int, name: str | int, value: str) -> Callable[[Cells], None]:
    def change(rows: Cells) -> None:
        rows[place][column(name) if isinstance(name, str) else name] = value

    return change


REFUSED = {
    "a week that was changed": (_set(5, BANDS + 1, "9"), 'do not add up to "Total All" \\(row 6\\)'),
    "a total that was changed": (_set(1, "Total", "77"), 'do not add up to "Total" \\(row 2\\)'),
    "a blank total": (_set(5, "Total All", ""), '"Total All" is blank \\(row 6\\)'),
    "words for a count": (_set(5, BANDS, "many"), "something else than a count \\(row 6"),
    "a count below nobody": (_set(5, BANDS, "-3"), "below 0|something else"),
    "a fraction": (_set(5, BANDS, "1.5"), "something else than a count"),
    "an unknown part": (_set(5, "RTT Part Type", "Part_9"), "a part that is not known \\(row 6"),
    "an unknown function": (_set(5, "Treatment Function Code", "C_111"), "treatment function that is not published \\(row 6"),
    "another month": (_set(5, "Period", "RTT-May-2025"), "more than one month \\(row 6"),
    "no month": (_set(1, "Period", "RTT-Brumaire-2025"), "no month \\(row 2"),
    "a blank provider": (_set(5, "Provider Org Code", ""), "no provider"),
    "a short row": (lambda rows: rows[5].pop(), "120 columns where the header has 121 \\(row 6"),
    "a row twice": (lambda rows: rows.append(rows[5]), "stand twice"),
    "a detail that is gone": (lambda rows: rows.pop(1), "do not add up to its total"),
    "totals without details": (
        lambda rows: rows.__delitem__(slice(1, None)) or rows.append(row("XFC01", "X", "Part_2", "C_999", [1])),
        "total",
    ),  # type: ignore[func-returns-value]  # __delitem__ for its effect
    "new clocks by weeks": (_set(13, BANDS, "5"), "new clocks cannot be counted by weeks"),
    "weeks out of order": (_set(0, BANDS, "Gt 01 To 02 Weeks SUM 1"), "week columns do not follow"),
    "no open week": (_set(0, BANDS + 104, "Gt 104 To 105 Weeks SUM 1"), "week columns do not follow"),
    "a missing column": (_set(0, "Total All", "Everybody"), 'the column "Total All" is missing'),
    "no header": (lambda rows: rows.pop(0), "no header line"),
    "no rows": (lambda rows: rows.__delitem__(slice(1, None)), "holds no rows"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_as_published_is_refused_with_its_reason(tmp_path: Path, name: str) -> None:
    change, reason = REFUSED[name]
    with pytest.raises(RuleBroken, match=reason) as refused:
        read_month(write(tmp_path, month_file(), change))
    assert refused.value.message.startswith("The file was refused and nothing changed: ")


@pytest.mark.parametrize("content", [b"", b"\x00" * 500, b"Period,Provider Org Code\n", "Period,Provider Org Code\xff".encode("latin-1")])
def test_another_kind_of_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.csv"
    path.write_bytes(content)
    with pytest.raises(RuleBroken, match="refused"):
        read_month(path)


def test_a_zip_with_two_files_or_damaged_is_refused(tmp_path: Path) -> None:
    packed = tmp_path / "two.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "x")
        archive.writestr("b.csv", "x")
    with pytest.raises(RuleBroken, match="exactly one"):
        read_month(packed)
    whole = tmp_path / "one.zip"
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(write(tmp_path, month_file()), "a.csv")
    damaged = bytearray(whole.read_bytes())
    damaged[60:200] = b"\x55" * 140
    whole.write_bytes(damaged)
    with pytest.raises(RuleBroken, match="refused"):
        read_month(whole)


def _functions(cells: Mapping[CellKey, CellCounts]) -> set[str]:
    return {function for _, function in cells}


def _read_or_refused(path: Path) -> Mapping[CellKey, CellCounts] | None:
    """The cells, or None where it was refused; anything else than a refusal is a mistake in the program."""
    try:
        return read_month(path).cells
    except RuleBroken:
        return None


def test_bytes_changed_anywhere_never_crash_and_never_change_a_count(tmp_path: Path) -> None:
    """What is read after a change is what stood there before, the change being in a name; or one code became another."""
    path, draw = write(tmp_path, month_file()), random.Random(5)
    whole = path.read_bytes()
    sound = read_month(path).cells
    refused = 0
    for _ in range(400):
        changed = bytearray(whole)
        changed[draw.randrange(len(changed))] = draw.randrange(256)
        path.write_bytes(bytes(changed))
        found = _read_or_refused(path)
        assert found is None or found == sound or _functions(found) != _functions(sound)
        refused += found is None
    assert refused > 200


def test_a_file_cut_off_anywhere_is_refused_or_read_to_a_whole_group(tmp_path: Path) -> None:
    path, draw = write(tmp_path, month_file()), random.Random(6)
    whole = path.read_bytes()
    for _ in range(100):
        path.write_bytes(whole[: draw.randrange(len(whole))])
        _read_or_refused(path)


def test_months_are_told_from_their_names() -> None:
    assert month_of("RTT-June-2026") == Month(2026, 6)
    assert month_of("2014-12") == Month(2014, 12)
    assert month_of("RTT-Juni-2026") is None
    assert (Month(2026, 1).plus(-1), Month(2026, 2).days, str(Month(2026, 2))) == (Month(2025, 12), 28, "2026-02")


def test_january_2026_comes_in_whole_with_its_totals_reconciled() -> None:
    month = read_month(real("rtt_2026-01_CandP_full-extract-layout.csv"))
    assert (month.month, month.rows, month.open_from) == (JANUARY, 7522, 104)
    assert len({provider for provider, _ in month.cells}) == 173
    waiting = sum(sum(c.waiting) for c in month.cells.values() if c.waiting is not None)
    assert waiting == month.totals["Part_2"] == 170_021
    assert month.totals["Part_3"] == sum(c.started or 0 for c in month.cells.values())
    assert ("RGT", "X02") in month.cells


def test_november_2024_of_one_trust_comes_in_whole() -> None:
    month = read_month(real("20241130-RTT-November-2024-RBD_fullcsv-layout.csv"))
    assert (month.month, month.rows, month.totals["Part_2"]) == (Month(2024, 11), 512, 21_702)


def test_the_panel_of_2014_15_becomes_the_same_counts() -> None:
    months = read_panel(real("rtt_2014-12_2015-03_CCG06H_weekbands.csv"))
    assert [str(m.month) for m in months] == ["2014-12", "2015-01", "2015-02", "2015-03"]
    assert all(len(c.waiting or ()) in (0, 53) for m in months for c in m.cells.values())
    assert ("06H", "110") in months[0].cells

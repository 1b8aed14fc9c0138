"""Files on their way lie sealed and private, read back as they came, and are noise to everybody else."""

from __future__ import annotations

import gzip
import multiprocessing
import os
import stat
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.errors import StorageError
from helpdesk.spool import Part, Spool, SpooledFile

CLEAR = b"NHS_NUMBER,NAME\r\n9000000009,SMITH\r\n" * 5_000


def spooled(spool: Spool, data: bytes, parts: int = 3, most: int = 10**8) -> SpooledFile:
    size = max(1, -(-len(data) // parts))
    made = []
    for at in range(0, max(1, len(data)), size):
        part = spool.part(most)
        for piece in (data[at : at + size][start : start + 50_000] for start in range(0, size, 50_000)):
            part.write(piece)
        part.close()
        made.append(part)
    return spool.whole(made, most)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400), times=st.sampled_from([1, 300, 65_536 // 4]), parts=st.integers(1, 4), packed=st.booleans())
def test_what_was_written_is_read(tmp_path: Path, data: bytes, times: int, parts: int, packed: bool) -> None:
    clear = b"x" + data * times
    file = spooled(Spool(tmp_path / "s"), gzip.compress(clear) if packed else clear, parts)
    with file.open("rb") as first, file.open("rb") as second:
        assert first.read() == clear
        assert second.readline() == clear.splitlines(keepends=True)[0] or b"\r" in clear
    file.drop()


def test_nothing_lies_in_clear_and_nobody_else_may_look(tmp_path: Path) -> None:
    spooled(Spool(tmp_path / "s"), CLEAR)
    held = list((tmp_path / "s").iterdir())
    assert len(held) == 3
    for path in held:
        data = path.read_bytes()
        assert b"9000000009" not in data
        assert b"SMITH" not in data
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o700


def test_a_part_that_was_changed_cut_or_put_elsewhere_is_not_read(tmp_path: Path) -> None:
    for change in (
        lambda d: d[:-1] + bytes([d[-1] ^ 1]),
        lambda d: d[:-70_000],
        lambda d: d[65_552 : 2 * 65_552] + d[:65_552] + d[2 * 65_552 :],
    ):
        file = spooled(Spool(tmp_path / "s"), os.urandom(200_000), parts=1)
        path = Path(str(file))
        path.write_bytes(change(path.read_bytes()))
        with pytest.raises(OSError, match="changed"), file.open("rb") as opened:
            opened.read()


@pytest.mark.parametrize("damage", [lambda d: d[:-9], lambda d: d[:100] + b"\0" * 50 + d[150:]])
def test_damaged_packing_is_an_error_and_not_an_end(tmp_path: Path, damage: object) -> None:
    file = spooled(Spool(tmp_path / "s"), damage(gzip.compress(os.urandom(5_000))))  # type: ignore[operator]  # a function
    with pytest.raises(OSError, match="packing"), file.open("rb") as opened:
        opened.read()


def test_a_small_file_that_holds_a_huge_one_ends(tmp_path: Path) -> None:
    file = spooled(Spool(tmp_path / "s"), gzip.compress(b"a" * 5_000_000), most=1_000_000)
    with pytest.raises(OSError, match="too long"), file.open("rb") as opened:
        opened.read()


def test_a_process_that_is_started_to_read_it_can(tmp_path: Path) -> None:
    file = spooled(Spool(tmp_path / "s"), gzip.compress(CLEAR))
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as other:
        assert other.submit(len_of, file).result() == len(CLEAR)


def len_of(path: Path) -> int:
    with path.open("rb") as file:
        assert os.fstat(file.fileno()).st_size
        return len(file.read())


def test_paths_beside_it_are_ordinary_ones(tmp_path: Path) -> None:
    file = spooled(Spool(tmp_path / "s"), b"a")
    (tmp_path / "s" / "totals").write_text("rows=1")
    assert file.with_name("totals").read_text() == "rows=1"
    with pytest.raises(FileNotFoundError):
        file.with_suffix(".totals").read_bytes()


def test_it_is_only_read(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="only read"):
        spooled(Spool(tmp_path / "s"), b"a").open("wb")


def test_what_a_former_process_left_is_removed(tmp_path: Path) -> None:
    spooled(Spool(tmp_path / "s"), CLEAR)
    (tmp_path / "s" / "other").write_text("not ours")
    Spool(tmp_path / "s").clear()
    assert [p.name for p in (tmp_path / "s").iterdir()] == ["other"]


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    part = Spool(tmp_path / "s").part(10)
    assert isinstance(part, Part)
    part._file.close()
    part._file = open("/dev/full", "wb", buffering=0)  # noqa: SIM115  # closed by drop
    with pytest.raises(StorageError, match="disk full"):
        part.write(b"a" * 70_000)
    part.drop()
    part.drop()

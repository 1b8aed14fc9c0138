"""A large file is read in a process of its own, with the same result, and that process ends with the import."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from connectors.waiting_list_extract import connect
from connectors.waiting_list_extract.settings import ExtractSettings
from helpdesk.desk import extracts
from helpdesk.desk.extracts import ExtractImport, ExtractRefused, ImportCancelled
from helpdesk.registry.contract import ConnectorContext
from tests.fakes_extracts import FixedClock, MemorySnapshots, NotedAudit, pathways
from tests.unit.test_extract_import import session


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> MemorySnapshots:
    monkeypatch.setattr(extracts, "APART_FROM_BYTES", 0)
    return MemorySnapshots()


def imported(store: MemorySnapshots, path: Path, *, stop: bool = False) -> int:
    reader = connect(ExtractSettings(), ConnectorContext("list", "List", "XICB", FixedClock(), str))
    told: list[int] = []
    service = ExtractImport(store, NotedAudit(), session(), FixedClock())
    service.import_file(reader, path, source="list", progress=lambda done, _: told.append(done), cancelled=lambda: stop and bool(told))
    return told[-1]


def reading() -> list[str]:
    return [p.name for p in multiprocessing.active_children() if p.name == "extract-reading"]


def test_it_goes_live_as_if_read_here(store: MemorySnapshots, tmp_path: Path) -> None:
    assert imported(store, pathways(tmp_path / "list.csv", *[{}] * 2_500)) == 2_500
    assert len(store.live_rows()) == 2_500
    assert reading() == []


def test_what_is_wrong_is_told_from_there(store: MemorySnapshots, tmp_path: Path) -> None:
    with pytest.raises(ExtractRefused, match="row 3, NHS_NUMBER"):
        imported(store, pathways(tmp_path / "list.csv", {}, {"NHS_NUMBER": "9993000018"}))
    assert (store.live(), store.staged(), reading()) == ([], [], [])


def test_stopping_it_ends_the_other_process(store: MemorySnapshots, tmp_path: Path) -> None:
    with pytest.raises(ImportCancelled):
        imported(store, pathways(tmp_path / "list.csv", *[{}] * 2_500), stop=True)
    assert (store.live(), store.staged(), reading()) == ([], [], [])

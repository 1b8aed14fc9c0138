"""The whole core on real parts: stub servers over real HTTP, a real encrypted database, a sandbox desk on top."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from helpdesk.access.model import Role
from helpdesk.clock import SystemClock, london_day
from helpdesk.composition.opening import OpenFolder
from helpdesk.composition.practice import RunningArea
from helpdesk.composition.services import Services
from helpdesk.identifiers import NhsNumber
from helpdesk.practice.area import make_area
from helpdesk.practice.model import Area
from helpdesk.start import begin

PEOPLE = 300


@dataclass(frozen=True)
class Sandbox:
    """An area being served, a sandbox configuration that points at it, and a data folder of its own."""

    running: RunningArea
    config: Path
    data: Path

    @property
    def area(self) -> Area:
        return self.running.area

    def stub(self, instance: str) -> Any:
        """The running stub server of one system, for its counts and its faults."""
        return self.running.servers[instance]

    def story(self, key: str) -> NhsNumber:
        return {s.key: s.nhs_number for s in self.area.stories}[key]

    def options(self) -> list[str]:
        return ["--config", str(self.config), "--data-dir", str(self.data)]


@pytest.fixture(scope="session")
def area() -> Area:
    return make_area(PEOPLE, 5, today())


@pytest.fixture
def sandbox(area: Area, tmp_path: Path) -> Iterator[Sandbox]:
    running = RunningArea(area, changed=True)
    try:
        running.write_extracts()
        config = tmp_path / "sandbox.toml"
        config.write_text(running.config, encoding="utf-8")
        yield Sandbox(running, config, tmp_path / "data")
    finally:
        running.stop()


@pytest.fixture
def folder(sandbox: Sandbox) -> Iterator[OpenFolder]:
    opened = OpenFolder(begin(config=str(sandbox.config), data_dir=str(sandbox.data)))
    yield opened
    opened.close()


@pytest.fixture
def handler(folder: OpenFolder) -> Services:
    """The services of a call handler at this desk."""
    return folder.practise_as(Role.HANDLER)


def today() -> date:
    return london_day(SystemClock().now())

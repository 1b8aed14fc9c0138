"""The practice area of this run: its people from the seed, its servers on loopback, its extracts in the database."""

from __future__ import annotations

import secrets
import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpdesk.clock import SystemClock, london_day
from helpdesk.composition.connection_file import PracticeFile
from helpdesk.composition.outside_stubs import and_outside, with_stub
from helpdesk.practice.area import make_area
from helpdesk.practice.files import AreaFiles, write_extracts
from helpdesk.practice.folder import load_or_make
from helpdesk.practice.model import Area, Story, StubServer
from helpdesk.practice.organisations import systems
from helpdesk.practice.serving import Served, configuration, serve
from helpdesk.registry import manifests
from helpdesk.start import PRACTICE_PEOPLE, PRACTICE_SEED


@dataclass(frozen=True)
class AreaServers:
    """What `practice serve` announces."""

    systems: Mapping[str, str]
    config: str


class RunningArea:
    """An area being served. `tables` is its configuration, with what was changed in the settings and is kept in
    `changes_in`; `generated` are its instances before that. `changed` says that the area was made or re-anchored, so its
    extracts must go into the database again; `stop` ends the servers and takes the extract files away."""

    def __init__(self, area: Area, *, changed: bool, changes_in: Path | None = None) -> None:
        self.area = area
        self.changed = changed
        self._served = Served({})
        # its name is known before it is there: whoever ends the program at that very moment leaves nothing behind
        self.folder = Path(tempfile.gettempdir()) / f"helpdesk-practice-{secrets.token_hex(8)}"
        try:
            self.folder.mkdir(mode=0o700)
            self._served = and_outside(serve(area, _stubs()), area)
            self._configure(changes_in)
        except BaseException:
            self.stop()
            raise

    def _configure(self, changes_in: Path | None) -> None:
        self.config = configuration(self._served, self.folder, self.area.organisations)
        read: dict[str, Any] = tomllib.loads(self.config)
        self.generated: Mapping[str, Mapping[str, Any]] = read["connectors"]
        self.tables: Mapping[str, Any] = read | ({"connectors": self._changed_in(changes_in)} if changes_in else {})

    def _changed_in(self, folder: Path) -> Mapping[str, Mapping[str, Any]]:
        return PracticeFile(folder, self.generated).tables()

    @property
    def servers(self) -> Mapping[str, StubServer]:
        return self._served.servers

    @property
    def systems(self) -> Mapping[str, str]:
        return self._served.addresses

    def write_extracts(self) -> AreaFiles:
        return write_extracts(self.area, self.folder)

    @contextmanager
    def extracts_ready(self) -> Iterator[None]:
        """The files lie in their folders, as they would where they arrive by themselves."""
        self.write_extracts()
        try:
            yield
        finally:
            self.drop_extracts()

    def drop_extracts(self) -> None:
        """Once they are in the database nothing of them stays, whatever becomes of the program."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def stop(self) -> None:
        self._served.stop()
        self.drop_extracts()


def _stubs() -> dict[str, str]:
    found = manifests.find().manifests
    return {s.instance: found[s.kind].stub for s in systems() if s.kind in found}


def running(folder: Path) -> RunningArea:
    """The area of this data folder, made at the first start and re-anchored once it is older than seven days."""
    area, changed = load_or_make(folder, PRACTICE_PEOPLE, PRACTICE_SEED, london_day(SystemClock().now()))
    return RunningArea(area, changed=changed, changes_in=folder)


def practice_instances() -> Mapping[str, Mapping[str, Any]]:
    """The instances that the practice area's configuration names, without serving anything."""
    lists: Mapping[str, Any] = tomllib.loads(configuration(Served({}), Path()))["connectors"]
    return {**{s.instance: {"kind": s.kind, "enabled": s.enabled} for s in systems()}, **lists, **{m.id: {} for m in with_stub()}}


@contextmanager
def serving(people: int, seed: int) -> Iterator[AreaServers]:
    """The servers alone, with the extracts written for whoever is pointed at them."""
    area = RunningArea(make_area(people, seed, london_day(SystemClock().now())), changed=True)
    try:
        area.write_extracts()
        yield AreaServers(area.systems, area.config)
    finally:
        area.stop()


def stories() -> tuple[Story, ...]:
    return make_area(PRACTICE_PEOPLE, PRACTICE_SEED, london_day(SystemClock().now())).stories

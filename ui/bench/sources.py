"""Opens one patient again and again in the real window, and takes the time until the last source is painted."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from helpdesk.answers import SourceState
from helpdesk.errors import ConnectorUnavailable
from helpdesk.identifiers import NhsNumber
from ui.bench.pulse import Pulse
from ui.call_desk.screen import CallDeskScreen
from ui.call_desk.together import CallDeskPresenters, Services
from ui.door import Workstation
from ui.keys import KeyMap
from ui.shell.window import MainWindow
from ui.tasks import InTurns, PoolRunner, QtScheduler
from ui.theme.theme import Theme, use
from ui.widgets.source_strip import ASKING

IDLE_EVERY = 4
"""After every so many look-ups the window is left alone for as long as one of them took, for comparison."""
SETTLES_MS = 100
_WITHIN_MS = 20_000


class BenchDesk(Protocol):
    @property
    def workstation(self) -> Workstation: ...

    @property
    def number(self) -> NhsNumber: ...

    @property
    def words(self) -> str: ...

    @property
    def labels(self) -> frozenset[str]:
        """The sources that must have answered, as they stand on the screen."""


@dataclass(frozen=True)
class Look:
    """One look-up: seconds from the wish to open the patient (PDS is asked) until the last panel was painted, and the
    longest time in between during which the window did nothing else."""

    took_s: float
    gap_s: float


@dataclass(frozen=True)
class Measured:
    looks: tuple[Look, ...]
    idle_gaps_s: tuple[float, ...]


def measure(desk: BenchDesk, runs: int, progress: Callable[[int], None] = lambda _done: None) -> Measured:
    """Raises ConnectorUnavailable where a source does not answer in full."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    running = QApplication.instance()
    application = running if isinstance(running, QApplication) else QApplication(["helpdesk"])
    use(Theme(), application)
    bench = _Bench(desk)
    try:
        bench.begin_call()
        bench.look_up()  # what is loaded at the first use belongs to no look-up
        looks: list[Look] = []
        idle: list[float] = []
        for done in range(runs):
            looks.append(bench.look_up())
            if done % IDLE_EVERY == 0:
                idle.append(bench.idle(looks[-1].took_s))
            progress(done + 1)
        return Measured(tuple(looks), tuple(idle))
    finally:
        bench.close()


class _Bench:
    """The window with somebody at it, as ui.app makes it, and whoever presses its keys."""

    def __init__(self, desk: BenchDesk) -> None:
        self._desk = desk
        w = desk.workstation
        self._window = MainWindow(KeyMap(), w.profile)
        self._screen = CallDeskScreen(self._window)
        self._runner, self._scheduler, self._pulse = PoolRunner(), QtScheduler(), Pulse()
        self._window.open_on_screen()
        turns = InTurns(self._runner, self._scheduler)
        self._screen.attach(Services(w.calls, w.people, w.dispositions, self._runner, self._scheduler, w.clock, turns))
        self._query = w.people.understand(desk.words)

    @property
    def _presenters(self) -> CallDeskPresenters:
        assert self._screen.presenters is not None, "attached above"  # noqa: S101 - narrows the type
        return self._screen.presenters

    def begin_call(self) -> None:
        self._presenters.call.new_call()
        self._until(lambda: self._presenters.current.draft is not None)

    def look_up(self) -> Look:
        """Whoever was open is closed; then the same person is opened, whose caller has said enough to be told."""
        self._presenters.call.wrong_person()
        self._wait(SETTLES_MS)
        self._pulse.start()
        began = time.perf_counter()
        self._presenters.call.opening.choose(self._desk.number, self._query)
        self._until(self._answered)
        # nothing but what the loop itself would do next: what is laid out and painted anew is so when this returns
        QCoreApplication.sendPostedEvents()
        took_s = time.perf_counter() - began
        return Look(took_s, self._pulse.stop())

    def idle(self, seconds: float) -> float:
        """The longest gap while nothing happens for so long."""
        self._wait(SETTLES_MS)
        self._pulse.start()
        self._wait(round(seconds * 1000))
        return self._pulse.stop()

    def close(self) -> None:
        self._scheduler.close()
        self._runner.close()
        self._window.close()

    def _answered(self) -> bool:
        """Whether every source stands on the screen with its answer. Raises ConnectorUnavailable for one that failed."""
        lines = {line.label: line for line in self._screen.room.status.sources.lines}
        if not self._desk.labels <= lines.keys() or any(line.state == ASKING for line in lines.values()):
            return False
        failed = [label for label in sorted(self._desk.labels) if lines[label].state != SourceState.FRESH]
        if failed:
            raise ConnectorUnavailable(f"{failed[0]} did not answer in full, so nothing was measured: {lines[failed[0]].message}")
        return True

    def _until(self, reached: Callable[[], bool]) -> None:
        """Runs the event loop until then, looking at every tick."""
        loop = QEventLoop()
        failed: list[ConnectorUnavailable] = []

        def look() -> None:
            try:
                if reached():
                    loop.quit()
            except ConnectorUnavailable as error:
                failed.append(error)
                loop.quit()

        late = QTimer()
        late.setSingleShot(True)
        late.timeout.connect(lambda: failed.append(ConnectorUnavailable("The desk did not come to an end with a look-up.")))
        late.timeout.connect(loop.quit)
        late.start(_WITHIN_MS)
        ticks = QTimer()
        ticks.timeout.connect(look)
        ticks.start(1)
        loop.exec()
        if failed:
            raise failed[0]

    def _wait(self, milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

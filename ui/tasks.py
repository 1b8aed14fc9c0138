"""Slow work away from the window: a pool of threads whose results come back on the window's thread, and a timer."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from helpdesk.errors import HelpdeskError
from helpdesk.tasks import Done, TaskRunner

T = TypeVar("T")
THREADS = 16
DRAWN_MS, APART_MS = 40, 8
"""How long the window is given to draw what stands around the answers, and between the beginnings of the others."""


@dataclass(frozen=True)
class _Outcome:
    """What a thread hands over: the answer and who waits for it, or the bug that ended the work."""

    then: Callable[[Done[Any]], None]
    done: Done[Any] | None = None
    bug: BaseException | None = None


class _Landing(QObject):
    """Lives on the window's thread. Its one signal is queued, so that `then` always runs there."""

    landed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.closed = False
        self.landed.connect(self.deliver, Qt.ConnectionType.QueuedConnection)

    @Slot(object)
    def deliver(self, outcome: _Outcome) -> None:
        if self.closed:
            return
        if outcome.bug is not None:
            raise outcome.bug
        if outcome.done is not None:
            outcome.then(outcome.done)


class PoolRunner:
    """The TaskRunner of the window: make it there, after the application. Work that raises something other than a
    HelpdeskError is a bug: it is raised again on the window's thread, where the exception hook takes it."""

    def __init__(self, threads: int = THREADS) -> None:
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="desk")
        self._landing = _Landing()

    def run(self, work: Callable[[], T], then: Callable[[Done[T]], None]) -> None:
        """Does nothing after `close`."""
        if not self._landing.closed:
            self._pool.submit(self._work, work, then)

    def _work(self, work: Callable[[], T], then: Callable[[Done[T]], None]) -> None:
        try:
            outcome = _Outcome(then, Done(value=work()))
        except HelpdeskError as error:
            outcome = _Outcome(then, Done(error=error))
        except BaseException as bug:  # noqa: BLE001 - carried over to the window's thread and raised there
            outcome = _Outcome(then, bug=bug)
        if not self._landing.closed:
            self._landing.landed.emit(outcome)

    def close(self) -> None:
        """Takes no more work, forgets what has not begun, delivers nothing that is still under way, and does not wait."""
        self._landing.closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)


class InTurns:
    """A TaskRunner that hands on the first piece of work at once and the others a little later, one at a time: what begins
    at the same moment would keep the window from drawing until all of it has begun."""

    def __init__(self, runner: TaskRunner, scheduler: QtScheduler) -> None:
        self._runner, self._scheduler = runner, scheduler
        self._waiting: deque[Callable[[], None]] = deque()
        self._busy = False

    def run(self, work: Callable[[], T], then: Callable[[Done[T]], None]) -> None:
        if self._busy:
            self._waiting.append(lambda: self._runner.run(work, then))
            return
        self._busy = True
        self._runner.run(work, then)
        self._scheduler.after(DRAWN_MS, self._next)

    def _next(self) -> None:
        self._busy = bool(self._waiting)
        if self._busy:
            self._waiting.popleft()()
            self._scheduler.after(APART_MS, self._next)


class QtScheduler:
    """Calls something later on the window's thread. What it waits for is kept here, so nothing is lost to the collector."""

    def __init__(self) -> None:
        self._timers: set[QTimer] = set()

    def after(self, delay_ms: int, call: Callable[[], None]) -> Callable[[], None]:
        """Calls it once after that long; the answer takes it back."""
        timer = QTimer()
        timer.setSingleShot(True)
        self._timers.add(timer)

        def forget() -> None:
            timer.stop()
            self._timers.discard(timer)

        def due() -> None:
            forget()
            call()

        timer.timeout.connect(due)
        timer.start(max(0, delay_ms))
        return forget

    def close(self) -> None:
        """Takes everything back."""
        for timer in self._timers:
            timer.stop()
        self._timers.clear()

"""The acts of one call, done one after another in the order they were asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TypeVar

from helpdesk.errors import HelpdeskError
from helpdesk.tasks import Done, TaskRunner

T = TypeVar("T")


class Line:
    """Opening, closing and checking must not overtake each other: what the desk holds open would no longer be what the
    screen shows. A piece of work that ends in a bug does not block those behind it."""

    def __init__(self, runner: TaskRunner) -> None:
        self._runner = runner
        self._waiting: deque[Callable[[], None]] = deque()
        self._busy = False
        self._broken = False

    def run(self, work: Callable[[], T], then: Callable[[Done[T]], None]) -> None:
        self._waiting.append(lambda: self._runner.run(lambda: self._guarded(work), lambda done: self._ended(done, then)))
        self.go_on()

    def go_on(self) -> None:
        """Starts the next act if none runs."""
        if self._broken:
            self._broken = self._busy = False
        if not self._busy and self._waiting:
            self._busy = True
            self._waiting.popleft()()

    def _guarded(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except HelpdeskError:
            raise
        except BaseException:
            self._broken = True
            raise

    def _ended(self, done: Done[T], then: Callable[[Done[T]], None]) -> None:
        self._busy = False
        try:
            then(done)
        finally:
            self.go_on()

"""How slow work is done away from the window: a runner that takes work and hands its result back where it was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from helpdesk.errors import HelpdeskError

T = TypeVar("T")


@dataclass(frozen=True)
class Done(Generic[T]):
    """The end of one piece of work: its value, or the foreseen error that ended it. Exactly one of them is set."""

    value: T | None = None
    error: HelpdeskError | None = None

    def result(self) -> T:
        """The value; raises the error if there is one."""
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]  # a value of None is a value


class TaskRunner(Protocol):
    """Runs work on another thread and calls `then` on the thread that asked. An error that is no HelpdeskError is a
    bug: it goes to the program's exception hook and `then` is not called."""

    def run(self, work: Callable[[], T], then: Callable[[Done[T]], None]) -> None: ...


class InlineRunner:
    """Does the work at once, on the calling thread. For tests and for programs without a window."""

    def run(self, work: Callable[[], T], then: Callable[[Done[T]], None]) -> None:
        try:
            done: Done[T] = Done(value=work())
        except HelpdeskError as error:
            done = Done(error=error)
        then(done)

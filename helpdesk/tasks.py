"""How slow work is done away from the window: a runner that takes work and hands its result back where it was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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


class Errand:
    """A question, or many for one search or one opened patient, that may be given up. Work that runs inside `running()`
    and still stands in a queue is dropped once it is; `give_up` may be called from any thread.

    The errand goes along in a context variable: a thread that works for it is started with a copy of the context."""

    def __init__(self) -> None:
        self._over = threading.Event()

    def give_up(self) -> None:
        """Nobody waits for the answer any more."""
        self._over.set()

    @property
    def given_up(self) -> bool:
        return self._over.is_set()

    @contextmanager
    def running(self) -> Iterator[None]:
        before = _ERRAND.set(self)
        try:
            yield
        finally:
            _ERRAND.reset(before)

    def goes_on(self, seconds: float) -> bool:
        """Waits so long; False, at once, when it is given up meanwhile."""
        return not self._over.wait(seconds)


_HEAVY = threading.Lock()


@contextmanager
def heavy() -> Iterator[None]:
    """For work that keeps the processor busy for long and waits for nobody inside, one thread at a time. They share one
    interpreter: side by side none of it would end sooner, and the window would wait for each of them in turn."""
    with _HEAVY:
        yield


_ERRAND: ContextVar[Errand | None] = ContextVar("errand", default=None)


def nobody_waits() -> bool:
    """Whether the errand of this thread was given up. Work that belongs to none goes on."""
    errand = _ERRAND.get()
    return errand is not None and errand.given_up


def pause(seconds: float) -> bool:
    """Waits so long; False when nobody waits for this thread's work any more."""
    return (_ERRAND.get() or Errand()).goes_on(seconds)

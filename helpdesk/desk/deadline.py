"""Several questions at once with one end to them: whoever has not answered by then is late, whatever it still does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")


def within(seconds: float, jobs: Sequence[Callable[[], T]]) -> list[Future[T]]:
    """Starts every job on a thread of its own and waits for all of them, at most so long. A future that is not done
    belongs to a job that is late; nobody waits for it, not even the end of the program."""
    futures: list[Future[T]] = []
    for job in jobs:
        future: Future[T] = Future()
        # with the errand of whoever asks: once that is given up, what these jobs still have queued is dropped
        threading.Thread(target=copy_context().run, args=(_work, job, future), name="ask", daemon=True).start()
        futures.append(future)
    wait(futures, timeout=seconds)
    return futures


def _work(job: Callable[[], T], future: Future[T]) -> None:
    try:
        future.set_result(job())
    except BaseException as error:  # noqa: BLE001  # handed to the thread that asked, which raises it
        future.set_exception(error)

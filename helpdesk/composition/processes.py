"""Spreads heavy work over processes of its own, so that the window keeps its processor to itself."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context

from helpdesk.desk.evaluating import Batch, Found
from helpdesk.desk.evaluation import in_turn

_HERE = 5
"""So many batches are worked out in this process: for few people others are not worth their start."""
_AHEAD = 2
_NICE = 10


def spread(work: Callable[[Batch], Found], batches: Iterable[Batch], processes: int = 2) -> Iterator[tuple[Batch, Found]]:
    """The batches in their order; the later ones worked out in processes that give way to everything else. Where those
    cannot be had, or die, the work is done here."""
    source = iter(batches)
    yield from in_turn(work, islice(source, _HERE))
    first = next(source, None)
    if first is None:
        return
    with ProcessPoolExecutor(min(processes, os.cpu_count() or 1), get_context("spawn"), _give_way) as pool:
        waiting: deque[tuple[Batch, Future[Found] | None]] = deque([(first, _begun(pool, work, first))])
        for batch in islice(source, processes * _AHEAD):
            waiting.append((batch, _begun(pool, work, batch)))
        try:
            while waiting:
                batch, future = waiting.popleft()
                yield batch, _found(work, batch, future)
                for more in islice(source, 1):
                    waiting.append((more, _begun(pool, work, more)))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _begun(pool: ProcessPoolExecutor, work: Callable[[Batch], Found], batch: Batch) -> Future[Found] | None:
    try:
        return pool.submit(work, batch)
    except (BrokenProcessPool, OSError):
        return None


def _found(work: Callable[[Batch], Found], batch: Batch, future: Future[Found] | None) -> Found:
    if future is None:
        return work(batch)
    try:
        return future.result()
    except BrokenProcessPool:
        return work(batch)


def _give_way() -> None:
    if sys.platform != "win32":
        os.nice(_NICE)

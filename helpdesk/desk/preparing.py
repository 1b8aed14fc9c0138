"""Reads a file and makes of its rows what the store takes: here, or in a process of its own beside the writing."""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from queue import Queue
from threading import Thread
from typing import Any, Protocol

from helpdesk.desk.ports import ExtractReading, Piece, Preparation
from helpdesk.errors import ConnectorUnavailable, RuleBroken
from helpdesk.extracts.model import Profile

_AT_ONCE = 1_000
_LOOK_EVERY_S = 0.1
_ENDS_IN_S = 5.0
_AHEAD = 24
"""Pieces that wait to be written: a few thousand rows each."""
_BROKEN_OFF = "The reading of the file broke off. Import it again."


@dataclass(frozen=True)
class Prepared:
    """Some rows as the store takes them, None where there are none to take now; `read` rows of the file are behind, `share`
    of all of it."""

    piece: Piece | None
    read: int
    share: float


class Preparing(Protocol):
    """One file on its way into the store. `pieces` may be gone through once, and `profile` asked behind its end; it stops
    making pieces at the first problem and reads on, for the others."""

    def pieces(self, stopped: Callable[[], None]) -> Iterator[Prepared]:
        """`stopped` is asked all the time and raises where somebody stopped it. Raises RuleBroken or a ConnectorError where
        the file can no longer be read."""

    def profile(self) -> Profile: ...


class Here:
    """In the caller's own thread: for a small file it is over before another process is up."""

    def __init__(self, reading: ExtractReading, preparation: Preparation) -> None:
        self._reading, self._preparation = reading, preparation

    def pieces(self, stopped: Callable[[], None]) -> Iterator[Prepared]:
        reading, preparation = self._reading, self._preparation
        rows, count = iter(reading), 0
        while batch := list(islice(rows, _AT_ONCE)):
            stopped()
            count += len(batch)
            if not reading.problem_count:
                yield from (Prepared(piece, count, reading.share) for piece in preparation.take(batch))
            yield Prepared(None, count, reading.share)
        stopped()
        if not reading.problem_count:
            yield from (Prepared(piece, count, 1.0) for piece in preparation.rest())

    def profile(self) -> Profile:
        return self._reading.profile()


class _Apart:
    """What another process reads, taken from its pipe."""

    def __init__(self, pipe: Any) -> None:
        self._pipe = pipe
        self._profile: Profile | None = None

    def pieces(self, stopped: Callable[[], None]) -> Iterator[Prepared]:
        while True:
            stopped()
            if not self._pipe.poll(_LOOK_EVERY_S):
                continue
            try:
                said = pickle.loads(self._pipe.recv_bytes())  # noqa: S301  # from our own process, by a pipe nobody else has
            except EOFError:
                raise ConnectorUnavailable(_BROKEN_OFF) from None
            if isinstance(said, Prepared):
                yield said
            elif isinstance(said, Profile):
                self._profile = said
                return
            else:
                raise RuleBroken(said[0], field=said[1])

    def profile(self) -> Profile:
        if self._profile is None:
            raise RuleBroken("The file was not read to its end.", field="file")
        return self._profile


@contextmanager
def apart(reading: ExtractReading, preparation: Preparation) -> Iterator[Preparing]:
    """The other process ends with the block, whatever becomes of it."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_read, args=(there, reading, preparation), name="extract-reading", daemon=True)
    process.start()
    there.close()
    try:
        yield _Apart(here)
    finally:
        here.close()
        process.terminate()
        process.join(_ENDS_IN_S)


def _read(pipe: Any, reading: ExtractReading, preparation: Preparation) -> None:
    """In the other process: reads on while what was read is being written."""
    queue: Queue[bytes | None] = Queue(_AHEAD)
    sending = Thread(target=_send, args=(pipe, queue), daemon=True)
    sending.start()
    try:
        for prepared in Here(reading, preparation).pieces(_never):
            queue.put(pickle.dumps(prepared, pickle.HIGHEST_PROTOCOL))
        queue.put(pickle.dumps(reading.profile()))
    except RuleBroken as refused:
        queue.put(pickle.dumps((refused.message, refused.field)))
    queue.put(None)
    sending.join()


def _send(pipe: Any, queue: Queue[bytes | None]) -> None:
    broken = False
    while (said := queue.get()) is not None:
        if broken:
            continue
        try:
            pipe.send_bytes(said)
        except OSError:
            # nobody listens any more: what is read is thrown away until this process is ended
            broken = True
    pipe.close()


def _never() -> None:
    return

"""Listens to everything that a run writes down, for secrets and identifiers that must stand nowhere."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

_DEEP = 4
_SILENCED = ("urllib3", "urllib3.connectionpool", "requests")


class Listener(logging.Handler):
    """Every record of every logger at its most talkative, and each text handed to `look`. `leaks` say where, never what."""

    def __init__(self, canaries: Sequence[str]) -> None:
        super().__init__(logging.DEBUG)
        self._canaries = canaries
        self.leaks: list[str] = []
        self.records = 0
        self.looked = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.records += 1
        self.look(f"{self.format(record)} {record.args!r} {record.msg!r}", f"a line of {record.name}")

    def look(self, text: str, where: str) -> None:
        self.looked += 1
        self.leaks += [f"canary {number} in {where}" for number, canary in enumerate(self._canaries) if canary in text]

    def look_at_error(self, error: BaseException, where: str) -> None:
        """Its words, its repr and the traceback with everything that lies under it."""
        told = [str(error), repr(error), *traceback.format_exception(error), repr(vars(error))]
        self.look("\n".join(told), f"an error of {where}")

    def look_at_reprs(self, thing: Any, where: str) -> None:
        self.look("\n".join(_reprs(thing, _DEEP, set())), f"a repr of {where}")


def _reprs(thing: Any, deep: int, seen: set[int]) -> Iterator[str]:
    """Of the object and of all that it is made of, as far as it is this program's."""
    if not deep or id(thing) in seen or not type(thing).__module__.startswith(("connectors", "helpdesk")):
        return
    seen.add(id(thing))
    yield repr(thing)
    for inner in list(getattr(thing, "__dict__", {}).values()):
        yield from _reprs(inner, deep - 1, seen)


@contextmanager
def listening(canaries: Sequence[str]) -> Iterator[Listener]:
    """Until the end every logger speaks at DEBUG, and what dies on a thread is a leak too."""
    listener = Listener(canaries)
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in (*logging.root.manager.loggerDict, *_SILENCED))]
    levels = {logger: logger.level for logger in loggers}
    heard = [logging.getLogger(), *map(logging.getLogger, _SILENCED)]
    hook = threading.excepthook

    def died(args: threading.ExceptHookArgs) -> None:
        name = args.thread.name if args.thread else "?"
        listener.leaks.append(f"a mistake on the thread {name}: {args.exc_type.__name__}")
        hook(args)

    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    for logger in heard:
        logger.addHandler(listener)
    threading.excepthook = died
    try:
        yield listener
    finally:
        threading.excepthook = hook
        for logger in heard:
            logger.removeHandler(listener)
        for logger, level in levels.items():
            logger.setLevel(level)

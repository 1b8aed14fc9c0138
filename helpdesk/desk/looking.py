"""The look through the area behind the desk, as several threads see it: whether it runs, how far it is, and who wants it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk.desk.evaluation import Evaluated


@dataclass(frozen=True)
class Standing:
    """`done` of `total` people while it runs. `serial` goes up with every look that ended, `ended` is when the last did and
    `last` what it came to; `trouble` why it could not, in words."""

    running: bool = False
    done: int = 0
    total: int = 0
    serial: int = 0
    ended: datetime | None = None
    last: Evaluated | None = None
    trouble: str = ""


class Looking:
    """Shared by whoever looks and whoever watches; no method waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._standing = Standing()
        self._asked = False
        self._stopped = False

    @property
    def standing(self) -> Standing:
        with self._lock:
            return self._standing

    @property
    def stopped(self) -> bool:
        """Whether the look under way is to end."""
        with self._lock:
            return self._stopped

    def ask(self) -> None:
        with self._lock:
            self._asked = True

    def take_asked(self) -> bool:
        """Whether somebody asked for a look since this was asked last."""
        with self._lock:
            asked, self._asked = self._asked, False
            return asked

    def stop(self) -> None:
        with self._lock:
            self._stopped = self._standing.running

    def begin(self) -> None:
        with self._lock:
            self._stopped = False
            self._standing = replace(self._standing, running=True, done=0, total=0, trouble="")

    def progress(self, done: int, total: int) -> None:
        with self._lock:
            self._standing = replace(self._standing, done=done, total=total)

    def end(self, last: Evaluated, now: datetime) -> None:
        with self._lock:
            serial = self._standing.serial + 1
            self._standing = replace(self._standing, running=False, serial=serial, ended=now, last=last)

    def fail(self, trouble: str) -> None:
        with self._lock:
            self._standing = replace(self._standing, running=False, trouble=trouble)

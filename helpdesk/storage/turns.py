"""Whose turn it is to write: SQLite lets one write at a time, and by itself lets those who wait go short."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic, sleep
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

_LONGEST_S = 5.0
_LOOK_AGAIN_S = 0.001
_BUSY_MS = 5000


class Turns:
    """The writers of one database file in this process. `waiting` says how many wait now: whoever writes much, in many
    transactions, lets them go first."""

    def __init__(self) -> None:
        self.waiting = 0
        self._counting = Lock()

    def take(self, connection: Any) -> bool:
        """Begins a write transaction; False where no turn came in five seconds. SQLite's own waiting sleeps for up to a
        tenth of a second between two looks, and misses the short pauses of an import in another process again and again."""
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            return _begun(connection) or self._waited(connection)
        finally:
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")

    def _waited(self, connection: Any) -> bool:
        with self._one_more():
            until = monotonic() + _LONGEST_S
            while monotonic() < until:
                sleep(_LOOK_AGAIN_S)
                if _begun(connection):
                    return True
        return False

    @contextmanager
    def _one_more(self) -> Iterator[None]:
        with self._counting:
            self.waiting += 1
        try:
            yield
        finally:
            with self._counting:
                self.waiting -= 1


def _begun(connection: Any) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlcipher.OperationalError as error:
        if "locked" in str(error):
            return False
        raise
    return True

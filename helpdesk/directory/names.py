"""What organisations are called, for any thread that shows a code: never waits, and notes what it could not say."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping

_MOST_ASKED = 500


class Names:
    """The names by code. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, str] = {}
        self._asked: dict[str, None] = {}

    def of(self, code: str) -> str:
        """The name, or the code itself where it is not known: then it is among those asked for."""
        with self._lock:
            name = self._held.get(code)
            if name is None and len(self._asked) < _MOST_ASKED:
                self._asked[code] = None
        return name or code

    def put(self, names: Mapping[str, str]) -> None:
        """An empty name says that there is none."""
        with self._lock:
            self._held |= names
            for code in names:
                self._asked.pop(code, None)

    def missing(self, codes: Iterable[str] = ()) -> tuple[str, ...]:
        """Which of these, and of those asked for, are not known."""
        with self._lock:
            return tuple(code for code in dict.fromkeys((*codes, *self._asked)) if code and code not in self._held)

"""What organisations are called, for any thread that shows a code: never waits."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping


class Names:
    """The names by code. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, str] = {}

    def of(self, code: str) -> str:
        """The name, or the code itself where it is not known."""
        with self._lock:
            return self._held.get(code) or code

    def put(self, names: Mapping[str, str]) -> None:
        """An empty name says that there is none."""
        with self._lock:
            self._held |= names

    def missing(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Which of these are not known."""
        with self._lock:
            return tuple(code for code in dict.fromkeys(codes) if code and code not in self._held)

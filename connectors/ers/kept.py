"""Answers that are about no patient, kept for a day so that they are not asked for in every call."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from helpdesk.clock import Clock

T = TypeVar("T")

_DAY = timedelta(days=1)


class Kept(Generic[T]):
    """By key, for a day. What could not be asked is not kept. Any number of threads may ask."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._held: dict[str, tuple[datetime, T]] = {}

    def get(self, key: str, ask: Callable[[], T]) -> T:
        """The kept answer, or what `ask` gives. Raises what `ask` raises."""
        now = self._clock.now()
        with self._lock:
            held = self._held.get(key)
        if held is not None and now - held[0] < _DAY:
            return held[1]
        value = ask()
        with self._lock:
            self._held[key] = (now, value)
        return value

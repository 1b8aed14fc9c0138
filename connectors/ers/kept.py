"""Answers that are about no patient, kept for a day so that they are not asked for in every call."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from helpdesk.clock import Clock
from helpdesk.errors import ConnectorNotPermitted

T = TypeVar("T")

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Held(Generic[T]):
    at: datetime
    value: T | None
    refusal: str = ""


class Kept(Generic[T]):
    """By key, for a day: answers, and refusals, since who may not ask now may not in the next call either. What failed is
    asked again. Any number of threads may ask, and one of them does."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._asking: dict[str, threading.Lock] = {}
        self._held: dict[str, _Held[T]] = {}

    def get(self, key: str, ask: Callable[[], T]) -> T:
        """The kept answer, or what `ask` gives. Raises what `ask` raises, and ConnectorNotPermitted again for a day."""
        with self._lock:
            turn = self._asking.setdefault(key, threading.Lock())
        with turn:
            held = self._held.get(key)
            if held is None or self._clock.now() - held.at >= _DAY:
                held = self._held[key] = self._asked(ask)
        if held.value is None:
            raise ConnectorNotPermitted(held.refusal)
        return held.value

    def _asked(self, ask: Callable[[], T]) -> _Held[T]:
        now = self._clock.now()
        try:
            return _Held(now, ask())
        except ConnectorNotPermitted as refusal:
            return _Held(now, None, refusal.message)

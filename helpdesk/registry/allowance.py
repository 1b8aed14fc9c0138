"""How often services may be asked: a token bucket for each, shared by every thread of this desk.

Source: the national API platform allows each application five requests a second to one API.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

PLATFORM_RATE_PER_S = 5.0
_LOOKS_UP_S = 0.05
"""How soon one who waits notices that nobody needs the answer any more."""


class _Bucket:
    """Fills at its rate up to one second's worth (one at least), and is drawn from in the order of asking."""

    def __init__(self, rate_per_s: float, now: float) -> None:
        self.rate_per_s = rate_per_s
        self.waiting: deque[object] = deque()
        self._filled = self._most
        self._at = now

    @property
    def _most(self) -> float:
        return max(1.0, self.rate_per_s)

    def turn_in_s(self, who: object, now: float) -> float:
        """Seconds until everybody before them and they themselves have had a turn; 0 or less means now."""
        self._filled = min(self._most, self._filled + max(0.0, now - self._at) * self.rate_per_s)
        self._at = now
        return (self.waiting.index(who) + 1 - self._filled) / self.rate_per_s

    def draw(self) -> None:
        self._filled -= 1


class TokenBuckets:
    """Fulfils the port `Allowance`. One object for the whole program; `monotonic` is in seconds."""

    def __init__(self, rate_per_s: float = PLATFORM_RATE_PER_S, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._rate_per_s = rate_per_s
        self._monotonic = monotonic
        self._rates: dict[str, float] = {}
        self._buckets: dict[str, _Bucket] = {}
        self._changed = threading.Condition()

    def limit(self, service: str, rate_per_s: float) -> None:
        """Sets a service's own rate; of two that are told for one service the lower holds. Called before it is asked."""
        with self._changed:
            self._rates[service] = min(rate_per_s, self._rates.get(service, rate_per_s))
            self._buckets.pop(service, None)

    def take(self, service: str, within_s: float, dropped: Callable[[], bool] = lambda: False) -> bool:
        """Waits for a turn, first come first served. False at once where none can come within that time."""
        me = object()
        with self._changed:
            now = self._monotonic()
            bucket = self._buckets.setdefault(service, _Bucket(self._rates.get(service, self._rate_per_s), now))
            bucket.waiting.append(me)
            try:
                return self._wait(bucket, me, now + within_s, dropped)
            finally:
                bucket.waiting.remove(me)
                self._changed.notify_all()

    def _wait(self, bucket: _Bucket, me: object, ends: float, dropped: Callable[[], bool]) -> bool:
        while not dropped():
            now = self._monotonic()
            turn_in_s = bucket.turn_in_s(me, now)
            if turn_in_s <= 0:
                bucket.draw()
                return True
            if now + turn_in_s > ends:
                return False
            self._changed.wait(min(turn_in_s, _LOOKS_UP_S))
        return False

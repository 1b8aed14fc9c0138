"""Stops asking a service that does not answer, so that nobody waits for it in vain; after a while one question tries again."""

from __future__ import annotations

import math
import threading
import time
from datetime import UTC, datetime, timedelta

import pybreaker


class _NotAnsweredError(Exception):
    """What the library counts."""


class Breaker:
    """Opens after so many failures in a row (0: never) and lets one question through after the cool-down. Questions that
    were on their way together and fail are one failure: they are often about one person whom the service cannot answer
    about, and it is not to be closed for everybody by that.

    The library's own `call` holds its lock as long as the call takes, which would let one question through at a time;
    here it only counts, after each."""

    def __init__(self, failures: int, cool_down_s: float) -> None:
        self._cool_down = timedelta(seconds=cool_down_s)
        self._kept = pybreaker.CircuitMemoryStorage(pybreaker.STATE_CLOSED)
        self._circuit = (
            pybreaker.CircuitBreaker(failures, cool_down_s, state_storage=self._kept, throw_new_error_on_trip=False) if failures else None
        )
        self._trial = threading.Lock()
        self._counting = threading.Lock()
        self._failed_at = -math.inf

    def enter(self) -> Passage | None:
        """Leave to ask once, or None while the service is left alone."""
        if self._circuit is None or self._circuit.current_state == pybreaker.STATE_CLOSED:
            return Passage(self, None)
        opened = self._kept.opened_at
        rested = opened is None or datetime.now(UTC) >= opened + self._cool_down
        return Passage(self, self._trial) if rested and self._trial.acquire(blocking=False) else None

    def count(self, *, answered: bool, since: float) -> None:
        """`since`: when (monotonic) the question began."""
        if self._circuit is None or not (answered or self._is_another_failure(since)):
            return
        try:
            self._circuit.call(_nothing if answered else _fail)
        except (_NotAnsweredError, pybreaker.CircuitBreakerError):
            return

    def _is_another_failure(self, since: float) -> bool:
        with self._counting:
            if since < self._failed_at:
                return False
            self._failed_at = time.monotonic()
            return True


class Passage:
    """One question on its way. Whatever becomes of it, `leave` is called once."""

    def __init__(self, breaker: Breaker, trial: threading.Lock | None) -> None:
        self._breaker = breaker
        self._trial = trial
        self._since = time.monotonic()

    def leave(self, *, answered: bool | None) -> None:
        """None where the service was not asked at all."""
        if answered is not None:
            self._breaker.count(answered=answered, since=self._since)
        if self._trial is not None:
            self._trial.release()


def _nothing() -> None:
    """The call that succeeds."""


def _fail() -> None:
    raise _NotAnsweredError

"""Stops asking a service that does not answer, so that nobody waits for it in vain; after a while one question tries again."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pybreaker


class _NotAnsweredError(Exception):
    """What the library counts."""


class Breaker:
    """Opens after so many failures in a row (0: never) and lets one question through after the cool-down.

    The library's own `call` holds its lock as long as the call takes, which would let one question through at a time;
    here it only counts, after each."""

    def __init__(self, failures: int, cool_down_s: float) -> None:
        self._cool_down = timedelta(seconds=cool_down_s)
        self._kept = pybreaker.CircuitMemoryStorage(pybreaker.STATE_CLOSED)
        self._circuit = (
            pybreaker.CircuitBreaker(failures, cool_down_s, state_storage=self._kept, throw_new_error_on_trip=False) if failures else None
        )
        self._trial = threading.Lock()

    def enter(self) -> Passage | None:
        """Leave to ask once, or None while the service is left alone."""
        if self._circuit is None or self._circuit.current_state == pybreaker.STATE_CLOSED:
            return Passage(self, None)
        opened = self._kept.opened_at
        rested = opened is None or datetime.now(UTC) >= opened + self._cool_down
        return Passage(self, self._trial) if rested and self._trial.acquire(blocking=False) else None

    def count(self, *, answered: bool) -> None:
        if self._circuit is None:
            return
        try:
            self._circuit.call(_nothing if answered else _fail)
        except (_NotAnsweredError, pybreaker.CircuitBreakerError):
            return


class Passage:
    """One question on its way. Whatever becomes of it, `leave` is called once."""

    def __init__(self, breaker: Breaker, trial: threading.Lock | None) -> None:
        self._breaker = breaker
        self._trial = trial

    def leave(self, *, answered: bool | None) -> None:
        """None where the service was not asked at all."""
        if answered is not None:
            self._breaker.count(answered=answered)
        if self._trial is not None:
            self._trial.release()


def _nothing() -> None:
    """The call that succeeds."""


def _fail() -> None:
    raise _NotAnsweredError

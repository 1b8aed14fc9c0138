"""Notes when each source last answered, for whoever looks after the connections; seldom enough to cost nothing."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

from helpdesk.answers import Answer, SourceHealth, SourceState
from helpdesk.clock import Clock
from helpdesk.tasks import nobody_waits

_AGAIN_AFTER = timedelta(minutes=1)
_ANSWERED = (SourceState.FRESH, SourceState.NOTHING_HELD)


class HealthNotes:
    """An answer about a person tells whether the source works; who it was about is not kept. The same news within a
    minute is written once."""

    def __init__(self, health: SourceHealth, clock: Clock) -> None:
        self._health = health
        self._clock = clock
        self._lock = threading.Lock()
        self._noted: dict[tuple[str, str], datetime] = {}

    def note(self, answer: Answer[Any]) -> None:
        if nobody_waits():
            return
        if answer.state in _ANSWERED:
            if self._is_news(answer.source, ""):
                self._health.answered(answer.source)
        elif answer.state is SourceState.UNAVAILABLE and self._is_news(answer.source, answer.message):
            self._health.failed(answer.source, answer.message)

    def _is_news(self, source: str, message: str) -> bool:
        now = self._clock.now()
        with self._lock:
            noted = self._noted.get((source, message))
            if noted is not None and now - noted < _AGAIN_AFTER:
                return False
            self._noted[source, message] = now
            return True

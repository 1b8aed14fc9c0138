"""Notes when each source last answered, for whoever looks after the connections; seldom enough to cost nothing."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

from helpdesk.answers import Answer, Remedy, SourceHealth, SourceState
from helpdesk.clock import Clock
from helpdesk.desk.ticket import HELD_FROM
from helpdesk.tasks import nobody_waits

_AGAIN_AFTER = timedelta(minutes=1)
_ANSWERED = (SourceState.FRESH, SourceState.NOTHING_HELD)


class HealthNotes:
    """An answer about a person tells whether the source works; who it was about is not kept. The same news of a source
    within a minute is written once. What was kept and is shown because the source failed is no answer of it: then there is
    something to do about it."""

    def __init__(self, health: SourceHealth, clock: Clock) -> None:
        self._health = health
        self._clock = clock
        self._lock = threading.Lock()
        self._noted: dict[str, tuple[str, datetime]] = {}

    def note(self, answer: Answer[Any]) -> None:
        if nobody_waits():
            return
        if answer.state in _ANSWERED:
            if self._is_news(answer.source, ""):
                self._health.answered(answer.source)
        elif _failed(answer) and self._is_news(answer.source, why := answer.message.partition(HELD_FROM)[0]):
            self._health.failed(answer.source, why)

    def _is_news(self, source: str, message: str) -> bool:
        now = self._clock.now()
        with self._lock:
            before, noted = self._noted.get(source, (None, now))
            if before == message and now - noted < _AGAIN_AFTER:
                return False
            self._noted[source] = message, now
            return True


def _failed(answer: Answer[Any]) -> bool:
    return answer.state is SourceState.UNAVAILABLE or (answer.state is SourceState.STALE and answer.remedy is not Remedy.NONE)

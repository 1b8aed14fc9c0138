"""How long the window's event loop is ever away: a timer that notes the longest gap between two of its ticks."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

TICK_MS = 1


class Pulse(QObject):
    """Ticks every millisecond while it runs. `ticked` after each tick is counted."""

    ticked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._last = self._longest = 0.0

    def start(self) -> None:
        self._last, self._longest = time.perf_counter(), 0.0
        self._timer.start()

    def stop(self) -> float:
        """The longest gap since `start`, to this moment, in seconds."""
        self._timer.stop()
        return max(self._longest, time.perf_counter() - self._last)

    def _tick(self) -> None:
        now = time.perf_counter()
        self._longest = max(self._longest, now - self._last)
        self._last = now
        self.ticked.emit()

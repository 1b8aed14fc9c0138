"""Draws what has changed piece by piece, so that a key is never more than one piece away from being answered."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Pieces(QObject):
    """Each piece is drawn in a turn of the event loop of its own, in the order they were first asked for, and once however
    often it was asked for. A piece draws what its owner holds by then, never what was held when it was asked for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[str, Callable[[], None]] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._next)

    def soon(self, name: str, draw: Callable[[], None]) -> None:
        self._waiting.setdefault(name, draw)
        if not self._timer.isActive():
            self._timer.start(2)

    def drop(self) -> None:
        """Nothing that waits is drawn any more: its owner is empty."""
        self._waiting.clear()
        self._timer.stop()

    def draw_all(self) -> None:
        """Whatever waits is drawn now: somebody wants to go there."""
        while self._waiting:
            self._waiting.pop(next(iter(self._waiting)))()
        self._timer.stop()

    def _next(self) -> None:
        if self._waiting:
            draw = self._waiting.pop(next(iter(self._waiting)))
            if self._waiting:
                self._timer.start(2)
            draw()

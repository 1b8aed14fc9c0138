"""The key of a command, drawn as a key."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from ui.theme.paint import Centre, box, write
from ui.theme.theme import current
from ui.theme.tokens import Role

HEIGHT = 20


def width_of(key: str) -> int:
    """How wide the cap of that key is."""
    theme = current()
    return max(theme.px(HEIGHT), theme.width_of(key, "key") + theme.px(10))


def paint_cap(painter: QPainter, area: QRect, key: str, ink: Role, line: Role, ground: Role | None = None) -> None:
    theme = current()
    box(painter, area, theme.px(4), ground, line, 1)
    painter.setFont(theme.font("key"))
    painter.setPen(theme.colour(ink))
    write(painter, area, key, Centre)


class KeyCap(QLabel):
    """A key beside the words of what it does; never the only way to do it."""

    def __init__(self, key: str, *, ground: Role = "sunken", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ground: Role = ground
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(key)
        self.setAccessibleName(f"Key {key}")
        self.setFixedSize(width_of(key), current().px(HEIGHT))

    def sizeHint(self) -> QSize:
        return self.size()

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_cap(QPainter(self), self.rect(), self.text(), "text2", "edge", self._ground)

"""The program's sign, and the call in hand as it stands in the call bar."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.fonts import Style
from ui.theme.paint import box, write
from ui.theme.theme import current
from ui.theme.tokens import Role


class Mark(QWidget):
    """The program's sign: one centre, three ends."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(current().px(24), current().px(24))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.width() / 2, self.height() / 2)
        painter.setPen(QPen(theme.colour("bar_text"), theme.px(1.6)))
        for angle in (-90, 30, 150):
            reach = theme.scale * 8
            end = QPointF(middle.x() + reach * math.cos(math.radians(angle)), middle.y() + reach * math.sin(math.radians(angle)))
            painter.drawLine(middle, end)
            painter.setBrush(theme.colour("bar"))
            painter.drawEllipse(end, 2.4 * theme.scale, 2.4 * theme.scale)
        painter.setBrush(theme.colour("bar_text"))
        painter.drawEllipse(middle, 3 * theme.scale, 3 * theme.scale)


class CallPill(QWidget):
    """The call in hand: a dot and a word for its state, how long, the number and the line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._timer, self._number, self._line = "No call", "", "", ""
        self._dot: Role = "bar_text2"
        self.setFixedHeight(current().px(36))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_call("No call")

    def show_call(self, state: str, timer: str = "", number: str = "", line: str = "", *, live: bool = False) -> None:
        self._state, self._timer, self._number, self._line = state, timer, number, line
        self._dot = "call_live" if live else "bar_text2"
        self.setAccessibleName(", ".join(part for part in (state, timer, number, line) if part))
        self.setFixedWidth(self._wanted())
        self.update()

    def words(self) -> tuple[str, str, str, str]:
        """State, time, number and line as shown."""
        return self._state, self._timer, self._number, self._line

    def _wanted(self) -> int:
        theme = current()
        wide = theme.px(40) + theme.width_of(self._state, "strong")
        wide += theme.width_of(self._timer, "heading") + theme.px(12) if self._timer else 0
        wide += theme.width_of(self._number, "body") + theme.px(11) if self._number else 0
        wide += theme.width_of(self._line, "small") + theme.px(11) if self._line else 0
        return wide + (theme.px(12) if self._number or self._line else 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, px = current(), current().px
        box(painter, self.rect(), px(6), "bar_field")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(self._dot))
        painter.drawEllipse(QPointF(px(16), self.height() / 2), px(4.5), px(4.5))
        x = self._write(painter, px(28), self._state, "strong", "bar_text") + px(12)
        if self._timer:
            x = self._write(painter, x, self._timer, "heading", "bar_text") + px(12)
        if self._number or self._line:
            painter.fillRect(QRect(x, px(10), 1, self.height() - px(20)), theme.colour("bar_field_edge"))
            x = self._write(painter, x + px(12), self._number, "body", "bar_text") + (px(11) if self._number else 0)
            self._write(painter, x, self._line, "small", "bar_text2")

    def _write(self, painter: QPainter, x: int, words: str, style: Style, role: Role) -> int:
        theme = current()
        painter.setFont(theme.font(style))
        painter.setPen(theme.colour(role))
        write(painter, QRect(x, 0, self.width(), self.height()), words)
        return x + theme.width_of(words, style)

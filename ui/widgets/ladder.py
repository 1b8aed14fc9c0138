"""How far the caller may be told: the levels of verification as steps on a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import icons
from ui.theme.paint import Centre, box, outline, write
from ui.theme.theme import current
from ui.widgets.label import wrapped

LevelState = Literal["done", "next", "later"]
_PAD = 6
"""Room for the focus ring, so that it runs through no word."""


@dataclass(frozen=True)
class Level:
    """One level: its name, what it takes, and whether it is reached, the next one, or beyond that."""

    name: str
    takes: str
    state: LevelState


class Ladder(QWidget):
    """Draws the levels; `share` is how much of the way to the next one is done, 0 to 1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._levels: tuple[Level, ...] = ()
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(current().px(360))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_levels(self, levels: Sequence[Level], share: float = 0.0) -> None:
        self._levels, self._share = tuple(levels), min(max(share, 0.0), 1.0)
        state = {"done": "reached", "next": "next", "later": "not reached"}
        self.setAccessibleName("; ".join(f"{level.name}: {state[level.state]}, {level.takes}" for level in levels))
        self._fit()
        self.update()

    def _room(self) -> int:
        return max(1, (self.width() - 2 * current().px(_PAD)) // max(1, len(self._levels)))

    def _fit(self) -> None:
        theme = current()
        room = self._room() - theme.px(12)
        tallest = theme.line("small")
        for level in self._levels:
            lines = len(wrapped(level.takes, theme.font("small"), room))
            tallest = max(tallest, lines * theme.line("small"))
        self.setFixedHeight(theme.px(52 + 2 * _PAD) + tallest)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, room = current(), self._room()
        if self.hasFocus():
            outline(painter, self.rect(), theme.px(6))
        painter.translate(theme.px(_PAD), theme.px(_PAD))
        y, radius = theme.px(13), theme.px(11)
        for number in range(len(self._levels) - 1):
            self._paint_way(painter, QPointF(number * room + radius, y), QPointF((number + 1) * room + radius, y), number)
        for number, level in enumerate(self._levels):
            self._paint_level(painter, number, level, QRect(number * room, y - radius, 2 * radius, 2 * radius))

    def _paint_way(self, painter: QPainter, start: QPointF, end: QPointF, number: int) -> None:
        theme = current()
        painter.setPen(QPen(theme.colour("edge2"), theme.px(1.5)))
        painter.drawLine(start, end)
        after = self._levels[number + 1].state
        share = 1.0 if after == "done" else self._share if after == "next" else 0.0
        if share:
            painter.setPen(QPen(theme.colour("accent"), theme.px(3)))
            painter.drawLine(start, QPointF(start.x() + (end.x() - start.x()) * share, end.y()))

    def _paint_level(self, painter: QPainter, number: int, level: Level, area: QRect) -> None:
        theme = current()
        left, room = number * self._room(), self._room()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("card"))
        painter.drawRect(QRectF(area).adjusted(-2, 0, 2, 0))
        if level.state == "done":
            box(painter, area, area.width() / 2, "accent")
            icons.paint(painter, area.x() + theme.px(4), area.y() + theme.px(4), "check", "on_accent", 14)
        else:
            following = level.state == "next"
            box(painter, area, area.width() / 2, "card", "accent" if following else "edge2", theme.px(1.5))
            painter.setFont(theme.font("caption_strong"))
            painter.setPen(theme.colour("accent_text" if following else "text2"))
            write(painter, area, str(number + 1), Centre)
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.colour("text2" if level.state == "later" else "text"))
        write(painter, QRect(left, theme.px(31), room - theme.px(8), theme.px(20)), level.name)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("text2"))
        for line, (words, _) in enumerate(wrapped(level.takes, theme.font("small"), room - theme.px(12))):
            write(painter, QRect(left, theme.px(51) + line * theme.line("small"), room, theme.line("small")), words)

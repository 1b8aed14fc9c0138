"""How long people in the same place waited on, as a bar: half of them, three quarters of them; never a date."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.paint import Centre, Middle, box, write
from ui.theme.theme import current


@dataclass(frozen=True)
class Range:
    """Weeks from now. `quarter` is None where it is not known: then the bar begins at now."""

    half: int
    three_quarters: int
    quarter: int | None = None

    @property
    def end(self) -> int:
        """The weeks that the whole bar stands for: the last quarter needs room too."""
        return max(12, self.three_quarters + max(4, self.three_quarters // 2))

    @property
    def spoken(self) -> str:
        return f"Half within {self.half} weeks, three quarters within {self.three_quarters} weeks"


class RangeBar(QWidget):
    """One Range, with its weeks below."""

    def __init__(self, shown: Range, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self.setAccessibleName(shown.spoken)
        self.setFixedHeight(current().px(40))
        self.setMinimumWidth(current().px(180))
        self.setMaximumWidth(current().px(260))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def x_of(self, weeks: int) -> float:
        inset = current().px(4)
        return inset + (self.width() - 2 * inset) * min(weeks, self._shown.end) / self._shown.end

    def label_rects(self) -> list[QRectF]:
        """The areas of the words below, for the check that none lies upon another."""
        return [rect for rect, _, _ in self._labels()]

    def _labels(self) -> list[tuple[QRectF, str, bool]]:
        """From left to right, each moved until it is clear of the one before; what does not fit gives way to the half."""
        theme, shown = current(), self._shown
        marks = [(0, "now", False), (shown.half, f"{shown.half}w", True), (shown.three_quarters, f"{shown.three_quarters}w", False)]
        placed: list[tuple[QRectF, str, bool]] = []
        end = -1e6
        for weeks, words, bold in marks:
            wide = theme.width_of(words, "caption_strong" if bold else "caption") + 2
            left = max(min(max(self.x_of(weeks) - wide / 2, 0), self.width() - wide), end + theme.px(4))
            if left + wide <= self.width() or bold:
                placed.append((QRectF(left, theme.px(22), wide, theme.px(16)), words, bold))
                end = left + wide
        return placed

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter, shown = current(), QPainter(self), self._shown
        y, left = theme.px(10), self.x_of(0)
        box(painter, QRectF(left, y - theme.px(2), self.width() - 2 * left, theme.px(4)), theme.px(2), "edge")
        begin = self.x_of(shown.quarter or 0)
        area = QRectF(begin, y - theme.px(7), self.x_of(shown.three_quarters) - begin, theme.px(14))
        box(painter, area, theme.px(3), "accent_mid", "accent", 1)
        painter.setPen(QPen(theme.colour("accent"), theme.px(3)))
        at = self.x_of(shown.half)
        painter.drawLine(QPointF(at, y - theme.px(8)), QPointF(at, y + theme.px(8)))
        for rect, words, bold in self._labels():
            painter.setFont(theme.font("caption_strong" if bold else "caption"))
            painter.setPen(theme.colour("text" if bold else "text2"))
            write(painter, rect, words, Centre | Middle)

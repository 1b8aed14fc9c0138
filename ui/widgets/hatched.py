"""A band with diagonal lines over its ground: the practice area, and the banner of someone who has died."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme.paint import Centre, box, hatch, write
from ui.theme.theme import current
from ui.theme.tokens import Role


class HatchedBand(QWidget):
    """Colour and pattern both, so that it is told apart on any display."""

    def __init__(
        self, ground: Role, lines: Role, *, step: int = 12, width: float = 1.5, edge: Role | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._ground: Role = ground
        self._lines: Role = lines
        self._edge: Role | None = edge
        self._step, self._width = step, width

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        painter.fillRect(self.rect(), theme.colour(self._ground))
        hatch(painter, self.rect(), self._lines, theme.px(self._step), theme.px(self._width))
        if self._edge is not None:
            painter.fillRect(QRect(0, 0, theme.px(4), self.height()), theme.colour(self._edge))


class WordBand(HatchedBand):
    """A low hatched band with one sentence in the middle, on a clear plate."""

    def __init__(self, sentence: str, ground: Role, lines: Role, ink: Role, parent: QWidget | None = None) -> None:
        super().__init__(ground, lines, step=22, width=6, parent=parent)
        self._sentence = sentence
        self._ink: Role = ink
        self.setAccessibleName(sentence)
        self.setFixedHeight(current().px(28))

    @property
    def sentence(self) -> str:
        return self._sentence

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        theme = current()
        wide = theme.width_of(self._sentence, "small_strong") + theme.px(24)
        plate = QRect((self.width() - wide) // 2, theme.px(3), wide, self.height() - theme.px(6))
        box(painter, plate, theme.px(4), self._ground)
        painter.setFont(theme.font("small_strong"))
        painter.setPen(theme.colour(self._ink))
        write(painter, plate, self._sentence, Centre)

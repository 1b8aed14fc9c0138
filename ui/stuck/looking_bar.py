"""How far the look through the area is: a bar to scale, in words, with a way to end it."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.keys import Act, KeyMap
from ui.theme.paint import box
from ui.theme.theme import current
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.label import Label


class _Share(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(current().px(6))
        self.share = 0.0

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, radius = QPainter(self), self.height() / 2
        box(painter, self.rect(), radius, "hover")
        if self.share > 0:
            box(painter, QRectF(0, 0, max(self.width() * min(self.share, 1.0), self.height()), self.height()), radius, "accent")


class LookingBar(Card):
    """Hidden while nothing runs."""

    def __init__(self, keys: KeyMap) -> None:
        self._words = Label("", "small_medium")
        self._share = _Share()
        self.stop = Button("Stop", "secondary", key=keys.cap(Act.LOOK_AGAIN), height=32)
        super().__init__(row((column(self._words, self._share, gap=6), 1), self.stop, gap=16), around=(8, 12))
        self.hide()

    def show_share(self, words: str, share: float) -> None:
        self.setVisible(bool(words))
        self._words.setText(words)
        self.setAccessibleName(words)
        if share != self._share.share:
            self._share.share = share
            self._share.update()

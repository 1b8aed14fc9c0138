"""The grounds that facts stand on: cards, plain fills and rules."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.theme.paint import box
from ui.theme.theme import current
from ui.theme.tokens import Role
from ui.widgets.arrange import Item, Margins, add, fill


class Card(QWidget):
    """A white card with a line; its items stand under one another in `body`."""

    def __init__(
        self,
        *items: Item,
        gap: int = 8,
        around: Margins = 16,
        ground: Role = "card",
        line: Role | None = "edge",
        radius: int = 8,
        stripe: Role | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`stripe` is a 4 px edge at the left."""
        super().__init__(parent)
        self._ground: Role = ground
        self._line: Role | None = line
        self._radius = current().px(radius)
        self._stripe: Role | None = stripe
        self.body = QVBoxLayout(self)
        fill(self.body, items, gap, around)

    def add(self, item: Item) -> None:
        """One more item at the end."""
        add(self.body, item)

    def set_ground(self, ground: Role, line: Role | None, stripe: Role | None = None) -> None:
        self._ground, self._line, self._stripe = ground, line, stripe
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        inside = max(self._radius, current().px(4)) + 1
        if self.rect().adjusted(inside, inside, -inside, -inside).contains(event.rect()):
            painter.fillRect(event.rect(), current().colour(self._ground))  # something on the card is painted anew, not its edge
            return
        box(painter, self.rect(), self._radius, self._ground, self._line, current().tokens.line)
        if self._stripe is not None:
            path = QPainterPath()
            path.addRoundedRect(QRectF(self.rect()), self._radius, self._radius)
            painter.setClipPath(path)
            painter.fillRect(QRect(0, 0, current().px(4), self.height()), current().colour(self._stripe))


class Fill(QWidget):
    """A ground of one colour over the whole width, with lines at its edges."""

    def __init__(
        self,
        ground: Role,
        *,
        top: Role | None = None,
        bottom: Role | None = None,
        left: Role | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`left` is drawn 4 px wide, the others 1 px."""
        super().__init__(parent)
        self._ground: Role = ground
        self._edges = (top, bottom, left)

    def set_ground(self, ground: Role) -> None:
        self._ground = ground
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        painter.fillRect(self.rect(), theme.colour(self._ground))
        top, bottom, left = self._edges
        if top is not None:
            painter.fillRect(QRect(0, 0, self.width(), 1), theme.colour(top))
        if bottom is not None:
            painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), theme.colour(bottom))
        if left is not None:
            painter.fillRect(QRect(0, 0, theme.px(4), self.height()), theme.colour(left))


class Rule(QWidget):
    """A line between things, 1 px."""

    def __init__(self, *, vertical: bool = False, role: Role = "edge", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role: Role = role
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), current().colour(self._role))

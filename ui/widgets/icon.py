"""An icon beside a word, and a button that is an icon alone."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.theme import icons
from ui.theme.paint import box, ring
from ui.theme.theme import current
from ui.theme.tokens import Role


class Icon(QWidget):
    """A picture that stands beside its word and says nothing by itself."""

    def __init__(self, name: str, role: Role = "text2", size: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._size = name, size
        self._role: Role = role
        self.setFixedSize(current().px(size), current().px(size))

    def set_icon(self, name: str, role: Role) -> None:
        self._name, self._role = name, role
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        icons.paint(QPainter(self), 0, 0, self._name, self._role, self._size)


class IconButton(QPushButton):
    """An icon to press. `words` are its accessible name and its tooltip, always."""

    def __init__(self, icon: str, words: str, *, size: int = 32, role: Role = "text2", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._role: Role = role
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setFixedSize(current().px(size), current().px(size))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, icon: str) -> None:
        self._icon = icon
        self.update()

    def sizeHint(self) -> QSize:
        return self.size()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.hasFocus():
            ring(painter, self.rect(), current().px(8), "card")
        elif self.underMouse() or self.isChecked():
            box(painter, self.rect(), current().px(6), "hover")
        small = 16 if self.width() < current().px(30) else 20
        side = current().px(small)
        icons.paint(painter, (self.width() - side) / 2, (self.height() - side) / 2, self._icon, self._role, small)

"""Ticks, radio buttons and segments: choosing by one key or one click."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from ui.theme import icons
from ui.theme.fonts import Style
from ui.theme.paint import Centre, box, ring, write
from ui.theme.theme import current

_SIDE, _LEFT = 18, 28


def _mark_area(height: int) -> QRect:
    side = current().px(_SIDE)
    return QRect(current().px(5), (height - side) // 2, side, side)


def _size(text: str, style: Style) -> QSize:
    theme = current()
    return QSize(theme.px(_LEFT + 5) + theme.width_of(text, style) + theme.px(6), theme.px(28))


def _paint_words(widget: QCheckBox | QRadioButton, painter: QPainter, style: Style) -> None:
    theme = current()
    painter.setFont(theme.font(style))
    painter.setPen(theme.colour("text" if widget.isEnabled() else "text3"))
    write(painter, QRect(theme.px(_LEFT + 5), 0, widget.width(), widget.height()), widget.text())


class Tick(QCheckBox):
    """A tick with its words: `toggled(bool)`. The whole of it can be clicked."""

    def __init__(self, words: str, *, style: Style = "body", spoken: str = "", parent: QWidget | None = None) -> None:
        """`spoken` is the accessible name where the words alone do not say what is ticked ("Said: What we know")."""
        super().__init__(words, parent)
        self._style: Style = style
        self.setAccessibleName(spoken or words)
        self.setFixedHeight(current().px(28))
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return _size(self.text(), self._style)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        if self.hasFocus():
            ring(painter, self.rect(), theme.px(6), "card")
        area = _mark_area(self.height())
        on = self.isChecked()
        box(painter, area, theme.px(4), "accent" if on else "card", "accent" if on else "field_edge", 1 if on else 1.5)
        if on:
            icons.paint(painter, area.x() + theme.px(2), area.y() + theme.px(2), "check", "on_accent", 14)
        _paint_words(self, painter, self._style)


class Radio(QRadioButton):
    """One of several in the same parent; arrow keys move between them."""

    def __init__(self, words: str, *, style: Style = "body", parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._style: Style = style
        self.setAccessibleName(words)
        self.setFixedHeight(current().px(28))
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return _size(self.text(), self._style)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        if self.hasFocus():
            ring(painter, self.rect(), theme.px(6), "card")
        area = _mark_area(self.height())
        on = self.isChecked()
        box(painter, area, area.width() / 2, "accent" if on else "card", "accent" if on else "field_edge", 1 if on else 1.5)
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("on_accent"))
            painter.drawEllipse(QPointF(QRectF(area).center()), theme.px(3.5), theme.px(3.5))
        _paint_words(self, painter, self._style)


class _Segment(QRadioButton):
    def __init__(self, words: str, parent: QWidget, height: int) -> None:
        super().__init__(words, parent)
        self.setFixedHeight(current().px(height) - 4)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(current().width_of(self.text(), "small_strong") + current().px(24), self.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        on = self.isChecked()
        if self.hasFocus():
            ring(painter, self.rect(), theme.px(6), "raised" if on else "hover")
        elif on:
            box(painter, self.rect(), theme.px(5), "raised", "edge2", theme.tokens.line)
        painter.setFont(theme.font("small_strong" if on else "small_medium"))
        painter.setPen(theme.colour("text" if on else "text2"))
        write(painter, self.rect(), self.text(), Centre)


class Segmented(QWidget):
    """A few alternatives side by side. Arrow keys move; `chosen(str)` carries the key of the one taken by hand."""

    chosen = Signal(str)

    def __init__(
        self,
        name: str,
        choices: Sequence[tuple[str, str]] = (),
        *,
        height: int = 32,
        stretch: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`name` is what is chosen, for a screen reader; `choices` are (key, words). Nothing is chosen at first."""
        super().__init__(parent)
        self._name, self._height = name, height
        self._parts: dict[str, _Segment] = {}
        self.setAccessibleName(name)
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(2, 2, 2, 2)
        self._box.setSpacing(0)
        wide = QSizePolicy.Policy.Expanding if stretch else QSizePolicy.Policy.Fixed
        self.setSizePolicy(wide, QSizePolicy.Policy.Fixed)
        self.set_choices(choices)

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        for old in self._parts.values():
            self._box.removeWidget(old)
            old.hide()
            old.setParent(None)
            old.deleteLater()
        self._parts = {}
        for key, words in choices:
            part = _Segment(words, self, self._height)
            part.setAccessibleName(f"{self._name}: {words}")
            part.clicked.connect(self._taken)
            self._parts[key] = part
            self._box.addWidget(part, 1)

    def value(self) -> str:
        """The key of the one chosen, or ""."""
        return next((key for key, part in self._parts.items() if part.isChecked()), "")

    def focus_chosen(self) -> None:
        """The keyboard to the one chosen, or to the first."""
        part = self._parts.get(self.value()) or next(iter(self._parts.values()), None)
        if part is not None:
            part.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def set_value(self, key: str) -> None:
        """Chooses by program; "" or an unknown key leaves nothing chosen. Emits nothing."""
        for part in self._parts.values():
            part.setAutoExclusive(False)
            part.setChecked(False)
            part.setAutoExclusive(True)
        if key in self._parts:
            self._parts[key].setChecked(True)

    def _taken(self) -> None:
        self.chosen.emit(self.value())

    def paintEvent(self, _event: QPaintEvent) -> None:
        box(QPainter(self), self.rect(), current().px(6), "hover")

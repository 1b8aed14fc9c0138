"""Inputs with their label: a line and a list of choices, which stands inside the frame."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QSizePolicy, QWidget

from ui.theme import icons
from ui.theme.paint import box, outline, write
from ui.theme.theme import current

LABELLED, PLAIN = 46, 36
HEADING = "\0"
"""The key of a heading: no code is this."""


def paint_frame(widget: QWidget, painter: QPainter, bad: bool = False, radius: int = 6) -> None:
    """The ground and line of an input, or the focus ring in place of the line."""
    theme = current()
    area = widget.rect()
    if widget.hasFocus():
        box(painter, area.adjusted(2, 2, -2, -2), theme.px(radius), "card")
        outline(painter, area, theme.px(radius + 1))
    else:
        box(painter, area, theme.px(radius), "card", "bad" if bad else "field_edge", 2 if bad else theme.tokens.line)


def paint_label(painter: QPainter, width: int, label: str, left: int = 12) -> None:
    theme = current()
    painter.setFont(theme.font("caption_medium"))
    painter.setPen(theme.colour("text2"))
    write(painter, QRect(theme.px(left), theme.px(6), width, theme.px(16)), label)


class Line(QLineEdit):
    """A line to type in. With a `label` it stands inside the frame (46 px), without one the frame is 36 px high and
    `spoken` names it for a screen reader."""

    def __init__(
        self,
        label: str = "",
        *,
        spoken: str = "",
        placeholder: str = "",
        icon: str = "",
        height: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        theme = current()
        self._label, self._icon, self._bad = label, icon, False
        self.setAccessibleName(spoken or label)
        self.setPlaceholderText(placeholder)
        self.setFrame(False)
        self.setFont(theme.font("body"))
        self.setFixedHeight(theme.px(height or (LABELLED if label else PLAIN)))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        left = theme.px(36 if icon else 12) - 2
        self.setTextMargins(left, theme.px(18) if label else 0, theme.px(8), 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(80), self.height())

    def set_bad(self, bad: bool) -> None:
        """Whether what stands here is refused: a red line."""
        self._bad = bad
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_frame(self, painter, self._bad)
        if self._label:
            paint_label(painter, self.width(), self._label)
        if self._icon:
            icons.paint(painter, current().px(10), (self.height() - current().px(20)) / 2, self._icon)
        painter.end()
        super().paintEvent(event)


class Choose(QComboBox):
    """One of a list, its label inside the frame. `picked(str)` carries the key of what was taken by hand; "" is
    nothing chosen and shows `placeholder`."""

    picked = Signal(str)

    def __init__(self, label: str, *, placeholder: str = "Choose one", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = current()
        self._label, self._bad, self._empty = label, False, placeholder
        self.setAccessibleName(label)
        self.setAccessibleDescription(label)  # where a platform names a list by what is chosen in it
        self.setFont(theme.font("body"))
        self.setFixedHeight(theme.px(LABELLED))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMaxVisibleItems(14)
        self.activated.connect(self._taken)
        self.set_choices(())

    def set_choices(self, choices: Sequence[tuple[str, str] | tuple[str, str, str]]) -> None:
        """(key, words) of each, or (key, words, group): a group's name stands above its first. Keeps what is chosen when
        it is still there."""
        kept = self.value()
        self.blockSignals(True)
        self.clear()
        self.addItem(self._empty, "")
        above = ""
        for key, words, *group in choices:
            if group and group[0] != above:
                above = group[0]
                self._add_heading(above)
            self.addItem(words, key)
        self.blockSignals(False)
        self.set_value(kept)
        widest = max((current().width_of(words, "body") for _, words, *_ in choices), default=0)
        self.view().setMinimumWidth(widest + current().px(44))

    def _add_heading(self, words: str) -> None:
        """The name of a group: seen, never chosen."""
        self.addItem(words, HEADING)
        model = self.model()
        if isinstance(model, QStandardItemModel):
            item = model.item(self.count() - 1)
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            item.setFont(current().font("caption_strong"))

    def value(self) -> str:
        return str(self.currentData() or "")

    def words(self) -> str:
        """What is shown."""
        return self.currentText()

    def set_value(self, key: str) -> None:
        """Chooses by program; an unknown key is nothing chosen. Emits nothing."""
        self.blockSignals(True)
        self.setCurrentIndex(max(0, self.findData(key)))
        self.blockSignals(False)
        self.update()

    def set_bad(self, bad: bool) -> None:
        self._bad = bad
        self.update()

    def _taken(self) -> None:
        self.picked.emit(self.value())

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(96), self.height())

    def sizeHint(self) -> QSize:
        return QSize(current().px(180), self.height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel over a closed list scrolls the page and never changes what is chosen."""
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        paint_frame(self, painter, self._bad)
        paint_label(painter, self.width(), self._label)
        painter.setFont(theme.font("body"))
        painter.setPen(theme.colour("text" if self.value() else "text2"))
        room = self.width() - theme.px(12 + 34)
        shown = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)
        write(painter, QRect(theme.px(12), theme.px(21), room + 2, theme.px(20)), shown)
        icons.paint(painter, self.width() - theme.px(28), (self.height() - theme.px(16)) / 2, "down", "text2", 16)

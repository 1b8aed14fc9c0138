"""One value of the patient banner with its label: a focus stop that says itself in full words."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from helpdesk.desk.model import HIDDEN
from ui.theme.fonts import Style
from ui.theme.paint import outline
from ui.theme.theme import current
from ui.widgets.label import wrapped

NOT_RECORDED = "not recorded"
_PAD = 4


class BannerValue(QLabel):
    """The label quietly, the value with weight, on one baseline; too long a value goes on in a second line. An empty
    value is said to be not recorded, a hidden one shows dots. Source: NHS Common User Interface, PAB-0019, 0042-0046, 0076."""

    def __init__(self, label: str, value: str, *, style: Style = "heading", meaning: str = "", parent: QWidget | None = None) -> None:
        """`meaning` defines the label, in the tooltip (PAB-0047)."""
        super().__init__(parent)
        self._label, self._style = label, style
        self._value = value or NOT_RECORDED
        self._value_style: Style = style if value else "small"
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(f"{label} {self._value}".strip())
        self.setAccessibleName(f"{label} {self._value.replace(HIDDEN, 'hidden until checked')}".strip())
        self.setToolTip(meaning)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def value(self) -> str:
        return self._value

    def _start(self) -> int:
        theme = current()
        wide = theme.width_of(self._label, "small") + theme.px(8) if self._label else 0
        return theme.px(_PAD) + wide

    def _line(self) -> int:
        return current().line(self._style)

    def _lines(self, width: int) -> list[str]:
        room = width - self._start() - current().px(_PAD)
        return [words.rstrip() for words, _ in wrapped(self._value, current().font(self._value_style), room)]

    def sizeHint(self) -> QSize:
        theme = current()
        wide = self._start() + theme.width_of(self._value, self._value_style) + theme.px(_PAD) + 2
        return QSize(wide, self._line() + 2 * theme.px(_PAD))

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(80), self.sizeHint().height())

    def heightForWidth(self, width: int) -> int:
        return len(self._lines(width)) * self._line() + 2 * current().px(_PAD)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        font = theme.font(self._value_style)
        metrics = QFontMetrics(font)
        base = theme.px(_PAD) + (self._line() + metrics.ascent() - metrics.descent()) / 2
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("text2"))
        painter.drawText(QPointF(theme.px(_PAD), base), self._label)
        painter.setFont(font)
        painter.setPen(theme.colour("text2" if self._value == NOT_RECORDED else "text"))
        for number, words in enumerate(self._lines(self.width())):
            painter.drawText(QPointF(self._start(), base + number * self._line()), words)
        if self.hasFocus():
            outline(painter, self.rect(), theme.px(5))

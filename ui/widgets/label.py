"""Words on the screen. Every class here shows plain text only: nothing in a value is ever read as markup."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPalette, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.theme.fonts import Style
from ui.theme.paint import Middle, write
from ui.theme.theme import current
from ui.theme.tokens import Role


def wrapped(text: str, font: QFont, width: int) -> list[tuple[str, int]]:
    """(words, offset in the text) of each line of plain text at that width. Lines break between words where they can."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    found: list[tuple[str, int]] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, 1))
        start = line.textStart()
        found.append((text[start : start + line.textLength()], start))
    layout.endLayout()
    return found


class Label(QLabel):
    """One line, never shortened: it asks for the width it needs."""

    def __init__(
        self, text: str = "", style: Style = "body", role: Role = "text", *, right: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._style: Style = style
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(current().font(style))
        self.set_role(role)
        self.setMinimumHeight(current().line(style))
        self.setAlignment(Middle | (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft))
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def set_role(self, role: Role) -> None:
        """The colour of the words."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, current().colour(role))
        self.setPalette(palette)


class Elided(QLabel):
    """A second line: shortened with an ellipsis when there is no room, the whole of it in the tooltip.
    Never for a name, a number, a date or a flag."""

    def __init__(self, text: str = "", style: Style = "small", role: Role = "text2", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role: Role = role
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(current().font(style))
        self.setFixedHeight(current().line(style))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(40), self.height())

    def shown(self) -> str:
        """The words as they are drawn at the present width."""
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(current().colour(self._role))
        write(painter, self.rect(), self.shown())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setToolTip(self.text() if self.shown() != self.text() else "")


class Paragraph(QLabel):
    """Words over as many lines as the width needs; its height always fits them."""

    def __init__(
        self,
        text: str = "",
        style: Style = "body",
        role: Role = "text",
        *,
        bold: str = "",
        widest: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        """`bold` is a part of the text to stress; `widest` a limit of the line length in pixels at 100 %."""
        super().__init__(parent)
        self._style: Style = style
        self._role: Role = role
        self._bold = bold
        self._widest = current().px(widest)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(current().font(style))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding if not widest else QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        if self._widest:
            self.setMaximumWidth(self._widest)
        self.set_text(text)

    def set_text(self, text: str, bold: str = "") -> None:
        self._bold = bold or self._bold
        self.setText(text)
        self._fit()

    def set_style(self, style: Style) -> None:
        """Another size of type, where there is less room."""
        if style != self._style:
            self._style = style
            self.setFont(current().font(style))
            self._fit()
            self.update()

    def _lines(self, width: int) -> list[tuple[str, int]]:
        return wrapped(self.text(), self.font(), width)

    def heightForWidth(self, width: int) -> int:
        return max(1, len(self._lines(width))) * current().line(self._style)

    def sizeHint(self) -> QSize:
        natural = self.fontMetrics().horizontalAdvance(self.text()) + 4
        width = min(natural, self._widest or current().px(360))
        return QSize(width, self.heightForWidth(self.width() or width))

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(80), current().line(self._style))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        height = self.heightForWidth(self.width())
        if height != self.height() or height != self.minimumHeight():
            self.setFixedHeight(height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        painter.setPen(theme.colour(self._role))
        begin = self.text().find(self._bold) if self._bold else -1
        end = begin + len(self._bold)
        height = theme.line(self._style)
        for number, (words, start) in enumerate(self._lines(self.width())):
            x = 0.0
            for piece, stressed in _pieces(words, begin - start, end - start) if begin >= 0 else [(words, False)]:
                font = theme.font(self._style, 600 if stressed else None)
                painter.setFont(font)
                metrics = QFontMetrics(font)
                base = number * height + (height + metrics.ascent() - metrics.descent()) / 2
                painter.drawText(QPointF(x, base), piece)
                x += metrics.horizontalAdvance(piece)


def _pieces(words: str, begin: int, end: int) -> list[tuple[str, bool]]:
    """A line cut where the stressed part begins and ends."""
    begin, end = max(0, min(begin, len(words))), max(0, min(end, len(words)))
    cut = [(words[:begin], False), (words[begin:end], True), (words[end:], False)]
    return [piece for piece in cut if piece[0]]


class KeyValue(QLabel):
    """A quiet label and its value on one baseline: Born 01-Jan-1950. The value is never shortened."""

    def __init__(
        self,
        label: str,
        value: str = "",
        *,
        value_style: Style = "heading",
        label_style: Style = "small",
        value_role: Role = "text",
        label_width: int = 0,
        gap: int = 8,
        parent: QWidget | None = None,
    ) -> None:
        """`label_width` lines up several values under one another."""
        super().__init__(parent)
        self._label, self._value = label, value
        self._value_style: Style = value_style
        self._label_style: Style = label_style
        self._role: Role = value_role
        self._column, self._gap = current().px(label_width), current().space(gap)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(max(current().line(value_style), current().line(label_style)))
        self.set_value(value)

    @property
    def value(self) -> str:
        return self._value

    @property
    def label(self) -> str:
        return self._label

    def set_value(self, value: str) -> None:
        self._value = value
        self.setText(f"{self._label} {value}".strip())
        self.setMinimumWidth(self.sizeHint().width())
        self.updateGeometry()

    def _start(self) -> int:
        """Where the value begins."""
        wide = current().width_of(self._label, self._label_style)
        return max(self._column, wide + self._gap if self._label else 0)

    def sizeHint(self) -> QSize:
        return QSize(self._start() + current().width_of(self._value, self._value_style) + 2, self.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        self.paint_words(QPainter(self), self.rect())

    def paint_words(self, painter: QPainter, area: QRect) -> None:
        theme = current()
        metrics = QFontMetrics(theme.font(self._value_style))
        base = area.top() + (area.height() + metrics.ascent() - metrics.descent()) / 2
        painter.setFont(theme.font(self._label_style))
        painter.setPen(theme.colour("text2"))
        painter.drawText(QPointF(area.left(), base), self._label)
        painter.setFont(theme.font(self._value_style))
        painter.setPen(theme.colour(self._role))
        painter.drawText(QPointF(area.left() + self._start(), base), self._value)

"""This call: who, may I, where, what to say, next step, wrap up; done, now and to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import icons
from ui.theme.paint import Middle, ring, write
from ui.theme.theme import current
from ui.widgets.label import Label

StepState = Literal["done", "now", "todo"]
CALL_STEPS = ("Who", "May I", "Where", "What to say", "Next step", "Wrap up")


@dataclass(frozen=True)
class Step:
    """One step, and a quiet note at its right: "Status", "4 of 6"."""

    name: str
    state: StepState = "todo"
    note: str = ""


class _StepRow(QPushButton):
    def __init__(self, step: Step, first: bool, last: bool) -> None:
        super().__init__(step.name)
        self.step, self._first, self._last = step, first, last
        said = {"done": "done", "now": "now", "todo": "not yet"}[step.state]
        self.setAccessibleName(f"{step.name}: {said}" + (f", {step.note}" if step.note else ""))
        self.setToolTip(self.accessibleName())
        self.setFixedHeight(current().px(36))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(current().px(160), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(40), self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, state = current(), self.step.state
        if self.hasFocus():
            ring(painter, self.rect(), theme.px(6), "page")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(theme.px(22), self.height() / 2)
        painter.setPen(QPen(theme.colour("edge2"), theme.px(1.5)))
        if not self._last:
            painter.drawLine(QPointF(middle.x(), middle.y() + theme.px(11)), QPointF(middle.x(), self.height()))
        if not self._first:
            painter.drawLine(QPointF(middle.x(), 0), QPointF(middle.x(), middle.y() - theme.px(11)))
        self._paint_mark(painter, middle)
        painter.setFont(theme.font("small_strong" if state == "now" else "small_medium"))
        painter.setPen(theme.colour("text2" if state == "todo" else "text"))
        write(painter, QRect(theme.px(42), 0, self.width(), self.height()), self.step.name)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("text2"))
        right = QRect(0, 0, self.width() - theme.px(10), self.height())
        write(painter, right, self.step.note, Middle | Qt.AlignmentFlag.AlignRight)

    def _paint_mark(self, painter: QPainter, middle: QPointF) -> None:
        theme, state = current(), self.step.state
        if state == "done":
            icons.paint(painter, middle.x() - theme.px(9), middle.y() - theme.px(9), "done", "ok", 18)
            return
        painter.setBrush(theme.colour("card") if state == "now" else Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("accent" if state == "now" else "field_edge"), theme.px(2 if state == "now" else 1.5)))
        painter.drawEllipse(middle, theme.px(7), theme.px(7))
        if state == "now":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent"))
            painter.drawEllipse(middle, theme.px(3), theme.px(3))


class Steps(QWidget):
    """`step_chosen(int)` when a step is pressed: the screen moves the focus there."""

    step_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_StepRow] = []
        self._folded = False
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        title = Label("This call", "caption_strong", "text2")
        title.setContentsMargins(current().px(12), 0, 0, current().px(4))
        self._box.addWidget(title)
        self.hide()

    def show_steps(self, steps: Sequence[Step]) -> None:
        """An empty list hides the whole."""
        for old in self._rows:
            old.hide()
            self._box.removeWidget(old)
            old.setParent(None)
            old.deleteLater()
        self._rows = [_StepRow(step, number == 0, number == len(steps) - 1) for number, step in enumerate(steps)]
        for made in self._rows:
            made.clicked.connect(self._pressed)
            self._box.addWidget(made)
        self._show_or_hide()

    def set_folded(self, folded: bool) -> None:
        """Out of sight where there is no room for words."""
        self._folded = folded
        self._show_or_hide()

    def _show_or_hide(self) -> None:
        self.setVisible(bool(self._rows) and not self._folded)

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(made.step for made in self._rows)

    def _pressed(self) -> None:
        pressed = self.sender()
        if isinstance(pressed, _StepRow):
            self.step_chosen.emit(self._rows.index(pressed))

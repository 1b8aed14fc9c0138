"""The one search box: anything the caller says, in any order."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from ui.theme import icons
from ui.theme.paint import write
from ui.theme.theme import current
from ui.widgets.fields import paint_frame


class SearchField(QLineEdit):
    """`asked(str)` on Enter, `edited(str)` at each change by hand, `left_down` on the down key (to the list below),
    `cleared` on Esc with words in it (Esc in an empty field goes to the window)."""

    asked = Signal(str)
    edited = Signal(str)
    left_down = Signal()
    cleared = Signal()

    def __init__(self, spoken: str = "Search anyone or anything", *, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = current()
        self._answer = ""
        self.setAccessibleName(spoken)
        self.setPlaceholderText(placeholder or "Name, date of birth, NHS number, postcode, phone")
        self.setFrame(False)
        self.setFont(theme.font("query"))
        self.setFixedHeight(theme.px(60))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.returnPressed.connect(self._enter)
        self.textEdited.connect(self.edited)
        self._fit()

    def set_answer(self, words: str) -> None:
        """What the search found, in words at the right: "6 people in 38 ms, from this computer"."""
        self._answer = words
        self.setAccessibleDescription(words)
        self._fit()
        self.update()

    def _fit(self) -> None:
        theme = current()
        right = theme.width_of(self._answer, "small") + theme.px(36) if self._answer else theme.px(16)
        self.setTextMargins(theme.px(50), 0, right, 0)

    def _enter(self) -> None:
        self.asked.emit(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.left_down.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        paint_frame(self, painter, radius=10)
        icons.paint(painter, theme.px(18), (self.height() - theme.px(22)) / 2, "search", "text2", 22)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("text2"))
        area = QRect(0, 0, self.width() - theme.px(20), self.height())
        write(painter, area, self._answer, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        painter.end()
        super().paintEvent(event)

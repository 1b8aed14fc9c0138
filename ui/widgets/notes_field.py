"""Notes: plain text over several lines."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from ui.theme.paint import box, outline
from ui.theme.theme import current


class NotesField(QWidget):
    """`edited` at each change by hand or paste. Tab leaves the field; nothing pasted keeps its form."""

    edited = Signal()

    def __init__(self, spoken: str, *, placeholder: str = "", lines: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = current()
        self._lines = lines
        self.edit = QPlainTextEdit()
        self.edit.setAccessibleName(spoken)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setTabChangesFocus(True)
        self.edit.setFrameShape(QFrame.Shape.NoFrame)
        self.edit.setFont(theme.font("body"))
        self.edit.document().setDocumentMargin(0)
        self.edit.viewport().setAutoFillBackground(False)
        self.edit.installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.px(12), theme.px(8), theme.px(6), theme.px(8))
        layout.addWidget(self.edit)
        self.setFocusProxy(self.edit)
        self.setMinimumHeight(theme.line("body") * 2 + theme.px(18))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.edit.textChanged.connect(self.edited)

    def text(self) -> str:
        return self.edit.toPlainText()

    def set_text(self, text: str) -> None:
        """Puts text in by program, the cursor behind it; emits nothing, and nothing before it can be brought back."""
        self.edit.blockSignals(True)
        self.edit.setPlainText(text)
        self.edit.moveCursor(QTextCursor.MoveOperation.End)
        self.edit.blockSignals(False)

    def sizeHint(self) -> QSize:
        return QSize(current().px(240), current().line("body") * self._lines + current().px(18))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        if self.edit.hasFocus():
            box(painter, self.rect().adjusted(2, 2, -2, -2), theme.px(6), "card")
            outline(painter, self.rect(), theme.px(7))
        else:
            box(painter, self.rect(), theme.px(6), "card", "field_edge", theme.tokens.line)

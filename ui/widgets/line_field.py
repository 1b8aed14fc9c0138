"""A field with its label above and, when it is refused, the sentence that says what to do."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.widgets.arrange import column, row
from ui.widgets.fields import Line
from ui.widgets.icon import Icon
from ui.widgets.label import Label, Paragraph


class LineField(QWidget):
    """Label, line, and a place for one error sentence. `entered(str)` on Enter, `edited(str)` at each change by hand."""

    entered = Signal(str)
    edited = Signal(str)

    def __init__(self, label: str, *, placeholder: str = "", icon: str = "", spoken: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = Line(spoken=spoken or label, placeholder=placeholder, icon=icon)
        self._label = Label(label, "caption_medium", "text2")
        self._words = Paragraph("", "small", "bad_text")
        self._error = row(Icon("wrong", "bad_text", 16), self._words, gap=6)
        self._error.hide()
        column(self._label, self.line, self._error, gap=4, into=self)
        self._label.setBuddy(self.line)
        self.setFocusProxy(self.line)
        self.line.returnPressed.connect(self._enter)
        self.line.textEdited.connect(self.edited)

    def text(self) -> str:
        return self.line.text()

    def set_text(self, text: str) -> None:
        self.line.setText(text)

    def set_error(self, sentence: str) -> None:
        """Refuses what stands here, saying the remedy; "" accepts it again."""
        self._words.set_text(sentence)
        self._error.setVisible(bool(sentence))
        self.line.set_bad(bool(sentence))
        self.line.setAccessibleDescription(f"Error: {sentence}" if sentence else "")

    def error(self) -> str:
        return self._words.text()

    def _enter(self) -> None:
        self.entered.emit(self.line.text())

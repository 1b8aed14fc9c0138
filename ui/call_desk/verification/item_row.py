"""One kind of fact to ask the caller for: type what they say, Enter checks it, and the field is empty again."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from helpdesk.callers.model import ItemState
from ui.call_desk.verification.presenter import ItemRow
from ui.theme.theme import current
from ui.widgets.arrange import column, row
from ui.widgets.chip import Chip, Tone
from ui.widgets.fields import Line
from ui.widgets.label import Label, Paragraph

LOOKS: dict[ItemState, tuple[Tone, str]] = {
    ItemState.NOT_ASKED: ("neutral", "nothing"),
    ItemState.NO_MATCH: ("bad", "wrong"),
    ItemState.MATCH: ("ok", "done"),
    ItemState.SPENT: ("bad", "ban"),
    ItemState.STRUCK: ("neutral", "hidden"),
    ItemState.NOT_HELD: ("neutral", "nothing"),
}


WIDE = 620


class ItemLine(QWidget):
    """`said(str)` on Enter. Nothing that was typed stays: not in the field, and not in its undo."""

    said = Signal(str)

    def __init__(self, shown: ItemRow) -> None:
        super().__init__()
        self.shown = shown
        title = Label(shown.title, "medium")
        self._hint = Paragraph(shown.hint, "caption", "text2")
        self._words = column(title, self._hint, gap=0)
        self.line = Line(spoken=shown.title, placeholder="Type what they say")
        self.line.setMaxLength(120)
        self.line.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._chip = Chip("", "neutral")
        self._result = row(self._chip, None, gap=0)
        self._result.setFixedWidth(current().px(136))
        row(self._words, (self.line, 1), self._result, gap=12, into=self)
        self.line.returnPressed.connect(self._enter)
        self.line.textEdited.connect(self._typing)
        self.show_row(shown)

    def show_row(self, shown: ItemRow) -> None:
        self.shown = shown
        self._hint.set_text(shown.hint)
        self.line.setEnabled(shown.can_try or shown.checking)
        self.line.setPlaceholderText("Type what they say" if shown.can_try else "")
        self._typing()

    def clear(self) -> None:
        """Takes away what was typed. Setting the text also forgets the field's undo."""
        self.line.setText("")
        self._typing()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._words.setFixedWidth(current().px(250 if self.width() / current().scale >= WIDE else 172))

    def _typing(self) -> None:
        shown = self.shown
        if shown.checking:
            self._state("Checking…", "info", "refresh")
        elif self.line.text().strip() and shown.can_try:
            self._state("Enter to check", "info", "arrow")
        else:
            self._state(shown.result, *LOOKS[shown.state])

    def _state(self, words: str, tone: Tone, icon: str) -> None:
        self._chip.set_state(words, tone, icon)
        self.line.setAccessibleDescription(f"{words}. {self.shown.hint}")

    def _enter(self) -> None:
        text = self.line.text()
        if text.strip() and self.shown.can_try:
            self.clear()
            self.said.emit(text)

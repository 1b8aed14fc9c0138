"""The people PDS holds as related to the patient: asked for only when they are wanted."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from ui.widgets.arrange import empty, row
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.icon import Icon
from ui.widgets.label import Label, Paragraph


class RelatedCard(Card):
    """`asked` when somebody wants to know."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__(around=(8, 16), gap=6)
        self._ask = Button("Ask PDS", "quiet", height=32)
        self._ask.setAccessibleName("Ask PDS who is related")
        self._words = Paragraph("", "small", "text2")
        self._lines = QVBoxLayout()
        self.add(row(Icon("people"), Label("Related people", "heading"), None, self._ask, gap=10))
        self.add(self._lines)
        self.add(self._words)
        self._ask.activated.connect(self.asked)
        self.show_related("", ())

    def show_related(self, words: str, lines: tuple[str, ...]) -> None:
        empty(self._lines)
        for line in lines:
            self._lines.addWidget(Label(line, "body"))
        self._words.set_text(words)
        self._words.setVisible(bool(words))

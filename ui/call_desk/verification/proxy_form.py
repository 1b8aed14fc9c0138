"""Asks the NHS proxy service about the caller: their own name and one fact, compared blind."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.call_desk.verification.presenter import ProxyShown
from ui.widgets.arrange import column
from ui.widgets.button import Button
from ui.widgets.label import Label, Paragraph
from ui.widgets.line_field import LineField

TITLE = "Or ask the NHS who may speak for them"
NAME, FACT = "The caller's own name", "Their own date of birth, or NHS number"


class ProxyForm(QWidget):
    """`said(name, fact)` carries what was typed, once; the fields are empty after an answer."""

    said = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.name = LineField(NAME, placeholder="As they say it")
        self.fact = LineField(FACT, placeholder="Typed, never shown")
        self.ask = Button("Ask the NHS proxy service", "secondary", icon="people", height=36)
        self._words = Paragraph("", "small", "text2")
        column(Label(TITLE, "caption_medium", "text2"), self.name, self.fact, self.ask, self._words, gap=6, around=(6, 0, 0, 0), into=self)
        self.ask.activated.connect(self._say)
        self.name.entered.connect(lambda _text: self.fact.line.setFocus())
        self.fact.entered.connect(lambda _text: self._say())
        self.show_proxy(ProxyShown())

    def show_proxy(self, shown: ProxyShown) -> None:
        self._words.set_text(shown.words)
        self._words.setVisible(bool(shown.words))
        self.ask.set_blocked("The NHS is being asked" if shown.asking else "")
        if shown.matched or not shown.words:
            self.clear()

    def clear(self) -> None:
        for field in (self.name, self.fact):
            field.set_text("")

    def _say(self) -> None:
        self.said.emit(self.name.text(), self.fact.text())

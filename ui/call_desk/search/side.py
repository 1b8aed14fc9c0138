"""Beside the search: the number that rings, and what to do when the person is not in the list."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.keys import Act, KeyMap
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.card import Card, Rule
from ui.widgets.icon import Icon
from ui.widgets.label import Label, Paragraph
from ui.widgets.line_field import LineField

DOTS = "Dots hide what the caller has not said yet, so you cannot give it away by mistake."


class SearchSide(QWidget):
    """`phone_typed(str)` at each change by hand; the other signals are their buttons."""

    phone_typed = Signal(str)
    ask_pds = Signal()
    without_patient = Signal()
    reopen = Signal()

    def __init__(self, keys: KeyMap) -> None:
        super().__init__()
        self.phone = LineField("Number they ring from", placeholder="07700 900000", icon="phone")
        note = Paragraph("A number never proves who is calling.", "small", "text2")
        dots = Paragraph(DOTS, "small", "text2")
        self.reopen_button = Button("Open the patient of this call again", "secondary", icon="person")
        pds = _way("search", "Ask PDS", "Exact first, wider only when you ask. Each ask is audited.", "Ask", "Enter")
        without = _way(
            "person", "Carry on without a name", "General advice, directory and safety calls.", "Carry on", keys.cap(Act.WITHOUT_PATIENT)
        )
        column(
            Card(Label("This number", "heading"), self.phone, note, self.reopen_button, gap=8),
            Card(Label("Not in the list?", "heading"), pds[0], Rule(), without[0], gap=10),
            Card(row(Icon("hidden"), (dots, 1), gap=10), ground="sunken", around=12),
            gap=12,
            into=self,
        )
        self.phone.edited.connect(self.phone_typed)
        pds[1].activated.connect(self.ask_pds)
        without[1].activated.connect(self.without_patient)
        self.reopen_button.activated.connect(self.reopen)
        self.reopen_button.hide()


def _way(icon: str, fact: str, words: str, action: str, key: str) -> tuple[QWidget, Button]:
    button = Button(action, "quiet", key=key, height=32)
    text = column(Label(fact, "strong"), Paragraph(words, "small", "text2"), gap=0)
    return row(Icon(icon), (text, 1), button, gap=10), button

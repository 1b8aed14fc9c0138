"""What a new connection can be made of."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from helpdesk.desk.connections import Kind
from ui.theme.theme import current
from ui.widgets.arrange import column, empty, row
from ui.widgets.button import Button
from ui.widgets.card import Card, Rule
from ui.widgets.label import Label, Paragraph
from ui.widgets.scroll import Scroll

WIDEST = 860


class KindsPane(QWidget):
    """`chosen(str)`: the kind to be added."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        content = QWidget()
        content.setMaximumWidth(current().px(WIDEST))
        self._body = QVBoxLayout(content)
        self._body.setContentsMargins(0, 0, current().space(12), current().space(16))
        self._buttons: list[Button] = []
        column(Scroll(row(content, gap=0, centred=False)), into=self)

    def show_kinds(self, kinds: tuple[Kind, ...]) -> None:
        empty(self._body)
        self._buttons = []
        lines: list[QWidget] = [Label("Add a connection", "title")]
        for kind in kinds:
            button = Button("Add", "secondary", icon="plus")
            button.setAccessibleName(f"Add {kind.name}")
            button.setAccessibleDescription(f"{kind.provides}. {kind.notice}")
            button.activated.connect(partial(self.chosen.emit, kind.id))
            self._buttons.append(button)
            words = [Paragraph(kind.name, "strong"), Paragraph(kind.provides, "small", "text2")]
            words += [Paragraph(kind.notice, "small", "text2")] if kind.notice else []
            lines += [Rule(), row((column(*words, gap=0), 1), column(button, None), gap=16, around=(8, 0), centred=False)]
        self._body.addWidget(Card(*lines, gap=2, around=(14, 18)))
        self._body.addStretch(1)

    def take_keyboard(self) -> None:
        if self._buttons:
            self._buttons[0].setFocus()

"""F1: every key of the desk and what it does."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from ui.keys import Key, KeyMap
from ui.shell.overlay import Overlay
from ui.theme.theme import current
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.icon import Icon
from ui.widgets.key_cap import KeyCap
from ui.widgets.label import Label, Paragraph


class KeysCard(Overlay):
    """Lists the key map in use, in two columns; Esc closes."""

    def __init__(self, keys: KeyMap, parent: QWidget | None = None) -> None:
        self.close_button = Button("Close", "ghost", key="Esc")
        head = row(Icon("keyboard", "text", 24), Label("Keys", "screen"), None, self.close_button, gap=10)
        note = Paragraph("Every key is also a button you can reach with Tab. Space presses it.", "small", "text2")
        content = column(head, note, _grid(keys.keys), gap=12, around=(14, 24, 18, 24))
        super().__init__(content, "Keys", width=860, parent=parent)
        self.close_button.activated.connect(self.close_card)

    def open_card(self) -> None:
        self.open(self.close_button)


def _grid(keys: tuple[Key, ...]) -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    space = current().space
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(space(28))
    grid.setVerticalSpacing(space(6))
    half = -(-len(keys) // 2)
    for number, key in enumerate(keys):
        caps = row(KeyCap(key.cap), None, gap=0)
        caps.setFixedWidth(current().px(84))
        words = Paragraph(key.words, "body")
        line = row(caps, (words, 1), gap=8)
        line.setAccessibleName(f"{key.cap}: {key.words}")
        line.setMinimumHeight(current().px(28))
        grid.addWidget(line, number % half, number // half)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    return holder

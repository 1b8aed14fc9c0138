"""What stands in the room when there is no call: opening, and ready."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.keys import Act, KeyMap
from ui.theme.theme import current
from ui.widgets.arrange import column, row
from ui.widgets.card import Card
from ui.widgets.icon import Icon
from ui.widgets.key_cap import KeyCap
from ui.widgets.label import Label, Paragraph
from ui.widgets.states import Skeleton

OPENING = "Opening…"
READY = "Ready for the next call"
FIRST = (
    (Act.NEW_CALL, "Start a call when the telephone rings", "It is on disk from its first second."),
    (Act.SAFETY, "999, 111 and crisis lines", "On every screen, also with every system down."),
    (Act.KEYS, "All keys", "Everything here can be done without the mouse."),
)


class OpeningPage(QWidget):
    """Shown until the desk is open, or to say why it cannot be."""

    def __init__(self) -> None:
        super().__init__()
        self._fact = Paragraph(OPENING, "heading")
        self._words = Paragraph("The key, the database and the sources are being opened.", "body", "text2")
        self._skeletons = [Skeleton(), Skeleton()]
        head = row(Icon("refresh"), (column(self._fact, self._words, gap=4), 1), gap=12, centred=False)
        self._card = Card(head, *self._skeletons, gap=12)
        column(self._card, None, into=self)
        for skeleton, asked in zip(self._skeletons, ("the database", "the sources"), strict=True):
            skeleton.start(asked)

    def show_trouble(self, fact: str, remedy: str) -> None:
        """Why the desk cannot be opened, and what to do."""
        self._fact.set_text(fact)
        self._words.set_text(remedy)
        for skeleton in self._skeletons:
            skeleton.stop()

    def words(self) -> str:
        return f"{self._fact.text()} {self._words.text()}"


def idle_page(keys: KeyMap) -> QWidget:
    """Calm, and says what to press."""
    lines = []
    for act, fact, words in FIRST:
        cap = row(KeyCap(keys.cap(act)), None, gap=0)
        cap.setFixedWidth(current().px(64))
        lines.append(row(cap, (column(Label(fact, "strong"), Paragraph(words, "small", "text2"), gap=0), 1), gap=8))
    inner = column(row(Icon("headset", "accent", 24), Label(READY, "screen"), None, gap=12), *lines, gap=16, around=(24, 28))
    card = Card(inner, around=0)
    card.setFixedWidth(current().px(540))
    holder = column(None, row(None, card, None), None, None)
    holder.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return holder

"""The calls before, one under another."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.call_desk.history.presenter import READING, CallBefore
from ui.widgets.arrange import column, empty, row
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.flow import Flow
from ui.widgets.icon import Icon
from ui.widgets.label import Elided, Label, Paragraph
from ui.widgets.scroll import Scroll
from ui.widgets.states import EmptyState
from ui.widgets.strip import Strip


class CallCard(Card):
    """One earlier call: when, who took it, how it ended, and its notes."""

    def __init__(self, call: CallBefore) -> None:
        super().__init__(around=(12, 16), gap=8)
        self.setAccessibleName(f"Call of {call.when}, {call.who}, {', '.join(call.ended)}. {call.notes}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.add(row(Icon("phone"), Label(call.when, "heading"), (Elided(f"{call.who}, {call.lasted}"), 1), gap=10))
        flow = Flow(gap=8)
        flow.set_items([Chip(words, "neutral") for words in call.ended])
        self.add(flow)
        self.add(Paragraph(call.notes or "No notes were written.", "body", "text" if call.notes else "text2"))


class HistoryPage(QWidget):
    """Filled when the level is reached, emptied with the patient."""

    def __init__(self) -> None:
        super().__init__()
        self._summary = Elided("")
        self._trouble = Strip("bad", "")
        self._cards: list[CallCard] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        content = column(self._list, None, gap=12, around=(0, 8, 8, 0))
        column(row(Label("Calls before", "title"), (self._summary, 1), gap=10), self._trouble, (Scroll(content), 1), gap=10, into=self)
        self.show_trouble("")

    def show_calls(self, summary: str, calls: tuple[CallBefore, ...]) -> None:
        self._summary.setText(summary)
        if self._list.count():
            empty(self._list)
        self._cards = [CallCard(call) for call in calls]
        for card in self._cards:
            self._list.addWidget(card)
        if not calls and summary not in ("", READING):
            self._list.addWidget(EmptyState("No calls before", "Only calls of this desk are held here.", icon="history"))

    def show_trouble(self, message: str) -> None:
        self._trouble.set_words(message)
        self._trouble.setVisible(bool(message))

    def focus_first(self) -> None:
        if self._cards:
            self._cards[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

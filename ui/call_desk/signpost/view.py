"""Signpost: cards to look through, the channels that fit, and exactly what goes out with this call."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from helpdesk.signposting.model import Channel, Twin
from ui.call_desk.signpost.cards import CardButton, ChannelTick
from ui.theme.theme import current
from ui.widgets.arrange import column, empty, row
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.fields import Line
from ui.widgets.icon import Icon
from ui.widgets.label import Elided, Label, Paragraph
from ui.widgets.scroll import Scroll
from ui.widgets.strip import Strip

TWINS = {"phone": "phone", "post": "print", "print": "print", "letter": "print", "place": "pin", "in_person": "pin", "walk_in": "pin"}
OTHERS_SEE = "No name and no clinical word: others may see the screen or the envelope."


class SignpostPage(QWidget):
    """`searched(str)`, `chosen(row)`, `add(Channel)` for each channel ticked, `removed(id)` to take one back."""

    searched = Signal(str)
    chosen = Signal(int)
    add = Signal(object)
    removed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.box = Line(spoken="Search the cards", placeholder="Hip, travel, getting worse", icon="search", height=44)
        self._count = Label("", "caption", "text2", right=True)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._rows: list[CardButton] = []
        self._trouble = Strip("warn", "")
        self._title = Label("", "title")
        self._ticks = QVBoxLayout()
        self._channels: list[ChannelTick] = []
        self._preview = Paragraph("", "body")
        self._source = Elided("", "caption")
        self._twins = QVBoxLayout()
        self._added = QVBoxLayout()
        self._detail = self._build()
        self.box.textEdited.connect(self.searched)
        self.box.returnPressed.connect(self.focus_channels)

    def _build(self) -> QWidget:
        space = current().space
        head = column(row(Label("Signpost", "title"), None, self._count), self.box, gap=10, around=(14, 14, 8, 14))
        cards = QWidget()
        cards.setLayout(self._list)
        left = Card(head, (Scroll(cards), 1), gap=0, around=1)
        left.setFixedWidth(current().px(330))
        bubble = Card(self._preview, ground="accent_soft", line=None, around=12)
        preview = Card(Label("What goes out", "heading"), bubble, Paragraph(OTHERS_SEE, "small", "text2"), gap=8)
        twin = row(Icon("twin", "accent"), Label("Without a computer", "heading"), None, Chip("Always included", "ok", "done"), gap=8)
        detail = column(
            self._title,
            self._ticks,
            preview,
            Card(twin, self._twins, self._source, gap=8),
            self._added,
            None,
            gap=12,
            around=(0, 8, 8, 0),
        )
        self._ticks.setSpacing(space(8))
        self._list.setContentsMargins(0, 0, 0, 0)
        right = column(self._trouble, (Scroll(detail), 1), gap=10)
        row(left, (right, 1), gap=16, centred=False, into=self)
        return detail

    def show_waiting(self) -> None:
        self.box.setText("")
        self._count.setText("Asking what fits…")

    def show_cards(self, titles: tuple[tuple[str, str, str], ...], row: int, total: int) -> None:
        empty(self._list)
        self._rows = []
        for number, (title, summary, reason) in enumerate(titles):
            button = CardButton(title, summary, reason, chosen=number == row)
            button.clicked.connect(lambda _on=False, n=number: self._choose(n))
            self._rows.append(button)
            self._list.addWidget(button)
        self._list.addStretch(1)
        self._in_order()
        self._count.setText(f"{len(titles)} of {total}" if total else "")

    def show_card(self, title: str, channels: tuple[tuple[str, str, bool, str, str], ...], twins: tuple[Twin, ...], source: str) -> None:
        self._title.setText(title or "No card chosen")
        empty(self._ticks)
        self._channels = []
        for key, words, allowed, why, text in channels:
            tick = ChannelTick(key, words, allowed, why, text)
            tick.toggled.connect(lambda _on, t=tick: self._show_text(t))
            self._channels.append(tick)
            self._ticks.addWidget(tick)
        self._in_order()
        fitting = [t for t in self._channels if t.isEnabled()]
        self._show_text(fitting[0] if fitting else None)
        empty(self._twins)
        for twin in twins:
            words_of = column(Label(twin.text, "strong"), Paragraph(twin.detail, "small", "text2"), gap=0)
            self._twins.addWidget(row(Icon(TWINS.get(twin.kind, "person")), (words_of, 1), gap=10))
        self._source.setText(source)

    def show_added(self, added: tuple[tuple[str, str], ...]) -> None:
        empty(self._added)
        for key, words in added:
            chip = Chip(f"Goes with this call: {words}", "ok", "send", removable=True)
            chip.removed.connect(lambda key=key: self.removed.emit(key))
            self._added.addWidget(chip)

    def show_trouble(self, message: str) -> None:
        self._trouble.set_words("Nothing can be sent" if message else "", message)
        self._trouble.setVisible(bool(message))

    def add_ticked(self) -> int:
        """Everything ticked goes with the call; says how many that were."""
        ticked = [t for t in self._channels if t.isChecked() and t.isEnabled()]
        for tick in ticked:
            self.add.emit(Channel(tick.channel))
        return len(ticked)

    def focus_box(self) -> None:
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_channels(self) -> None:
        """From the search to the first way this card may be given."""
        first = next((t for t in self._channels if t.isEnabled()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def _in_order(self) -> None:
        """Tab goes from the search to the cards, then to the ways to give the chosen one; both are made anew."""
        stops: list[QWidget] = [self.box, *self._rows, *self._channels]
        for stop, following in pairwise(stops):
            QWidget.setTabOrder(stop, following)

    def _choose(self, number: int) -> None:
        self.chosen.emit(number)
        for n, button in enumerate(self._rows):
            button.set_chosen(n == number)

    def _show_text(self, tick: ChannelTick | None) -> None:
        self._preview.set_text(tick.preview if tick is not None else "Nothing can be sent by any channel. Read the card aloud.")

"""What to say: plain words in large type that can be read aloud as they are, each with its evidence."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from helpdesk.desk.model import StatusView
from helpdesk.pathways.model import Part, Saying
from ui.call_desk.status import cards, words
from ui.call_desk.status.presenter import GENERAL
from ui.pieces import Pieces
from ui.theme.theme import current
from ui.widgets.arrange import column, empty, row
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.choice import Segmented, Tick
from ui.widgets.label import Label, Paragraph
from ui.widgets.spoken import Spoken
from ui.widgets.states import EmptyState
from ui.widgets.strip import Strip

NOT_TOLD = ("Do not disclose: caller not verified", "You may see this record for the reason you gave. Tell the caller nothing from it.")
SAMPLE = "Sample words"
SAMPLE_MEANS = "Nobody has signed these words off: they are here to practise with."
NO_WORDS = "No words for live use"
WAITING = ("Nothing to say yet", "Words appear as the sources answer.")


class SayingPart(QWidget):
    """One part: its title, "Said", the words, and the evidence that "why?" opens in place."""

    said = Signal(bool)

    def __init__(self, saying: Saying) -> None:
        super().__init__()
        self._saying = saying
        self.tick = Tick("Said", spoken=f"Said: {saying.part.value}")
        self.spoken = Spoken([s.text for s in saying.sentences])
        self._evidence = Paragraph("", "caption", "text2")
        self._line = Card(self._evidence, ground="sunken", around=(4, 8), radius=4)
        self._line.hide()
        head = row(Label(saying.part.value, "small_strong", "text2"), None, self.tick)
        column(head, self.spoken, self._line, gap=2, into=self)
        self.spoken.why.connect(self._why)
        self.tick.clicked.connect(self.said)

    def _why(self, number: int, wanted: bool) -> None:
        self.spoken.close_why()
        if wanted:
            self.spoken.links[number].setChecked(True)
            self._evidence.set_text(words.evidence(self._saying.sentences[number]))
        self._line.setVisible(wanted)


class SayPanel(Card):
    """`said(key, Part, bool)` for each tick; `picked(key)` when another pathway's words are wanted."""

    said = Signal(str, object, bool)
    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__(around=(14, 16), gap=8)
        self._choose = Segmented("Whose words", height=32, stretch=True)
        self._strip = Strip("bad", *NOT_TOLD)
        self._empty = EmptyState(*WAITING, icon="speak")
        self._parts = QVBoxLayout()
        self._parts.setSpacing(current().space(10))
        self._status: StatusView | None = None
        self._key = ""
        self._said: frozenset[tuple[str, Part]] = frozenset()
        self._shown: tuple[str, tuple[Saying, ...]] | None = None
        self._ticks: dict[Part, Tick] = {}
        self._pieces = Pieces(self)
        self._sample = Chip(SAMPLE, "warn", "warning")
        self._sample.setToolTip(SAMPLE_MEANS)
        self._unsigned = Strip("warn", "")
        self.add(row(Label("What to say", "title"), None, self._sample, gap=8))
        for item in (self._choose, self._strip, self._unsigned, self._empty, self._parts):
            self.add(item)
        self.setAccessibleName("What to say")
        self._choose.chosen.connect(self.picked)
        self.clear()

    def clear(self) -> None:
        self._pieces.drop()
        self._status, self._key, self._said, self._shown = None, "", frozenset(), None
        empty(self._parts)
        self._ticks = {}
        self._choose.set_choices(())
        self._choose.hide()
        self._strip.hide()
        self._sample.hide()
        self._unsigned.hide()
        self._empty.show()

    def show_status(self, status: StatusView, key: str) -> None:
        """The words of one pathway (or the general ones), of this patient's status."""
        self._status = status
        if not status.may_tell:
            self.clear()
            self._empty.hide()
            self._strip.show()
            return
        self._strip.hide()
        self._sample.setVisible(status.wording.sample)
        self._unsigned.set_words(NO_WORDS, status.wording.missing)
        self._unsigned.setVisible(bool(status.wording.missing))
        segments = _segments(status)
        keys = [segment for segment, _ in segments]
        self._key = key if key in keys else (keys[0] if keys else "")
        self._choose.set_choices(segments)
        self._choose.set_value(self._key)
        self._choose.setVisible(len(keys) > 1)
        self._show_words()

    def show_said(self, said: frozenset[tuple[str, Part]]) -> None:
        self._said = said
        for part, tick in self._ticks.items():
            tick.setChecked((self._key, part) in said)

    def focus_first(self) -> None:
        """The keyboard to the first thing that can be ticked, or here until there is one."""
        self._pieces.draw_all()
        first: QWidget = next(iter(self._ticks.values()), self)
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_words(self) -> None:
        sayings = self._sayings()
        self._empty.setVisible(not sayings and self._unsigned.isHidden())
        if self._shown == (self._key, sayings):
            return
        had_focus = self.hasFocus() or any(tick.hasFocus() for tick in self._ticks.values())
        self._shown = (self._key, sayings)
        empty(self._parts)
        self._ticks = {}
        self._pieces.drop()
        for number, saying in enumerate(sayings):
            self._pieces.soon(f"part {number}", partial(self._add_part, saying, had_focus and not number))
        if had_focus:
            self.setFocus()

    def _add_part(self, saying: Saying, lead: bool) -> None:
        part = SayingPart(saying)
        part.said.connect(lambda on, key=self._key, which=saying.part: self.said.emit(key, which, on))
        self._ticks[saying.part] = part.tick
        self._parts.addWidget(part)
        self.show_said(self._said)
        if lead and self.hasFocus():
            self.focus_first()

    def _sayings(self) -> tuple[Saying, ...]:
        if self._status is None:
            return ()
        if self._key == GENERAL:
            return self._status.general
        return next((p.sayings for p in self._status.pathways if p.key == self._key), ())


def _segments(status: StatusView) -> list[tuple[str, str]]:
    """What there are words for: in general, and each pathway by its short name, or by its number where names do not fit."""
    spoken = [(number, p) for number, p in enumerate(status.pathways) if p.sayings]
    count = len(spoken) + bool(status.general)
    room = current().px(384) // max(1, count) - current().px(24)
    names = [cards.short(p, room) for _, p in spoken]
    if any(current().width_of(name, "small_strong") > room for name in names):
        names = [f"Pathway {cards.key_words(n)}" if count < 4 else cards.key_words(n) for n, _ in spoken]
    general = [(GENERAL, "In general" if count < 4 else "All")] if status.general else []
    return [*general, *((p.key, name) for (_, p), name in zip(spoken, names, strict=True))]

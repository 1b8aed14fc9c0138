"""Where are they: the sources, each pathway, primary care and the calls before, filled as answers come."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from helpdesk.answers import SourceState
from helpdesk.desk.links import LinkOffer
from helpdesk.desk.model import StatusView
from helpdesk.pathways.model import Part, Pathway
from helpdesk.patients.model import DeathStatus
from ui.call_desk.status import cards, words
from ui.call_desk.status.cards import Beside
from ui.call_desk.status.links import LinksCard
from ui.call_desk.status.primary_care import PrimaryCareCard
from ui.call_desk.status.related import RelatedCard
from ui.call_desk.status.say import SayPanel
from ui.call_desk.status.stuck import hand_off_words
from ui.call_desk.status.words import SourceLine
from ui.keys import Act, KeyMap
from ui.pieces import Pieces
from ui.theme.theme import current
from ui.widgets import source_strip
from ui.widgets.arrange import column, empty, let_go, row
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.flow import Flow
from ui.widgets.icon import Icon
from ui.widgets.label import Elided, Label
from ui.widgets.pathway_card import PathwayCard
from ui.widgets.source_strip import ASKING, SourceStrip
from ui.widgets.states import EmptyState, Skeleton
from ui.widgets.strip import Strip

NONE_FOUND = ("No pathway was found", "Only sources that answered “Nothing held” were sure. Others may hold something they could not show.")
RESTRICTED = ("Restricted record", "No source was asked, and nothing held here is shown.")
DIED = {
    DeathStatus.REPORTED: ("Reported to have died", "PDS holds a report that is not confirmed. Speak with care, and hand off."),
    DeathStatus.CONFIRMED: ("Has died", "PDS holds a confirmed death. Speak with care; nothing is sent."),
}


class StatusPage(QWidget):
    """Holds what is allowed to be seen and nothing else. `retry(source name)`, `said(key, Part, bool)`."""

    retry = Signal(str)
    said = Signal(str, object, bool)
    history_asked = Signal()
    check_further = Signal()
    other_person = Signal()
    link_asked = Signal(str)
    related_asked = Signal()
    hand_off_asked = Signal(str)
    """What is proposed for a pathway that is stuck, in words."""

    def __init__(self, keys: KeyMap, say: SayPanel) -> None:
        super().__init__()
        self.say = say
        self._status: StatusView | None = None
        self._shown: tuple[Pathway, ...] = ()
        self._cards: dict[str, PathwayCard] = {}
        self._filled: dict[str, tuple[Pathway, date, bool, Beside]] = {}
        self._open = ""
        self._waiting: list[str] = []
        self._picked = False
        self._pieces = Pieces(self)
        self.sources = SourceStrip()
        self._retries = Flow(gap=8)
        self._strips = QVBoxLayout()
        self._strips.setSpacing(current().space(8))
        self._found = Label("", "small", "text2")
        self._skeleton = Skeleton()
        self._none = EmptyState(*NONE_FOUND)
        self._none_card = Card(self._none)
        self._list = QVBoxLayout()
        self._list.setSpacing(current().space(12))
        self._care = PrimaryCareCard()
        self._links = LinksCard()
        self._related = RelatedCard()
        self._before = Elided("", "small")
        self.before_button = Button("Open", "quiet", key=keys.cap(Act.HISTORY), height=32)
        self.further = Button("Check further", "quiet", icon="shield", key=keys.cap(Act.CHECK_FURTHER), height=32)
        self.other = Button("Wrong person", "quiet", icon="close", key=keys.cap(Act.OTHER_PERSON), height=32)
        self._build()
        self.say.picked.connect(self.select)
        self.say.said.connect(self.said)
        self.before_button.activated.connect(self.history_asked)
        self.further.activated.connect(self.check_further)
        self.other.activated.connect(self.other_person)
        self._links.asked.connect(self.link_asked)
        self._related.asked.connect(self.related_asked)
        self.clear()

    def _build(self) -> None:
        before = row(Icon("history"), Label("Calls before", "heading"), (self._before, 1), self.before_button, gap=10)
        head = row(Label("Pathways", "title"), self._found, None, self.further, self.other, gap=8)
        lists = (self._list, self._skeleton, self._none_card, self._care, self._related, self._links)
        column(
            self.sources,
            self._retries,
            self._strips,
            head,
            *lists,
            Card(before, around=(8, 16)),
            None,
            gap=10,
            around=(0, 8, 8, 0),
            into=self,
        )

    def clear(self) -> None:
        self._pieces.drop()
        self._status, self._shown, self._open, self._waiting, self._picked = None, (), "", [], False
        self._cards, self._filled = {}, {}
        self.sources.show_lines(())
        self._retries.set_items(())
        self._retries.hide()
        empty(self._list)
        empty(self._strips)
        self._care.show_care(None)
        self._links.show_offers(())
        self._related.show_related("", ())
        self._found.setText("")
        self._before.setText("")
        self._none_card.hide()
        self._skeleton.stop()
        self.say.clear()

    def show_sources(self, lines: tuple[SourceLine, ...]) -> None:
        shown = [_line(line) for line in lines]
        if list(self.sources.lines) != shown:
            self.sources.show_lines(shown)
        self._waiting = [line.label for line in lines if line.state is None]
        buttons: list[QWidget] = []
        for line in lines:
            if line.can_retry:
                button = Button(f"Ask {line.label} again", "quiet", icon="refresh", height=32)
                button.activated.connect(lambda name=line.name: self.retry.emit(name))
                buttons.append(button)
        self._retries.set_items(buttons)
        self._retries.setVisible(bool(buttons))
        self._show_waiting()

    def show_status(self, status: StatusView) -> None:
        self._show_strips(status)
        before = self._status.waits if self._status is not None else {}
        self._status = status
        if status.pathways != self._shown or status.waits != before:
            self._show_pathways(status.pathways, status.today or date.min)
        self._show_waiting()
        self._pieces.soon("say", self._show_words)
        self._pieces.soon("care", self._show_care)

    def _show_words(self) -> None:
        if self._status is not None:
            self.say.show_status(self._status, self._open)

    def _show_care(self) -> None:
        if self._status is not None:
            self._care.show_care(self._status.primary_care)

    def show_said(self, said: frozenset[tuple[str, Part]]) -> None:
        self._picked = self._picked or bool(said)
        self._pieces.draw_all()
        self.say.show_said(said)

    def show_trouble(self, message: str) -> None:
        empty(self._strips)
        self._strips.addWidget(Strip("bad", message))

    def show_links(self, offers: tuple[LinkOffer, ...]) -> None:
        self._links.show_offers(offers)

    def show_related(self, words: str, lines: tuple[str, ...]) -> None:
        self._related.show_related(words, lines)

    def open_address(self, address: str) -> None:
        if not QDesktopServices.openUrl(QUrl(address)):
            self.show_trouble("No browser could be opened on this computer.")

    def show_calls_before(self, summary: str) -> None:
        self._before.setText(summary)

    def select(self, key: str) -> None:
        """Opens one pathway's card and shows its words."""
        if self._status is None:
            return
        self._open, self._picked = key, True
        today = self._status.today or date.min
        for pathway in self._shown:
            self._fill(pathway, today)
        self.say.show_status(self._status, key)

    def _show_pathways(self, pathways: tuple[Pathway, ...], today: date) -> None:
        before = [p.key for p in self._shown]
        self._shown = pathways
        if not self._picked or self._open not in [p.key for p in pathways]:
            self._open = pathways[0].key if pathways else ""
        focused = next((key for key, card in self._cards.items() if card.hasFocus()), "")
        stay = {was for was, p in zip(before, pathways, strict=False) if was == p.key}
        for key in self._cards.keys() - stay:
            self._list.removeWidget(self._cards[key])
            let_go(self._cards.pop(key))
            del self._filled[key]
        for number, pathway in enumerate(pathways):
            new = pathway.key not in self._cards
            if new:
                self._cards[pathway.key] = card = PathwayCard(cards.key_words(number))
                card.opened.connect(lambda key=pathway.key: self.select(key))
            self._fill(pathway, today)
            if new:
                self._list.insertWidget(number, self._cards[pathway.key])
        if focused in self._cards:
            self._cards[focused].setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self, pathway: Pathway, today: date) -> None:
        """Its card anew, where anything on it changed."""
        waits = self._status.waits if self._status is not None else {}
        alike = {one.key for one in pathway.may_be_same}
        names = tuple((p.key, f"{p.specialty.name}, {p.provider.name}") for p in self._shown if p.key in alike)
        wanted = (pathway, today, pathway.key == self._open, Beside(waits.get(pathway.key), names))
        if self._filled.get(pathway.key) != wanted:
            self._filled[pathway.key] = wanted
            strips = cards.fill(self._cards[pathway.key], pathway, today, opened=wanted[2], beside=wanted[3])
            for gap, strip in zip(pathway.gaps, strips, strict=False):
                strip.activated.connect(partial(self.hand_off_asked.emit, hand_off_words(gap)))

    def _show_waiting(self) -> None:
        waiting = self._waiting
        if waiting and not self._shown:
            if not self._skeleton.isVisibleTo(self):
                self._skeleton.start(" and ".join(waiting) if len(waiting) < 3 else f"{len(waiting)} sources")
        else:
            self._skeleton.stop()
        self._none_card.setVisible(not waiting and not self._shown and self._status is not None and not self._status.restricted)
        self._say_found()

    def _say_found(self) -> None:
        hidden = self._status is not None and self._status.restricted
        self._found.setText("Not shown" if hidden else words.pathways_found(len(self._shown), len(self._waiting)))

    def _show_strips(self, status: StatusView) -> None:
        empty(self._strips)
        if status.restricted:
            self._strips.addWidget(Strip("warn", status.notice or RESTRICTED[0], RESTRICTED[1], icon="lock"))
            return
        if status.death is not None:
            fact, told = DIED[status.death.status]
            self._strips.addWidget(Strip("neutral", fact, told, icon="flag"))
        elif status.notice:
            self._strips.addWidget(Strip("warn", status.notice))


def _line(line: SourceLine) -> source_strip.SourceLine:
    if line.state is None:
        return source_strip.SourceLine(line.label, ASKING, f"{line.waited_s} sec" if line.waited_s else "…", line.words)
    told = line.state in (SourceState.FRESH, SourceState.STALE, SourceState.NOTHING_HELD)
    return source_strip.SourceLine(line.label, line.state.value, line.as_at if told else "", line.message)

"""The call desk's room: one place for each step, the right column beside it, and strips above both."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from ui.call_desk.history.view import HistoryPage
from ui.call_desk.notes.view import NotesCard
from ui.call_desk.pages import OpeningPage, idle_page
from ui.call_desk.phase import Phase, Place
from ui.call_desk.search.side import SearchSide
from ui.call_desk.search.view import SearchPage
from ui.call_desk.signpost.view import SignpostPage
from ui.call_desk.status.say import SayPanel
from ui.call_desk.status.view import StatusPage
from ui.call_desk.verification.side import VerifySide
from ui.call_desk.verification.view import VerifyPage
from ui.keys import Act, KeyMap
from ui.theme.theme import current
from ui.widgets.arrange import column
from ui.widgets.choice import Segmented
from ui.widgets.scroll import Scroll
from ui.widgets.strip import Strip

SAY, NOTES = "say", "notes"
BESIDE = {Phase.SEARCH: "This number", Phase.VERIFY: "The caller", Phase.STATUS: "What to say"}
WIDE, TALL = 1040, 640
"""Below these (of the room, at 100 % text) the right column shows one of its two parts at a time."""


class CallDeskRoom(QWidget):
    """Lays the steps out; what each shows is its own affair. `resume_asked` from the strip of an unfinished call."""

    resume_asked = Signal()

    def __init__(self, keys: KeyMap) -> None:
        super().__init__()
        self.search, self.search_side = SearchPage(keys), SearchSide(keys)
        self.verify_side = VerifySide(keys)
        self.verify = VerifyPage(keys, self.verify_side)
        self.say = SayPanel()
        self.status = StatusPage(keys, self.say)
        self.signpost, self.history = SignpostPage(), HistoryPage()
        self.notes, self.opening = NotesCard(), OpeningPage()
        self.unfinished = Strip("info", "", action="Resume", key=keys.cap(Act.RESUME), icon="history")
        self.notice = Strip("info", "")
        self.saved = Strip("info", "", icon="done")
        self.phase = Phase.OPENING
        self._wants_fields = False
        self._pages = {
            Phase.OPENING: self.opening,
            Phase.IDLE: idle_page(keys),
            Phase.SEARCH: self.search,
            Phase.VERIFY: Scroll(self.verify),
            Phase.STATUS: Scroll(self.status),
            Phase.SIGNPOST: self.signpost,
            Phase.HISTORY: self.history,
        }
        self._sides = {Phase.SEARCH: self.search_side, Phase.VERIFY: self.verify_side, Phase.STATUS: self.say}
        self._build()
        self.unfinished.activated.connect(self.resume_asked)
        self.show_phase(Phase.OPENING)

    def _build(self) -> None:
        self._stack = QStackedWidget()
        for page in self._pages.values():
            self._stack.addWidget(page)
        self._switch = Segmented("Show", height=36, stretch=True)
        self._switch.chosen.connect(lambda _which: self._lay_out())
        upper = column(*self._sides.values(), None, gap=0, around=0)
        self._upper = Scroll(upper)
        self._right = column(self._switch, (self._upper, 1), self.notes, gap=12)
        columns = self._columns = QHBoxLayout()
        columns.addWidget(self._stack, 1)
        columns.addWidget(self._right)
        column(self.unfinished, self.notice, self.saved, columns, gap=10, into=self)
        for strip in (self.unfinished, self.notice, self.saved):
            strip.hide()

    def show_phase(self, phase: Phase) -> None:
        if phase is not self.phase and phase in (Phase.SEARCH, Phase.VERIFY):
            self._wants_fields = False
        if phase is Phase.STATUS and self.phase is not Phase.STATUS:
            self._switch.set_value(NOTES if self.notes.notes.edit.hasFocus() else SAY)
        self.phase = phase
        self._stack.setCurrentWidget(self._pages[phase])
        chosen = self._switch.value() or SAY
        self._switch.set_choices(((SAY, BESIDE.get(phase, "")), (NOTES, "Notes and wrap-up")))
        self._switch.set_value(chosen)
        self._lay_out()

    def focus_place(self, place: Place) -> None:
        """The keyboard goes there; what hides it is opened first."""
        match place:
            case Place.SEARCH:
                self.search.focus_box()
            case Place.FIRST_ITEM:
                if not self.verify.focus_first():  # nothing can be asked: what the caller says is written down
                    self.notes.notes.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
            case Place.BREAK_GLASS:
                self._show_beside()
                self.verify_side.open_glass()
            case Place.CALLER:
                self._show_beside()
                self.verify_side.focus_caller()
            case Place.SIGNPOST:
                self.signpost.focus_box()
            case Place.HISTORY:
                self.history.focus_first()
            case Place.WHAT_TO_SAY:
                self._show_beside()
                self.say.focus_first()
            case _:
                self._focus_notes(place)

    def show_fields(self) -> None:
        """The wrap-up is wanted now, whatever the step."""
        self._wants_fields = True
        self._switch.set_value(NOTES)
        self._lay_out()

    def _show_beside(self) -> None:
        """What stands beside the step, where it and the notes take turns."""
        self._switch.set_value(SAY)
        self._lay_out()

    def _focus_notes(self, place: Place) -> None:
        self.show_fields()
        target: QWidget = self.notes.notes.edit if place is Place.NOTES else self.notes.fields[place.value]
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        """Which parts of the right column are in sight, and how wide it is."""
        theme, phase = current(), self.phase
        wide = self.width() / theme.scale >= WIDE
        roomy = wide and self.height() / theme.scale >= TALL
        working = phase in (Phase.SEARCH, Phase.VERIFY, Phase.STATUS)
        self._right.setVisible(working)
        self._right.setFixedWidth(theme.px(432 if wide else 376))
        edge = theme.space(16 if wide else 10)
        self._columns.setSpacing(edge)
        self.setContentsMargins(edge, theme.space(12), edge, theme.space(12))
        for which, side in self._sides.items():
            side.setVisible(which is phase)
        fields = phase is Phase.STATUS or self._wants_fields
        one_at_a_time = fields and not roomy
        self._switch.setVisible(one_at_a_time)
        shown = self._switch.value() or SAY
        self._upper.setVisible(not one_at_a_time or shown == SAY)
        self.notes.setVisible(not one_at_a_time or shown == NOTES)
        self.notes.set_short(not fields)

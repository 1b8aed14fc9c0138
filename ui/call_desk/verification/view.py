"""May I: how far the caller may be told, and the facts to ask them for."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from helpdesk.callers.model import Item, ItemState
from ui.call_desk.verification.item_row import ItemLine
from ui.call_desk.verification.presenter import Checking, ItemRow, ProxyShown, Step
from ui.call_desk.verification.side import VerifySide
from ui.keys import Act, KeyMap
from ui.widgets.arrange import column, empty, row
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.choice import Tick
from ui.widgets.icon import Icon
from ui.widgets.label import Elided, Label, Paragraph
from ui.widgets.ladder import Ladder, Level
from ui.widgets.strip import Strip

TWO_TRIES = "Two tries for each item, then it is spent. Typed words are not kept. Safety information can always be taken."


class VerifyPage(QWidget):
    """`said(Item, str)` carries what was typed, once. The answers are never in here."""

    said = Signal(object, str)
    cannot_say = Signal(object)
    rang_back = Signal()

    def __init__(self, keys: KeyMap, side: VerifySide) -> None:
        super().__init__()
        self.side = side
        self._lines: dict[Item, ItemLine] = {}
        self._needed = Chip("", "info", "arrow")
        self._ladder = Ladder()
        self._notice = Strip("warn", "", "")
        self._trouble = Strip("bad", "", "")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self._rang = Tick("I rang the caller back on the number on record")
        self.cannot_say_button = Button("Cannot say", "quiet", key=keys.cap(Act.CANNOT_SAY), height=32)
        self.cannot_say_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        head = row(Label("How far may I go", "title"), None, self._needed, gap=12)
        ask = row(Label("Ask, then type what you hear", "title"), (Elided("Match or no match; never the answer."), 1))
        told = row(Icon("info", "text2", 16), (Paragraph(TWO_TRIES, "small", "text2"), 1), gap=8)
        column(
            self._notice,
            self._trouble,
            Card(head, self._ladder, gap=12),
            Card(
                ask,
                self._rows,
                Card(told, ground="sunken", around=(8, 12), radius=6),
                row(self._rang, None, self.cannot_say_button),
                gap=12,
            ),
            None,
            gap=12,
            around=(0, 8, 0, 0),
            into=self,
        )
        self._rang.clicked.connect(self._rang_back)
        self.cannot_say_button.activated.connect(self.cannot_say_now)
        self.show_checking(Checking())
        self.show_trouble("")

    def show_checking(self, checking: Checking) -> None:
        self._show_rows(checking.rows)
        self._needed.set_state(
            checking.needed or "Status reached", "info" if checking.needed else "ok", "arrow" if checking.needed else "done"
        )
        self._needed.setVisible(bool(checking.rows))
        self._ladder.show_levels([_level(step) for step in checking.ladder], _share(checking))
        self._rang.setChecked(checking.rang)
        self._rang.setEnabled(not checking.rang)
        self._notice.set_words(checking.notice)
        self._notice.setVisible(bool(checking.notice))
        self.side.show_checking(checking)

    def show_checked(self, item: Item) -> None:
        """The field is empty; the keyboard stays for a second try, else goes to the next that may be asked."""
        line = self._lines.get(item)
        if line is None:
            return
        line.clear()
        focus = QApplication.focusWidget()
        if focus is not None and not self.isAncestorOf(focus):
            return
        if line.shown.state is ItemState.NO_MATCH and line.shown.can_try:
            line.line.setFocus()
        else:
            self.focus_first()

    def show_trouble(self, message: str) -> None:
        self._trouble.set_words(message)
        self._trouble.setVisible(bool(message))

    def show_glass_error(self, message: str) -> None:
        self.side.show_glass_error(message)

    def show_proxy(self, shown: ProxyShown) -> None:
        self.side.proxy.show_proxy(shown)

    def clear_fields(self) -> None:
        for line in self._lines.values():
            line.clear()
        self.side.clear_reason()
        self.side.proxy.clear()

    def focus_first(self) -> bool:
        """To the first item not asked yet, else to any that may be tried; False when there is none."""
        open_lines = [ln for ln in self._lines.values() if ln.shown.can_try]
        fresh = [ln for ln in open_lines if ln.shown.state is ItemState.NOT_ASKED]
        for line in (fresh or open_lines)[:1]:
            line.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return bool(open_lines)

    def cannot_say_now(self) -> None:
        """The item with the keyboard, or the first one open, cannot be said; the keyboard goes on."""
        lines = [ln for ln in self._lines.values() if ln.shown.can_try]
        now = next((ln for ln in lines if ln.line.hasFocus()), lines[0] if lines else None)
        if now is not None:
            after = lines[(lines.index(now) + 1) % len(lines)]
            after.line.setFocus()
            now.clear()
            self.cannot_say.emit(now.shown.item)

    def _show_rows(self, rows: tuple[ItemRow, ...]) -> None:
        if [r.item for r in rows] != list(self._lines):
            empty(self._rows)
            self._lines = {}
            for shown in rows:
                line = ItemLine(shown)
                line.said.connect(lambda text, item=shown.item: self.said.emit(item, text))
                self._lines[shown.item] = line
                self._rows.addWidget(line)
        for shown in rows:
            self._lines[shown.item].show_row(shown)
            self._lines[shown.item].setVisible(shown.state is not ItemState.NOT_HELD)  # nobody can be asked what nobody holds

    def _rang_back(self) -> None:
        self.rang_back.emit()


def _level(step: Step) -> Level:
    if step.reached:
        return Level(step.title, step.needs, "done")
    return Level(step.title, step.needs, "next" if step.current else "later")


def _share(checking: Checking) -> float:
    """How much of the way to Status is done, for the line of the ladder."""
    matched = sum(1 for r in checking.rows if r.state is ItemState.MATCH)
    return min(0.9, matched / 3) if not checking.reached else 0.0

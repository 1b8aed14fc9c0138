"""The screen of connections: the list at the left, the form of one at the right, what was done above it."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from helpdesk.desk.connections import Kind, Tried
from ui.keys import Act, KeyMap
from ui.settings.connections.form import FormPane
from ui.settings.connections.kinds import KindsPane
from ui.settings.connections.list_view import ConnectionsList
from ui.settings.connections.model import Row, Shown, Typed
from ui.theme.theme import current
from ui.widgets.arrange import column, empty, row
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.label import Elided, Label
from ui.widgets.states import Skeleton
from ui.widgets.strip import Strip, StripTone

Slot = Literal["broken", "error", "confirm", "told", "tested"]
WIDE_LIST, NARROW_LIST, NARROW_BELOW = 320, 264, 1000


class ConnectionsPage(QWidget):
    """`chosen(str)`, `add_asked`, `kind_chosen(str)`, `edited(Typed)`: what the administrator does; the buttons go into the
    window's action bar."""

    chosen = Signal(str)
    add_asked = Signal()
    kind_chosen = Signal(str)
    edited = Signal(object)
    test_asked = Signal()

    def __init__(self, keys: KeyMap) -> None:
        super().__init__()
        self.connections = ConnectionsList()
        self.form, self.kinds = FormPane(), KindsPane()
        self.add = Button("Add a connection", "secondary", icon="plus")
        self.remove, self.undo = Button("Remove", "ghost"), Button("Undo changes", "ghost")
        self.test = Button("Test connection", "secondary", icon="refresh", key=keys.cap(Act.TEST_CONNECTION))
        self.save = Button("Save", "primary", icon="check", key=keys.cap(Act.SAVE_SETTINGS))
        self._where = Elided("", "caption", "text2")
        self._asking, self._reading = Skeleton(), Skeleton()
        self._stop = Button("Stop", "secondary")
        self._testing = Card(row((self._asking, 1), self._stop, gap=12), around=(2, 12))
        self._strips: dict[Slot, QVBoxLayout] = {}
        self._build()
        self._wire()

    @property
    def buttons(self) -> tuple[Button, ...]:
        return (self.remove, self.undo, self.test, self.save)

    def _build(self) -> None:
        self._testing.hide()
        self._reading.hide()
        above = QVBoxLayout()
        above.setSpacing(current().space(8))
        above.setContentsMargins(0, 0, current().space(20), 0)
        above.addWidget(self._testing)
        slots: tuple[Slot, ...] = ("tested", "error", "confirm", "told")
        for slot in slots:
            self._strips[slot] = QVBoxLayout()
            above.addLayout(self._strips[slot])
        self._strips["broken"] = QVBoxLayout()
        self._right = QStackedWidget()
        for pane in (self.form, self.kinds):
            self._right.addWidget(pane)
        right = column(above, (self._right, 1), gap=12)
        self._left = column(self._reading, (Card(self.connections, around=1, gap=0), 1), self._strips["broken"], self._where, gap=8)
        title = row(Label("Settings", "screen"), Elided("Connections to other systems", "body", "text2"), self.add, gap=12)
        column(title, (row(self._left, (right, 1), gap=16, centred=False), 1), gap=12, around=(12, 16, 12, 16), into=self)

    def _wire(self) -> None:
        self.connections.chosen.connect(self.chosen)
        self.add.activated.connect(self.add_asked)
        self.kinds.chosen.connect(self.kind_chosen)
        self.form.edited.connect(self.edited)
        self._stop.activated.connect(self.test_asked)
        self.test.activated.connect(self.test_asked)

    def typed(self) -> Typed:
        return self.form.typed()

    # ConnectionsView

    def show_loading(self, what: str) -> None:
        self._reading.start(what) if what else self._reading.stop()

    def show_rows(self, rows: tuple[Row, ...], chosen: str) -> None:
        self.connections.show_rows(rows, chosen)

    def show_around(self, broken: tuple[tuple[str, str], ...], where: str) -> None:
        words = " ".join(f"{name}: {reason}" for name, reason in broken)
        self._say("broken", "warn", "Connectors that cannot be used" if broken else "", words)
        self._where.setText(f"Kept in {where}")

    def show_form(self, shown: Shown) -> None:
        """The keyboard stays where it is, or goes to the list where what it was in is gone."""
        focus = QApplication.focusWidget()
        inside = focus is not None and self._right.isAncestorOf(focus)
        if inside:
            self.connections.setFocus()
        self.form.show_form(shown)
        self._right.setCurrentWidget(self.form)
        self._order(self.form)
        if inside and shown.form.new:
            self.form.take_keyboard()

    def show_kinds(self, kinds: tuple[Kind, ...]) -> None:
        self.form.clear()
        self.kinds.show_kinds(kinds)
        self._right.setCurrentWidget(self.kinds)
        self._order(self.kinds)
        self.kinds.take_keyboard()

    def show_error(self, field: str, message: str) -> None:
        if not (field and self.form.show_error(field, message)):
            self._say("error", "bad", message)

    def clear_errors(self) -> None:
        self._say("error", "bad", "")
        self.form.clear_errors()

    def show_testing(self, label: str) -> None:
        self._testing.setVisible(bool(label))
        self._asking.start(label) if label else self._asking.stop()
        self.test.set_words("Stop the test" if label else "Test connection", "close" if label else "refresh")

    def show_tested(self, tested: Tried | None) -> None:
        if tested is None:
            self._say("tested", "ok", "")
        else:
            self._say("tested", "ok" if tested.ok else "bad", tested.fact, tested.message)

    def show_told(self, message: str) -> None:
        self._say("told", "ok", message)

    def show_confirm(self, words: str) -> None:
        self._say("confirm", "warn", words)

    def show_ready(self, save: str, test: str, remove: str) -> None:
        for button, why in ((self.save, save), (self.undo, save), (self.test, test), (self.remove, remove)):
            button.set_blocked(why)

    def forget(self) -> None:
        """Another role is at the desk: nothing of what was shown or typed stays."""
        self.form.clear()
        self.connections.show_rows((), "")
        for slot in self._strips:
            self._say(slot, "ok", "")
        self.show_testing("")

    def _order(self, pane: QWidget) -> None:
        """The Tab key goes from the list through the pane, which is made anew each time, to the buttons below."""
        every = pane.findChildren(QWidget)
        proxies = [w.focusProxy() for w in every if w.focusProxy() is not None]
        stops = [w for w in every if w.focusProxy() is not None or (w.focusPolicy() & Qt.FocusPolicy.TabFocus and w not in proxies)]
        chain = [w for w in (self.add, self.connections, *stops, *self.buttons) if w.window() is self.window()]
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _say(self, slot: Slot, tone: StripTone, fact: str, sentence: str = "") -> None:
        empty(self._strips[slot])
        if fact:
            self._strips[slot].addWidget(Strip(tone, fact, sentence))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() / current().scale < NARROW_BELOW
        self._left.setFixedWidth(current().px(NARROW_LIST if narrow else WIDE_LIST))

"""The screen of stuck pathways: filters above, the list, and the chosen row in full beside it or below."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QStackedWidget, QWidget

from helpdesk.desk.stuck import StuckList, Wanted
from ui.keys import Act, KeyMap
from ui.stuck.detail import DetailPane
from ui.stuck.filters import Filters
from ui.stuck.looking_bar import LookingBar
from ui.stuck.rows import Detail, Row
from ui.stuck.table import StuckTable
from ui.theme.theme import current
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.icon import Icon
from ui.widgets.label import Elided, Label, Paragraph
from ui.widgets.scroll import Scroll
from ui.widgets.states import EmptyState
from ui.widgets.strip import Strip

BESIDE_FROM, DETAIL_WIDE = 1040, 312
_ANY_WIDTH = 16_777_215
"""From which width of the page, at 100 %, the row in full stands beside the list."""


class StuckPage(QWidget):
    """The StuckView. The buttons of the chosen row go into the window's action bar; `told(str)` says what was done."""

    told = Signal(str)

    def __init__(self, keys: KeyMap) -> None:
        super().__init__()
        self.table, self.filters, self.detail = StuckTable(keys), Filters(), DetailPane()
        self.looking = LookingBar(keys)
        self._head, self._looked = Elided("", "body", "text2"), Paragraph("", "caption", "text2")
        self.again = Button("Look again", "secondary", icon="refresh", key=keys.cap(Act.LOOK_AGAIN), height=32)
        self._trouble = Strip("bad", "")
        self._empty = EmptyState("", icon="done")
        self._foot, self._audit = Paragraph("", "caption", "text2"), Paragraph("", "caption", "text2")
        self.open = Button("Start a call", "primary", icon="phone", key=keys.cap(Act.OPEN_ROW))
        self.claim = Button("Claim", "secondary", icon="hand", key=keys.cap(Act.CLAIM))
        self.release = Button("Give back", "ghost", key=keys.cap(Act.RELEASE))
        self.done = Button("Done", "secondary", icon="check", key=keys.cap(Act.ROW_DONE))
        self._build()
        self.show_detail(None)

    @property
    def buttons(self) -> tuple[Button, ...]:
        return (self.release, self.done, self.claim, self.open)

    def _build(self) -> None:
        self._trouble.hide()
        self._audit.set_text("Seen for: stuck pathways. Every name shown here is written to the audit. Nothing here changes a clock.")
        self._stack = QStackedWidget()
        self._stack.addWidget(Card(self.table, around=1, gap=0))
        self._stack.addWidget(Card(self._empty, None, around=16))
        self._stack.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        shield = Icon("shield", "text2", 16)
        left = column((self._stack, 1), row(shield, (self._audit, 1), gap=6), self._looked, self._foot, gap=4)
        both = QWidget()
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, both)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._both.setSpacing(current().space(12))
        self._both.addWidget(left, 1)
        self._both.addWidget(self.detail)
        title = row(Label("Stuck", "screen"), (self._head, 1), self.again, gap=12)
        page = column(title, self.filters, self.looking, self._trouble, (both, 1), gap=10, around=(12, 16, 10, 16))
        column((Scroll(page), 1), gap=0, into=self)

    # StuckView

    def show_rows(self, rows: tuple[Row, ...], chosen: str) -> None:
        self.table.rows.set_rows(rows)
        self.table.show_rows(chosen)

    def change_rows(self, rows: Collection[Row]) -> None:
        self.table.rows.change_rows(rows)

    def show_filters(self, seen: StuckList, wanted: Wanted) -> None:
        self.filters.show_choices(seen, wanted)

    def show_head(self, head: str, foot: str) -> None:
        self._head.setText(head)
        self._foot.set_text(foot)
        self._foot.setVisible(bool(foot))

    def show_empty(self, fact: str, meaning: str) -> None:
        self._empty.set_words(fact, meaning)
        self._stack.setCurrentIndex(1 if fact else 0)
        self.detail.setVisible(not fact)

    def show_looking(self, looking: str, share: float, looked: str) -> None:
        self.looking.show_share(looking, share)
        self._looked.set_text("" if looking else looked)
        self._looked.setVisible(bool(looked and not looking))
        self.again.setVisible(not looking)

    def show_detail(self, detail: Detail | None) -> None:
        self.detail.show_detail(detail)
        none = "" if detail is not None else "Choose a row first."
        mine = detail is not None and detail.row.mine
        others = detail is not None and detail.row.claimed and not mine
        taken = f"{detail.row.owner} has this one." if detail is not None and others else ""
        self.open.set_blocked(none or taken)
        self.done.set_blocked(none or taken)
        self.claim.set_blocked(none or taken or ("It is yours already." if mine else ""))
        self.release.set_blocked(none or ("" if detail is not None and detail.row.claimed else "Nobody has this one."))

    def show_note(self, open_: bool, trouble: str = "") -> None:
        if open_:
            self.detail.open_note(trouble)
        elif self.detail.noting:
            self.detail.close_note()
            self.table.setFocus()

    def show_trouble(self, message: str) -> None:
        self._trouble.set_words(message)
        self._trouble.setVisible(bool(message))

    def tell(self, fact: str) -> None:
        self.told.emit(fact)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        theme = current()
        beside = self.width() / theme.scale >= BESIDE_FROM
        self._both.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        self.detail.setMinimumWidth(theme.px(DETAIL_WIDE) if beside else 0)
        self.detail.setMaximumWidth(theme.px(DETAIL_WIDE) if beside else _ANY_WIDTH)
        self.detail.set_beside(beside)

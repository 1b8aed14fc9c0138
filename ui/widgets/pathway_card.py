"""The frame of one pathway: its key, specialty, place and clock, and room below for what belongs to it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.theme.paint import outline
from ui.theme.theme import current
from ui.widgets.arrange import Item, add, column, empty, row
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.icon import Icon
from ui.widgets.key_cap import KeyCap
from ui.widgets.label import Elided, Label


class PathwayCard(Card):
    """`opened` on Enter, Space or a click on a folded card. An open card shows the big clock and its `parts`; a folded
    one is a single row, with its line when it has one."""

    opened = Signal()

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(around=(14, 16), gap=10, parent=parent)
        self._key = key
        self._open = False
        self._head = QVBoxLayout()
        self._parts_holder = QWidget()
        self.parts = QVBoxLayout(self._parts_holder)
        self.parts.setContentsMargins(0, 0, 0, 0)
        self.parts.setSpacing(current().space(10))
        self.body.addLayout(self._head)
        self.body.addWidget(self._parts_holder)
        self._parts_holder.hide()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_head(
        self,
        title: str,
        where: str,
        clock: str,
        since: str,
        *,
        opened: bool,
        chips: tuple[Chip, ...] = (),
        spoken: str = "",
    ) -> None:
        """`clock` is "37w" or ""; `since` "since 03-Mar-2026"; `spoken` the whole card in words."""
        self._open = opened
        empty(self._head)
        cap = KeyCap(self._key)
        self.setAccessibleName(spoken or f"Pathway {self._key}: {title}, {where}. {clock} {since}".strip())
        title_label = Label(title, "heading")
        if opened:
            first = row(cap, title_label, *chips, None, gap=10)
            second = row(30, (Elided(where), 1), gap=0)
            figures = column(Label(clock, "display", right=True), Label(since, "caption", "text2", right=True), gap=0)
            head = row((column(first, second, gap=4), 1), *([figures] if clock else []), gap=12, centred=False)
        else:
            words: list[Item] = [cap, title_label, *chips, (Elided(where), 1)]
            if clock:
                words += [Label(clock, "heading"), Label(since, "caption", "text2")]
            head = row(*words, Icon("right"), gap=10, centred=False)
        self._head.addWidget(head)
        self._parts_holder.setVisible(self.parts.count() > 0)

    @property
    def is_open(self) -> bool:
        return self._open

    def add_part(self, item: Item) -> None:
        """Something below the head: the time line, a rule, a strip."""
        add(self.parts, item)
        self._parts_holder.show()

    def clear_parts(self) -> None:
        empty(self.parts)
        self._parts_holder.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and not self._open:
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._open and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit()
        super().mouseReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            outline(QPainter(self), self.rect(), current().px(8))

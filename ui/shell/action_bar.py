"""The bar at the bottom: what the desk's own state is, in words, and what can be done next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.theme.theme import current
from ui.theme.tokens import Role
from ui.widgets.arrange import empty, row
from ui.widgets.button import Button
from ui.widgets.card import Fill
from ui.widgets.icon import Icon
from ui.widgets.label import Label


@dataclass(frozen=True)
class Status:
    """One state in words with its icon: "Call draft on this computer". `key` names it so that it can be changed."""

    key: str
    words: str
    icon: str = "done"
    role: Role = "ok"


class ActionBar(Fill):
    """Status words at the left, the buttons of the screen at the right, at most one of them primary."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("card", top="edge", parent=parent)
        theme = current()
        self.setFixedHeight(theme.px(52))
        self._statuses: dict[str, Status] = {}
        self._drawn: list[QWidget] = []
        self._buttons: tuple[Button, ...] = ()
        self._words = QHBoxLayout()
        self._words.setSpacing(theme.space(20))
        self._acts = QHBoxLayout()
        self._acts.setSpacing(theme.space(8))
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.space(16), 1, theme.space(16), 0)
        line.addLayout(self._words)
        line.addStretch(1)
        line.addLayout(self._acts)

    def show_status(self, status: Status) -> None:
        """Adds a status, or changes the one of the same key."""
        if self._statuses.get(status.key) != status:
            self._statuses[status.key] = status
            self._draw()

    def drop_status(self, key: str) -> None:
        if self._statuses.pop(key, None) is not None:
            self._draw()

    def status_words(self) -> tuple[str, ...]:
        return tuple(status.words for status in self._statuses.values())

    def show_buttons(self, buttons: Sequence[Button]) -> None:
        """The buttons of the screen now shown, in order; the ones of before are taken out and stay the screen's own."""
        while (item := self._acts.takeAt(0)) is not None:
            if (old := item.widget()) is not None and old not in buttons:
                old.hide()
                old.setParent(None)
        self._buttons = tuple(buttons)
        for button in buttons:
            self._acts.addWidget(button)
            button.show()
        self._fold()

    def _draw(self) -> None:
        empty(self._words)
        statuses = self._statuses.values()
        self._drawn = [row(Icon(one.icon, one.role, 16), Label(one.words, "small", "text2"), gap=6) for one in statuses]
        for widget in self._drawn:
            self._words.addWidget(widget)
        self._fold()

    def _fold(self) -> None:
        """In a narrow window the buttons lose their icons and the later statuses give way, never a button."""
        room = self.width() - 2 * current().space(16)
        wanted = sum(button.full_width() + current().space(8) for button in self._buttons)
        bare = room < wanted + current().px(200)
        for button in self._buttons:
            button.set_bare(bare)
        taken = sum(button.sizeHint().width() + current().space(8) for button in self._buttons)
        for widget in self._drawn:
            taken += widget.sizeHint().width() + current().space(20)
            widget.setVisible(taken <= room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

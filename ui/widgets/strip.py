"""A strip inside a card or above the page: one fact that must be seen, in words, with at most one action."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QWidget

from ui.theme.theme import current
from ui.theme.tokens import Role
from ui.widgets.arrange import column
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.icon import Icon
from ui.widgets.label import Paragraph

StripTone = Literal["ok", "warn", "bad", "info", "neutral"]
_LOOKS: dict[StripTone, tuple[Role, Role, Role, Role, str]] = {
    "ok": ("ok_soft", "ok", "ok", "ok_text", "done"),
    "warn": ("warn_soft", "warn_edge", "warn", "warn_text", "warning"),
    "bad": ("bad_soft", "bad", "bad", "bad_text", "warning"),
    "info": ("info_soft", "accent_mid", "accent", "info_text", "info"),
    "neutral": ("sunken", "edge", "edge2", "text2", "info"),
}
"""ground, line, stripe, icon colour, icon."""


class Strip(Card):
    """Soft ground, 4 px edge, icon, bold fact, plain sentence. `activated` when its action is pressed; the action goes
    under the words when there is little room."""

    activated = Signal()

    def __init__(
        self,
        tone: StripTone,
        fact: str,
        sentence: str = "",
        *,
        action: str = "",
        key: str = "",
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        ground, line, stripe, ink, picture = _LOOKS[tone]
        super().__init__(ground=ground, line=line, stripe=stripe, radius=6, around=0, gap=0, parent=parent)
        self._fact = Paragraph(fact, "strong")
        self._sentence = Paragraph(sentence, "small")
        if not sentence:
            self._sentence.hide()
        self.button = Button(action, "secondary", key=key) if action else None
        self._words = column(self._fact, self._sentence, gap=2)
        self._side = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._side.setSpacing(current().space(12))
        self._side.addWidget(self._words, 1)
        if self.button is not None:
            self._side.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            self.button.activated.connect(self.activated)
        inner = QHBoxLayout()
        inner.setContentsMargins(*(current().space(side) for side in (16, 9, 12, 9)))
        inner.setSpacing(current().space(12))
        inner.addWidget(Icon(icon or picture, ink), 0, Qt.AlignmentFlag.AlignTop if sentence else Qt.AlignmentFlag.AlignVCenter)
        inner.addLayout(self._side, 1)
        self.body.addLayout(inner)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name()

    def set_words(self, fact: str, sentence: str = "") -> None:
        self._fact.set_text(fact)
        self._sentence.set_text(sentence)
        self._sentence.setVisible(bool(sentence))
        self._name()

    def _name(self) -> None:
        self.setAccessibleName(" ".join(part for part in (self._fact.text(), self._sentence.text()) if part))

    def _wanted(self, button: Button) -> int:
        """The width at which the fact stands in one line beside the action."""
        theme = current()
        return theme.width_of(self._fact.text(), "strong") + button.sizeHint().width() + theme.px(20) + theme.space(60)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.button is not None and self._wanted(self.button) > self.width()
        self._side.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

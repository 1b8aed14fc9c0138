"""Chips: an icon and a word for a state, a need or an understood part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from ui.theme import icons
from ui.theme.fonts import Style
from ui.theme.paint import box, ring, write
from ui.theme.theme import current
from ui.theme.tokens import Role

Tone = Literal["neutral", "info", "ok", "warn", "bad", "plain"]


@dataclass(frozen=True)
class ToneRoles:
    ground: Role
    ink: Role
    line: Role | None = None


TONES: dict[Tone, ToneRoles] = {
    "neutral": ToneRoles("neutral_soft", "neutral_text"),
    "info": ToneRoles("info_soft", "info_text"),
    "ok": ToneRoles("ok_soft", "ok_text"),
    "warn": ToneRoles("warn_soft", "warn_text"),
    "bad": ToneRoles("bad_soft", "bad_text"),
    "plain": ToneRoles("card", "text", "edge"),
}


class Chip(QLabel):
    """A state (soft tone), or a need or filter (plain, with a line). Never shortened. `removed` when its x is pressed."""

    removed = Signal()

    def __init__(
        self,
        text: str,
        tone: Tone = "neutral",
        icon: str = "",
        *,
        height: int = 24,
        bold: bool = False,
        removable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tone: Tone = tone
        self._icon = icon
        self._style: Style = "small_strong" if bold else "small_medium"
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFixedHeight(current().px(height))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._x = _Remove(self) if removable else None
        if self._x is not None:
            self._x.clicked.connect(self.removed)
        self.set_state(text, tone, icon)

    def set_state(self, text: str, tone: Tone, icon: str = "") -> None:
        """Changes what it says."""
        self._tone, self._icon = tone, icon
        self.setText(text)
        if self._x is not None:
            self._x.setAccessibleName(f"Remove {text}")
        self.setFixedWidth(self._wanted())
        self.update()

    @property
    def remove_button(self) -> QPushButton | None:
        return self._x

    def _wanted(self) -> int:
        theme = current()
        wide = theme.width_of(self.text(), self._style) + 2 * theme.px(8) + 1
        return wide + (theme.px(20) if self._icon else 0) + (theme.px(18) if self._x is not None else 0)

    def sizeHint(self) -> QSize:
        return QSize(self._wanted(), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._x is not None:
            self._x.move(self.width() - self._x.width() - 1, (self.height() - self._x.height()) // 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        look = TONES[self._tone]
        box(painter, self.rect(), theme.px(4 if self.height() < theme.px(30) else 6), look.ground, look.line, theme.tokens.line)
        x = theme.px(8)
        if self._icon:
            icons.paint(painter, x - theme.px(1), (self.height() - theme.px(16)) / 2, self._icon, look.ink, 16)
            x += theme.px(20)
        painter.setFont(theme.font(self._style))
        painter.setPen(theme.colour(look.ink))
        write(painter, QRect(x, 0, self.width() - x, self.height()), self.text())


class _Remove(QPushButton):
    def __init__(self, chip: QWidget) -> None:
        super().__init__(chip)
        side = current().px(22)
        self.setFixedSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        if self.hasFocus():
            ring(painter, self.rect(), theme.px(5), "card")
        elif self.underMouse():
            box(painter, self.rect(), theme.px(4), "accent_mid")
        side = theme.px(12)
        icons.paint(painter, (self.width() - side) / 2, (self.height() - side) / 2, "close", "info_text", 12)

"""The desk's buttons: icon, words and key in one piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.theme import icons
from ui.theme.fonts import Style
from ui.theme.paint import box, ring, write
from ui.theme.theme import current
from ui.theme.tokens import Role
from ui.widgets import key_cap

Kind = Literal["primary", "secondary", "quiet", "ghost", "danger", "crisis", "bar"]


@dataclass(frozen=True)
class _Look:
    ground: Role | None
    hover: Role
    ink: Role
    line: Role | None
    cap_ink: Role
    cap_line: Role
    behind: Role
    """The ground it stands on, for the middle of the focus ring where it has none of its own."""


_LOOKS: dict[Kind, _Look] = {
    "primary": _Look("accent", "accent_h", "on_accent", None, "on_accent", "accent_mid", "accent"),
    "secondary": _Look("card", "sunken", "text", "field_edge", "text2", "edge", "card"),
    "quiet": _Look(None, "accent_soft", "accent_text", None, "text2", "edge", "card"),
    "ghost": _Look(None, "hover", "text2", None, "text2", "edge", "card"),
    "danger": _Look("bad", "bad_text", "on_bad", None, "on_bad", "bad_soft", "bad"),
    "crisis": _Look("card", "bad_soft", "bad_text", "card", "bad_text", "bad_text", "card"),
    "bar": _Look(None, "bar_field", "bar_text", None, "bar_text2", "bar_field_edge", "bar"),
}
_BLOCKED = _Look("neutral_soft", "neutral_soft", "text3", "edge", "text3", "edge2", "neutral_soft")


class Button(QPushButton):
    """A command. Connect to `activated`, which is silent while the button is blocked; `refused` carries the reason then.

    A blocked button keeps its place in the tab order and says why in its tooltip and accessible description.
    """

    activated = Signal()
    refused = Signal(str)

    def __init__(
        self,
        words: str,
        kind: Kind = "secondary",
        *,
        icon: str = "",
        key: str = "",
        height: int = 36,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind: Kind = kind
        self._icon, self._key = icon, key
        self._why = ""
        self._bare = False
        self._style: Style = "strong" if kind in ("primary", "danger") else "medium"
        self.setText(words)
        self.setAutoDefault(False)
        self.setAccessibleName(f"{words}, {key}" if key else words)
        self.setFixedHeight(current().px(height))
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._clicked)

    @property
    def key(self) -> str:
        """The words on its key cap."""
        return self._key

    @property
    def blocked(self) -> str:
        """Why it does nothing now; "" when it does."""
        return self._why

    def set_blocked(self, why: str) -> None:
        """Blocks the button for that reason, or frees it again with ""."""
        self._why = why
        self.setToolTip(why)
        self.setAccessibleDescription(f"Not available: {why}" if why else "")
        self.update()

    def set_words(self, words: str, icon: str | None = None) -> None:
        self._icon = self._icon if icon is None else icon
        self.setText(words)
        self.setAccessibleName(f"{words}, {self._key}" if self._key else words)
        self.updateGeometry()
        self.update()

    def set_kind(self, kind: Kind) -> None:
        self._kind = kind
        self._style = "strong" if kind in ("primary", "danger") else "medium"
        self.updateGeometry()
        self.update()

    def set_bare(self, bare: bool) -> None:
        """Without its icon, where there is little room."""
        if bare != self._bare:
            self._bare = bare
            self.updateGeometry()
            self.update()

    def full_width(self) -> int:
        """The width it wants with its icon."""
        return self._content(bool(self._icon)) + 2 * current().px(12)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it as Space does; Enter with another key belongs to the window."""
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _clicked(self) -> None:
        if self._why:
            self.refused.emit(self._why)
        else:
            self.activated.emit()

    @property
    def _has_icon(self) -> bool:
        return bool(self._icon) and not (self._bare and self.text())

    def _content(self, with_icon: bool) -> int:
        """The width of icon, words and key without the padding."""
        theme = current()
        wide = theme.width_of(self.text(), self._style)
        if with_icon:
            wide += theme.px(20) + (theme.px(6) if self.text() else 0)
        if self._key:
            wide += theme.px(8) + key_cap.width_of(self._key)
        return wide

    def sizeHint(self) -> QSize:
        return QSize(self._content(self._has_icon) + 2 * current().px(12), self.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        look = _BLOCKED if self._why else _LOOKS[self._kind]
        over = (self.underMouse() or self.isDown()) and not self._why
        ground = look.hover if over else look.ground
        if self.hasFocus():
            ring(painter, self.rect(), theme.px(8), ground or look.behind)
        elif ground or look.line:
            box(painter, self.rect(), theme.px(6), ground, look.line, theme.tokens.line)
        self._paint_content(painter, look)

    def _paint_content(self, painter: QPainter, look: _Look) -> None:
        theme = current()
        spare = self.width() - self._content(self._has_icon)
        spread = bool(self._key) and spare > theme.px(48)
        x = theme.px(12) if spread else max(spare // 2, 0)
        if self._has_icon:
            icons.paint(painter, x, (self.height() - theme.px(20)) / 2, self._icon, look.ink)
            x += theme.px(26)
        painter.setFont(theme.font(self._style))
        painter.setPen(theme.colour(look.ink))
        write(painter, QRect(x, 0, self.width() - x, self.height()), self.text())
        if self._key:
            wide, tall = key_cap.width_of(self._key), theme.px(key_cap.HEIGHT)
            left = self.width() - theme.px(12) - wide if spread else x + theme.width_of(self.text(), self._style) + theme.px(8)
            key_cap.paint_cap(painter, QRect(left, (self.height() - tall) // 2, wide, tall), self._key, look.cap_ink, look.cap_line)

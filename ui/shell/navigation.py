"""The screens there are, at the left: words and keys in a wide window, a rail of icons in a narrow one."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.keys import Act, KeyMap
from ui.theme import icons
from ui.theme.paint import Middle, box, ring, write
from ui.theme.theme import current
from ui.widgets.card import Fill
from ui.widgets.steps import Steps

WIDE, RAIL = 200, 64


@dataclass(frozen=True)
class Screen:
    """One screen that can be gone to: its id, its words, its icon and the key."""

    id: str
    words: str
    icon: str
    act: Act


SCREENS = (Screen("call_desk", "Call desk", "headset", Act.CALL_DESK), Screen("stuck", "Stuck", "warning", Act.STUCK))
SETTINGS = Screen("settings", "Settings", "gear", Act.SETTINGS)
HELP = Screen("keys", "Help and keys", "info", Act.KEYS)


class NavigationItem(QPushButton):
    """One row; on the rail its words are the tooltip and the accessible name."""

    def __init__(self, screen: Screen, key: str, parent: QWidget | None = None) -> None:
        super().__init__(screen.words, parent)
        self.goes_to, self._key = screen, key
        self._rail = False
        self.setAccessibleName(f"{screen.words}, {key}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_rail(False)

    def set_rail(self, rail: bool) -> None:
        self._rail = rail
        self.setToolTip(f"{self.goes_to.words}, {self._key}" if rail else "")
        self.setFixedHeight(current().px(44 if rail else 36))
        self.update()

    def set_chosen(self, chosen: bool) -> None:
        self.setCheckable(True)
        self.setChecked(chosen)
        self.setAccessibleDescription("The screen you are on" if chosen else "")

    def sizeHint(self) -> QSize:
        return QSize(current().px(48 if self._rail else 176), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(40), self.height())

    def nextCheckState(self) -> None:
        """Pressing does not change what is chosen: the window does, once the screen is there."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, px, chosen = current(), current().px, self.isChecked()
        if chosen:
            box(painter, self.rect(), px(6), "card", "edge", theme.tokens.line)
        elif self.underMouse():
            box(painter, self.rect(), px(6), "hover")
        if self.hasFocus():
            ring(painter, self.rect(), px(8), "card" if chosen else "page")
        elif chosen:
            box(painter, QRectF(0, px(8), px(3), self.height() - px(16)), px(1.5), "accent")
        x = (self.width() - px(20)) / 2 if self._rail else px(12)
        icons.paint(painter, x, (self.height() - px(20)) / 2, self.goes_to.icon, "accent_text" if chosen else "text2")
        if self._rail:
            return
        painter.setFont(theme.font("strong" if chosen else "medium"))
        painter.setPen(theme.colour("text"))
        write(painter, QRect(px(42), 0, self.width(), self.height()), self.text())
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("text2"))
        write(painter, QRect(0, 0, self.width() - px(10), self.height()), self._key, Middle | Qt.AlignmentFlag.AlignRight)


class Navigation(Fill):
    """`chosen(str)` carries the id of the screen pressed, or "keys". The steps of the call stand below, in a wide window."""

    chosen = Signal(str)

    def __init__(self, keys: KeyMap, parent: QWidget | None = None) -> None:
        super().__init__("page", parent=parent)
        space = current().space
        self.items = [NavigationItem(screen, keys.cap(screen.act)) for screen in SCREENS]
        self.settings = NavigationItem(SETTINGS, keys.cap(SETTINGS.act))
        self.settings.hide()
        self.items[1].hide()
        self.help = NavigationItem(HELP, keys.cap(HELP.act))
        self.steps = Steps()
        self._box = QVBoxLayout(self)
        self._box.setSpacing(2)
        for item in self.items:
            self._box.addWidget(item)
        self._box.addSpacing(space(20))
        self._box.addWidget(self.steps)
        self._box.addStretch(1)
        self._box.addWidget(self.settings)
        self._box.addWidget(self.help)
        for item in (*self.items, self.settings, self.help):
            item.clicked.connect(self._pressed)
        self._rail = False
        self.set_rail(False)

    @property
    def is_rail(self) -> bool:
        return self._rail

    def set_rail(self, rail: bool) -> None:
        """Folds to icons, or opens to words."""
        theme = current()
        self._rail = rail
        self.setFixedWidth(theme.px(RAIL if rail else WIDE))
        side = theme.space(8 if rail else 16)
        self._box.setContentsMargins(side, theme.space(12 if rail else 16), theme.space(8) if rail else 0, theme.space(12))
        for item in (*self.items, self.settings, self.help):
            item.set_rail(rail)
        self.steps.set_folded(rail)

    def show_chosen(self, screen_id: str) -> None:
        for item in (*self.items, self.settings):
            item.set_chosen(item.goes_to.id == screen_id)

    def show_for(self, *, calls: bool, settings: bool, stuck: bool = False) -> None:
        """Which screens this role has."""
        for item in self.items:
            item.setVisible(stuck if item.goes_to.id == "stuck" else calls)
        self.settings.setVisible(settings)

    def _pressed(self) -> None:
        pressed = self.sender()
        if isinstance(pressed, NavigationItem):
            self.chosen.emit(pressed.goes_to.id)

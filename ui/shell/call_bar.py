"""The dark bar at the top: whose program it is, the call in hand, the search, the member of staff, and 999 / 111."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from ui.keys import Act, KeyMap
from ui.shell.call_pill import CallPill, Mark
from ui.theme import icons
from ui.theme.paint import Centre, box, ring, write
from ui.theme.theme import current
from ui.widgets import key_cap
from ui.widgets.button import Button
from ui.widgets.card import Fill
from ui.widgets.label import Label

FULL_FROM, NAME_FROM = 1280, 1180


class BarSearch(QPushButton):
    """Looks like a search field; pressing it puts the keyboard into the one search box."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__("Search anyone or anything", parent)
        self._key = key
        self.setAccessibleName(f"Search anyone or anything, {key}")
        self.setFixedHeight(current().px(36))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(current().px(348), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(190), self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, px = current(), current().px
        if self.hasFocus():
            ring(painter, self.rect(), px(8), "bar_field")
        else:
            box(painter, self.rect(), px(6), "bar_field", "bar_field_edge", 1)
        icons.paint(painter, px(11), px(8), "search", "bar_text2")
        cap = key_cap.width_of(self._key)
        room = self.width() - px(38) - cap - px(16)
        words = self.text() if theme.width_of(self.text(), "body") <= room else "Search"
        painter.setFont(theme.font("body"))
        painter.setPen(theme.colour("bar_text2"))
        write(painter, QRect(px(38), 0, room, self.height()), words)
        key_cap.paint_cap(painter, QRect(self.width() - cap - px(8), px(8), cap, px(20)), self._key, "bar_text2", "bar_field_edge")


class StaffButton(QPushButton):
    """Who is at the desk; opens the menu of things about them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._initials, self._compact = "", False
        self.setFixedHeight(current().px(36))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_staff("", "")

    def show_staff(self, name: str, role: str) -> None:
        words = name.replace(".", " ").split()
        self._initials = "".join(word[0].upper() for word in (words[:1] + words[-1:] if len(words) > 1 else words))
        self.setText(name)
        self.setAccessibleName(f"{name}, {role}: menu" if role else f"{name}: menu")
        self.setToolTip(f"{name}, {role}" if role else name)
        self.setVisible(bool(name))
        self._fit()

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self._fit()

    def _fit(self) -> None:
        theme = current()
        name = 0 if self._compact else theme.width_of(self.text(), "medium") + theme.px(16 + 24)
        self.setFixedWidth(theme.px(36) + name)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, px = current(), current().px
        if self.hasFocus():
            ring(painter, self.rect(), px(8), "bar")
        badge = QRect(px(4), px(4), px(28), px(28))
        box(painter, badge, px(14), "bar_field")
        painter.setFont(theme.font("caption_strong"))
        painter.setPen(theme.colour("bar_text"))
        write(painter, badge, self._initials, Centre)
        if not self._compact:
            painter.setFont(theme.font("medium"))
            write(painter, QRect(px(41), 0, self.width(), self.height()), self.text())
            icons.paint(painter, self.width() - px(22), px(10), "down", "bar_text2", 16)


class CallBar(Fill):
    """`search_asked` and `safety_asked` when their buttons are pressed. Staff entries are actions of `staff_menu`."""

    search_asked = Signal()
    safety_asked = Signal()

    def __init__(self, keys: KeyMap, parent: QWidget | None = None) -> None:
        super().__init__("bar", parent=parent)
        theme = current()
        self.setFixedHeight(theme.px(52))
        self._title = Label("Nerve Centre", "strong", "bar_text")
        self.pill = CallPill()
        self.search = BarSearch(keys.cap(Act.SEARCH))
        self.staff = StaffButton()
        self.staff_menu = QMenu(self)
        self.safety = Button("999 / 111", "crisis", icon="warning", key=keys.cap(Act.SAFETY))
        self.safety.setAccessibleName(f"999, 111 and crisis lines, {keys.cap(Act.SAFETY)}")
        self._brand = QWidget()
        brand = QHBoxLayout(self._brand)
        brand.setContentsMargins(0, 0, 0, 0)
        brand.setSpacing(theme.space(10))
        brand.addWidget(Mark())
        brand.addWidget(self._title)
        brand.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.space(16), 0, theme.space(16), 0)
        line.setSpacing(theme.space(12))
        for part in (self._brand, self.pill):
            line.addWidget(part)
        line.addStretch(1)
        for part in (self.search, self.staff, self.safety):
            line.addWidget(part)
        self.search.clicked.connect(self.search_asked)
        self.safety.activated.connect(self.safety_asked)
        self.staff.clicked.connect(self.open_menu)

    def show_call(self, state: str, timer: str = "", number: str = "", line: str = "", *, live: bool = False) -> None:
        """The call in hand, `timer` as mm:ss; `live` lights the dot."""
        self.pill.show_call(state, timer, number, line, live=live)

    def show_staff(self, name: str, role: str = "") -> None:
        self.staff.show_staff(name, role)

    def add_staff_action(self, words: str) -> QAction:
        """One more entry in the menu under the name; connect to its `triggered`."""
        return self.staff_menu.addAction(words)

    def open_menu(self) -> None:
        """The things about whoever is at the desk."""
        if self.staff_menu.actions():
            self.staff_menu.popup(self.staff.mapToGlobal(QPoint(0, self.staff.height() + 2)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() / current().scale
        self._title.setVisible(wide >= FULL_FROM)
        self._brand.setFixedWidth(current().px(184 if wide >= FULL_FROM else 36))
        self.staff.set_compact(wide < NAME_FROM)

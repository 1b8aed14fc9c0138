"""A card over the body of the window: the ground dims, Tab stays inside, Esc closes and the focus goes back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui.theme.paint import box
from ui.theme.theme import current
from ui.widgets.scroll import Scroll


class Panel(QWidget):
    """The raised card in the middle."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        box(QPainter(self), self.rect(), current().px(12), "raised", "edge", current().tokens.line)


class Overlay(QWidget):
    """Holds one panel. The window gives it its area, and disables what lies under it between `opened` and `closed`."""

    opened = Signal()
    closed = Signal()

    def __init__(self, content: QWidget, name: str, *, width: int, parent: QWidget | None = None) -> None:
        """`width` is the widest the panel gets, in pixels at 100 %."""
        super().__init__(parent)
        self._width = width
        self._before: QWidget | None = None
        self.content = content
        self.setAccessibleName(name)
        self._scroll = Scroll(content)
        self._panel = Panel(self)
        inner = QVBoxLayout(self._panel)
        inner.setContentsMargins(1, 4, 1, 4)
        inner.addWidget(self._scroll)
        self.hide()

    def open(self, first: QWidget) -> None:
        """Shows the card with the keyboard in `first`."""
        if not self.isVisible():
            focus = QApplication.focusWidget()
            self._before = focus if focus is not None and not self.isAncestorOf(focus) else None
            self.opened.emit()
            self.show()
            self.raise_()
            self._place()
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_card(self) -> None:
        """Hides the card and gives the keyboard back to where it was."""
        if not self.isVisible():
            return
        self.hide()
        self.closed.emit()
        before, self._before = self._before, None
        if before is not None and before.isEnabled() and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _stops(self) -> list[QWidget]:
        """What Tab goes through, in order."""
        found: list[QWidget] = []
        item = self.content.nextInFocusChain()
        first = item
        while item is not None:
            tabbed = bool(item.focusPolicy() & Qt.FocusPolicy.TabFocus)
            if tabbed and self.content.isAncestorOf(item) and item.isVisible() and item.isEnabled() and item.focusProxy() is None:
                found.append(item)
            item = item.nextInFocusChain()
            if item is first:
                break
        return found

    def focusNextPrevChild(self, forward: bool) -> bool:
        stops = self._stops()
        if not stops:
            return True
        focus = QApplication.focusWidget()
        place = stops.index(focus) if focus in stops else (-1 if forward else 0)
        following = stops[(place + (1 if forward else -1)) % len(stops)]
        following.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        self._scroll.ensureWidgetVisible(following)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_card()
        else:
            event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        theme = current()
        edge = theme.px(16 if self.height() > theme.px(600) else 8)
        width = min(theme.px(self._width), self.width() - 2 * edge)
        self._panel.resize(width, self._panel.height())
        self.content.resize(width - 2, self.content.height())
        layout = self.content.layout()
        if layout is not None:
            layout.activate()
        wanted = self.content.sizeHint().height() + 10
        height = min(wanted, self.height() - 2 * edge)
        top = max(edge, min((self.height() - height) // 3, theme.px(60)))
        self._panel.setGeometry((self.width() - width) // 2, top, width, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), current().colour("scrim"))

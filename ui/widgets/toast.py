"""A short message that something was done; never for danger, never the only trace of a failure."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QHideEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from ui.theme.paint import box, shade
from ui.theme.theme import current
from ui.widgets.arrange import column, empty, row
from ui.widgets.button import Button
from ui.widgets.icon import Icon
from ui.widgets.label import Label

SHOWN_MS = 6000
_DEPTH = 12


class Toast(QWidget):
    """Shown for six seconds; while the pointer is over it or the focus is in it, the time does not run.
    `activated` when its action is pressed. The window puts it bottom right, above the action bar."""

    activated = Signal()
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        self._left = SHOWN_MS
        column(around=0, into=self)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)
        self.hide()

    def tell(self, fact: str, sentence: str = "", action: str = "") -> None:
        """Shows the message in place of the one before."""
        layout = self.layout()
        assert layout is not None, "made in __init__"  # noqa: S101 - narrows the type
        empty(layout)
        lines = [Label(fact, "strong"), *([Label(sentence, "small", "text2")] if sentence else [])]
        parts = [Icon("done", "ok"), column(*lines, gap=0)]
        if action:
            button = Button(action, "quiet", height=32)
            button.activated.connect(self.activated)
            parts.append(button)
        layout.addWidget(row(*parts, gap=12, around=(12 + _DEPTH, 14 + _DEPTH)))
        self.setAccessibleName(f"{fact} {sentence}".strip())
        self.adjustSize()
        self.show()
        self.raise_()
        self.resized.emit()
        self._timer.start(SHOWN_MS)

    @property
    def paused(self) -> bool:
        return self.isVisible() and not self._timer.isActive()

    def _pause(self) -> None:
        if self._timer.isActive():
            self._left = max(1000, self._timer.remainingTime())
            self._timer.stop()

    def _resume(self) -> None:
        if self.paused:
            self._timer.start(self._left)

    def _focus_moved(self, _old: QObject | None, now: QObject | None) -> None:
        inside = isinstance(now, QWidget) and self.isAncestorOf(now)
        if inside:
            self._pause()
        elif not self.underMouse():
            self._resume()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._pause()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._resume()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        shade(painter, self.rect(), _DEPTH, theme.px(8))
        inner = self.rect().adjusted(_DEPTH, _DEPTH, -_DEPTH, -_DEPTH)
        box(painter, inner, theme.px(8), "raised", "edge", theme.tokens.line)

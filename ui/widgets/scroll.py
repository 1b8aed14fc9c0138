"""A column that scrolls alone and never sideways."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from ui.theme.theme import current

REST_MS = 40
SETTLING_MS = 600
"""How long after the keyboard moved the layout is followed; later, what arrives moves nothing under the hand."""


class Scroll(QScrollArea):
    """Holds one widget at its own width. Whatever gets the keyboard focus inside is brought into sight."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._moved = QElapsedTimer()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._bring_into_sight)
        self.setWidget(content)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)

    def _focus_moved(self, _old: QWidget | None, _new: QWidget | None) -> None:
        """Also where the program moved it; once the layout has come to rest, which may take a bar that appears."""
        self._moved.start()
        self._rest.start()

    def _bring_into_sight(self) -> None:
        focus, content = QApplication.focusWidget(), self.widget()
        if focus is not None and content is not None and focus is not content and content.isAncestorOf(focus):
            self.ensureWidgetVisible(focus, 0, current().px(72))  # with the button that goes with it

    def minimumSizeHint(self) -> QSize:
        content = self.widget()
        return QSize(content.minimumSizeHint().width() if content else 0, current().px(80))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.widget() and event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            if self._moved.isValid() and self._moved.elapsed() < SETTLING_MS:
                self._rest.start()  # what grew after the keyboard moved may have pushed it out of sight
            if event.type() == QEvent.Type.LayoutRequest:
                self.updateGeometry()
        return super().eventFilter(watched, event)

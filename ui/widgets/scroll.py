"""A column that scrolls alone and never sideways."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from ui.theme.theme import current


class Scroll(QScrollArea):
    """Holds one widget at its own width. Whatever gets the keyboard focus inside is brought into sight."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved, Qt.ConnectionType.QueuedConnection)

    def _focus_moved(self, _old: QWidget | None, _new: QWidget | None) -> None:
        """Also where the program moved it, and once the layout has come to rest: what was asked for may be gone by now."""
        focus, content = QApplication.focusWidget(), self.widget()
        if focus is not None and content is not None and focus is not content and content.isAncestorOf(focus):
            self.ensureWidgetVisible(focus, 0, current().px(56))

    def minimumSizeHint(self) -> QSize:
        content = self.widget()
        return QSize(content.minimumSizeHint().width() if content else 0, current().px(80))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and watched is self.widget():
            self.updateGeometry()
        return super().eventFilter(watched, event)

"""Keys of the desk come before the keys of a field: Ctrl K must never cut the end off what was typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence

from ui.keys import KeyMap


class KeysFirst(QObject):
    """An application's event filter. A field asks to keep a key for itself by a ShortcutOverride event; for keys of the
    table it does not get to see that event, so the shortcut takes them. Keys that no shortcut takes reach the field as ever."""

    def __init__(self, keys: KeyMap, parent: QObject | None = None) -> None:
        super().__init__(parent)
        pressed = [p for key in keys.keys for p in (key.key, *key.also)]
        self._keys = frozenset(QKeySequence(p).toString(QKeySequence.SequenceFormat.PortableText) for p in pressed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and watched.isWidgetType():
            sequence = QKeySequence(event.keyCombination()).toString(QKeySequence.SequenceFormat.PortableText)
            if sequence in self._keys:
                event.ignore()
                return True
        return super().eventFilter(watched, event)

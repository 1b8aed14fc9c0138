"""How a test looks at the window: its colours, and what is cut off."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QLabel, QScrollArea, QWidget

from ui.shell.banner_value import BannerValue
from ui.theme.theme import current
from ui.widgets.button import Button
from ui.widgets.label import Elided, Paragraph
from ui.widgets.spoken import Spoken


def pixels(widget: QWidget, colour: QColor) -> int:
    """How many pixels of the widget have that colour."""
    image = widget.grab().toImage()
    return sum(image.pixelColor(x, y) == colour for x in range(image.width()) for y in range(image.height()))


def has_ring(widget: QWidget) -> bool:
    """Whether a focus ring is painted: yellow outside, ink inside."""
    return pixels(widget, current().colour("focus")) > 60 and pixels(widget, current().colour("focus_in")) > 40


def cut_off(root: QWidget) -> list[str]:
    """Each label or button that has less room than its words need, or that reaches out of what holds it; each column
    that is wider than its place."""
    areas = [a for a in root.findChildren(QScrollArea) if a.isVisible() and a.widget().width() > a.viewport().width()]
    found = [f"{type(a.widget()).__name__} is {a.widget().width()} wide in {a.viewport().width()}" for a in areas]
    for child in root.findChildren(QWidget):
        if not child.isVisible() or isinstance(child, Elided) or not isinstance(child, QLabel | QAbstractButton):
            continue
        text = child.text()
        if not text or child.width() == 0:
            continue
        if _too_small(child):
            found.append(f"{type(child).__name__} “{text}” has {child.width()}x{child.height()}")
        elif not _inside(child, root):
            found.append(f"{type(child).__name__} “{text}” reaches out")
    return found


def nothing_cut_off(root: QWidget, qtbot: Any) -> None:
    """Waits until the layout has come to rest, then fails with what is still cut off."""
    with suppress(qtbot.TimeoutError):
        qtbot.waitUntil(lambda: cut_off(root) == [], timeout=1500)
    assert cut_off(root) == []


def _too_small(child: QLabel | QAbstractButton) -> bool:
    if isinstance(child, Paragraph | Spoken | BannerValue):
        return child.height() < child.heightForWidth(child.width())
    if isinstance(child, QLabel):
        return child.width() < child.minimumSizeHint().width() or child.height() < child.fontMetrics().height() - 4
    if isinstance(child, Button):
        return child.width() < child.sizeHint().width()
    return False


def _inside(child: QWidget, root: QWidget) -> bool:
    """Within every ancestor up to `root`; inside a scroll area only sideways."""
    holder = child.parentWidget()
    scrolled = False
    while holder is not None and holder is not root.parentWidget():
        if isinstance(holder.parentWidget(), QScrollArea):
            scrolled = True
        area = QRect(child.mapTo(holder, QPoint(0, 0)), child.size())
        room = holder.rect().adjusted(-1, -1, 1, 1)
        if area.left() < room.left() or area.right() > room.right():
            return False
        if not scrolled and (area.top() < room.top() or area.bottom() > room.bottom()):
            return False
        holder = holder.parentWidget()
    return True

"""Rows and columns: the spacing of the desk in one place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMargins, Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ui.theme.theme import current

Item = QWidget | QLayout | int | None | tuple[QWidget, int]
"""A widget, a layout, a distance, None for what is left over, or a widget with its share of what is left over."""
Margins = int | tuple[int, int] | tuple[int, int, int, int]
"""All sides, (top and bottom, left and right), or (top, right, bottom, left)."""


def margins(given: Margins) -> QMargins:
    if isinstance(given, int):
        top = right = bottom = left = given
    elif len(given) == 2:
        top, right = given
        bottom, left = given
    else:
        top, right, bottom, left = given
    space = current().space
    return QMargins(space(left), space(top), space(right), space(bottom))


def fill(box: QBoxLayout, items: Sequence[Item], gap: int, around: Margins, centred: bool = False) -> None:
    """Puts the items into a layout. `centred` keeps each at its own height in the middle of a row."""
    box.setSpacing(current().space(gap))
    box.setContentsMargins(margins(around))
    for item in items:
        add(box, item, centred)


def add(box: QBoxLayout, item: Item, centred: bool = False) -> None:
    middle = Qt.AlignmentFlag.AlignVCenter if centred else Qt.AlignmentFlag(0)
    match item:
        case None:
            box.addStretch(1)
        case int():
            box.addSpacing(current().space(item))
        case tuple():
            box.addWidget(item[0], item[1])
        case QLayout():
            box.addLayout(item)
        case _:
            box.addWidget(item, 0, middle)


def row(*items: Item, gap: int = 8, around: Margins = 0, centred: bool = True, into: QWidget | None = None) -> QWidget:
    """The items side by side, in a new widget or laid into `into`."""
    holder = into or QWidget()
    fill(QHBoxLayout(holder), items, gap, around, centred)
    return holder


def column(*items: Item, gap: int = 8, around: Margins = 0, into: QWidget | None = None) -> QWidget:
    """The items under one another, in a new widget or laid into `into`."""
    holder = into or QWidget()
    fill(QVBoxLayout(holder), items, gap, around)
    return holder


def let_go(widget: QWidget) -> None:
    """Takes a widget off the screen for good."""
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()


def empty(box: QLayout) -> None:
    """Takes everything out of a layout and lets it go."""
    while (item := box.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            let_go(widget)
        elif inner is not None:
            empty(inner)

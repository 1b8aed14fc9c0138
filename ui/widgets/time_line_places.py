"""Where the labels of a time line go so that none lies upon another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt

from ui.theme.fonts import Style
from ui.theme.theme import current


@dataclass(frozen=True)
class Placed:
    """One label: the point it belongs to, its lines, its area, the row it stands in (0 is the lowest, nearest the line)."""

    x: float
    lines: tuple[str, ...]
    rect: QRectF
    row: int = 0
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignHCenter


def _width(lines: Sequence[str], first: Style) -> float:
    theme = current()
    return max(theme.width_of(words, first if not number else "caption") for number, words in enumerate(lines)) + 2


def place_stops(stops: Sequence[tuple[float, tuple[str, str]]], width: int) -> list[Placed]:
    """Labels above the line, from left to right: each over its point or shifted right of the one before; one that would
    leave the widget stands in a row of its own above."""
    theme = current()
    gap, ends = theme.px(12), [-1e6]
    rough: list[tuple[float, tuple[str, str], float, float, int]] = []
    for x, lines in stops:
        wide = min(_width(lines, "caption_strong"), float(width))
        wanted = min(max(x - wide / 2, 0), width - wide)
        row = next((number for number, end in enumerate(ends) if max(wanted, end + gap) + wide <= width), len(ends))
        if row == len(ends):
            ends.append(-1e6)
        left = max(wanted, ends[row] + gap)
        ends[row] = left + wide
        rough.append((x, lines, left, wide, row))
    highest = len(ends) - 1
    placed = []
    for x, lines, left, wide, row in rough:
        side = Qt.AlignmentFlag.AlignHCenter if abs(left + wide / 2 - x) < 1 else Qt.AlignmentFlag.AlignLeft
        if left + wide >= width - 1 and side is Qt.AlignmentFlag.AlignLeft:
            side = Qt.AlignmentFlag.AlignRight
        placed.append(Placed(x, lines, QRectF(left, theme.px(34) * (highest - row), wide, theme.px(32)), row, side))
    return placed


def tag_rect(words: str, x: float, width: int, axis: int) -> QRectF:
    """The area of the Today tag, centred under its point as far as the widget reaches."""
    theme = current()
    wide = theme.width_of(words, "caption_strong") + theme.px(12)
    return QRectF(min(max(x - wide / 2, 0), width - wide), axis + theme.px(15), wide, theme.px(18))


def place_marks(marks: Sequence[tuple[float, str]], width: int, axis: int, tag: QRectF) -> list[Placed]:
    """Labels below the line: one line, or two where one would touch the Today tag or its neighbour, or under the tag
    when both would."""
    theme = current()
    taken = [tag.adjusted(-theme.px(8), 0, theme.px(8), 0)]
    placed: list[Placed] = []
    for x, words in marks:
        lines, rect = _free_place(x, words, width, axis, taken)
        taken.append(rect.adjusted(-theme.px(8), 0, theme.px(8), 0))
        placed.append(Placed(x, lines, rect))
    return placed


def _free_place(x: float, words: str, width: int, axis: int, taken: Sequence[QRectF]) -> tuple[tuple[str, ...], QRectF]:
    theme = current()
    step = theme.px(16)
    tall = axis + theme.px(16)
    for lines in ((words,), tuple(words.split(", "))):
        wide = _width(lines, "caption")
        rect = QRectF(min(max(x - wide / 2, 0), width - wide), tall, wide, step * len(lines))
        if not any(rect.intersects(other) for other in taken):
            return lines, rect
    wide = _width((words,), "caption")
    rect = QRectF(min(max(x - wide / 2, 0), width - wide), tall, wide, step)
    while any(rect.intersects(other) for other in taken):
        rect.translate(0, 2)
    return (words,), rect

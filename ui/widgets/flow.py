"""Things in a row that go on to a further row when there is no room, and are never shortened."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.theme import current


class Flow(QWidget):
    """`left` items follow one another; `right` items stand together at the right of the last row with room for them.
    Its height is that of its rows."""

    def __init__(
        self,
        *,
        gap: int = 8,
        line_gap: int = 6,
        around: tuple[int, int, int, int] = (0, 0, 0, 0),
        least: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        """`around` is (top, right, bottom, left); `least` the lowest height, in pixels at 100 %."""
        super().__init__(parent)
        space = current().space
        self._gap, self._line_gap = space(gap), space(line_gap)
        self._right_gap = space(8)
        self._around = tuple(space(side) for side in around)
        self._least = current().px(least)
        self._left: list[QWidget] = []
        self._right: list[QWidget] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_items(self, left: Sequence[QWidget], right: Sequence[QWidget] = ()) -> None:
        """Takes the place of what was there; the former items are let go."""
        for old in (*self._left, *self._right):
            if old not in left and old not in right:
                old.hide()
                old.setParent(None)
                old.deleteLater()
        self._left, self._right = list(left), list(right)
        before: QWidget | None = None
        for item in (*left, *right):
            item.setParent(self)
            item.installEventFilter(self)
            item.show()
            if before is not None:
                QWidget.setTabOrder(before, item)
            before = item
        self.arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.arrange()
        return super().eventFilter(watched, event)

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(200), self.height())

    def sizeHint(self) -> QSize:
        return QSize(current().px(400), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Puts every item in its place at the present width."""
        top, right, bottom, left = self._around
        room = max(1, self.width() - left - right)
        rows = self._rows(room)
        heights = [max(size.height() for _, size, _ in row) for row in rows]
        content = sum(heights) + self._line_gap * max(0, len(rows) - 1)
        y = max(top, (self._least - content) // 2)
        for row, height in zip(rows, heights, strict=True):
            for item, size, x in row:
                item.setGeometry(left + x, y + (height - size.height()) // 2, size.width(), size.height())
            y += height + self._line_gap
        wanted = max(self._least, content + top + bottom)
        if wanted != self.height() or wanted != self.minimumHeight():
            self.setFixedHeight(wanted)

    def _rows(self, room: int) -> list[list[tuple[QWidget, QSize, int]]]:
        rows: list[list[tuple[QWidget, QSize, int]]] = [[]]
        x = 0
        for item in self._left:
            size = _size(item, room)
            if x and x + size.width() > room:
                rows.append([])
                x = 0
            rows[-1].append((item, size, x))
            x += size.width() + self._gap
        sizes = [_size(item, room) for item in self._right]
        wide = sum(size.width() for size in sizes) + self._right_gap * max(0, len(sizes) - 1)
        if self._right and rows[-1] and x + wide > room:
            rows.append([])
        x = max(0, room - wide)
        for item, size in zip(self._right, sizes, strict=True):
            if x and x + size.width() > room:
                rows.append([])
                x = 0
            rows[-1].append((item, size, x))
            x += size.width() + self._right_gap
        return [row for row in rows if row]


def _size(item: QWidget, room: int) -> QSize:
    """What the item wants, or the whole room and the height that it needs there."""
    wanted = item.sizeHint()
    if wanted.width() <= room:
        return wanted
    tall = item.heightForWidth(room)
    return QSize(room, tall if tall > 0 else wanted.height())

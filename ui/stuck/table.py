"""The table of stuck pathways: rows by the arrow keys, the acts on one by their own keys while the keyboard is here."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from ui.keys import Act, KeyMap
from ui.stuck.row_delegate import HEIGHT, StuckDelegate, paint_focus
from ui.stuck.table_model import COLUMNS, Column, Index, StuckModel
from ui.theme.paint import write
from ui.theme.theme import current


class _Header(QHeaderView):
    """The columns' names, small and flat."""

    def __init__(self, parent: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(False)
        self.setFixedHeight(current().px(32))

    def paintSection(self, painter: QPainter, rect: QRect, logical_index: int) -> None:
        theme, (column, words) = current(), COLUMNS[logical_index]
        painter.save()
        painter.fillRect(QRect(rect.x(), rect.bottom(), rect.width(), 1), theme.colour("edge"))
        painter.setFont(theme.font("caption_strong"))
        painter.setPen(theme.colour("text2"))
        side = Qt.AlignmentFlag.AlignRight if column == "waited" else Qt.AlignmentFlag.AlignLeft
        left = theme.px(14 if column == "severity" else 8)
        write(painter, rect.adjusted(left, 0, -theme.px(12), 0), words, Qt.AlignmentFlag.AlignVCenter | side)
        painter.restore()


WIDTHS: dict[Column, int] = {"severity": 104, "line": 150, "waited": 76, "owner": 150}
"""Of those that do not share what is left over."""
FOLDS: tuple[tuple[Column, int], ...] = (("line", 760), ("waited", 560), ("owner", 480))
"""Below which width, at 100 %, a column gives way; what it says stands in the row in full."""


class StuckTable(QTableView):
    """`chosen(str)` the row that the keyboard or the mouse went to, `in_view(ids)` whenever other rows can be seen."""

    chosen = Signal(str)
    opened = Signal()
    in_view = Signal(object)

    def __init__(self, keys: KeyMap) -> None:
        super().__init__()
        self._keys = keys
        self.rows = StuckModel(self)
        self.setModel(self.rows)
        self._delegate = StuckDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName("Stuck pathways")
        self._by_program = False
        self._look()
        self._size()
        self.doubleClicked.connect(lambda _index: self.opened.emit())
        self.verticalScrollBar().valueChanged.connect(self._tell_in_view)

    def act(self, act: Act, call: Callable[[], None]) -> None:
        """A key that means this only while the keyboard is on the list."""
        key = self._keys[act]
        for sequence in (key.key, *key.also):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(call)

    def _look(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)

    def _size(self) -> None:
        theme, header = current(), _Header(self)
        self.setHorizontalHeader(header)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(theme.px(HEIGHT))
        self.verticalHeader().setDefaultSectionSize(theme.px(HEIGHT))
        for number, (column, _) in enumerate(COLUMNS):
            shares = column not in WIDTHS
            header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch if shares else QHeaderView.ResizeMode.Fixed)
            if not shares:
                header.resizeSection(number, theme.px(WIDTHS[column]))
        self.setMinimumHeight(theme.px(HEIGHT * 3 + 36))

    def show_rows(self, chosen: str) -> None:
        """After other rows were set: the keyboard's row again, without telling anybody."""
        self._by_program = True
        place = self.rows.place_of(chosen)
        self.setCurrentIndex(self.rows.index(place, 0) if place >= 0 else QModelIndex())
        self._by_program = False
        self._tell_in_view()

    def _tell_in_view(self) -> None:
        if not self.rows.rowCount() or not self.isVisible():
            return
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - 1)
        self.in_view.emit(self.rows.ids(first, last if last >= 0 else self.rows.rowCount() - 1))

    def currentChanged(self, now: Index, before: Index) -> None:
        super().currentChanged(now, before)
        row = self.rows.row_at(now)
        if row is not None and not self._by_program:
            self.chosen.emit(row.id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() / current().scale
        for column, below in FOLDS:
            self.setColumnHidden(next(n for n, (name, _) in enumerate(COLUMNS) if name == column), wide < below)
        self._tell_in_view()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        at = self.currentIndex()
        if self.hasFocus() and at.isValid():
            top = self.rowViewportPosition(at.row())
            area = QRect(0, top, self.viewport().width(), self.rowHeight(at.row()) - 1)
            paint_focus(QPainter(self.viewport()), area)

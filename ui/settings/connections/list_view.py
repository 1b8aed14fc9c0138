"""The connections as a list: each with its state as an icon and in words."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.settings.connections.model import Row, Tone
from ui.theme import icons
from ui.theme.paint import outline, write
from ui.theme.theme import current
from ui.theme.tokens import Role

ROW = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_INK: dict[Tone, Role] = {"ok": "ok", "warn": "warn_text", "bad": "bad_text", "quiet": "text2"}
HEIGHT = 54


class ConnectionsModel(QAbstractListModel):
    """Its display text is the whole row in words; the delegate draws the parts under `ROW`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()

    def set_rows(self, rows: tuple[Row, ...]) -> None:
        """Where the same connections stand there, only what changed is told, and the keyboard stays."""
        if [r.instance for r in rows] == [r.instance for r in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row_at(self, index: Index) -> Row | None:
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def place_of(self, instance: str) -> int:
        """-1 where it is not there."""
        return next((n for n, row in enumerate(self._rows) if row.instance == instance), -1)

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row_at(index)
        if row is None:
            return None
        if role == ROW:
            return row
        return row.words if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(option.rect.width(), current().px(HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW)
        if not isinstance(row, Row):
            return
        painter.save()
        theme, px, area = current(), current().px, option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if chosen:
            painter.fillRect(area, theme.colour("accent_soft"))
            painter.fillRect(QRect(area.x(), area.y(), px(4), area.height()), theme.colour("accent"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, theme.colour("hover"))
        painter.fillRect(QRect(area.x(), area.bottom(), area.width(), 1), theme.colour("edge"))
        icons.paint(painter, area.x() + px(14), area.y() + px(17), row.icon, _INK[row.tone])
        self._words(painter, area, row)
        if focused and chosen:
            outline(painter, area.adjusted(1, 1, -1, -1), px(6))
        painter.restore()

    def _words(self, painter: QPainter, area: QRect, row: Row) -> None:
        theme, px = current(), current().px
        x, room = area.x() + px(46), area.width() - px(46 + 10)
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.colour("text"))
        label = painter.fontMetrics().elidedText(row.label, Qt.TextElideMode.ElideRight, room)
        write(painter, QRect(x, area.y() + px(8), room + 2, px(20)), label)
        painter.setFont(theme.font("small_medium"))
        painter.setPen(theme.colour("bad_text" if row.tone == "bad" else "text"))
        write(painter, QRect(x, area.y() + px(28), room, px(18)), row.state)
        if row.detail:
            after = theme.width_of(row.state, "small_medium") + px(8)
            painter.setFont(theme.font("small"))
            painter.setPen(theme.colour("text2"))
            detail = painter.fontMetrics().elidedText(row.detail, Qt.TextElideMode.ElideRight, room - after)
            write(painter, QRect(x + after, area.y() + px(28), room - after + 2, px(18)), detail)


class ConnectionsList(QListView):
    """`chosen(str)`: the instance that the keyboard or the mouse went to."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.rows = ConnectionsModel(self)
        self.setModel(self.rows)
        self._delegate = _Delegate(self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName("Connections")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.viewport().setAutoFillBackground(False)
        self.setMinimumHeight(current().px(HEIGHT * 3))
        self._by_program = False

    def show_rows(self, rows: tuple[Row, ...], chosen: str) -> None:
        self._by_program = True
        self.rows.set_rows(rows)
        place = self.rows.place_of(chosen)
        self.setCurrentIndex(self.rows.index(place) if place >= 0 else QModelIndex())
        self._by_program = False

    def currentChanged(self, now: Index, before: Index) -> None:
        super().currentChanged(now, before)
        row = self.rows.row_at(now)
        if row is not None and not self._by_program:
            self.chosen.emit(row.instance)

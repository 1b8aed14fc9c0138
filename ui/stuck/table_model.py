"""The list as a table: every cell has its words, and the row behind it for whoever draws it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.stuck import words
from ui.stuck.rows import Row

Column = Literal["severity", "person", "what", "line", "waited", "owner"]
COLUMNS: tuple[tuple[Column, str], ...] = (
    ("severity", "Severity"),
    ("person", "Person and pathway"),
    ("what", "What is wrong"),
    ("line", "Since it began"),
    ("waited", "Waited"),
    ("owner", "Who has it"),
)
ROW = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class StuckModel(QAbstractTableModel):
    """Holds rows as they are shown; thousands cost nothing until they are drawn."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._places: dict[str, int] = {}

    def set_rows(self, rows: tuple[Row, ...]) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self._places = {row.id: place for place, row in enumerate(rows)}
        self.endResetModel()

    def change_rows(self, rows: Collection[Row]) -> None:
        """Those that are still there, in their places."""
        for row in rows:
            place = self._places.get(row.id)
            if place is not None and self._rows[place] != row:
                self._rows[place] = row
                self.dataChanged.emit(self.index(place, 0), self.index(place, len(COLUMNS) - 1))

    def row_at(self, index: Index) -> Row | None:
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def ids(self, first: int, last: int) -> tuple[str, ...]:
        return tuple(row.id for row in self._rows[first : last + 1])

    def place_of(self, row_id: str) -> int:
        """-1 where it is not there."""
        return self._places.get(row_id, -1)

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section][1]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row_at(index)
        if row is None:
            return None
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return _cell(row, COLUMNS[index.column()][0])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken if index.column() == 0 else _cell(row, COLUMNS[index.column()][0])
        return None


def _cell(row: Row, column: Column) -> str:
    match column:
        case "severity":
            return words.SEVERITIES[row.severity]
        case "person":
            return f"{row.name or words.NAMED_LATER}, {row.where}"
        case "what" | "line":
            return f"{row.what}, {row.since}"
        case "waited":
            return row.waited
        case "owner":
            return row.owner

"""The people found, as a list: each row only the masked words that may be shown before anybody is checked."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.call_desk.search.presenter import Row

ROW = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class FoundModel(QAbstractListModel):
    """Its display text is the whole row in words, for a screen reader; the delegate draws the parts under `ROW`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()

    def set_rows(self, rows: tuple[Row, ...]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row_at(self, index: Index) -> Row | None:
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row_at(index)
        if row is None:
            return None
        if role == ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return in_words(row)
        return None


def in_words(row: Row) -> str:
    """The row as it is read out: what was not said is "not said yet"."""
    parts = [row.name]
    for label, value in (("born", row.born), ("gender", row.gender), ("postcode", row.postcode), ("NHS number", row.nhs_number)):
        if value:
            parts.append(f"{label} {'not said yet' if not value.strip('•- ') else value.replace('•', '')}")
    parts += ["reported or confirmed dead"] if row.deceased else []
    parts += ["looks like another person in this list"] if row.look_alike else []
    parts += [row.restricted] if row.restricted else []
    return ", ".join([*parts, *row.why])

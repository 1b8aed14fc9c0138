"""Draws one person of the list: name, masked facts, and why they are in it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.call_desk.search.found_model import ROW
from ui.call_desk.search.presenter import Row
from ui.theme import icons
from ui.theme.paint import box, outline, write
from ui.theme.theme import current
from ui.theme.tokens import Role

LEFT = 52


class RowDelegate(QStyledItemDelegate):
    """Parts that the caller said are tinted; dots stand for what they have not said."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        row = index.data(ROW)
        lines = 100 + (42 if isinstance(row, Row) and row.restricted else 0)
        return QSize(option.rect.width(), current().px(lines))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        row = index.data(ROW)
        if not isinstance(row, Row):
            return
        painter.save()
        px, area = current().px, option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if chosen:
            painter.fillRect(area, current().colour("accent_soft"))
            if not focused:
                painter.fillRect(QRect(area.x(), area.y(), px(4), area.height()), current().colour("accent"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, current().colour("hover"))
        painter.fillRect(QRect(area.x(), area.bottom(), area.width(), 1), current().colour("edge"))
        self._words(painter, area, index.row(), row, chosen=chosen)
        if focused and chosen:
            outline(painter, area.adjusted(1, 1, -1, -1), px(6))
        painter.restore()

    def _words(self, painter: QPainter, area: QRect, number: int, row: Row, *, chosen: bool) -> None:
        theme, px = current(), current().px
        x, y = area.x() + px(LEFT), area.y() + px(12)
        self._text(painter, area.x() + px(24), y, str(number + 1), "text2")
        painter.setFont(theme.font("heading"))
        painter.setPen(theme.colour("text"))
        write(painter, QRect(x, y, area.width(), px(22)), row.name)
        after = x + theme.width_of(row.name, "heading") + px(12)
        for words, icon, shown in (
            ("Restricted", "lock", row.restricted),
            ("Has died", "flag", row.deceased),
            ("Look-alike", "warning", row.look_alike),
        ):
            if shown:
                ground: Role = "card" if chosen else "warn_soft" if icon == "warning" else "neutral_soft"
                after = self._tag(painter, after, y, words, icon, ground) + px(8)
        y += px(28)
        at = x
        for label, value in (("Born", row.born), ("Gender", row.gender), ("Postcode", row.postcode), ("NHS No.", row.nhs_number)):
            if value:
                at = self._fact(painter, at, y, label, value, "card" if chosen else "accent_soft") + px(22)
        y += px(24)
        at = x
        for why in row.why:
            at = self._tag(painter, at, y, why, "check", "card" if chosen else "info_soft", "info_text") + px(6)
        if row.restricted:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.colour("text"))
            wrap = int(Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
            write(painter, QRect(x, y + px(27), area.right() - px(16) - x, px(38)), row.restricted, wrap)

    def _text(self, painter: QPainter, x: int, y: int, words: str, role: Role) -> int:
        theme = current()
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour(role))
        write(painter, QRect(x, y, theme.px(2000), theme.px(18)), words)
        return x + theme.width_of(words, "small")

    def _fact(self, painter: QPainter, x: int, y: int, label: str, value: str, ground: Role) -> int:
        theme, px = current(), current().px
        x = self._text(painter, x, y, label, "text2") + px(6)
        said = bool(value.strip("•- ")) and label != "Gender"
        wide = theme.width_of(value, "strong")
        if said:
            box(painter, QRect(x - px(3), y - px(1), wide + px(6), px(20)), px(3), ground)
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.colour("info_text" if said else "text"))
        write(painter, QRect(x, y, wide + px(4), px(18)), value)
        return x + wide

    def _tag(self, painter: QPainter, x: int, y: int, words: str, icon: str, ground: Role, ink: Role = "neutral_text") -> int:
        theme, px = current(), current().px
        wide = theme.width_of(words, "small_medium") + px(32)
        box(painter, QRect(x, y, wide, px(22)), px(4), ground)
        icons.paint(painter, x + px(6), y + px(3), icon, ink, 16)
        painter.setFont(theme.font("small_medium"))
        painter.setPen(theme.colour(ink))
        write(painter, QRect(x + px(25), y, wide, px(22)), words, Qt.AlignmentFlag.AlignVCenter)
        return x + wide

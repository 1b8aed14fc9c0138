"""Draws one cell of the list: severity as bars and a word, who and where, what is wrong, the wait as a line, and whose it is."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from helpdesk.queue.gaps import HIGH, MEDIUM
from ui.stuck import words
from ui.stuck.rows import Row
from ui.stuck.table_model import COLUMNS, ROW, Column, Index
from ui.theme import icons
from ui.theme.fonts import Style
from ui.theme.paint import Middle, box, hatch, outline, write
from ui.theme.theme import current
from ui.theme.tokens import Role
from ui.widgets.label import wrapped

HEIGHT = 54
LINE_WEEKS = 56
"""Every line has this scale, as on the pathway's own card; a longer wait fills it."""
_INK: dict[int, Role] = {HIGH: "bad", MEDIUM: "warn_line"}


class StuckDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(option.rect.width(), current().px(HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW)
        if not isinstance(row, Row):
            return
        painter.save()
        theme, area = current(), option.rect
        column = COLUMNS[index.column()][0]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(area, theme.colour("accent_soft"))
        painter.fillRect(QRect(area.x(), area.bottom(), area.width(), 1), theme.colour("edge"))
        if chosen and index.column() == 0:
            painter.fillRect(QRect(area.x(), area.y(), theme.px(4), area.height()), theme.colour("accent"))
        painter.setClipRect(area)
        self._cell(painter, area, column, row)
        painter.restore()

    def _cell(self, painter: QPainter, area: QRect, column: Column, row: Row) -> None:
        match column:
            case "severity":
                self._severity(painter, area, row)
            case "person":
                name = row.name or words.NAMED_LATER
                self._two(painter, area, f"{name}  (died)" if row.died else name, row.where)
            case "what":
                self._two(painter, area, row.what, row.since)
            case "line":
                self._line(painter, area, row)
            case "waited":
                inner = area.adjusted(0, 0, -current().px(12), 0)
                _text(painter, inner, row.waited, "strong", "text", Middle | Qt.AlignmentFlag.AlignRight)
            case "owner":
                self._owner(painter, area, row)

    def _severity(self, painter: QPainter, area: QRect, row: Row) -> None:
        px, ink = current().px, _INK.get(row.severity, "text2")
        foot = area.center().y() + px(7)
        for number in range(3):
            height = px(5 + 4 * number)
            bar = QRectF(area.x() + px(14 + 6 * number), foot - height, px(4), height)
            box(painter, bar, px(1), ink if number < row.severity else "edge")
        style: Style = "strong" if row.severity == HIGH else "body"
        _text(painter, area.adjusted(px(38), 0, 0, 0), words.SEVERITIES[row.severity], style, "text")

    def _two(self, painter: QPainter, area: QRect, first: str, second: str) -> None:
        """A name is never shortened: a long one takes both lines. What stands under it is, when there is no room."""
        px = current().px
        x, wide = area.x() + px(8), area.width() - px(14)
        if current().width_of(first, "strong") > wide:
            for number, (words_, _) in enumerate(wrapped(first, current().font("small_strong"), wide)[:2]):
                _text(painter, QRect(x, area.y() + px(8 + 19 * number), wide, px(18)), words_, "small_strong", "text")
            return
        _text(painter, QRect(x, area.y() + px(7), wide, px(20)), first, "strong", "text")
        painter.setFont(current().font("small"))
        shorter = painter.fontMetrics().elidedText(second, Qt.TextElideMode.ElideRight, wide)
        _text(painter, QRect(x, area.y() + px(27), wide, px(18)), shorter, "small", "text2")

    def _line(self, painter: QPainter, area: QRect, row: Row) -> None:
        """Solid while something happened, hatched since nothing did, dashes to come; the marks at 18 and 52 weeks."""
        if row.marks is None:
            return
        theme, px, y = current(), current().px, area.center().y()
        left, right = area.x() + px(8), area.right() - px(12)

        def at(days: float) -> float:
            return left + (right - left) * min(days / (LINE_WEEKS * 7), 1.0)

        waited, stuck = row.marks
        dashes = QPen(theme.colour("edge2"), px(2))
        dashes.setDashPattern([2, 2])
        painter.setPen(dashes)
        painter.drawLine(QPointF(at(waited), y), QPointF(right, y))
        painter.setPen(QPen(theme.colour("text2"), 1))
        for weeks in (18, 52):
            painter.drawLine(QPointF(at(weeks * 7), y - px(7)), QPointF(at(weeks * 7), y + px(7)))
        solid = at(waited - stuck)
        box(painter, QRectF(left, y - px(2), max(solid - left, px(3)), px(4)), px(2), "accent")
        since = QRectF(solid, y - px(5), max(at(waited) - solid, px(3)), px(10))
        box(painter, since, px(2), "warn_soft", "warn_line", 1)
        hatch(painter, since.adjusted(1, 1, -1, -1), "warn", px(5), px(1.5), px(2))
        painter.setPen(QPen(theme.colour("text"), px(2)))
        painter.drawLine(QPointF(at(waited), y - px(8)), QPointF(at(waited), y + px(8)))

    def _owner(self, painter: QPainter, area: QRect, row: Row) -> None:
        px = current().px
        icons.paint(painter, area.x() + px(8), area.center().y() - px(8), "person" if row.claimed else "nothing", "text2", 18)
        style: Style = "strong" if row.mine else "body"
        room = area.width() - px(38)
        painter.setFont(current().font(style))
        shorter = painter.fontMetrics().elidedText(row.owner, Qt.TextElideMode.ElideRight, room)
        _text(painter, area.adjusted(px(32), 0, -px(4), 0), shorter, style, "text" if row.claimed else "text2")


def paint_focus(painter: QPainter, area: QRect) -> None:
    """Round the whole row the keyboard is on."""
    outline(painter, area.adjusted(1, 1, -1, -1), current().px(6))


def _text(painter: QPainter, area: QRect, text: str, style: Style, role: Role, flags: Qt.AlignmentFlag = Middle) -> None:
    painter.setFont(current().font(style))
    painter.setPen(current().colour(role))
    write(painter, area, text, flags)

"""A pathway as a line to scale: what has been, today, the 18-week mark and what is booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import icons
from ui.theme.paint import Centre, Middle, box, hatch, outline, write
from ui.theme.theme import current
from ui.theme.tokens import Role
from ui.widgets.time_line_places import Placed, place_marks, place_stops, tag_rect

StopKind = Literal["done", "booked", "not_booked", "cancelled"]
_PENS: dict[StopKind, Role] = {"done": "card", "booked": "accent", "not_booked": "text2", "cancelled": "warn_text"}
WEEKS = 56
"""The scale of every line, so that cards compare; a longer wait makes the line longer, to the next 13 weeks."""


@dataclass(frozen=True)
class Stop:
    """Something that happened or will: its day, a word or two, and the words for its date ("not booked", "Wed 16-Dec-2026 10:20")."""

    day: date
    title: str
    date_words: str
    kind: StopKind = "done"


@dataclass(frozen=True)
class Limit:
    """A mark across the line: the day and its words, split over two lines at ", " when there is no room."""

    day: date
    words: str


@dataclass(frozen=True)
class WaitLine:
    """All of one line. `quiet_since` starts the hatched part in which nothing happened. `spoken` is the whole of it in
    words with long dates, for a screen reader."""

    start: date
    today: date
    today_words: str
    spoken: str
    stops: tuple[Stop, ...] = ()
    limits: tuple[Limit, ...] = ()
    quiet_since: date | None = None

    def weeks(self, day: date) -> float:
        return (day - self.start).days / 7

    @property
    def end_week(self) -> float:
        """How many weeks the line shows."""
        last = max([self.weeks(self.today), *(self.weeks(stop.day) for stop in self.stops)])
        return WEEKS if last <= WEEKS - 2 else WEEKS + 13 * (int(last + 2 - WEEKS) // 13 + 1)


class TimeLine(QWidget):
    """Draws one WaitLine. Labels above move right until they are clear of one another, and go to a second row when
    there is no room left; marks below step aside for Today."""

    def __init__(self, line: WaitLine | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line: WaitLine | None = None
        self._stops: list[Placed] = []
        self._limits: list[Placed] = []
        self.setMinimumWidth(current().px(280))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(current().px(84))
        if line is not None:
            self.show_line(line)

    def show_line(self, line: WaitLine) -> None:
        self._line = line
        self.setAccessibleName(line.spoken)
        self._place()
        self.update()

    def x_of(self, day: date) -> float:
        """Where a day lies, in pixels from the left."""
        line = self._line
        if line is None:
            return 0
        inset = current().px(8)
        week = min(max(line.weeks(day), 0), line.end_week)
        return inset + (self.width() - 2 * inset) * week / line.end_week

    def label_rects(self) -> list[QRectF]:
        """The areas of every label, for the check that none lies upon another."""
        rects = [placed.rect for placed in (*self._stops, *self._limits)]
        return [*rects, self._tag()] if self._line is not None else rects

    def _tag(self) -> QRectF:
        line = self._line
        words = line.today_words if line else ""
        return tag_rect(words, self.x_of(line.today) if line else 0, self.width(), self._axis())

    def _axis(self) -> int:
        """How far down the line itself lies."""
        rows = max((placed.row for placed in self._stops), default=0)
        return current().px(47 + 34 * rows)

    def _place(self) -> None:
        line = self._line
        if line is None:
            return
        stops = [(self.x_of(stop.day), (stop.title, stop.date_words)) for stop in line.stops]
        self._stops = place_stops(stops, self.width())
        limits = [(self.x_of(limit.day), limit.words) for limit in line.limits if 0 <= line.weeks(limit.day) <= line.end_week]
        self._limits = place_marks(limits, self.width(), self._axis(), self._tag())
        lowest = max((placed.rect.bottom() for placed in self._limits), default=0.0)
        height = max(self._axis() + current().px(37), int(lowest) + current().px(4))
        if height != self.height():
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:
        line = self._line
        if line is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axis(painter, line)
        self._paint_limits(painter)
        self._paint_today(painter, line)
        for stop, placed in zip(line.stops, self._stops, strict=True):
            self._paint_stop(painter, self.x_of(stop.day), stop.kind)
            self._paint_label(painter, placed)
        if self.hasFocus():
            outline(painter, self.rect(), current().px(6))

    def _paint_axis(self, painter: QPainter, line: WaitLine) -> None:
        theme, y = current(), self._axis()
        left, today, right = self.x_of(line.start), self.x_of(line.today), self.width() - theme.px(8)
        pen = QPen(theme.colour("edge2"), theme.px(2))
        pen.setDashPattern([1.5, 2.5])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawLine(QPointF(today, y), QPointF(right, y))
        solid = min(self.x_of(line.quiet_since), today) if line.quiet_since else today
        box(painter, QRectF(left, y - theme.px(2), max(solid - left, 0), theme.px(4)), theme.px(2), "accent")
        if line.quiet_since and today - solid > theme.px(4):
            area = QRectF(solid, y - theme.px(6), today - solid, theme.px(12))
            box(painter, area, theme.px(3), "warn_soft", "warn_line", 1)
            hatch(painter, area.adjusted(1, 1, -1, -1), "warn", theme.px(7), theme.px(1.5), theme.px(3))

    def _paint_limits(self, painter: QPainter) -> None:
        theme, y = current(), self._axis()
        painter.setFont(theme.font("caption"))
        for placed in self._limits:
            painter.setPen(QPen(theme.colour("text2"), 1))
            x = round(placed.x) + 0.5
            painter.drawLine(QPointF(x, y - theme.px(10)), QPointF(x, y + theme.px(14)))
            step = theme.px(16)
            for number, words in enumerate(placed.lines):
                area = QRectF(placed.rect.x(), placed.rect.y() + step * number, placed.rect.width(), step)
                write(painter, area, words, Centre)

    def _paint_today(self, painter: QPainter, line: WaitLine) -> None:
        theme, y, x = current(), self._axis(), self.x_of(line.today)
        painter.setPen(QPen(theme.colour("text"), theme.px(2)))
        painter.drawLine(QPointF(x, y - theme.px(12)), QPointF(x, y + theme.px(15)))
        area = self._tag()
        box(painter, area, theme.px(4), "text")
        painter.setFont(theme.font("caption_strong"))
        painter.setPen(theme.colour("card"))
        write(painter, area, line.today_words, Centre)

    def _paint_stop(self, painter: QPainter, x: float, kind: StopKind) -> None:
        theme = current()
        at, size = QPointF(x, self._axis()), theme.px(7)
        if kind == "done":
            painter.setPen(QPen(theme.colour("card"), theme.px(2)))
            painter.setBrush(theme.colour("accent"))
            painter.drawEllipse(at, size, size)
            return
        painter.setBrush(theme.colour("card"))
        pen = QPen(theme.colour(_PENS[kind]), theme.px(1.5))
        if kind == "not_booked":
            pen.setDashPattern([2, 1.6])
        painter.setPen(pen)
        painter.drawEllipse(at, size, size)
        if kind == "booked":
            box(painter, QRectF(x - theme.px(3), at.y() - theme.px(3), theme.px(6), theme.px(6)), theme.px(3), "accent")
        elif kind == "cancelled":
            icons.paint(painter, x - theme.px(5), at.y() - theme.px(5), "close", "warn_text", 10)

    def _paint_label(self, painter: QPainter, placed: Placed) -> None:
        theme = current()
        for number, words in enumerate(placed.lines):
            painter.setFont(theme.font("caption" if number else "caption_strong"))
            painter.setPen(theme.colour("text2" if number else "text"))
            area = QRectF(placed.rect.x(), placed.rect.y() + theme.px(16) * number, placed.rect.width(), theme.px(16))
            write(painter, area, words, placed.align | Middle)

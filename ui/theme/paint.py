"""The few shapes that every part of the desk is painted with."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from ui.theme.theme import current
from ui.theme.tokens import Role

RING = 5
"""Pixels that the focus ring takes on each side: 3 outside in the focus colour, 2 inside in ink."""

Middle = Qt.AlignmentFlag.AlignVCenter
Centre = Qt.AlignmentFlag.AlignCenter


def colour(value: Role | QColor) -> QColor:
    return value if isinstance(value, QColor) else current().colour(value)


def box(
    painter: QPainter,
    rect: QRect | QRectF,
    radius: float,
    fill: Role | QColor | None = None,
    line: Role | QColor | None = None,
    width: float = 1,
    style: Qt.PenStyle = Qt.PenStyle.SolidLine,
) -> None:
    """A rounded rectangle whose line lies wholly inside `rect`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(colour(fill) if fill is not None else Qt.BrushStyle.NoBrush)
    area = QRectF(rect)
    if line is None:
        painter.setPen(Qt.PenStyle.NoPen)
    else:
        painter.setPen(QPen(colour(line), width, style))
        area = area.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.drawRoundedRect(area, radius, radius)


def ring(painter: QPainter, rect: QRect, radius: float, fill: Role) -> QRect:
    """The focus ring inside `rect`, with the part's own ground in the middle; returns that middle."""
    box(painter, rect, radius, "focus")
    inner = rect.adjusted(3, 3, -3, -3)
    box(painter, inner, max(radius - 2, 2), "focus_in")
    middle = inner.adjusted(2, 2, -2, -2)
    box(painter, middle, max(radius - 3, 2), fill)
    return middle


def outline(painter: QPainter, rect: QRect, radius: float) -> None:
    """The focus ring alone, for a part whose ground is already painted."""
    box(painter, rect, radius, None, "focus", 3)
    box(painter, rect.adjusted(3, 3, -3, -3), max(radius - 2, 2), None, "focus_in", 2)


def hatch(painter: QPainter, rect: QRect | QRectF, role: Role, step: float, width: float, radius: float = 0) -> None:
    """Diagonal lines over `rect`."""
    area = QRectF(rect)
    path = QPainterPath()
    path.addRoundedRect(area, radius, radius)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(colour(role), width))
    x = area.left() - area.height()
    while x < area.right():
        painter.drawLine(round(x), round(area.bottom()) + 1, round(x + area.height()) + 1, round(area.top()))
        x += step
    painter.restore()


def shade(painter: QPainter, rect: QRect, depth: int, radius: float) -> None:
    """A soft shadow in the outermost `depth` pixels of `rect`."""
    tone = current().colour("shadow")
    for step in range(depth):
        tone.setAlpha(1 + step // 2)
        box(painter, rect.adjusted(step, step + min(3, step), -step, -step), radius + depth - step, tone)


def write(painter: QPainter, rect: QRect | QRectF, text: str, flags: Qt.AlignmentFlag | int = Middle) -> None:
    """Plain text in the painter's present font and pen."""
    painter.drawText(QRectF(rect), int(flags), text)

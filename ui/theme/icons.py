"""The desk's own icons: strokes on a 20 px grid in one colour, drawn from resources/icons and kept once drawn."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui.theme.theme import current
from ui.theme.tokens import Role

SMALL_STROKE = {10: 2.6, 12: 2.1, 14: 2.3, 16: 1.7, 18: 1.7}
"""Strokes get heavier as an icon gets smaller, so that all look the same weight."""


def names() -> tuple[str, ...]:
    """Every icon there is."""
    folder = resources.files("resources") / "icons"
    return tuple(sorted(entry.name.removesuffix(".svg") for entry in folder.iterdir() if entry.name.endswith(".svg")))


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return (resources.files("resources") / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, role: Role = "text2", size: int = 20, ratio: float = 1.0) -> QPixmap:
    """The icon in a colour of the current theme. `size` is in pixels at 100 % text; `ratio` is the screen's."""
    theme = current()
    return _draw(name, theme.colour(role).name(), theme.px(size), SMALL_STROKE.get(size, 1.5), ratio)


@lru_cache(maxsize=1024)
def _draw(name: str, colour: str, pixels: int, stroke: float, ratio: float) -> QPixmap:
    svg = _source(name).replace("currentColor", colour).replace('stroke-width="1.5"', f'stroke-width="{stroke}"')
    drawn = QPixmap(round(pixels * ratio), round(pixels * ratio))
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(QColor(Qt.GlobalColor.transparent))
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return drawn


def paint(painter: QPainter, x: float, y: float, name: str, role: Role = "text2", size: int = 20) -> None:
    """Draws the icon with its left upper corner there."""
    painter.drawPixmap(round(x), round(y), pixmap(name, role, size, painter.device().devicePixelRatio()))


def icon(name: str, role: Role = "text2", size: int = 20) -> QIcon:
    """The icon for a stock action or window."""
    return QIcon(pixmap(name, role, size, 2.0))

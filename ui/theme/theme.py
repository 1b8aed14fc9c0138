"""The theme in use: tokens, text scale, and the sizes, fonts and colours made of them.

One theme is in use in the whole program. `use()` sets it once, before any widget is made; widgets ask `current()`
when they are made and when they paint. Nothing else is kept here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QColor, QFont, QFontMetrics
from PySide6.QtWidgets import QApplication

from ui.theme import fonts, stylesheet
from ui.theme.fonts import STYLES, Style
from ui.theme.tokens import LIGHT, Role, Tokens


@dataclass(frozen=True)
class Theme:
    """`scale` is the text scale, 1.0 to 2.0: type, icons, controls and lines grow with it, spacing by four tenths of it."""

    tokens: Tokens = LIGHT
    scale: float = 1.0

    def px(self, size: float) -> int:
        """A length that grows with the text, in whole pixels; never less than one, unless it is none."""
        return max(1, round(size * self.scale)) if size else 0

    def space(self, size: float) -> int:
        """A distance between things, in whole pixels."""
        return round(size * (1 + (self.scale - 1) * 0.4))

    def colour(self, role: Role) -> QColor:
        return QColor(getattr(self.tokens, role))

    def font(self, style: Style, weight: int | None = None) -> QFont:
        return _font(style, self.scale, weight)

    def line(self, style: Style) -> int:
        """The height of one line of that style."""
        return self.px(STYLES[style].line)

    def width_of(self, text: str, style: Style, weight: int | None = None) -> int:
        """How wide the words are drawn in that style."""
        return _metrics(style, self.scale, weight).horizontalAdvance(text)


@lru_cache(maxsize=256)
def _font(style: Style, scale: float, weight: int | None) -> QFont:
    return fonts.make(style, scale, weight)


@lru_cache(maxsize=256)
def _metrics(style: Style, scale: float, weight: int | None) -> QFontMetrics:
    return QFontMetrics(_font(style, scale, weight))


class _InUse:
    theme = Theme()


def use(theme: Theme, application: QApplication) -> None:
    """Puts the theme on the application: Fusion style, fonts, palette and the stylesheet of the stock inputs."""
    fonts.load()
    _InUse.theme = theme
    application.setStyle("Fusion")
    application.setFont(theme.font("body"))
    application.setPalette(stylesheet.palette(theme.tokens))
    application.setStyleSheet(stylesheet.build(theme.tokens, theme.px))


def current() -> Theme:
    """The theme in use; the light one at 100 % until `use` was called."""
    return _InUse.theme

"""The desk's type: Inter and Inter Display from the program's own files, with figures of one width."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFont, QFontDatabase

TEXT_FAMILY = "Inter"
DISPLAY_FAMILY = "Inter Display"
WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")

Style = Literal[
    "figure", "display", "screen", "name", "title", "heading", "say", "crisis_say", "query", "body", "medium", "strong",
    "small", "small_medium", "small_strong", "caption", "caption_medium", "caption_strong", "key",
]  # fmt: skip


@dataclass(frozen=True)
class TextStyle:
    """Size and line height in pixels at 100 %, and the weight."""

    size: int
    weight: int
    line: int


STYLES: dict[Style, TextStyle] = {
    "figure": TextStyle(34, 600, 40),
    "display": TextStyle(26, 600, 32),
    "screen": TextStyle(22, 600, 28),
    "name": TextStyle(21, 600, 28),
    "title": TextStyle(18, 600, 24),
    "heading": TextStyle(16, 600, 22),
    "say": TextStyle(17, 400, 25),
    "crisis_say": TextStyle(21, 400, 28),
    "query": TextStyle(20, 500, 28),
    "body": TextStyle(14, 400, 20),
    "medium": TextStyle(14, 500, 20),
    "strong": TextStyle(14, 600, 20),
    "small": TextStyle(13, 400, 18),
    "small_medium": TextStyle(13, 500, 18),
    "small_strong": TextStyle(13, 600, 18),
    "caption": TextStyle(12, 400, 16),
    "caption_medium": TextStyle(12, 500, 16),
    "caption_strong": TextStyle(12, 600, 16),
    "key": TextStyle(12, 500, 16),
}
DISPLAY_FROM = 22
"""From this size on the display cut of the family is used. It has no tabular figures: titles and figures that stand alone."""


@lru_cache(maxsize=1)
def load() -> tuple[str, ...]:
    """Registers the bundled fonts with Qt once and returns the families found. Needs an application."""
    folder = resources.files("resources") / "fonts"
    families: set[str] = set()
    for family in ("Inter", "InterDisplay"):
        for weight in WEIGHTS:
            data = (folder / f"{family}-{weight}.otf").read_bytes()
            number = QFontDatabase.addApplicationFontFromData(QByteArray(data))
            families.update(QFontDatabase.applicationFontFamilies(number))
    return tuple(sorted(families))


def make(style: Style, scale: float, weight: int | None = None) -> QFont:
    """The font of a style at a text scale, with tabular figures."""
    look = STYLES[style]
    font = QFont(DISPLAY_FAMILY if look.size >= DISPLAY_FROM else TEXT_FAMILY)
    font.setPixelSize(max(12, round(look.size * scale)))
    font.setWeight(QFont.Weight(weight or look.weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font

"""Colours by role, type and icons."""

from __future__ import annotations

import dataclasses
import re
from importlib import resources
from pathlib import Path
from typing import get_args

import pytest
from PySide6.QtGui import QColor, QFontInfo

import ui
from ui.theme import fonts, icons
from ui.theme.theme import Theme, current
from ui.theme.tokens import LIGHT, Role

PAIRS = [
    ("bar_text", "bar"), ("bar_text2", "bar"), ("bar_text", "bar_field"), ("bar_text2", "bar_field"),
    ("text", "page"), ("text", "card"), ("text", "sunken"), ("text", "hover"), ("text2", "page"), ("text2", "card"),
    ("text2", "sunken"), ("text2", "hover"), ("text3", "card"), ("text3", "neutral_soft"), ("text", "accent_soft"),
    ("text2", "accent_soft"),
    ("on_accent", "accent"), ("on_accent", "accent_h"), ("accent_text", "card"), ("accent_text", "accent_soft"), ("accent_text", "page"),
    ("text", "banner"), ("text2", "banner"), ("text", "banner2"), ("text2", "banner2"), ("text", "deceased"), ("text2", "deceased"),
    ("ok_text", "ok_soft"), ("ok", "card"), ("warn_text", "warn_soft"), ("text", "warn_soft"), ("bad_text", "bad_soft"),
    ("bad_text", "card"),
    ("on_bad", "bad"), ("on_bad", "bad_text"), ("info_text", "info_soft"), ("neutral_text", "neutral_soft"), ("card", "text"),
    ("on_crisis", "crisis_999"), ("on_crisis", "crisis_111"), ("on_crisis", "crisis_111_2"), ("practice_text", "practice"),
]  # fmt: skip


def _light(colour: str) -> float:
    parts = [QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF()]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Source: WCAG 2.2, contrast ratio."""
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_words_stand_out_from_their_ground(ink: str, ground: str) -> None:
    assert contrast(getattr(LIGHT, ink), getattr(LIGHT, ground)) >= 4.5


def test_the_line_of_an_input_stands_out() -> None:
    assert contrast(LIGHT.field_edge, LIGHT.card) >= 3


def test_every_role_has_a_value_and_every_value_is_a_colour() -> None:
    values = {field.name for field in dataclasses.fields(LIGHT)} - {"name", "line"}
    assert values == set(get_args(Role))
    assert all(QColor(getattr(LIGHT, name)).isValid() for name in values)


def test_the_bundled_fonts_are_the_ones_in_use(light_theme: None) -> None:
    assert {"Inter", "Inter Display"} <= set(fonts.load())
    assert QFontInfo(current().font("body")).family() == "Inter"
    assert QFontInfo(current().font("display")).family() == "Inter Display"


def test_figures_have_one_width() -> None:
    theme = current()
    for style in (style for style, look in fonts.STYLES.items() if look.size < fonts.DISPLAY_FROM):
        assert theme.width_of("111111", style) == theme.width_of("888888", style), style


def test_nothing_is_set_smaller_than_twelve_pixels() -> None:
    assert min(style.size for style in fonts.STYLES.values()) >= 12


def test_the_text_scale_grows_type_wholly_and_space_less() -> None:
    large = Theme(scale=2.0)
    assert (large.px(36), large.space(16), large.font("body").pixelSize()) == (72, 22, 28)


def test_every_icon_draws_in_the_colour_asked_for() -> None:
    for name in icons.names():
        image = icons.pixmap(name, "bad", 40).toImage()
        inked = [image.pixelColor(x, y) for x in range(40) for y in range(40) if image.pixelColor(x, y).alpha() > 250]
        assert inked, name
        assert all(colour.red() > 180 and colour.blue() < 60 for colour in inked), name


def test_icons_hold_no_colour_of_their_own() -> None:
    for entry in (resources.files("resources") / "icons").iterdir():
        if entry.name.endswith(".svg"):
            assert re.findall(r'(?:stroke|fill)="([^"]+)"', entry.read_text(encoding="utf-8")) == ["none", "currentColor"], entry.name


def test_no_widget_names_a_colour_itself() -> None:
    root = Path(ui.__file__).parent
    files = [file for file in root.rglob("*.py") if file.name != "tokens.py"]
    named = [file.name for file in files if re.search(r"#[0-9a-fA-F]{6}\b", file.read_text(encoding="utf-8"))]
    assert len(files) > 20
    assert named == []

"""The palette, and the one stylesheet, for the inputs that Qt draws itself."""

from __future__ import annotations

from collections.abc import Callable
from string import Template

from PySide6.QtGui import QColor, QPalette

from ui.theme.tokens import Tokens

_SHEET = Template("""
QLineEdit, QPlainTextEdit {
    border: none; background: transparent; color: $text; placeholder-text-color: $text2;
    selection-background-color: $accent; selection-color: $on_accent;
}
QComboBox { border: none; background: transparent; color: $text; combobox-popup: 0; }
QComboBox::drop-down { border: none; width: 0; }
QComboBox QAbstractItemView {
    border: ${line}px solid $field_edge; background: $raised; color: $text; outline: none; padding: ${pad}px;
    selection-background-color: $accent_soft; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: ${row}px; padding: 0 ${inset}px; border-radius: ${radius}px; }
QComboBox QAbstractItemView::item:selected { background: $accent_soft; color: $text; }
QMenu { background: $raised; color: $text; border: ${line}px solid $field_edge; padding: ${pad}px; }
QMenu::item { padding: ${inset}px ${wide}px; border-radius: ${radius}px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $text3; }
QMenu::separator { height: 1px; background: $edge; margin: ${pad}px; }
QToolTip { background: $text; color: $card; border: none; padding: ${inset}px; font-size: ${tip}px; }
QScrollBar:vertical { width: ${bar}px; background: transparent; margin: 0; }
QScrollBar::handle:vertical { background: $edge2; border-radius: ${thumb}px; min-height: ${handle}px; margin: 0 1px; }
QScrollBar::handle:vertical:hover { background: $text3; }
QScrollBar:horizontal { height: ${bar}px; background: transparent; margin: 0; }
QScrollBar::handle:horizontal { background: $edge2; border-radius: ${thumb}px; min-width: ${handle}px; margin: 1px 0; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
""")


def build(tokens: Tokens, px: Callable[[float], int]) -> str:
    """The stylesheet of a theme at a scale. The frames of the inputs are painted by ui/widgets, not here."""
    sizes = {"pad": 4, "row": 32, "inset": 8, "wide": 16, "radius": 4, "tip": 13, "bar": 8, "thumb": 3, "handle": 40}
    colours = {name: value for name, value in vars(tokens).items() if isinstance(value, str)}
    return _SHEET.substitute(colours, line=tokens.line, **{name: str(px(size)) for name, size in sizes.items()})


def palette(tokens: Tokens) -> QPalette:
    """The colours that Qt's own drawing takes: selection, links, placeholders, window ground."""
    roles = QPalette.ColorRole
    chosen = {
        roles.Window: tokens.page,
        roles.WindowText: tokens.text,
        roles.Base: tokens.card,
        roles.AlternateBase: tokens.sunken,
        roles.Text: tokens.text,
        roles.Button: tokens.card,
        roles.ButtonText: tokens.text,
        roles.Highlight: tokens.accent,
        roles.HighlightedText: tokens.on_accent,
        roles.PlaceholderText: tokens.text2,
        roles.Link: tokens.accent_text,
        roles.ToolTipBase: tokens.text,
        roles.ToolTipText: tokens.card,
    }
    made = QPalette()
    for role, value in chosen.items():
        made.setColor(role, QColor(value))
    return made

"""What the tests of the window share: the theme, a shown widget, and no word from Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from ui.theme import theme

ALLOWED = "This plugin does not support "


@pytest.fixture(autouse=True)
def light_theme(qapp: QApplication) -> None:
    """Every test sees the light theme at 100 %."""
    theme.use(theme.Theme(), qapp)


@pytest.fixture(autouse=True)
def no_word_from_qt(qtlog: Any) -> Iterator[None]:
    """A message of Qt fails the test; what the offscreen platform says of itself is not about us."""
    yield
    said = [record.message for record in qtlog.records if not record.message.startswith(ALLOWED)]
    assert said == []


@pytest.fixture
def shown(qtbot: Any) -> Callable[..., QWidget]:
    """Shows a widget in an active window and waits until it is there; it is kept until the test ends."""
    kept: list[QWidget] = []

    def show(widget: QWidget, width: int = 0, height: int = 0) -> QWidget:
        qtbot.addWidget(widget)
        kept.append(widget)
        if width:
            widget.resize(width, height or widget.sizeHint().height())
        widget.show()
        qtbot.waitExposed(widget)
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)
        return widget

    return show

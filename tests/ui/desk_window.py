"""The real window on a made-up desk, and everything that can be read off it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from helpdesk.access.model import Role, Session, Staff
from helpdesk.start import Start
from tests.fakes import CHOICES, FakeDesk, FakePeople, HandClock
from ui.app import DeskWindow
from ui.call_desk.phase import Phase


@dataclass
class FakeWorkstation:
    session: Session
    clock: Any
    calls: Any
    people: Any
    dispositions: Any = CHOICES
    profile: str = "practice"
    organisation_name: str = "Example helpdesk"
    connections: Any = None
    smartcard: Any = None
    stuck: Any = None


class FakeDoor:
    """Opens onto one made-up desk, in any role."""

    def __init__(self, roles: tuple[Role, ...] = (Role.HANDLER, Role.SUPERVISOR), *, first: bool = False) -> None:
        self.clock = HandClock()
        self.desk, self.people = FakeDesk(self.clock), FakePeople()
        self.roles, self.needs_first_account = roles, first
        self.entered: list[Any] = []
        self.connections: dict[Role, Any] = {}
        self.stuck: dict[Role, Any] = {}
        self.error: Exception | None = None
        self.closed = False

    def enter(self, role: Role) -> FakeWorkstation:
        self.entered.append(role)
        staff = Staff("s1", "handler", "A. Handler", frozenset(Role))
        session = Session("session", staff, role, "desk-1", "XICB", datetime(2026, 11, 20, tzinfo=UTC))
        return FakeWorkstation(
            session, self.clock, self.desk, self.people, connections=self.connections.get(role), stuck=self.stuck.get(role)
        )

    def sign_in(self, login: str, password: str) -> FakeWorkstation:
        self.entered.append((login, password))
        if self.error is not None:
            raise self.error
        return self.enter(Role.HANDLER)

    def make_first_account(self, login: str, name: str, password: str) -> FakeWorkstation:
        return self.sign_in(login, password)

    def close(self) -> None:
        self.closed = True


def start_in(folder: Path, kind: str = "practice") -> Start:
    return Start(kind, kind, folder)


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key, wherever the keyboard is."""
    target = QApplication.focusWidget() or QApplication.activeWindow()
    assert target is not None
    QTest.keyClick(target, key, modifier)


def type_in(text: str) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, text)


def wait_phase(qtbot: Any, desk: DeskWindow, phase: Phase) -> None:
    qtbot.waitUntil(lambda: desk.screen.presenters is not None and desk.screen.presenters.call.phase is phase)


def readable(window: QWidget) -> Iterator[tuple[str, str]]:
    """Every text in the window, seen or not: (what holds it, the text)."""
    yield "title", window.windowTitle()
    for widget in [window, *window.findChildren(QWidget)]:
        kind = type(widget).__name__
        for read in ("text", "toolTip", "accessibleName", "accessibleDescription", "placeholderText", "whatsThis", "statusTip"):
            getter: Callable[[], Any] | None = getattr(widget, read, None)
            value = getter() if callable(getter) else None
            if isinstance(value, str) and value:
                yield f"{kind}.{read}", value
        yield from _held(widget, kind)
    clipboard = QApplication.clipboard().text()
    if clipboard:
        yield "clipboard", clipboard


def _held(widget: QWidget, kind: str) -> Iterator[tuple[str, str]]:
    if isinstance(widget, QLineEdit) and widget.isUndoAvailable():
        yield f"{kind}.undo", "there is something to undo"
    if isinstance(widget, QPlainTextEdit):
        yield kind, widget.toPlainText()
    if isinstance(widget, QComboBox):
        yield from ((kind, widget.itemText(n)) for n in range(widget.count()))
    if isinstance(widget, QAbstractItemView):
        yield from ((kind, text) for text in _rows(widget.model()))


def _rows(model: QAbstractItemModel | None) -> Iterator[str]:
    if model is None:
        return
    for number in range(model.rowCount()):
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.UserRole):
            yield str(model.index(number, 0).data(role) or "")

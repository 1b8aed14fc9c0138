"""The real window over a day of calls: nothing of the last caller is left, no key goes where it should not, no word is lost."""

from __future__ import annotations

import threading
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from helpdesk.access.model import Role
from helpdesk.callers.model import CallerKind
from helpdesk.errors import StorageError
from tests.ui.desk_window import FakeDoor, press, type_in, wait_phase
from tests.ui.test_call_desk_window import Alt, Ctrl, Key, _to_search, _to_verify, desk, door
from ui.app import DeskWindow
from ui.call_desk.phase import Phase

__all__ = ["desk", "door"]


def _end(qtbot: Any, desk: DeskWindow) -> None:
    p = desk.screen.presenters
    assert p is not None
    qtbot.waitUntil(lambda: p.current.draft is not None)
    for field, code in (("reason", "other"), ("outcome", "answered"), ("next_action", "resolved")):
        p.notes.chosen(field, code)
    p.call.finish()
    wait_phase(qtbot, desk, Phase.IDLE)


def test_nothing_of_the_last_call_can_be_brought_back_by_undo(qtbot: Any, desk: DeskWindow) -> None:
    _to_search(qtbot, desk)
    box, notes = desk.screen.room.search.box, desk.screen.room.notes.notes.edit
    box.selectAll()
    press(Key.Key_Backspace)
    press(Key.Key_T, Alt)
    type_in("x")
    press(Key.Key_Backspace)
    assert box.isUndoAvailable()
    assert notes.document().isUndoAvailable()
    _end(qtbot, desk)
    assert not box.isUndoAvailable()
    assert not notes.document().isUndoAvailable()


def test_where_the_caller_is_goes_into_the_notes_and_not_to_the_next_caller(qtbot: Any, desk: DeskWindow, door: FakeDoor) -> None:
    press(Key.Key_F2)
    wait_phase(qtbot, desk, Phase.SEARCH)
    press(Key.Key_F12)
    qtbot.waitUntil(desk.window.safety.place.hasFocus)
    type_in("1 Mill Lane")
    press(Key.Key_1, Ctrl)
    QTest.keyClick(desk.window.safety.place, Key.Key_Escape)
    assert desk.screen.room.notes.notes.text() == "Where they are: 1 Mill Lane"
    _end(qtbot, desk)
    assert door.desk.saved[0].notes == "Where they are: 1 Mill Lane"
    press(Key.Key_F2)
    press(Key.Key_F12)
    assert desk.window.safety.place.text() == desk.window.safety.number.text() == ""
    assert not desk.window.safety.acts["999"].text().startswith("Noted")


def test_a_record_that_opens_while_notes_are_written_does_not_take_the_keyboard(qtbot: Any, desk: DeskWindow, door: FakeDoor) -> None:
    opens, go = door.desk.open_patient, threading.Event()

    def slowly(*words: Any) -> Any:
        go.wait(10)
        return opens(*words)

    door.desk.open_patient = slowly  # type: ignore[method-assign]
    _to_search(qtbot, desk)
    press(Key.Key_Down)
    press(Key.Key_Return)
    press(Key.Key_T, Alt)
    qtbot.waitUntil(desk.screen.room.notes.notes.edit.hasFocus)
    type_in("She is ")
    go.set()
    wait_phase(qtbot, desk, Phase.VERIFY)
    type_in("breathless")
    assert desk.screen.room.notes.notes.text() == "She is breathless"


def test_the_reason_for_breaking_the_glass_is_in_sight(qtbot: Any, desk: DeskWindow) -> None:
    desk.window.showNormal()
    desk.window.resize(1280, 760)
    _to_verify(qtbot, desk)
    press(Key.Key_B, Ctrl)
    side, area = desk.screen.room.verify_side, desk.screen.room._upper.viewport()
    qtbot.waitUntil(side.reason.line.hasFocus)
    qtbot.waitUntil(lambda: side.see.mapTo(area, QPoint(0, side.see.height())).y() <= area.height() + 1)


def test_who_is_on_the_line_is_said_by_keyboard(qtbot: Any, desk: DeskWindow) -> None:
    desk.window.showNormal()
    desk.window.resize(1280, 760)
    _to_verify(qtbot, desk)
    press(Key.Key_F7)
    qtbot.waitUntil(desk.screen.room.notes.notes.edit.hasFocus)
    press(Key.Key_C, Alt)
    press(Key.Key_Right)
    p = desk.screen.presenters
    assert p is not None
    qtbot.waitUntil(lambda: p.current.opened is not None and p.current.opened.verification.caller is CallerKind.SOMEONE_ELSE)


def test_a_window_with_words_that_cannot_be_saved_does_not_close_at_once(qtbot: Any, desk: DeskWindow, door: FakeDoor) -> None:
    press(Key.Key_F2)
    wait_phase(qtbot, desk, Phase.SEARCH)
    qtbot.waitUntil(lambda: desk.screen.presenters is not None and desk.screen.presenters.current.draft is not None)
    door.desk.errors["keep"] = StorageError("The disk is full.")
    press(Key.Key_T, Alt)
    type_in("words")
    assert not desk.window.close()
    assert desk.window.isVisible()
    door.desk.errors.clear()
    qtbot.waitUntil(lambda: bool(door.desk.kept) and door.desk.kept[-1].notes == "words")
    assert desk.window.close()


def test_a_call_begun_while_the_role_changes_is_not_dropped(qtbot: Any, desk: DeskWindow, door: FakeDoor) -> None:
    enters, go = door.enter, threading.Event()

    def slowly(role: Role) -> Any:
        go.wait(10)
        return enters(role)

    door.enter = slowly  # type: ignore[method-assign]
    before = desk.screen.presenters
    desk.window.call_bar.staff_menu.actions()[-1].trigger()
    press(Key.Key_F2)
    wait_phase(qtbot, desk, Phase.SEARCH)
    entered = len(door.entered)
    go.set()
    qtbot.waitUntil(lambda: len(door.entered) > entered)
    press(Key.Key_T, Alt)
    type_in("still here")
    qtbot.waitUntil(lambda: bool(door.desk.kept) and door.desk.kept[-1].notes == "still here")
    assert desk.screen.presenters is before


def test_the_window_fits_a_small_screen_with_the_bar_of_its_window_manager(desk: DeskWindow) -> None:
    assert desk.window.minimumHeight() <= 660
    assert desk.window.minimumSizeHint().height() <= 660

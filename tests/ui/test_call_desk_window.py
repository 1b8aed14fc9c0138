"""One call through the real window, by keyboard, and what may never be read off it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from helpdesk.access.model import Role
from helpdesk.callers.model import Item
from helpdesk.calls.model import CallDraft
from helpdesk.errors import RuleBroken, StorageError
from tests.fakes import NUMBERS, HandRunner, HandScheduler, numbers_in
from tests.ui.desk_window import FakeDoor, press, readable, start_in, type_in, wait_phase
from ui.app import DeskWindow
from ui.call_desk.phase import Phase
from ui.call_desk.together import Services
from ui.single import hand_over, phone_in

Key, Ctrl, Alt = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def door() -> FakeDoor:
    return FakeDoor()


@pytest.fixture
def desk(qtbot: Any, tmp_path: Path, door: FakeDoor, monkeypatch: pytest.MonkeyPatch) -> Iterator[DeskWindow]:
    monkeypatch.setattr("ui.excepthook.BugHook.install", lambda _self: None)
    made = DeskWindow(start_in(tmp_path))
    qtbot.addWidget(made.window)
    made.open(lambda: door)
    qtbot.waitExposed(made.window)
    made.window.activateWindow()
    wait_phase(qtbot, made, Phase.IDLE)
    yield made
    made.close()


def _texts(desk: DeskWindow) -> str:
    return "\n".join(text for _, text in readable(desk.window))


def _to_search(qtbot: Any, desk: DeskWindow) -> None:
    press(Key.Key_F2)
    wait_phase(qtbot, desk, Phase.SEARCH)
    qtbot.waitUntil(desk.screen.room.search.box.hasFocus)
    type_in("smith 1950")
    qtbot.waitUntil(lambda: desk.screen.room.search.model.rowCount() == len(NUMBERS))


def _to_verify(qtbot: Any, desk: DeskWindow) -> None:
    _to_search(qtbot, desk)
    press(Key.Key_Down)
    press(Key.Key_Return)
    wait_phase(qtbot, desk, Phase.VERIFY)


def _to_status(qtbot: Any, desk: DeskWindow, door: FakeDoor) -> None:
    _to_verify(qtbot, desk)
    for _ in range(2):
        before = door.desk.acts.count("try_item")
        qtbot.waitUntil(lambda: type(QApplication.focusWidget()).__name__ == "Line")
        type_in("right")
        press(Key.Key_Return)
        qtbot.waitUntil(lambda n=before: door.desk.acts.count("try_item") > n)
        qtbot.waitUntil(lambda: not desk.screen.presenters.verification._waiting)  # type: ignore[union-attr]
    wait_phase(qtbot, desk, Phase.STATUS)
    qtbot.waitUntil(lambda: "Trauma and orthopaedics" in _texts(desk))


def test_a_whole_call_by_keyboard(qtbot: Any, desk: DeskWindow, door: FakeDoor) -> None:
    _to_status(qtbot, desk, door)
    press(Key.Key_T, Alt)
    type_in("Worried she was forgotten.")
    qtbot.waitUntil(lambda: bool(door.desk.kept) and door.desk.kept[-1].notes == "Worried she was forgotten.", timeout=2000)
    press(Key.Key_F9)
    wait_phase(qtbot, desk, Phase.SIGNPOST)
    ticks = desk.screen.room.signpost
    qtbot.waitUntil(lambda: bool(ticks._channels) and ticks._channels[0].isVisible())
    ticks._channels[0].setFocus()
    qtbot.waitUntil(lambda: ticks._channels[0].hasFocus())
    press(Key.Key_Space)
    press(Key.Key_Return, Ctrl)
    wait_phase(qtbot, desk, Phase.STATUS)
    press(Key.Key_Return, Ctrl)
    qtbot.waitUntil(desk.screen.room.notes.fields["reason"].hasFocus)
    press(Key.Key_Down)
    press(Key.Key_Tab)
    press(Key.Key_Down)
    press(Key.Key_F8)
    press(Key.Key_Return, Ctrl)
    qtbot.waitUntil(lambda: len(door.desk.saved) == 1)
    wait_phase(qtbot, desk, Phase.IDLE)
    (saved,) = door.desk.saved
    assert (saved.patient, saved.disposition.next_action) == (NUMBERS[0], "desk_rings_back")
    assert [s.channel for s in saved.signposts] == ["sms"]
    assert "Saved at 14:02" in _texts(desk)


def test_before_the_check_nothing_of_the_status_is_in_any_widget(qtbot: Any, desk: DeskWindow) -> None:
    _to_verify(qtbot, desk)
    texts = _texts(desk)
    assert "PERSON 9000000009" in texts
    for secret in ("Trauma", "37", "Fenmoor", "forgotten", "about 9"):
        assert secret not in texts


def test_after_wrong_person_nothing_of_theirs_is_left_anywhere(qtbot: Any, desk: DeskWindow, door: FakeDoor) -> None:
    _to_status(qtbot, desk, door)
    press(Key.Key_P, Alt)
    wait_phase(qtbot, desk, Phase.SEARCH)
    left = [(where, text) for where, text in readable(desk.window) if numbers_in(text) or "Trauma" in text or "Fenmoor" in text]
    assert left == []


def test_after_the_call_nothing_of_the_patient_is_left_anywhere(qtbot: Any, desk: DeskWindow, door: FakeDoor) -> None:
    _to_status(qtbot, desk, door)
    assert desk.screen.presenters is not None
    for field, code in (("reason", "wl_position"), ("outcome", "answered"), ("next_action", "resolved")):
        desk.screen.presenters.notes.chosen(field, code)
    press(Key.Key_Return, Ctrl)
    wait_phase(qtbot, desk, Phase.IDLE)
    left = [(where, text) for where, text in readable(desk.window) if numbers_in(text) or "Trauma" in text or "smith" in text.lower()]
    assert left == []


def test_what_the_caller_said_is_not_kept_in_the_field_nor_in_its_undo(qtbot: Any, desk: DeskWindow, door: FakeDoor) -> None:
    _to_verify(qtbot, desk)
    type_in("wrong answer")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: "No match" in [text for _, text in readable(desk.screen.room.verify)])
    assert "try_item" in door.desk.acts
    for _ in range(2):
        assert all("wrong answer" not in text for _, text in readable(desk.screen.room.verify))
        press(Key.Key_Z, Ctrl)
    assert not any(line.line.isUndoAvailable() for line in desk.screen.room.verify._lines.values())


def test_the_title_never_says_who_is_open(qtbot: Any, desk: DeskWindow, door: FakeDoor) -> None:
    _to_status(qtbot, desk, door)
    assert desk.window.windowTitle() == "Nerve Centre"


def test_no_row_is_chosen_beforehand_and_enter_in_the_box_asks_pds(qtbot: Any, desk: DeskWindow, door: FakeDoor) -> None:
    _to_search(qtbot, desk)
    assert not desk.screen.room.search.people.currentIndex().isValid()
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: ("exact", "smith 1950") in [asked[:2] for asked in door.people.asked])
    assert "open_patient" not in door.desk.acts


@pytest.mark.parametrize("key", [Key.Key_K, Key.Key_Return])
def test_the_desks_keys_never_change_what_was_typed(qtbot: Any, desk: DeskWindow, key: Qt.Key) -> None:
    _to_search(qtbot, desk)
    press(Key.Key_T, Alt)
    type_in("first line")
    press(Key.Key_Home)
    press(key, Ctrl)
    assert desk.screen.room.notes.notes.text() == "first line"


def test_a_call_left_by_a_killed_program_is_offered_and_goes_on(qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.excepthook.BugHook.install", lambda _self: None)
    door = FakeDoor()
    door.desk.drafts = (CallDraft("old", door.clock.now(), "07700 900123", NUMBERS[1], "what she said"),)
    made = DeskWindow(start_in(tmp_path))
    qtbot.addWidget(made.window)
    made.open(lambda: door)
    qtbot.waitUntil(made.screen.room.unfinished.isVisible)
    made.window.activateWindow()
    press(Key.Key_R, Alt)
    qtbot.waitUntil(lambda: made.screen.room.notes.notes.text() == "what she said")
    assert made.screen.room.search_side.reopen_button.isVisible()
    made.close()


def test_why_the_desk_cannot_open_is_said_in_the_window(qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.excepthook.BugHook.install", lambda _self: None)

    def broken() -> Any:
        raise StorageError("The database is damaged.")

    made = DeskWindow(start_in(tmp_path))
    qtbot.addWidget(made.window)
    made.open(broken)
    assert made.window.isVisible(), "at once, before anything is opened"
    qtbot.waitUntil(lambda: "The database is damaged." in made.screen.room.opening.words())
    assert made.window.isVisible()
    made.close()


def test_the_telephone_system_starts_a_call_when_idle(qtbot: Any, desk: DeskWindow, door: FakeDoor, tmp_path: Path) -> None:
    assert hand_over(tmp_path, {"from": "07700 900123"})
    wait_phase(qtbot, desk, Phase.SEARCH)
    qtbot.waitUntil(lambda: desk.screen.presenters is not None and desk.screen.presenters.current.draft is not None)
    assert desk.window.call_bar.pill.words()[2] == "07700 900123"


def test_nobody_is_listening_where_no_window_is_open(tmp_path: Path) -> None:
    assert not hand_over(tmp_path / "elsewhere", {})


@pytest.mark.parametrize("message", [{}, {"from": 7}, {"from": "<b>x</b>"}, {"from": "1" * 40}, [], "x", None])
def test_a_message_without_a_number_starts_no_call(message: object) -> None:
    assert phone_in(message) == ""


def test_another_role_can_be_picked_between_calls_only(qtbot: Any, desk: DeskWindow, door: FakeDoor) -> None:
    pick = desk.window.call_bar.staff_menu.actions()[1]
    assert pick.text() == "Work as supervisor"
    press(Key.Key_F2)
    wait_phase(qtbot, desk, Phase.SEARCH)
    pick.trigger()
    assert door.entered == [Role.HANDLER]
    assert "A call is being taken." in _texts(desk)


def test_live_asks_who_is_there_and_says_what_is_wrong_plainly(qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.excepthook.BugHook.install", lambda _self: None)
    door = FakeDoor(roles=())
    door.error = RuleBroken("Login or password is not right.", field="password")
    made = DeskWindow(start_in(tmp_path, "live"))
    qtbot.addWidget(made.window)
    made.open(lambda: door)
    qtbot.waitUntil(made.sign_in.isVisible)
    made.sign_in.login.set_text("ahandler")
    made.sign_in.password.set_text("not it")
    made.sign_in.button.click()
    qtbot.waitUntil(lambda: made.sign_in.password.error() == "Login or password is not right.")
    assert made.sign_in.password.text() == ""
    door.error = None
    made.sign_in.password.set_text("it")
    made.sign_in.button.click()
    wait_phase(qtbot, made, Phase.IDLE)
    made.close()


def test_no_widget_ever_shows_one_person_under_anothers_name(qtbot: Any, desk: DeskWindow, door: FakeDoor) -> None:
    """Answers come late and in any order; after each of them every widget of the window is read."""
    runner = HandRunner()
    desk.screen.detach()
    desk.screen.attach(Services(door.desk, door.people, desk.workstation.dispositions, runner, HandScheduler(door.clock), door.clock))  # type: ignore[union-attr]
    p = desk.screen.presenters
    assert p is not None
    pick = random.Random(7)
    acts = [
        lambda: p.search.chosen(pick.randrange(4)),
        lambda: p.search.chosen(pick.randrange(4)),
        lambda: p.verification.said(Item.DATE_OF_BIRTH, "right"),
        lambda: p.verification.said(Item.POSTCODE, "right"),
        lambda: p.verification.said(Item.HOSPITAL_NUMBER, "right"),
        p.call.wrong_person,
        p.call.signpost,
        p.call.history,
        p.call.back,
    ]
    p.call.new_call()
    runner.all()
    p.search.typed("smith")
    read = 0
    for _ in range(900):
        if runner.tasks and pick.random() < 0.7:
            runner.step(pick)
        else:
            pick.choice(acts)()
        if not p.search._numbers and p.call.phase is Phase.SEARCH:
            p.search.begun()
        banner = desk.window.banner.shown
        allowed = {banner.number.value} if banner else set()
        for where, text in readable(desk.window):
            assert numbers_in(text) <= allowed, f"{where} names somebody who is not open"
        read += bool(allowed)
    assert read > 300
    assert p.dropped > 20


def test_none_found_is_never_said_beside_a_pathway(qtbot: Any, desk: DeskWindow, door: FakeDoor) -> None:
    _to_status(qtbot, desk, door)
    page = desk.screen.room.status
    qtbot.waitUntil(lambda: not page._waiting)
    assert page._shown
    assert not page._none_card.isVisible()
    page._shown = ()
    page._show_waiting()
    assert page._none_card.isVisible(), "and is said when every source has answered and nothing was found"

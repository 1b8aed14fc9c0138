"""The settings screen of connections: every kind of setting can be typed, nothing is cut off, no secret is ever shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from helpdesk.access.model import Role
from helpdesk.desk.connections import FieldType, Form, FormField, Group, Kind, SecretField, Secrets, Tried
from tests.fakes_connections import FakeConnections
from tests.ui.desk_window import FakeDoor, start_in
from tests.ui.looking import has_ring, nothing_cut_off
from ui.app import DeskWindow
from ui.keys import Act, KeyMap
from ui.settings.connections.model import Row, Shown, Typed
from ui.settings.connections.rows import SecretRow
from ui.settings.connections.view import ConnectionsPage
from ui.shell.window import MainWindow

SIZES = [(1024, 700), (1280, 800), (1440, 900)]
LONG = "What it is, told at some length so that it goes over more than one line wherever there is little room for it"
PEM = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"
WAYS = (("none", "None"), ("api_key", "API key"), ("signed_jwt", "Signed JWT"), ("cis2", "CIS2"), ("smart", "SMART"))


def made(name: str, kind: FieldType, group: Group, value: str = "", **more: Any) -> FormField:
    return FormField(name, name.replace("_", " ").capitalize(), LONG, kind, group, value, "", **more)


FIELDS = (
    made("enabled", FieldType.YES_NO, Group.SOURCE, "no"),
    made("base_url", FieldType.TEXT, Group.CONNECTION, "https://example.org", required=True, note="It is set anew at each start."),
    made("ca_file", FieldType.FILE, Group.CONNECTION),
    made("sign_in", FieldType.CHOICE, Group.SIGN_IN, "none", choices=WAYS),
    made("key_id", FieldType.TEXT, Group.SIGN_IN, only_with=("signed_jwt",)),
    made("form", FieldType.CHOICE, Group.SERVICE, "path", choices=(("path", "Path"), ("query", "Query"))),
    made("practices", FieldType.LINES, Group.SERVICE, "XPR01\nXPR02"),
    made("systems", FieldType.TABLE, Group.SERVICE, "XPR01 = 1, https://x"),
    made("timeout_s", FieldType.NUMBER, Group.ADVANCED, "4"),
)
SECRETS = (SecretField("api_key", "API key", True), SecretField("private_key", "Private key (PEM)", False))
FORM = Form("pds", "pds", "Personal Demographics Service", "PDS", "Who a person is", LONG, FIELDS, SECRETS, removable=True)
ROWS = (
    Row("pds", "PDS", "Who a person is", "Answered", "done", "ok", "09:00"),
    Row("ods", "A directory with quite a long name of its own", "Names", "Setting wrong", "warning", "bad", "from the next start"),
)


@pytest.fixture
def window(qtbot: Any) -> Iterator[MainWindow]:
    held = MainWindow(KeyMap(), "practice")
    qtbot.addWidget(held)
    held.show()
    qtbot.waitExposed(held)
    held.activateWindow()
    qtbot.waitUntil(held.isActiveWindow)
    yield held
    held.close()


@pytest.fixture
def page(window: MainWindow) -> ConnectionsPage:
    shown = ConnectionsPage(window.keys)
    window.add_screen(shown)
    window.show_screen(shown, "settings")
    window.action_bar.show_buttons(shown.buttons)
    shown.show_rows(ROWS, "pds")
    shown.show_around((("odd", "Its manifest cannot be read."),), "/a/folder/of/this/desk/helpdesk.toml")
    shown.show_form(Shown(FORM, Typed("pds", FORM.values), "Last answered 09:00."))
    shown.show_ready("", "", "")
    return shown


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("what", ["form", "wrong", "kinds"])
def test_nothing_is_cut_off(window: MainWindow, page: ConnectionsPage, qtbot: Any, size: tuple[int, int], what: str) -> None:
    window.resize(*size)
    if what == "wrong":
        page.show_tested(Tried("pds", False, "connection", "No connection", LONG))
        page.show_error("timeout_s", "It must be 60 or less.")
        page.show_error("", "Another thing is wrong.")
    elif what == "kinds":
        page.show_kinds((Kind("ods", "Organisation Data Service", "Names of organisations", LONG),))
    qtbot.waitUntil(lambda: page.width() > size[0] * 0.7)
    assert (window.width(), window.height()) == size
    nothing_cut_off(window, qtbot)


def test_what_is_typed_comes_out_as_it_went_in(page: ConnectionsPage) -> None:
    assert page.typed().values == FORM.values
    assert page.typed().secrets == Secrets()


def test_each_field_has_a_name_and_says_what_it_is(page: ConnectionsPage) -> None:
    for line in page.form.findChildren(QLineEdit):
        assert line.accessibleName()
        assert line.accessibleDescription()
    assert page.form.row("base_url").inner.accessibleDescription() == f"{LONG} It is set anew at each start."


def test_an_error_stands_at_its_field_and_takes_the_keyboard_there(page: ConnectionsPage, qtbot: Any) -> None:
    page.show_error("timeout_s", "It must be 60 or less.")
    field = page.form.row("timeout_s").inner
    qtbot.waitUntil(field.hasFocus)
    assert field.isVisible(), "what was folded away opens"
    assert "It must be 60 or less." in field.accessibleDescription()
    qtbot.waitUntil(lambda: field.visibleRegion().boundingRect().height() == field.height())
    page.clear_errors()
    assert page.form.error_at("timeout_s") == ""


def test_only_what_belongs_to_the_chosen_sign_in_is_in_sight(page: ConnectionsPage, qtbot: Any) -> None:
    key_id = page.form.row("key_id")
    assert not key_id.isVisible()
    choose = page.form.row("sign_in").inner
    choose.setFocus()
    with qtbot.waitSignal(page.edited) as edited:
        QTest.keyClicks(choose, "Sig")
        QTest.keyClick(choose, Qt.Key.Key_Return)
    assert edited.args[0].values["sign_in"] == "signed_jwt"
    assert key_id.isVisible()


def test_a_secret_is_masked_never_filled_in_and_can_be_forgotten(page: ConnectionsPage, qtbot: Any) -> None:
    kept, other = page.form.row("secret api_key"), page.form.row("secret private_key")
    assert isinstance(kept, SecretRow)
    assert isinstance(other, SecretRow)
    assert (kept.line.text(), kept.state.text(), other.state.text()) == ("", "Kept", "Not kept")
    assert kept.line.echoMode() is QLineEdit.EchoMode.Password
    assert other.forget.isHidden()
    kept.forget.click()
    assert page.typed().secrets == Secrets(forget=frozenset({"api_key"}))
    assert kept.state.text() == "Goes when saved"
    other.line.setFocus()
    QApplication.clipboard().setText(PEM)
    other.line.paste()
    assert page.typed().secrets.keep == {"private_key": PEM}, "every line of a key that is pasted is kept"
    assert other.line.displayText() != PEM
    QApplication.clipboard().clear()
    said = [w.accessibleName() + w.accessibleDescription() + w.toolTip() for w in page.findChildren(QWidget)]
    assert not any("MIIE" in words for words in said)
    line = other.line
    page.show_form(Shown(FORM, Typed("pds", FORM.values)))
    assert line.text() == "", "nothing of it stays in what is taken away"


def test_a_state_is_told_in_words_and_by_an_icon(page: ConnectionsPage) -> None:
    model = page.connections.model()
    assert [str(model.index(n, 0).data()) for n in range(2)] == [
        "PDS, Answered, 09:00, Who a person is",
        "A directory with quite a long name of its own, Setting wrong, from the next start, Names",
    ]
    assert len({row.icon for row in ROWS}) == 2


def test_the_list_is_gone_through_by_the_arrow_keys(page: ConnectionsPage, qtbot: Any) -> None:
    page.connections.setFocus()
    with qtbot.waitSignal(page.chosen) as chosen:
        QTest.keyClick(page.connections, Qt.Key.Key_Down)
    assert chosen.args == ["ods"]
    assert has_ring(page.connections)


@pytest.mark.parametrize("times", [1, 2])
def test_tab_goes_from_the_list_through_the_form_to_the_buttons(page: ConnectionsPage, qtbot: Any, times: int) -> None:
    for _ in range(times - 1):
        page.show_form(Shown(FORM, Typed("pds", FORM.values)))
        qtbot.waitUntil(page.form.row("enabled").isVisible)
    page.connections.setFocus()
    seen: list[str] = []
    for _ in range(25):
        focus = QApplication.focusWidget()
        assert focus is not None
        seen.append(focus.accessibleName())
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert seen[:6] == ["Connections", "Enabled: Yes", "Base url", "Ca file", "Choose Ca file", "Sign in"]
    assert seen[6:9] == ["API key", "API key from a file", "Forget the API key that is kept"]
    assert seen[9:11] == ["Private key (PEM)", "Private key (PEM) from a file"]
    assert seen[11:15] == ["Form: Path", "Practices", "Systems", "Times and limits"]
    assert seen[15:19] == ["Remove", "Undo changes", "Test connection, Ctrl T", "Save, Ctrl S"]
    assert "999, 111 and crisis lines, F12" in seen[19:]
    assert seen[-1] == "Connections", "and round again"


def test_a_test_says_who_is_asked_and_can_be_stopped(page: ConnectionsPage, qtbot: Any) -> None:
    page.show_testing("PDS")
    assert page.test.text() == "Stop the test"
    names = [w.accessibleName() for w in page.findChildren(QWidget) if w.isVisible()]
    assert "Asking PDS" in names
    with qtbot.waitSignal(page.test_asked):
        QTest.mouseClick(page.test, Qt.MouseButton.LeftButton)
    page.show_testing("")
    assert page.test.text() == "Test connection"


def test_what_came_of_it_stays_until_it_is_taken_away(page: ConnectionsPage, qtbot: Any) -> None:
    def words() -> list[str]:
        return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]

    page.show_tested(Tried("pds", True, "", "PDS answers", "It was asked just now."))
    page.show_told("Kept. It holds from the next start of the desk.")
    qtbot.waitUntil(lambda: "PDS answers" in words())
    assert "Kept. It holds from the next start of the desk." in words()
    page.show_tested(None)
    assert "PDS answers" not in words()


def test_a_button_that_cannot_be_used_says_why(page: ConnectionsPage) -> None:
    page.show_ready("", "", "It belongs to the practice area.")
    assert page.remove.toolTip() == "It belongs to the practice area."
    assert page.save.blocked == ""


def test_only_an_administrator_sees_the_way_to_the_settings(window: MainWindow, qtbot: Any) -> None:
    assert not window.navigation.settings.isVisible()
    window.navigation.show_for(calls=False, settings=True)
    assert window.navigation.settings.isVisible()
    assert window.navigation.settings.accessibleName() == f"Settings, {window.keys.cap(Act.SETTINGS)}"
    with qtbot.waitSignal(window.screen_asked) as asked:
        QTest.mouseClick(window.navigation.settings, Qt.MouseButton.LeftButton)
    assert asked.args == ["settings"]


def test_what_is_typed_in_the_settings_is_not_lost_with_the_role_or_the_window(qtbot: Any, tmp_path: Path) -> None:
    door = FakeDoor((Role.ADMINISTRATOR, Role.HANDLER))
    door.connections = {Role.ADMINISTRATOR: FakeConnections()}
    desk = DeskWindow(start_in(tmp_path))
    desk.open(lambda: door)
    qtbot.addWidget(desk.window)
    page = desk.settings.page
    qtbot.waitUntil(lambda: page.connections.model().rowCount() == 2)
    assert desk.window.navigation.settings.isVisible()
    assert not desk.window.navigation.items[0].isVisible()
    qtbot.waitUntil(lambda: page.typed().values == {"base_url": ""})
    line = page.form.row("base_url").inner
    QTest.keyClicks(line, "https://half")
    desk._switch(Role.HANDLER)
    assert door.entered == [Role.ADMINISTRATOR]
    assert not desk.window.close()
    desk.settings.page.undo.click()
    qtbot.waitUntil(lambda: page.typed().values == {"base_url": ""})
    desk._switch(Role.HANDLER)
    qtbot.waitUntil(lambda: door.entered == [Role.ADMINISTRATOR, Role.HANDLER])
    qtbot.waitUntil(desk.window.navigation.items[0].isVisible)
    assert not desk.window.navigation.settings.isVisible()
    assert page.connections.model().rowCount() == 0, "nothing of the settings stays for another role"
    assert desk.window.body.currentWidget() is desk.screen.room
    desk.window._chosen("settings")
    assert desk.window.body.currentWidget() is desk.screen.room
    desk.window.close()
    desk.close()

"""The frame of the window: what it says, what its keys do, and that nothing in it is cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from helpdesk.desk.model import HIDDEN, Banner
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Death, DeathStatus, PartialDate
from tests.ui.looking import cut_off, has_ring, nothing_cut_off, pixels
from ui.keys import Act, KeyMap
from ui.shell.action_bar import Status
from ui.shell.banner import PatientBanner
from ui.shell.practice_band import SENTENCES
from ui.shell.window import MainWindow
from ui.theme.theme import current
from ui.widgets.arrange import column
from ui.widgets.button import Button
from ui.widgets.label import Label
from ui.widgets.line_field import LineField
from ui.widgets.steps import Step

JANE = Banner(
    number=NhsNumber("9000000009"),
    name="SMITH, Jane (Mrs)",
    born="01-Jan-1950 (76y)",
    gender="Female",
    nhs_number="900 000 0009",
    address="14 Example Row, Fenmoor, ZZ99 3VZ",
    contact="07700 900123, jane.smith@example.org",
    practice="Larkmead practice",
    contact_by="Text first, not voicemail",
    flags=("BSL interpreter", "Large print"),
    restricted=False,
    death=None,
    checked="Checked: contact details",
)
BEFORE = replace(JANE, born=HIDDEN, nhs_number=HIDDEN, address=HIDDEN, contact=HIDDEN, practice=HIDDEN, checked="Not checked yet")
LONG = replace(
    JANE,
    name="FEATHERSTONEHAUGH-CHOLMONDELEY-WARNER, Bartholomew-Maximilian-Alexander (Professor)",
    address="Flat 12, The Old Granary Building, 14 Example Row, Upper Fenmoor Industrial Estate, Long Lane, Fenmoor, ZZ99 3VZ",
    contact="07700 900123, 07700 900456, bartholomew.featherstonehaugh@example.org, b.f@example.org",
    flags=("Bengali interpreter", "Large print", "No telephone contact", "No digital access"),
)
DEAD = replace(
    JANE, born="03-Feb-1941", death=Death(DeathStatus.CONFIRMED, PartialDate(2026, 10, 12)), age_at_death="85y", flags=(), address=""
)
RESTRICTED = replace(JANE, address="", contact="", practice="", restricted=True)
SIZES = [(1024, 700), (1280, 800), (1440, 900)]


@pytest.fixture
def window(qtbot: Any) -> Iterator[MainWindow]:
    made = MainWindow(KeyMap(), "practice")
    qtbot.addWidget(made)
    made.call_bar.show_staff("A. Handler", "Call handler")
    made.call_bar.show_call("In call", "02:41", "07700 900123", "Main helpdesk line", live=True)
    made.action_bar.show_status(Status("desk", "Desk connected"))
    made.action_bar.show_status(Status("draft", "Call draft on this computer"))
    made.navigation.steps.show_steps([Step("Who", "done"), Step("May I", "now", "2 of 3"), Step("Where")])
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()


def buttons() -> list[Button]:
    return [
        Button("Signpost", icon="arrow", key="F9"),
        Button("Hand off", icon="people", key="F10"),
        Button("Call back", icon="phone", key="F8"),
        Button("Save and finish call", "primary", icon="check", key="Ctrl Enter"),
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "banner", [None, BEFORE, JANE, LONG, DEAD, RESTRICTED], ids=["nobody", "before", "jane", "long", "dead", "restricted"]
)
def test_nothing_is_cut_off(window: MainWindow, qtbot: Any, size: tuple[int, int], banner: Banner | None) -> None:
    made = buttons()
    window.action_bar.show_buttons(made)
    window.banner.show_banner(banner)
    window.resize(*size)
    window.show_notice("Restriction not confirmed today", "PDS could not be reached.")
    qtbot.waitUntil(lambda: window.body.geometry().bottom() < window.height())
    assert (window.width(), window.height()) == size
    nothing_cut_off(window, qtbot)
    assert all(button.isVisible() for button in made)


def test_the_check_for_cut_words_sees_them(shown: Callable[..., QWidget]) -> None:
    label = Label("SMITH, Jane (Mrs)", "name")
    holder = shown(column(label), 400, 60)
    assert cut_off(holder) == []
    label.setFixedWidth(60)
    assert cut_off(holder) != []


def test_the_title_never_names_a_patient(window: MainWindow) -> None:
    window.banner.show_banner(JANE)
    assert window.windowTitle() == "Nerve Centre"


def test_the_banner_is_tabbed_through_in_the_order_of_the_common_user_interface(window: MainWindow, qtbot: Any) -> None:
    """Source: NHS Common User Interface, PAB-0016 and PAB-0076."""
    window.banner.show_banner(JANE)
    assert [value.accessibleName() for value in window.banner.values] == [
        "SMITH, Jane (Mrs)",
        "Born 01-Jan-1950 (76y)",
        "Gender Female",
        "NHS No. 900 000 0009",
        "Address 14 Example Row, Fenmoor, ZZ99 3VZ",
        "Phone and email 07700 900123, jane.smith@example.org",
        "Practice Larkmead practice",
        "Contact by Text first, not voicemail",
    ]
    qtbot.waitUntil(window.banner.values[-1].isVisible)
    window.banner.values[0].setFocus()
    for value in window.banner.values:
        assert value.hasFocus()
        assert has_ring(value)
        QTest.keyClick(window, Qt.Key.Key_Tab)


def test_what_is_hidden_is_nowhere_in_the_window(window: MainWindow) -> None:
    window.banner.show_banner(BEFORE)
    said = [value.accessibleName() for value in window.banner.values]
    assert "NHS No. hidden until checked" in said
    assert "Born hidden until checked" in said
    for child in window.findChildren(QWidget):
        words = " ".join([child.accessibleName(), child.accessibleDescription(), child.toolTip()])
        words += child.text() if isinstance(child, QLabel) else ""
        assert "1950" not in words
        assert "000 0009" not in words


def test_a_value_not_recorded_says_so_after_its_label(window: MainWindow) -> None:
    """Source: NHS Common User Interface, PAB-0019."""
    window.banner.show_banner(replace(JANE, gender="", contact=""))
    said = [value.accessibleName() for value in window.banner.values]
    assert "Gender not recorded" in said
    assert "Phone and email not recorded" in said


def test_a_restricted_person_has_no_address_phone_or_practice_on_screen(window: MainWindow) -> None:
    window.banner.show_banner(replace(RESTRICTED, address="14 Example Row", contact="07700 900123", practice="Larkmead"))
    labels = [child.text() for child in window.banner.findChildren(QLabel)]
    assert "Restricted" in labels
    assert not any(word in " ".join(labels) for word in ("Example Row", "07700", "Larkmead"))


def test_someone_who_has_died_stands_on_another_colour_and_pattern(window: MainWindow, qtbot: Any) -> None:
    """Source: NHS Common User Interface, PAB-0055 to PAB-0060."""
    window.banner.show_banner(DEAD)
    said = [value.accessibleName() for value in window.banner.values]
    assert said[:4] == ["SMITH, Jane (Mrs)", "Born 03-Feb-1941", "Died 12-Oct-2026", "Age at Death 85y"]
    born, died = (value for value in window.banner.values[1:3])
    qtbot.waitUntil(lambda: died.mapTo(window, QPoint(0, 0)).y() > born.mapTo(window, QPoint(0, 0)).y())
    assert died.mapTo(window, QPoint(0, 0)).x() == born.mapTo(window, QPoint(0, 0)).x()
    assert pixels(window.banner, current().colour("deceased")) > 1000
    assert pixels(window.banner, current().colour("banner")) == 0


def test_a_reported_death_says_that_it_is_reported(window: MainWindow) -> None:
    window.banner.show_banner(replace(DEAD, death=Death(DeathStatus.REPORTED)))
    assert "Died date not known (reported)" in [value.accessibleName() for value in window.banner.values]


def test_tab_goes_from_the_bar_through_the_banner_to_the_navigation(window: MainWindow, qtbot: Any) -> None:
    window.banner.show_banner(BEFORE)
    window.banner.show_banner(JANE)
    qtbot.waitUntil(window.banner.values[-1].isVisible)
    window.call_bar.safety.setFocus()
    QTest.keyClick(window, Qt.Key.Key_Tab)
    assert window.banner.values[0].hasFocus()
    window.banner.values[-1].setFocus()
    QTest.keyClick(window, Qt.Key.Key_Tab)
    assert window.navigation.items[0].hasFocus()


def test_the_banner_of_one_patient_leaves_nothing_for_the_next(shown: Callable[..., QWidget]) -> None:
    banner = PatientBanner()
    shown(column(banner, None), 1200, 300)
    banner.show_banner(JANE)
    banner.show_banner(replace(JANE, name="GREEN, Leonard (Mr)", born="03-Feb-1941 (85y)", flags=()))
    words = " ".join(child.text() for child in banner.findChildren(QLabel))
    assert "SMITH" not in words
    assert "BSL" not in words
    banner.show_banner(None)
    words = " ".join(child.text() for child in banner.findChildren(QLabel))
    assert "GREEN" not in words
    assert banner.shown is None


def test_practice_and_sandbox_cannot_be_mistaken(qtbot: Any) -> None:
    for profile, sentence in SENTENCES.items():
        made = MainWindow(KeyMap(), profile)
        qtbot.addWidget(made)
        assert made.band is not None
        assert made.band.accessibleName() == sentence
        assert pixels(made.band, current().colour("practice")) > 500
    live = MainWindow(KeyMap(), "live")
    qtbot.addWidget(live)
    assert live.band is None


def screen_with_field(window: MainWindow) -> LineField:
    field = LineField("Postcode")
    screen = column(field, None)
    window.add_screen(screen)
    window.show_screen(screen)
    field.line.setFocus()
    return field


def test_the_safety_card_opens_on_one_key_and_gives_the_keyboard_back(window: MainWindow, qtbot: Any) -> None:
    field = screen_with_field(window)
    QTest.keyClick(window, Qt.Key.Key_F12)
    qtbot.waitUntil(window.safety.isVisible)
    assert window.safety.place.hasFocus()
    assert window.safety.number.text() == "07700 900123"
    assert not window.body.isEnabled()
    assert not window.action_bar.isEnabled()
    QTest.keyClick(window.safety.place, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.safety.isVisible())
    assert field.line.hasFocus()
    assert window.body.isEnabled()


def test_the_safety_card_leaves_bar_and_banner_in_sight(window: MainWindow) -> None:
    """Source: NHS Common User Interface, PAB-0013."""
    window.banner.show_banner(JANE)
    window.open_safety()
    assert window.safety.geometry().top() > window.banner.geometry().bottom()
    assert window.safety.geometry().bottom() >= window.centralWidget().height() - 1


@pytest.mark.parametrize(("key", "route"), [(Qt.Key.Key_1, "999"), (Qt.Key.Key_2, "111"), (Qt.Key.Key_3, "111_option_2")])
def test_a_route_is_noted_from_anywhere_in_the_card(window: MainWindow, qtbot: Any, key: Qt.Key, route: str) -> None:
    window.open_safety()
    with qtbot.waitSignal(window.safety.route_used) as used:
        QTest.keyClick(window.safety.place, key, Qt.KeyboardModifier.ControlModifier)
    assert used.args == [route]
    assert window.safety.acts[route].text().startswith("Noted")
    window.safety.clear()
    assert not window.safety.acts[route].text().startswith("Noted")


def test_a_digit_in_the_field_is_text_and_outside_it_picks_a_route(window: MainWindow) -> None:
    window.open_safety()
    QTest.keyClick(window.safety.place, Qt.Key.Key_2)
    assert window.safety.place.text() == "2"
    window.safety.close_button.setFocus()
    QTest.keyClick(window.safety.close_button, Qt.Key.Key_2)
    assert window.safety.acts["111"].hasFocus()
    assert window.safety.place.text() == "2"


def test_tab_stays_inside_the_card(window: MainWindow) -> None:
    screen_with_field(window)
    window.open_safety()
    seen: list[QWidget | None] = []
    for _ in range(12):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget())
    assert all(widget is not None and window.safety.isAncestorOf(widget) for widget in seen)
    assert set(window.safety.acts.values()) <= set(seen)
    assert {window.safety.place, window.safety.number, window.safety.close_button} <= set(seen)


@pytest.mark.parametrize("size", SIZES)
def test_the_routes_stay_in_sight_in_every_window(window: MainWindow, qtbot: Any, size: tuple[int, int]) -> None:
    window.resize(*size)
    window.banner.show_banner(JANE)
    window.open_safety()
    qtbot.waitUntil(lambda: window.safety.width() == size[0])
    nothing_cut_off(window.safety, qtbot)
    for act in window.safety.acts.values():
        assert not act.visibleRegion().isEmpty()
        assert act.visibleRegion().boundingRect() == act.rect()


def test_no_other_key_acts_while_a_card_is_open(window: MainWindow, qtbot: Any) -> None:
    acted: list[str] = []
    window.bind(Act.ADVANCE, lambda: acted.append("advance"))
    window.open_safety()
    QTest.keyClick(window.safety.close_button, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert acted == []
    window.safety.close_card()
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: acted == ["advance"])


def test_the_keys_card_lists_every_key_that_there_is(window: MainWindow, qtbot: Any) -> None:
    QTest.keyClick(window, Qt.Key.Key_F1)
    qtbot.waitUntil(window.keys_card.isVisible)
    said = [child.accessibleName() for child in window.keys_card.findChildren(QWidget)]
    assert [key for key in window.keys.keys if f"{key.cap}: {key.words}" not in said] == []
    nothing_cut_off(window.keys_card, qtbot)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.keys_card.isVisible())


def test_the_navigation_folds_to_a_rail_that_still_says_its_words(window: MainWindow) -> None:
    window.resize(1024, 700)
    assert window.navigation.width() == 64
    item = window.navigation.items[0]
    assert item.toolTip() == "Call desk, Alt 1"
    assert not window.navigation.steps.isVisible()
    window.resize(1440, 900)
    assert window.navigation.width() == 200
    assert window.navigation.steps.isVisible()


def test_only_screens_that_exist_can_be_gone_to(window: MainWindow, qtbot: Any) -> None:
    assert [item.text() for item in window.navigation.items if not item.isHidden()] == ["Call desk"]
    with qtbot.waitSignal(window.screen_asked) as asked:
        QTest.mouseClick(window.navigation.items[0], Qt.MouseButton.LeftButton)
    assert asked.args == ["call_desk"]


def test_the_bar_hands_on_search_and_safety(window: MainWindow, qtbot: Any) -> None:
    with qtbot.waitSignal(window.search_asked):
        QTest.mouseClick(window.call_bar.search, Qt.MouseButton.LeftButton)
    QTest.mouseClick(window.call_bar.safety, Qt.MouseButton.LeftButton)
    assert window.safety.isVisible()


def test_the_staff_menu_holds_what_was_put_into_it(window: MainWindow, qtbot: Any) -> None:
    action = window.call_bar.add_staff_action("Sign out")
    QTest.mouseClick(window.call_bar.staff, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(window.call_bar.staff_menu.isVisible)
    with qtbot.waitSignal(action.triggered):
        QTest.keyClick(window.call_bar.staff_menu, Qt.Key.Key_Down)
        QTest.keyClick(window.call_bar.staff_menu, Qt.Key.Key_Return)


def test_a_notice_is_one_strip_and_goes_again(window: MainWindow, qtbot: Any) -> None:
    window.show_notice("First")
    window.show_notice("Second", "Because.")

    def words() -> list[str]:
        return [child.text() for child in window.findChildren(QLabel) if child.isVisible()]

    qtbot.waitUntil(lambda: "Second" in words())
    assert "First" not in words()
    window.show_notice("")
    assert "Second" not in words()


def test_a_toast_stands_above_the_action_bar(window: MainWindow) -> None:
    window.tell("Saved on this computer", "It goes to the team later.")
    toast = window.toast
    assert toast.isVisible()
    assert toast.geometry().bottom() < window.action_bar.geometry().top()
    assert toast.geometry().right() < window.centralWidget().width()


def test_statuses_give_way_to_buttons_and_never_the_other_way(window: MainWindow, qtbot: Any) -> None:
    made = buttons()
    window.action_bar.show_buttons(made)
    window.action_bar.show_status(Status("long", "The list of the community provider is more than ten days old and is being fetched"))
    window.resize(1024, 700)
    qtbot.waitUntil(lambda: all(button.isVisible() and button.width() >= button.sizeHint().width() for button in made))
    other = [Button("New call", "primary", key="F2")]
    window.action_bar.show_buttons(other)
    assert not any(button.isVisible() for button in made)


def test_every_place_to_type_has_a_name(window: MainWindow) -> None:
    assert all(line.accessibleName() for line in window.findChildren(QLineEdit))

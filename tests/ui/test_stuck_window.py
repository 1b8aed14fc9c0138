"""Stuck pathways in the window: by keyboard, at every size, never over a call, a call straight from a row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from helpdesk.access.model import Role
from helpdesk.desk.looking import Looking
from helpdesk.desk.stuck import StuckDesk
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Sensitivity
from helpdesk.queue.gaps import HIGH
from tests.fakes import NUMBERS
from tests.fakes_stuck import MemoryIndex, MemoryQueue, MemoryTrail, gap, number, session
from tests.ui.desk_window import FakeDoor, press, readable, start_in, type_in, wait_phase
from tests.ui.looking import cut_off
from ui.app import DeskWindow
from ui.call_desk.phase import Phase
from ui.stuck.row_delegate import HEIGHT
from ui.stuck.table_model import COLUMNS
from ui.theme.theme import Theme, current, use

ALT = Qt.KeyboardModifier.AltModifier
SIZES = [(1024, 700, 1.0), (1280, 800, 1.0), (1440, 900, 1.0), (1440, 900, 2.0)]


class Area:
    """Stuck pathways of made-up people; the first is one whom the call desk knows too."""

    def __init__(self, people: int) -> None:
        self.queue, self.trail, self.looking = MemoryQueue(session()), MemoryTrail(), Looking()
        index: Any = MemoryIndex(range(1, people + 1))
        index.flags[NUMBERS[0]] = Sensitivity.UNRESTRICTED
        self.queue.add(gap(1, subject=NUMBERS[0], severity=HIGH, kind="left_list_without_stop"))
        for n in range(2, people + 1):
            self.queue.add(gap(n, severity=1 + n % 2))
        self.desk = StuckDesk(self.queue, index, self.trail, session(), FakeDoor().clock, lambda _c: "Fenmoor City", index, self.looking)

    @property
    def named(self) -> set[NhsNumber]:
        return {n for event in self.trail.events for n in event.subjects}


def opened(qtbot: Any, folder: Path, area: Area) -> DeskWindow:
    door = FakeDoor((Role.NAVIGATOR, Role.HANDLER))
    door.stuck[Role.NAVIGATOR] = area.desk
    desk = DeskWindow(start_in(folder))
    qtbot.addWidget(desk.window)
    desk.open(lambda: door)
    wait_phase(qtbot, desk, Phase.IDLE)
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)
    return desk


@pytest.fixture
def area() -> Area:
    return Area(40)


@pytest.fixture
def desk(qtbot: Any, tmp_path: Path, area: Area) -> Iterator[DeskWindow]:
    made = opened(qtbot, tmp_path, area)
    yield made
    made.close()


def to_the_list(qtbot: Any, desk: DeskWindow) -> None:
    press(Qt.Key.Key_2, ALT)
    qtbot.waitUntil(lambda: desk.stuck.shown and desk.stuck.page.table.rows.rowCount() > 0)
    qtbot.waitUntil(lambda: desk.stuck.page.table.rows.row_at(desk.stuck.page.table.currentIndex()).name != "")


def test_the_whole_row_by_keyboard_claim_note_done(qtbot: Any, desk: DeskWindow, area: Area) -> None:
    to_the_list(qtbot, desk)
    table = desk.stuck.page.table
    assert table.hasFocus()
    press(Qt.Key.Key_Down)
    second = table.rows.row_at(table.currentIndex())
    press(Qt.Key.Key_C)
    qtbot.waitUntil(lambda: area.queue.held[second.id].claimed_by == "staff-1")
    qtbot.waitUntil(lambda: table.rows.row_at(table.currentIndex()).mine)
    press(Qt.Key.Key_D)
    type_in("Card clinic rang: date")
    assert desk.stuck.page.detail.note.text() == "Card clinic rang: date", "the keys of the list are letters in a field"
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: area.queue.held[second.id].done is not None)
    qtbot.waitUntil(lambda: table.rows.place_of(second.id) < 0)
    assert table.hasFocus()
    third = table.rows.row_at(table.currentIndex())
    press(Qt.Key.Key_C)
    qtbot.waitUntil(lambda: area.queue.held[third.id].claimed_by == "staff-1")
    qtbot.waitUntil(lambda: table.rows.row_at(table.currentIndex()).mine)
    press(Qt.Key.Key_R)
    qtbot.waitUntil(lambda: area.queue.held[third.id].claimed_by is None)


def test_escape_takes_the_note_away_and_the_keyboard_goes_back(qtbot: Any, desk: DeskWindow) -> None:
    to_the_list(qtbot, desk)
    press(Qt.Key.Key_D)
    assert desk.stuck.page.detail.noting
    type_in("Rang bookings")
    press(Qt.Key.Key_Escape)
    assert not desk.stuck.page.detail.noting
    assert desk.stuck.page.table.hasFocus()


def test_enter_starts_a_call_about_the_person_and_nothing_of_the_row_goes_along(qtbot: Any, desk: DeskWindow, area: Area) -> None:
    to_the_list(qtbot, desk)
    press(Qt.Key.Key_Return)
    wait_phase(qtbot, desk, Phase.VERIFY)
    assert desk.screen.shown
    assert desk.window.banner.isVisible()
    assert desk.window.banner.shown.number == NUMBERS[0]
    current_call = desk.screen.presenters.current
    assert (current_call.number, current_call.draft.notes) == (NUMBERS[0], "")
    press(Qt.Key.Key_2, ALT)
    assert desk.screen.shown, "others' names do not stand on the screen during a call"
    press(Qt.Key.Key_C)
    assert sum(item.claimed_by is not None for item in area.queue.held.values()) == 1


def test_no_banner_stands_over_several_people_and_it_comes_back(qtbot: Any, desk: DeskWindow) -> None:
    to_the_list(qtbot, desk)
    assert not desk.window.banner.isVisible()
    press(Qt.Key.Key_1, ALT)
    assert desk.window.banner.isVisible()
    assert desk.screen.shown


def test_a_new_call_or_a_ring_brings_the_call_desk_back(qtbot: Any, desk: DeskWindow) -> None:
    to_the_list(qtbot, desk)
    press(Qt.Key.Key_F2)
    wait_phase(qtbot, desk, Phase.SEARCH)
    assert desk.screen.shown
    assert desk.window.banner.isVisible()


def test_a_handler_has_no_such_screen(qtbot: Any, desk: DeskWindow) -> None:
    to_the_list(qtbot, desk)
    desk._switch(Role.HANDLER)
    qtbot.waitUntil(lambda: desk.workstation.session.role is Role.HANDLER)
    assert [item.text() for item in desk.window.navigation.items if not item.isHidden()] == ["Call desk"]
    press(Qt.Key.Key_2, ALT)
    assert desk.screen.shown
    assert desk.stuck.page.table.rows.rowCount() == 0
    assert not any("SMITH" in text for where, text in readable(desk.window) if "Stuck" in where or "Detail" in where)


@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
def test_nothing_is_cut_off(qtbot: Any, tmp_path: Path, width: int, height: int, scale: float) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    use(Theme(scale=scale), app)
    desk = opened(qtbot, tmp_path, Area(40))
    desk.window.resize(width, height)
    to_the_list(qtbot, desk)
    qtbot.waitUntil(lambda: desk.window.width() == width)
    assert cut_off(desk.stuck.page) == []
    assert desk.stuck.page.width() <= width
    desk.close()


def test_five_thousand_rows_are_drawn_only_where_they_are_seen(qtbot: Any, tmp_path: Path) -> None:
    area = Area(5000)
    desk = opened(qtbot, tmp_path, area)
    to_the_list(qtbot, desk)
    table = desk.stuck.page.table
    assert table.rows.rowCount() == 5000
    seen = table.viewport().height() // current().px(HEIGHT) + 2
    assert len(area.named) <= seen
    drawn: set[int] = set()
    paint = table._delegate.paint
    table._delegate.paint = lambda painter, option, index: (drawn.add(index.row()), paint(painter, option, index))[1]  # type: ignore[method-assign]  # counts
    press(Qt.Key.Key_End)
    table.setCurrentIndex(table.rows.index(4999, 0))
    qtbot.waitUntil(lambda: table.rows.row_at(table.rows.index(4999, 0)).name != "")
    assert 4999 in drawn
    assert len(drawn) <= 2 * seen
    assert len(area.named) <= 2 * seen
    desk.close()


def test_each_cell_and_row_has_its_words(qtbot: Any, desk: DeskWindow) -> None:
    to_the_list(qtbot, desk)
    rows = desk.stuck.page.table.rows
    cells = [rows.index(0, n).data() for n in range(len(COLUMNS))]
    assert cells[0] == "High"
    assert cells[1].endswith("Trauma and orthopaedics, Fenmoor City")
    spoken = rows.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Gone from this week's list, for 7 weeks, High, waited 37 w, Nobody yet" in spoken
    assert str(number(1)) not in spoken

"""The list of stuck pathways at the desk: what is read, whose names are asked for, and what is done about a row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from helpdesk.desk.evaluation import Evaluated
from helpdesk.desk.looking import Looking
from helpdesk.desk.stuck import StuckDesk
from helpdesk.errors import StorageError
from helpdesk.identifiers import NhsNumber
from helpdesk.queue.gaps import HIGH, Whose
from tests.fakes import HandClock, HandRunner, HandScheduler
from tests.fakes_stuck import NOON, MemoryIndex, MemoryQueue, MemoryTrail, gap, number, session
from ui.stuck import words
from ui.stuck.presenter import SETTLE_MS, WATCH_MS, StuckPresenter
from ui.stuck.rows import Row


class SeenView:
    """What the screen would show."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.chosen = self.head = self.foot = self.trouble = self.told = self.looking = self.looked = ""
        self.empty = ("", "")
        self.detail: Any = None
        self.note = (False, "")
        self.share = 0.0

    def show_rows(self, rows: tuple[Row, ...], chosen: str) -> None:
        self.rows, self.chosen = {row.id: row for row in rows}, chosen

    def change_rows(self, rows: Any) -> None:
        self.rows |= {row.id: row for row in rows if row.id in self.rows}

    def show_filters(self, seen: Any, wanted: Any) -> None:
        self.filters = (seen, wanted)

    def show_head(self, head: str, foot: str) -> None:
        self.head, self.foot = head, foot

    def show_empty(self, fact: str, meaning: str) -> None:
        self.empty = (fact, meaning)

    def show_looking(self, looking: str, share: float, looked: str) -> None:
        self.looking, self.share, self.looked = looking, share, looked

    def show_detail(self, detail: Any) -> None:
        self.detail = detail

    def show_note(self, open_: bool, trouble: str = "") -> None:
        self.note = (open_, trouble)

    def show_trouble(self, message: str) -> None:
        self.trouble = message

    def tell(self, fact: str) -> None:
        self.told = fact


class Room:
    def __init__(self, people: int = 3) -> None:
        self.clock = HandClock()
        self.runner, self.time = HandRunner(), HandScheduler(self.clock)
        self.queue, self.trail, self.looking = MemoryQueue(session()), MemoryTrail(), Looking()
        self.index = MemoryIndex(range(1, 60))
        index: Any = self.index
        desk = StuckDesk(self.queue, index, self.trail, session(), self.clock, lambda _code: "Fenmoor City", index, self.looking)
        self.ids = [self.queue.add(gap(n, severity=HIGH if n == 1 else 1)).id for n in range(1, people + 1)]
        self.view, self.calls = SeenView(), list[NhsNumber]()
        self.presenter = StuckPresenter(self.view, desk, self.runner, self.time, self.calls.append)

    def show(self) -> Room:
        self.presenter.show()
        self.runner.all()
        return self

    def see(self, *ids: str) -> None:
        self.presenter.in_view(ids)
        self.time.pass_ms(SETTLE_MS)
        self.runner.all()


@pytest.fixture
def room() -> Room:
    return Room().show()


def test_the_list_stands_there_without_names_until_its_rows_are_seen(room: Room) -> None:
    assert set(room.view.rows) == set(room.ids)
    assert {row.name for row in room.view.rows.values()} == {""}
    assert room.trail.events == []
    room.see(*room.ids[:2])
    named = [bool(room.view.rows[i].name) for i in room.ids]
    assert named == [True, True, False]
    (event,) = room.trail.events
    assert set(event.subjects) == {number(1), number(2)}


def test_rows_that_only_pass_by_are_not_named(room: Room) -> None:
    room.presenter.in_view(room.ids[:1])
    room.presenter.in_view(room.ids[2:])
    room.time.pass_ms(SETTLE_MS)
    room.runner.all()
    assert [e.subjects for e in room.trail.events] == [(number(3),)]


def test_a_name_is_asked_for_once_and_again_after_a_failure(room: Room) -> None:
    room.trail.error = StorageError("The record cannot be kept.")
    room.see(room.ids[0])
    assert (room.view.trouble, room.view.rows[room.ids[0]].name) == ("The record cannot be kept.", "")
    room.trail.error = None
    room.see(room.ids[0])
    room.see(room.ids[0])
    assert room.view.rows[room.ids[0]].name
    assert len(room.trail.events) == 1


def test_a_late_list_does_not_take_the_place_of_a_newer_one(room: Room) -> None:
    room.presenter.narrow(severity=HIGH)
    room.presenter.narrow(severity=0)
    for _ in range(2):
        room.runner.advance(1)
    assert set(room.view.rows) == set(room.ids)
    room.runner.all()
    assert set(room.view.rows) == set(room.ids)


def test_the_list_is_narrowed_and_says_so(room: Room) -> None:
    room.presenter.narrow(severity=HIGH)
    room.runner.all()
    assert list(room.view.rows) == [room.ids[0]]
    assert room.view.head == "1 of 3 that look stuck"
    room.presenter.narrow(whose=Whose.MINE)
    room.runner.all()
    assert room.view.empty[0] == "Nothing stuck is left under these filters"
    assert "3 in the whole area" in room.view.empty[1]


def test_an_empty_area_teaches_what_comes_here() -> None:
    room = Room(0).show()
    assert room.view.empty == words.NOTHING
    assert room.view.detail is None


def test_claim_shows_it_as_mine_and_release_gives_it_back(room: Room) -> None:
    room.presenter.claim()
    room.runner.all()
    assert (room.view.rows[room.ids[0]].owner, room.view.detail.row.mine) == ("You", True)
    room.presenter.release()
    room.runner.all()
    assert room.view.rows[room.ids[0]].owner == words.NOBODY


def test_who_was_first_is_said_and_the_row_shows_it(room: Room) -> None:
    item = room.queue.held[room.ids[0]]
    room.queue.held[item.id] = replace(item, claimed_by="staff-2", claimed_name="N. Quill", claimed=NOON)
    room.presenter.claim()
    room.runner.all()
    assert room.view.trouble == "N. Quill was first and has this one."
    assert room.view.rows[item.id].owner == "N. Quill"
    room.presenter.choose(room.ids[1])
    room.presenter.claim()
    room.runner.all()
    assert room.view.trouble == ""


def test_done_asks_for_a_note_and_goes_on_to_the_next_row(room: Room) -> None:
    room.presenter.ask_note()
    assert room.view.note == (True, "")
    room.presenter.finish("")
    room.runner.all()
    assert room.view.note == (True, "Say in a few words what was done.")
    room.presenter.finish("Rang bookings, they will write.")
    room.runner.all()
    assert room.view.note == (False, "")
    assert set(room.view.rows) == set(room.ids[1:])
    assert room.view.chosen in room.ids[1:]
    assert room.queue.held[room.ids[0]].note == "Rang bookings, they will write."


def test_enter_twice_starts_one_call_about_the_chosen_person(room: Room) -> None:
    room.presenter.open()
    room.presenter.open()
    room.runner.all()
    assert room.calls == [number(1)]
    assert room.queue.held[room.ids[0]].claimed_by == "staff-1"


def test_a_call_that_comes_back_late_opens_nobody(room: Room) -> None:
    room.presenter.open()
    room.presenter.choose(room.ids[1])
    room.runner.all()
    assert room.calls == []
    room.presenter.open()
    room.presenter.hide()
    room.runner.all()
    assert room.calls == []


def test_a_look_under_way_is_shown_and_the_list_read_anew_at_its_end(room: Room) -> None:
    room.looking.begin()
    room.looking.progress(30, 120)
    room.time.pass_ms(WATCH_MS)
    assert (room.view.looking, room.view.share) == ("Looking through the area: 30 of 120 people", 0.25)
    new = room.queue.add(gap(9))
    room.looking.end(Evaluated(people=120), NOON)
    room.time.pass_ms(WATCH_MS)
    room.runner.all()
    assert new.id in room.view.rows
    assert (room.view.looking, room.view.looked) == ("", "Looked through at 12:00 on 20-Nov-2026")


def test_the_same_key_asks_for_a_look_and_ends_it(room: Room) -> None:
    room.presenter.look_again()
    assert room.looking.take_asked()
    room.looking.begin()
    room.presenter.look_again()
    assert room.looking.stopped


def test_after_leaving_nothing_more_is_asked_and_nobody_is_kept(room: Room) -> None:
    room.see(*room.ids)
    room.presenter.close()
    assert (room.view.rows, room.view.detail) == ({}, None)
    room.looking.begin()
    room.time.pass_ms(10 * WATCH_MS)
    room.runner.all()
    assert (room.view.rows, room.view.looking) == ({}, "")

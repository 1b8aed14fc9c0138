"""Nothing typed is ever lost."""

from __future__ import annotations

from datetime import timedelta

from helpdesk.errors import StorageError
from tests.desk_in_hand import InHand


def test_notes_are_on_disk_soon_after_a_pause() -> None:
    d = InHand().take_call()
    d.p.notes.typed("W")
    d.scheduler.pass_ms(600)
    assert d.desk.kept == []
    d.scheduler.pass_ms(200)
    assert d.desk.kept[-1].notes == "W"


def test_notes_are_on_disk_within_two_seconds_of_steady_typing() -> None:
    d = InHand().take_call()
    typed = ""
    for letter in "nothing typed is ever lost at this desk":
        typed += letter
        d.p.notes.typed(typed)
        d.scheduler.pass_ms(100)
        if len(typed) > 20:
            kept = d.desk.kept[-1].notes
            assert len(typed) - len(kept) <= 20, "older than two seconds"


def test_a_failing_save_is_said_and_tried_again_until_it_works() -> None:
    d = InHand().take_call()
    d.desk.errors["keep"] = StorageError("The disk is full.")
    d.p.notes.typed("words")
    d.scheduler.pass_ms(3000)
    state = d.views["notes"].last("show_saving")
    assert state.failing
    assert state.words == "Not saved yet. The disk is full. Trying again."
    d.p.notes.typed("more words")
    d.desk.errors.clear()
    d.scheduler.pass_ms(4000)
    assert d.desk.kept[-1].notes == "more words"
    assert d.views["notes"].last("show_saving").words.startswith("Saved ")


def test_what_is_typed_while_a_save_runs_is_saved_next() -> None:
    d = InHand.waiting()
    d.p.call.new_call()
    d.runner.all()
    d.p.notes.typed("one")
    d.scheduler.pass_ms(800)
    d.p.notes.typed("two")
    d.scheduler.pass_ms(3000)
    assert d.desk.kept == []
    d.runner.all()
    d.scheduler.pass_ms(800)
    d.runner.all()
    assert [k.notes for k in d.desk.kept] == ["one", "two"]


def test_a_save_that_takes_long_is_said() -> None:
    d = InHand.waiting()
    d.p.call.new_call()
    d.runner.all()
    d.p.notes.typed("one")
    d.scheduler.pass_ms(6000)
    assert d.views["notes"].last("show_saving").failing


def test_a_save_of_a_finished_call_says_nothing_about_the_next() -> None:
    d = InHand.waiting()
    d.p.call.new_call()
    d.runner.all()
    d.fill_in()
    d.scheduler.pass_ms(800)
    (late,) = d.runner.tasks
    d.p.call.finish()
    d.runner.advance(1)
    d.runner.advance(1)
    assert not d.p.current.taking
    d.p.call.new_call()
    d.desk.errors["keep"] = StorageError("Too late.")
    while late in d.runner.tasks:
        d.runner.advance(d.runner.tasks.index(late))
    d.runner.all()
    d.scheduler.pass_ms(1000)
    assert not d.views["notes"].last("show_saving").failing


def test_codes_and_phone_are_kept_too() -> None:
    d = InHand().take_call().fill_in()
    d.p.call.taking.phone_typed("07700 900123")
    d.scheduler.pass_ms(1000)
    assert (d.desk.kept[-1].disposition.reason, d.desk.kept[-1].phone) == ("wl_position", "07700 900123")


def test_the_words_beside_the_notes_count() -> None:
    d = InHand().take_call()
    d.p.notes.typed("x")
    d.scheduler.pass_ms(700)
    d.clock.moment += timedelta(seconds=1)
    d.scheduler.pass_ms(1300)
    assert d.views["notes"].last("show_saving").words == "Saved 2 sec ago"

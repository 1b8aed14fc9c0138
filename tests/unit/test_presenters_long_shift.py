"""What happens to a handler in eight hours of calls: nothing of one caller is left for the next, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.callers.model import CallerKind, Item
from helpdesk.calls.model import CallDraft, Disposition
from helpdesk.errors import StorageError
from helpdesk.signposting.model import Channel
from tests.desk_in_hand import RIGHT, InHand
from ui.call_desk.phase import Phase, Place
from ui.call_desk.words import GLASS_ENDED, TAKEN_OUT

QUARTER = 15 * 60 * 1000


def broken_glass() -> InHand:
    d = InHand().take_call().open()
    d.p.verification.break_glass("Ambulance crew on the line")
    assert d.p.call.phase is Phase.STATUS
    return d


def test_break_glass_leaves_the_screen_after_its_quarter_of_an_hour() -> None:
    d = broken_glass()
    d.scheduler.pass_ms(QUARTER - 2000)
    assert d.p.call.phase is Phase.STATUS
    d.scheduler.pass_ms(4000)
    assert d.p.call.phase is Phase.VERIFY
    assert d.views["status"].calls[-1][0] == "clear"
    assert d.views["history"].last("show_calls") == ("", ())
    assert d.views["call"].last("show_notice") == GLASS_ENDED
    assert not d.views["call"].last("show_ready").may_open
    assert d.desk.acts.count("look_again") == 1, "the banner is asked for anew"
    d.p.call.advance()
    assert d.p.call.phase is Phase.VERIFY


def test_break_glass_that_ended_does_not_come_back_with_another_caller() -> None:
    d = broken_glass().verify()
    assert d.p.current.opened is not None
    assert d.p.current.opened.glass_until is None
    d.scheduler.pass_ms(QUARTER + 2000)
    d.p.verification.caller_is(CallerKind.SOMEONE_ELSE, "", False)
    assert d.p.call.phase is Phase.VERIFY


@pytest.mark.parametrize("leave", ["caller", "glass"])
def test_calls_before_that_come_late_are_not_shown_to_whom_they_are_not_for(leave: str) -> None:
    d = InHand.waiting()
    d.p.call.new_call()
    d.runner.all()
    d.p.search.typed("smith")
    d.scheduler.pass_ms(200)
    d.runner.all()
    d.open()
    d.runner.all()
    for item in (Item.DATE_OF_BIRTH, Item.POSTCODE):
        d.p.verification.said(item, RIGHT)
        while d.p.call.phase is not Phase.STATUS and d.runner.tasks:
            d.runner.advance(0)
    history = next(t for t in d.runner.tasks if "HistoryPresenter.open" in t.then.__qualname__)
    d.runner.advance(d.runner.tasks.index(history))
    if leave == "caller":
        d.p.verification.caller_is(CallerKind.SOMEONE_ELSE, "", False)
    else:
        assert d.p.current.opened is not None
        d.p.current.show(replace(d.p.current.opened, glass_until=d.clock.now()))
        d.scheduler.pass_ms(1100)
    while d.p.call.phase is Phase.STATUS:
        d.runner.advance(len(d.runner.tasks) - 1)
    d.runner.advance(d.runner.tasks.index(history))
    assert d.views["history"].last("show_calls") == ("", ())


def test_nothing_goes_out_once_the_caller_may_not_be_told_any_more() -> None:
    d = InHand().take_call().open().verify()
    d.p.call.signpost()
    d.p.signpost.add(Channel.SMS)
    d.p.call.back()
    d.p.verification.caller_is(CallerKind.SOMEONE_ELSE, "", False)
    assert d.p.current.draft is not None
    assert d.p.current.draft.signposts == ()
    assert d.views["call"].last("show_notice") == TAKEN_OUT


def test_esc_while_a_record_is_being_opened_gives_it_up() -> None:
    d = InHand.waiting()
    d.p.call.new_call()
    d.runner.all()
    d.p.search.typed("smith")
    d.scheduler.pass_ms(200)
    d.runner.all()
    d.open()
    assert d.views["call"].last("show_notice").startswith("Opening the record")
    d.p.call.back()
    assert d.views["call"].last("show_notice") == ""
    d.runner.all()
    assert d.p.call.phase is Phase.SEARCH
    assert d.p.current.opened is None
    assert d.desk.open == {}


def test_other_words_in_the_search_give_up_a_record_that_is_still_being_opened() -> None:
    d = InHand.waiting()
    d.p.call.new_call()
    d.runner.all()
    d.p.search.typed("smith")
    d.scheduler.pass_ms(200)
    d.runner.all()
    d.open()
    d.p.search.typed("jones")
    d.runner.all()
    assert d.p.current.opened is None
    assert d.p.call.phase is Phase.SEARCH


def test_the_keyboard_is_led_on_and_never_taken() -> None:
    """`focus` takes it, `lead` leaves it to whoever is writing."""
    d = InHand().take_call()
    taken = d.views["call"].count("focus")
    d.open().verify()
    assert d.views["call"].count("focus") == taken
    assert [args for name, args in d.views["call"].calls if name == "lead"] == [(Place.FIRST_ITEM,), (Place.WHAT_TO_SAY,)]


def test_from_a_side_step_the_notes_can_be_reached() -> None:
    d = InHand().take_call().open().verify()
    d.p.call.history()
    d.p.call.go(Place.NOTES)
    assert d.p.call.phase is Phase.STATUS
    assert d.views["call"].last("focus") is Place.NOTES


def test_where_the_last_caller_was_is_gone_before_the_next_call() -> None:
    d = InHand().take_call()
    before = d.views["call"].count("forget_safety")
    d.p.call.place_said("Where they are: 1 Mill Lane")
    d.p.call.place_said("Where they are: 1 Mill Lane")
    d.fill_in().p.call.finish()
    assert d.views["call"].count("forget_safety") == before + 1
    assert d.desk.saved[0].notes == "Where they are: 1 Mill Lane"
    d.p.call.new_call()
    assert d.views["call"].count("forget_safety") == before + 2


def test_where_they_are_goes_below_the_notes() -> None:
    d = InHand().take_call()
    d.p.notes.typed("Fell down. ")
    d.p.call.place_said("Where they are: 1 Mill Lane")
    assert d.views["notes"].last("show_notes") == "Fell down.\nWhere they are: 1 Mill Lane"


def test_a_proposal_that_was_overtaken_is_not_taken() -> None:
    d = InHand.waiting()
    d.p.call.new_call()
    d.runner.all()
    proposals = iter((Disposition(next_action="desk_rings_back"), Disposition(next_action="resolved")))
    d.desk.propose = lambda _draft: next(proposals)  # type: ignore[method-assign]
    d.p.notes.propose()
    d.p.notes.propose()
    first, second = d.runner.tasks[-2:]
    for task in (first, second, second, first):
        d.runner.advance(d.runner.tasks.index(task))
    assert d.p.notes.disposition().next_action == "resolved"


def test_a_call_that_could_not_be_resumed_can_be_resumed_again() -> None:
    d = InHand()
    d.desk.drafts = (CallDraft("old", d.clock.now() - timedelta(minutes=5), notes="before the crash"),)
    d.p.call.start()
    d.desk.errors["resume"] = StorageError("The disk is full.")
    d.p.call.resume()
    assert "Resume it again" in d.views["call"].last("show_notice")
    d.desk.errors.clear()
    d.p.call.resume()
    assert d.p.current.notes == "before the crash"


def test_closing_keeps_what_is_being_saved_as_a_call_too() -> None:
    d = InHand.waiting()
    d.p.call.new_call()
    d.runner.all()
    d.p.notes.typed("last words")
    d.fill_in().p.call.finish()
    d.p.call.taking.closing()
    assert d.desk.kept[-1].notes == "last words"


def test_closing_a_call_that_never_came_onto_the_disk_says_so() -> None:
    d = InHand()
    d.desk.errors["begin"] = StorageError("The disk is full.")
    d.p.call.new_call()
    d.p.notes.typed("words")
    with pytest.raises(StorageError):
        d.p.call.taking.closing()


def test_saved_is_said_once_the_call_is_on_disk_and_not_before() -> None:
    d = InHand.waiting()
    d.p.call.new_call()
    d.runner.all()
    d.fill_in().p.call.finish()
    assert d.views["call"].last("show_saved") == ""
    d.runner.all()
    assert d.desk.saved
    assert d.views["call"].last("show_saved").startswith("Saved at")


def test_the_windows_thread_waits_for_no_service() -> None:
    """Whatever the handler does, the desk is asked by the runner and never at once."""
    d = InHand.waiting()
    p, asked = d.p, d.desk.acts

    def quiet(*acts: Callable[[], None]) -> None:
        for act in acts:
            before, found = len(asked), len(d.people.asked)
            act()
            d.scheduler.pass_ms(1600)
            assert (len(asked), len(d.people.asked)) == (before, found)
            d.runner.all()

    quiet(p.call.new_call, lambda: p.search.typed("smith"), p.search.entered, lambda: p.search.chosen(0))
    quiet(lambda: p.notes.typed("words"), lambda: p.call.safety("999"))
    quiet(*[lambda i=item: p.verification.said(i, RIGHT) for item in (Item.DATE_OF_BIRTH, Item.POSTCODE)])
    assert p.call.phase is Phase.STATUS
    quiet(lambda: p.status.retry("ers"), p.call.signpost, p.call.back, p.call.wrong_person, d.fill_in, p.call.finish)
    assert {"begin", "open_patient", "keep", "try_item", "ask ers", "close_patient", "finish"} <= set(asked)


def test_what_was_begun_in_the_check_is_gone_when_the_status_opens() -> None:
    d = InHand().take_call().open()
    before = d.views["verification"].count("clear_fields")
    d.verify()
    assert d.views["verification"].count("clear_fields") == before + 1


def test_a_restricted_record_can_be_saved_at_once_and_the_button_says_so() -> None:
    d = InHand().take_call().open()
    d.p.call.cannot_check()
    assert d.views["call"].last("show_ready").unchecked

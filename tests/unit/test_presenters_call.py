"""One call from ring to wrap-up, at the presenters."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpdesk.callers.model import CallerKind, Item
from helpdesk.calls.model import CallDraft
from helpdesk.errors import ConnectorUnavailable, StorageError
from helpdesk.pathways.model import Part
from helpdesk.signposting.model import Channel
from tests.desk_in_hand import NUMBERS, RIGHT, InHand
from tests.fakes import numbers_in, saved_call
from ui.call_desk.phase import Phase, Place

PHONE = "07700 900123"


def test_a_whole_call() -> None:
    d = InHand()
    d.p.call.start()
    assert d.p.call.phase is Phase.IDLE
    d.take_call().open().verify()
    assert d.p.call.phase is Phase.STATUS
    assert d.views["status"].last("show_status").number == NUMBERS[0]
    assert d.views["status"].last("show_status").pathways
    d.p.notes.typed("Worried she was forgotten.")
    d.p.status.said(f"pathway-{NUMBERS[0]}", Part.KNOWN, True)
    d.p.call.signpost()
    d.p.signpost.add(Channel.SMS)
    d.p.call.advance()
    d.fill_in().p.call.advance()
    (saved,) = d.desk.saved
    assert (saved.patient, saved.notes, saved.said) == (NUMBERS[0], "Worried she was forgotten.", ("W14",))
    assert saved.level_reached == "status"
    assert [(s.card_id, s.channel) for s in saved.signposts] == [("hip", "sms")]
    assert saved.disposition.next_action == "resolved", "a proposed code counts as long as nobody chose another"
    assert d.views["call"].last("show_saved") == "Saved at 14:02. The desk is ready for the next call."
    assert d.p.call.phase is Phase.IDLE
    assert not d.p.current.taking


def test_after_a_call_nothing_of_the_patient_is_left() -> None:
    d = InHand().take_call().open().verify().fill_in()
    d.p.notes.typed("a note")
    d.p.call.finish()
    assert d.views["call"].last("show_banner") is None
    assert d.views["status"].calls[-1][0] == "clear"
    assert (
        numbers_in([d.views[n].last(m) for n, m in (("history", "show_calls"), ("signpost", "show_card"), ("search", "show_found"))])
        == set()
    )
    assert d.views["notes"].last("show_notes") == ""
    assert d.views["verification"].last("show_checking").rows == ()


def test_the_keyboard_is_in_the_search_box_before_the_draft_is_on_disk() -> None:
    d = InHand.waiting()
    d.p.call.new_call(PHONE)
    assert d.views["call"].last("focus") is Place.SEARCH
    assert d.desk.acts == []
    d.p.search.typed("smith")
    d.p.notes.typed("typed before the commit")
    d.scheduler.pass_ms(500)
    d.runner.all()
    assert d.p.current.draft is not None
    assert d.p.current.draft.notes == "typed before the commit"
    assert d.p.current.draft.phone == PHONE
    d.runner.all()
    assert d.people.asked[0][:2] == ("typed", "smith")


def test_a_call_that_cannot_be_put_on_disk_says_so_and_can_be_tried_again() -> None:
    d = InHand()
    d.desk.errors["begin"] = StorageError("The disk is full.")
    d.p.call.new_call()
    assert "The disk is full." in d.views["call"].last("show_notice")
    d.p.notes.typed("still here")
    d.desk.errors.clear()
    d.p.call.new_call()
    assert d.p.current.draft is not None
    assert d.p.current.draft.notes == "still here"


def test_f2_in_a_call_loses_nothing() -> None:
    d = InHand().take_call().open()
    d.p.call.new_call()
    assert d.desk.acts.count("begin") == 1
    assert "Save it first" in d.views["call"].last("show_notice")


def test_a_pop_in_a_call_leaves_the_call_alone_and_starts_one_when_idle() -> None:
    d = InHand().take_call()
    d.p.call.ring(PHONE)
    assert d.p.current.draft is not None
    assert d.p.current.draft.phone == ""
    idle = InHand()
    idle.p.call.ring(PHONE)
    assert idle.p.current.draft is not None
    assert idle.p.current.draft.phone == PHONE


def test_wrong_person_keeps_notes_and_search_and_drops_what_was_theirs() -> None:
    d = InHand().take_call().open().verify()
    d.p.notes.typed("kept")
    d.p.call.signpost()
    d.p.signpost.add(Channel.SMS)
    d.p.call.wrong_person()
    draft = d.p.current.draft
    assert draft is not None
    assert (draft.notes, draft.patient, draft.signposts, draft.said, draft.level_reached) == ("kept", None, (), (), "")
    assert d.p.call.phase is Phase.SEARCH
    assert d.views["call"].last("show_banner") is None
    d.open(1)
    assert d.views["call"].last("show_banner").number == NUMBERS[1]


def test_esc_before_the_check_is_passed_is_wrong_person_and_after_it_is_not() -> None:
    d = InHand().take_call().open()
    d.p.call.back()
    assert d.p.call.phase is Phase.SEARCH
    d.open().verify()
    d.p.call.back()
    assert d.p.call.phase is Phase.STATUS


def test_a_record_that_cannot_be_opened_says_why_and_stays_in_the_search() -> None:
    d = InHand().take_call()
    d.desk.errors["open_patient"] = ConnectorUnavailable("PDS does not answer.")
    d.open()
    assert d.p.call.phase is Phase.SEARCH
    assert d.views["call"].last("show_notice") == "PDS does not answer."


def test_ctrl_enter_before_the_check_does_not_end_the_call() -> None:
    d = InHand().take_call().open().fill_in()
    d.p.call.advance()
    assert d.desk.saved == []
    d.p.call.cannot_check()
    d.p.call.advance()
    assert len(d.desk.saved) == 1


def test_a_call_without_a_patient_is_saved_like_any_other() -> None:
    d = InHand().take_call()
    d.p.call.without_patient()
    assert d.views["call"].last("focus") is Place.NOTES
    d.fill_in().p.call.advance()
    assert d.desk.saved[0].patient is None


def test_what_is_missing_is_said_at_its_field_and_the_keyboard_goes_there() -> None:
    d = InHand().take_call().open().verify()
    d.p.call.advance()
    assert d.views["notes"].last("show_error") == ("reason", "Choose one: reason.")
    assert d.views["call"].last("focus") is Place.REASON
    assert d.views["call"].last("show_finishing") is False
    assert d.p.current.taking


def test_a_call_that_cannot_be_saved_stays() -> None:
    d = InHand().take_call().open().verify().fill_in()
    d.desk.errors["finish"] = StorageError("The database cannot be reached.")
    d.p.call.advance()
    assert d.views["notes"].last("show_error") == ("", "The database cannot be reached.")
    d.desk.errors.clear()
    d.p.call.advance()
    assert len(d.desk.saved) == 1


def test_saving_twice_in_haste_saves_once() -> None:
    d = InHand.waiting()
    d.p.call.new_call()
    d.runner.all()
    d.fill_in()
    d.p.call.finish()
    d.p.call.finish()
    d.runner.all()
    assert len(d.desk.saved) == 1


def test_f8_and_f10_set_the_next_action_and_go_there() -> None:
    d = InHand().take_call().open().verify()
    d.p.call.call_back()
    assert (d.p.notes.disposition().next_action, d.p.notes.disposition().outcome) == ("desk_rings_back", "callback_booked")
    d.p.call.hand_off()
    assert d.p.notes.disposition().next_action == "navigator_follows_up"
    assert d.views["call"].last("focus") is Place.NEXT_ACTION


def test_a_route_of_the_crisis_card_is_logged_and_kept_with_the_call() -> None:
    d = InHand()
    d.p.call.safety("999")
    assert "safety 999" in d.desk.acts
    d.take_call()
    d.p.call.safety("111")
    assert d.desk.kept[-1].safety == ("111",), "and at once, without waiting for a pause"


def test_the_timer_runs() -> None:
    d = InHand().take_call()
    d.scheduler.pass_ms(161_000)
    assert d.views["call"].last("show_call") == ("", "02:41")


def test_an_unfinished_call_is_offered_and_goes_on() -> None:
    d = InHand()
    d.desk.drafts = (CallDraft("old", d.clock.now(), PHONE, NUMBERS[1], "what she said"),)
    d.p.call.start()
    assert d.views["call"].last("show_unfinished") == "A call from 14:02 was not finished. Your notes are here."
    d.p.call.resume()
    assert d.views["notes"].last("show_notes") == "what she said"
    assert d.p.call.phase is Phase.SEARCH
    assert d.views["call"].last("show_banner") if d.views["call"].count("show_banner") else True
    d.p.call.opening.reopen()
    assert d.p.call.phase is Phase.VERIFY, "and the caller is checked again"
    assert d.views["call"].last("show_banner").number == NUMBERS[1]
    d.verify().fill_in().p.call.advance()
    assert (d.desk.saved[0].id, d.desk.saved[0].notes) == ("old", "what she said")


def test_a_resumed_call_can_go_on_without_its_patient() -> None:
    d = InHand()
    d.desk.drafts = (CallDraft("old", d.clock.now(), patient=NUMBERS[1], notes="kept", said=("W14",)),)
    d.p.call.start()
    d.p.call.resume()
    d.p.call.without_patient()
    d.fill_in().p.call.advance()
    assert (d.desk.saved[0].patient, d.desk.saved[0].notes, d.desk.saved[0].said) == (None, "kept", ())


def test_words_typed_while_a_call_is_being_resumed_are_added() -> None:
    d = InHand.waiting()
    d.desk.drafts = (CallDraft("old", d.clock.now(), notes="before"),)
    d.p.call.start()
    d.runner.all()
    d.p.call.resume()
    d.p.notes.typed("after")
    d.runner.all()
    assert d.views["notes"].last("show_notes") == "before\nafter"


def test_a_caller_who_turns_out_to_be_somebody_else_closes_the_status() -> None:
    d = InHand().take_call().open().verify()
    d.p.call.check_further()
    d.p.verification.caller_is(CallerKind.SOMEONE_ELSE, "", False)
    assert d.p.call.phase is Phase.VERIFY
    assert d.views["status"].calls[-1][0] == "clear"
    d.p.verification.caller_is(CallerKind.SOMEONE_ELSE, "consent_recorded", False)
    assert d.p.call.phase is Phase.STATUS


def test_break_glass_needs_a_reason_and_tells_that_nothing_may_be_told() -> None:
    d = InHand().take_call().open()
    d.p.verification.break_glass("  ")
    assert d.views["verification"].last("show_glass_error")
    assert d.p.call.phase is Phase.VERIFY
    d.p.verification.break_glass("Ambulance crew on the line")
    assert d.p.call.phase is Phase.STATUS
    assert d.views["status"].last("show_status").may_tell is False


def test_calls_before_are_shown_without_the_one_being_taken() -> None:
    d = InHand().take_call().open().verify()
    summary, calls = d.views["history"].last("show_calls")
    assert summary == "1 in 30 days, last 20-Nov-2026"
    assert calls[0].notes == f"notes of {NUMBERS[0]}"


def test_a_saved_call_of_somebody_else_is_never_listed() -> None:
    d = InHand()
    other = saved_call(replace(CallDraft("x", d.clock.now()), patient=NUMBERS[3]), d.clock.now())
    d.desk.history = lambda _call_id: (other,)  # type: ignore[method-assign]
    d.take_call().open().verify()
    assert d.views["history"].last("show_calls")[1] == ()
    assert d.p.history.dropped == 1


@pytest.mark.parametrize("said", ["wrong", RIGHT])
def test_what_the_caller_said_reaches_no_view_and_no_draft(said: str) -> None:
    d = InHand().take_call().open()
    d.p.verification.said(Item.POSTCODE, said)
    shown = [args for view in d.views.values() for _, args in view.calls]
    assert said not in repr([s for s in shown if not isinstance(s, str)]).replace("not_held", "")
    assert all(said not in repr(draft) for draft in d.desk.kept)


def test_a_proxy_is_asked_for_with_a_name_and_a_fact_and_the_answer_is_said() -> None:
    d = InHand().take_call().open()
    d.p.verification.proxy_said("right", "")
    assert d.views["verification"].last("show_proxy").bad
    assert "try_proxy" not in d.desk.acts
    d.p.verification.proxy_said("wrong", "1 May 1980")
    shown = d.views["verification"].last("show_proxy")
    assert (shown.matched, "1 try left" in shown.words) == (False, True)
    d.p.verification.proxy_said("right", "999 000 0018")
    assert d.views["verification"].last("show_proxy").matched
    assert d.views["verification"].last("show_checking").authority == "nhs_proxy"


def test_links_are_offered_with_the_status_and_open_in_the_browser() -> None:
    d = InHand().take_call().open().verify()
    assert [o.name for o in d.views["status"].last("show_links")] == ["record", "app"]
    d.p.status.open_link("record")
    assert d.views["status"].last("open_address") == "http://127.0.0.1:1/record"


def test_related_people_are_asked_for_when_wanted_and_are_no_consent() -> None:
    d = InHand().take_call().open().verify()
    assert "related" not in d.desk.acts
    d.p.status.related()
    words, lines = d.views["status"].last("show_related")
    assert "not consent" in words
    assert lines[0] == "Mother: ADEYEMI, Folake (Mrs)"
    assert lines[1].startswith("Carer: NHS number ")

"""The search box."""

from __future__ import annotations

from helpdesk.errors import StorageError
from helpdesk.patients.model import Fact, FactKind
from tests.desk_in_hand import NUMBERS, InHand
from ui.call_desk.search.presenter import without


def test_words_are_said_back_at_once_and_looked_up_after_a_pause() -> None:
    d = InHand()
    d.p.call.new_call()
    d.p.search.typed("smi")
    d.p.search.typed("smith")
    assert [f.shown for f in d.views["search"].last("show_understood")[0]] == ["smith"]
    d.scheduler.pass_ms(100)
    assert d.people.asked == []
    d.scheduler.pass_ms(30)
    assert [a[:2] for a in d.people.asked] == [("typed", "smith")]
    assert len(d.views["search"].last("show_found").rows) == 4


def test_the_lists_of_one_search_share_its_id_and_a_new_search_has_its_own() -> None:
    d = InHand().take_call("smith")
    d.p.search.entered()
    d.p.search.typed("")
    d.p.search.typed("jones")
    d.scheduler.pass_ms(200)
    first, second, third = (asked[2] for asked in d.people.asked)
    assert first == second != third


def test_a_late_answer_for_other_words_is_dropped() -> None:
    d = InHand.waiting()
    d.p.call.new_call()
    d.runner.all()
    d.p.search.typed("smith")
    d.scheduler.pass_ms(200)
    d.p.search.typed("many")
    d.scheduler.pass_ms(200)
    d.runner.advance(1)
    d.runner.advance(1)
    d.runner.all()
    assert d.views["search"].last("show_found").words == "412 people, this computer. Say more to list them"
    assert d.p.search.dropped == 1
    d.p.search.chosen(0)
    assert "open_patient" not in d.desk.acts, "no row of a list that is gone can be chosen"


def test_a_wrong_number_is_said_at_the_box_and_nothing_is_asked() -> None:
    d = InHand().take_call("bad")
    d.p.search.entered()
    assert "not a valid NHS number" in d.views["search"].last("show_understood")[1]
    assert d.people.asked == []


def test_enter_asks_pds_exactly_and_wider_only_after_nobody_was_found() -> None:
    d = InHand().take_call("smith 1950")
    d.p.search.entered()
    d.p.search.wider()
    assert [a[0] for a in d.people.asked] == ["typed", "exact"]
    d.p.search.typed("nobody 1950")
    d.p.search.wider()
    d.p.search.entered()
    assert d.views["search"].last("show_found").wider
    d.p.search.wider()
    assert [a[0] for a in d.people.asked] == ["typed", "exact", "exact", "fuzzy"]


def test_wider_is_not_offered_when_pds_did_not_answer() -> None:
    d = InHand().take_call("smith 1950")
    d.people.people = ()
    d.p.search.entered()
    assert d.views["search"].last("show_found").rows == ()
    assert not d.views["search"].last("show_found").wider
    d.p.search.wider()
    assert "fuzzy" not in [a[0] for a in d.people.asked]


def test_typing_never_asks_pds() -> None:
    d = InHand()
    d.p.call.new_call()
    for end in range(1, 12):
        d.p.search.typed("smith jane 1"[:end])
        d.scheduler.pass_ms(200)
    assert {a[0] for a in d.people.asked} == {"typed"}


def test_a_search_that_fails_is_said_at_the_box_and_lists_nobody() -> None:
    d = InHand().take_call()
    d.people.error = StorageError("The record of who was listed cannot be kept.")
    d.p.search.entered()
    assert d.views["search"].last("show_trouble") == "The record of who was listed cannot be kept."
    d.open()
    assert "open_patient" not in d.desk.acts


def test_rows_hold_dots_for_what_was_not_said() -> None:
    d = InHand().take_call("smith 1950")
    row = d.views["search"].last("show_found").rows[0]
    assert (row.name, row.born, row.nhs_number) == ("SMITH, Jane (Mrs)", "••-•••-1950", "••• ••• ••••")


def test_a_chip_taken_away_takes_its_words_away() -> None:
    d = InHand().take_call("smith jane 1950")
    d.p.search.removed(Fact(FactKind.NAME, "jane", "jane"))
    assert d.views["search"].last("show_text") == "smith 1950"
    query = d.people.understand("smith jane 1950")
    assert without(query, query.facts[2], d.people.understand) == "smith jane"


def test_chosen_opens_the_person_of_that_row() -> None:
    d = InHand().take_call().open(2)
    assert d.p.current.number == NUMBERS[2]
    d.open(1)
    assert d.p.current.number == NUMBERS[2], "another one only after wrong person"

"""Blind verification as a whole: no order of acts reaches a level the policy does not give, and nothing true gets out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from helpdesk.callers.model import Authority, CallerKind, Item, ItemState, Level, Verification
from helpdesk.callers.policy import Policy
from helpdesk.callers.service import CallerCheck, expected_from
from helpdesk.errors import RuleBroken

POLICY = Policy.load()
RIGHT = {
    Item.DATE_OF_BIRTH: "2 January 1950",
    Item.ADDRESS: "14 example row",
    Item.POSTCODE: "zz99 3vz",
    Item.PHONE: "07700 900123",
    Item.HOSPITAL_NUMBER: "fc 20412",
    Item.NHS_NUMBER: "900 000 0009",
    Item.GP_PRACTICE: "larkmead",
    Item.UBRN: "0000 0007 0000",
}
SECRETS = ("1950", "example", "14", "zz99", "3vz", "7700", "900123", "20412", "9000000009", "900 000", "larkmead", "0000")
AT_HOME = (Item.DATE_OF_BIRTH, Item.ADDRESS, Item.POSTCODE, Item.PHONE, Item.GP_PRACTICE)
RANG = "rang_number_on_record"
WRONG = "wrong 1 jan 1901"


def check(**more: Any) -> CallerCheck:
    expected = expected_from(
        born=date(1950, 1, 2),
        address_lines=("14 Example Row", "Fenmoor"),
        postcode="ZZ99 3VZ",
        phones=("07700900123",),
        hospital_numbers=("FC20412",),
        nhs_number="9000000009",
        practice_names=("Larkmead Surgery",),
        ubrns=("000000070000",),
    )
    return CallerCheck(POLICY, expected, **more)


def say(caller: CallerCheck, *items: Item) -> Verification:
    for item in items:
        caller.try_item(item, RIGHT[item])
    return caller.state


def test_a_call_begins_with_public_facts_and_a_name_opens_the_directory() -> None:
    caller = check()
    assert caller.state.level is Level.PUBLIC
    assert caller.state.needed == "3 more matches, one not known at home"
    assert caller.give_name("  ").level is Level.PUBLIC
    assert caller.give_name("Jane Smith").level is Level.DIRECTORY
    assert "Jane" not in repr(caller.state)


def test_status_needs_three_matches_one_of_them_not_known_at_home() -> None:
    caller = check()
    assert say(caller, Item.DATE_OF_BIRTH, Item.POSTCODE).needed == "1 more match, not known at home"
    assert say(caller, Item.ADDRESS, Item.PHONE, Item.GP_PRACTICE).level is Level.DIRECTORY
    reached = say(caller, Item.HOSPITAL_NUMBER)
    assert (reached.level, reached.needed) == (Level.STATUS, "")


def test_three_not_known_at_home_do_as_well() -> None:
    assert say(check(), Item.NHS_NUMBER, Item.HOSPITAL_NUMBER).needed == "1 more match"
    assert say(check(), Item.NHS_NUMBER, Item.HOSPITAL_NUMBER, Item.UBRN).level is Level.STATUS


def test_contact_details_need_a_fourth_match_and_the_call_back() -> None:
    caller = check()
    assert say(caller, Item.DATE_OF_BIRTH, Item.POSTCODE, Item.NHS_NUMBER, Item.PHONE).level is Level.STATUS
    assert caller.tick(RANG).level is Level.CONTACT_DETAILS
    assert caller.tick(RANG, done=False).level is Level.STATUS
    few = check()
    few.tick(RANG)
    assert say(few, Item.DATE_OF_BIRTH, Item.POSTCODE, Item.NHS_NUMBER).level is Level.STATUS


def test_only_acts_of_the_policy_can_be_ticked() -> None:
    with pytest.raises(RuleBroken):
        check().tick("sounded honest")


def test_two_wrong_tries_spend_an_item_and_the_right_answer_then_counts_no_more() -> None:
    caller = check()
    once = caller.try_item(Item.POSTCODE, "zz99 9zz").results[Item.POSTCODE]
    assert (once.state, once.tries_left) == (ItemState.NO_MATCH, 1)
    assert caller.spent_items == ()
    twice = caller.try_item(Item.POSTCODE, "zz99 8zz").results[Item.POSTCODE]
    assert (twice.state, twice.tries_left) == (ItemState.SPENT, 0)
    assert caller.spent_items == (Item.POSTCODE,)
    assert say(caller, Item.POSTCODE).results[Item.POSTCODE] == twice
    assert caller.strike(Item.POSTCODE).results[Item.POSTCODE] == twice


def test_the_second_try_may_be_right() -> None:
    caller = check()
    caller.try_item(Item.POSTCODE, "zz99 9zz")
    assert say(caller, Item.POSTCODE).results[Item.POSTCODE].state is ItemState.MATCH


@pytest.mark.parametrize("said", ["", "   ", "\t", " - "])
def test_empty_words_are_no_try(said: str) -> None:
    caller = check()
    assert caller.try_item(Item.POSTCODE, said) == check().state


def test_a_displayed_item_is_struck_off_unless_it_matched_before() -> None:
    caller = check(displayed=(Item.POSTCODE,))
    assert say(caller, Item.POSTCODE).results[Item.POSTCODE].state is ItemState.STRUCK
    say(caller, Item.DATE_OF_BIRTH)
    assert caller.strike(Item.DATE_OF_BIRTH).results[Item.DATE_OF_BIRTH].state is ItemState.MATCH
    assert caller.state.level is Level.DIRECTORY


def test_what_the_search_supplied_counts_when_it_matches_and_is_no_try_when_it_does_not() -> None:
    caller = check(supplied={Item.DATE_OF_BIRTH: "1950-01-02", Item.POSTCODE: "zz99 9zz", Item.PHONE: ""}, displayed=(Item.DATE_OF_BIRTH,))
    results = caller.state.results
    assert results[Item.DATE_OF_BIRTH].state is ItemState.MATCH
    assert (results[Item.POSTCODE].state, results[Item.POSTCODE].tries_left) == (ItemState.NOT_ASKED, 2)
    assert results[Item.PHONE].state is ItemState.NOT_ASKED
    assert caller.state.needed == "2 more matches, one not known at home"


def test_what_nobody_holds_cannot_be_asked_and_a_hopeless_check_says_so() -> None:
    caller = CallerCheck(POLICY, expected_from(born=date(1950, 1, 2), nhs_number="9000000009"))
    assert caller.state.results[Item.PHONE].state is ItemState.NOT_HELD
    assert caller.try_item(Item.PHONE, "07700 900123").results[Item.PHONE].state is ItemState.NOT_HELD
    assert caller.state.needed == "This caller cannot be checked for status in this call"


def test_cannot_say_uses_no_try_and_ends_when_it_is_said_after_all() -> None:
    caller = check()
    passed = caller.cannot_say(Item.UBRN)
    assert passed.cannot_say == {Item.UBRN}
    assert passed.results == check().state.results
    assert say(caller, Item.UBRN).cannot_say == frozenset()


@pytest.mark.parametrize("kind", [CallerKind.SOMEONE_ELSE, CallerKind.PROFESSIONAL])
def test_without_an_authority_nobody_but_the_patient_goes_beyond_the_directory(kind: CallerKind) -> None:
    caller = check()
    caller.set_caller(kind)
    caller.tick(RANG)
    state = say(caller, *Item)
    assert (state.level, state.needed) == (Level.DIRECTORY, "an authority to be told")


def test_an_authority_reaches_its_scope_and_not_further() -> None:
    caller = check()
    caller.tick(RANG)
    say(caller, *Item)
    assert caller.state.level is Level.CONTACT_DETAILS
    proxy = caller.set_caller(CallerKind.SOMEONE_ELSE, Authority("proxy", Level.STATUS, sensitive=True))
    assert (proxy.level, proxy.authority) == (Level.STATUS, Authority("proxy", Level.STATUS, sensitive=True))
    narrow = caller.set_caller(CallerKind.SOMEONE_ELSE, Authority("consent_recorded", Level.DIRECTORY))
    assert (narrow.level, narrow.needed) == (Level.DIRECTORY, "an authority that reaches status")
    back = caller.set_caller(CallerKind.PATIENT, Authority("proxy"))
    assert (back.level, back.authority) == (Level.CONTACT_DETAILS, None)


def test_an_authority_does_not_replace_the_matches() -> None:
    caller = check()
    state = caller.set_caller(CallerKind.SOMEONE_ELSE, Authority("patient_on_line", Level.CONTACT_DETAILS))
    assert (state.level, state.needed) == (Level.PUBLIC, "3 more matches, one not known at home")
    with pytest.raises(RuleBroken):
        caller.set_caller(CallerKind.SOMEONE_ELSE, Authority("next_of_kin"))


@given(st.lists(st.tuples(st.sampled_from(list(Item)), st.booleans()), max_size=20))
def test_a_wrong_answer_tells_no_more_than_that_it_is_wrong(tries: list[tuple[Item, bool]]) -> None:
    """Two patients with different facts give the same state for the same wrong answers."""
    one, other = check(), CallerCheck(POLICY, check_of_another())
    for item, blank in tries:
        assert one.try_item(item, "" if blank else WRONG) == other.try_item(item, "" if blank else WRONG)


def check_of_another() -> Any:
    return expected_from(
        born=date(1988, 12, 30),
        address_lines=("Rose Cottage", "Church Lane"),
        postcode="ZZ99 3WZ",
        phones=("01632 960123",),
        hospital_numbers=("A1234567",),
        nhs_number="9000000017",
        practice_names=("Millside",),
        ubrns=("000000080000",),
    )


class AnyCall(RuleBasedStateMachine):
    """A call in any order. Beside the check a plain count is kept of what was truly matched."""

    @initialize(supplied=st.sets(st.sampled_from(list(Item))), displayed=st.sets(st.sampled_from(list(Item))))
    def begin(self, supplied: set[Item], displayed: set[Item]) -> None:
        self.caller = check(supplied={item: RIGHT[item] for item in supplied}, displayed=displayed)
        self.matched = set(supplied)
        self.closed = displayed - supplied
        self.wrong = dict.fromkeys(Item, 0)
        self.rang = False
        self.scope: Level | None = Level.CONTACT_DETAILS

    @rule(item=st.sampled_from(list(Item)))
    def says_it_right(self, item: Item) -> None:
        self.caller.try_item(item, RIGHT[item])
        if item not in self.closed:
            self.matched.add(item)

    @rule(item=st.sampled_from(list(Item)))
    def says_it_wrong(self, item: Item) -> None:
        self.caller.try_item(item, WRONG)
        if item not in self.matched and item not in self.closed:
            self.wrong[item] += 1
            if self.wrong[item] == POLICY.tries:
                self.closed.add(item)

    @rule(item=st.sampled_from(list(Item)))
    def is_displayed(self, item: Item) -> None:
        self.caller.strike(item)
        if item not in self.matched:
            self.closed.add(item)

    @rule(item=st.sampled_from(list(Item)))
    def cannot_say(self, item: Item) -> None:
        self.caller.cannot_say(item)

    @rule(done=st.booleans())
    def rings_back(self, done: bool) -> None:
        self.caller.tick(RANG, done=done)
        self.rang = done

    @rule(
        kind=st.sampled_from(list(CallerKind)),
        authority=st.none() | st.builds(Authority, st.sampled_from(sorted(POLICY.authorities)), st.sampled_from(list(Level))),
    )
    def somebody_is_on_the_line(self, kind: CallerKind, authority: Authority | None) -> None:
        self.caller.set_caller(kind, authority)
        self.scope = Level.CONTACT_DETAILS if kind is CallerKind.PATIENT else authority.scope if authority else None

    @invariant()
    def the_level_is_what_the_policy_gives(self) -> None:
        away = len(self.matched - set(AT_HOME))
        earned = Level.DIRECTORY if self.matched else Level.PUBLIC
        if len(self.matched) >= 3 and away >= 1:
            earned = Level.CONTACT_DETAILS if len(self.matched) >= 4 and self.rang else Level.STATUS
        cap = Level.DIRECTORY if self.scope is None else max(self.scope, Level.DIRECTORY)
        state = self.caller.state
        assert state.level is min(earned, cap)
        assert (state.needed == "") is (state.level >= Level.STATUS)

    @invariant()
    def results_are_what_happened(self) -> None:
        states = {item: result.state for item, result in self.caller.state.results.items()}
        assert {item for item, state in states.items() if state is ItemState.MATCH} == self.matched
        assert {item for item, state in states.items() if state in (ItemState.SPENT, ItemState.STRUCK)} == self.closed
        assert set(self.caller.spent_items) <= {item for item, wrong in self.wrong.items() if wrong == POLICY.tries}

    @invariant()
    def nothing_true_gets_out(self) -> None:
        shown = (repr(self.caller.state) + repr(self.caller) + str(self.caller)).lower()
        assert not [secret for secret in SECRETS if secret in shown]
        assert WRONG not in shown


TestAnyCall = AnyCall.TestCase


def test_the_policy_in_force_is_dated_and_not_yet_signed() -> None:
    assert POLICY.sign_off == "none"
    assert POLICY.effective <= date(2026, 11, 21)
    assert {item for item, rule in POLICY.items.items() if rule.known_at_home} == set(AT_HOME)
    assert (POLICY.tries, POLICY.spent_alert) == (2, 5)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.pop("levels"),
        lambda data: data.update(tries=0),
        lambda data: data["levels"]["status"].update(matches=0),
        lambda data: data["items"].update(mothers_maiden_name={"weight": 1, "known_at_home": True}),
        lambda data: data.update(items=[]),
    ],
)
def test_a_policy_that_is_none_is_refused(tmp_path: Path, spoil: Callable[[dict[str, Any]], Any]) -> None:
    data = json.loads((Path(__file__).parents[2] / "resources/reference/verification.json").read_text(encoding="utf-8"))
    spoil(data)
    file = tmp_path / "verification.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(RuleBroken, match="rules for checking callers"):
        Policy.load(file)


def test_another_policy_is_followed(tmp_path: Path) -> None:
    data = json.loads((Path(__file__).parents[2] / "resources/reference/verification.json").read_text(encoding="utf-8"))
    data["levels"]["status"] = {"matches": 2, "not_known_at_home": 0, "acts": []}
    data["tries"] = 1
    file = tmp_path / "verification.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    caller = CallerCheck(Policy.load(file), check_of_another())
    caller.try_item(Item.POSTCODE, "zz99 3wz")
    assert caller.try_item(Item.DATE_OF_BIRTH, "30/12/88").level is Level.STATUS
    assert caller.try_item(Item.UBRN, "1").results[Item.UBRN].state is ItemState.SPENT

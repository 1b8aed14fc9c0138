"""Blind check of somebody who rings for another: only a proxy in force, matched by name and a fact of their own, may be told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.callers.authority import AuthorityCheck, AuthorityOutcome, AuthorityState
from helpdesk.callers.expected import expected_from
from helpdesk.callers.levels import level_of
from helpdesk.callers.model import Authority, CallerKind, Item, Level
from helpdesk.callers.names import same_name
from helpdesk.callers.policy import Policy
from helpdesk.callers.ports import Proxy
from helpdesk.callers.scopes import ProxyScopes
from helpdesk.callers.service import CallerCheck
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber

POLICY = Policy.load()
SCOPES = ProxyScopes.load()
TODAY = date(2026, 11, 21)
MUM = Proxy("O'Neill-Brown", ("Mary", "Ann"), NhsNumber("9000000009"), date(1985, 3, 22), "mother", None, ("parental-responsibility",))
DAD = Proxy("Brown", ("Peter",), NhsNumber("9000000017"), date(1983, 7, 1), "parent", None, ("consent",))
RIGHT = {"name": "Mary O'Neill Brown", "born": "22 March 1985"}
SECRETS = ("neill", "brown", "mary", "1985", "9000000009", "peter")


def check(*proxies: Proxy, **more: Any) -> AuthorityCheck:
    return AuthorityCheck(POLICY, SCOPES, proxies or (MUM, DAD), TODAY, **more)


def test_the_mother_may_be_told_once_her_name_and_birth_date_match() -> None:
    state = check().try_caller(**RIGHT)
    assert state.outcome is AuthorityOutcome.MATCH
    assert state.authority == Authority("nhs_proxy", Level.CONTACT_DETAILS, sensitive=False)
    assert state.relationship == "mother"


def test_her_own_nhs_number_does_instead() -> None:
    assert check().try_caller("Mrs Mary O’Neill-Brown", nhs_number="900 000 0009").outcome is AuthorityOutcome.MATCH


@pytest.mark.parametrize(
    "said",
    [
        {"name": "Mary O'Neill Brown", "born": "23 March 1985"},
        {"name": "Mary O'Neill Brown", "born": "1 July 1983"},
        {"name": "Mary O'Neill Brown", "nhs_number": "9000000017"},
        {"name": "Mary O'Neill Brown", "born": "22 March 1985", "nhs_number": "9000000017"},
        {"name": "Mary Brown", "born": "22 March 1985"},
        {"name": "Mary", "born": "22 March 1985"},
        {"name": "Peter Brown", "born": "22 March 1985"},
        {"name": "O'Neill Brown", "born": "22 March 1985"},
        {"name": "Jane Mary O'Neill Brown", "born": "22 March 1985"},
    ],
)
def test_one_wrong_word_is_no_match(said: dict[str, str]) -> None:
    state = check().try_caller(**said)
    assert (state.outcome, state.tries_left, state.authority, state.relationship) == (AuthorityOutcome.NO_MATCH, 1, None, "")


def test_after_two_wrong_tries_the_right_answer_is_too_late() -> None:
    caller = check()
    caller.try_caller("Somebody Else", born="1 May 1990")
    assert caller.try_caller("Mary O'Neill Brown", born="22 March 1986").outcome is AuthorityOutcome.SPENT
    assert caller.try_caller(**RIGHT).outcome is AuthorityOutcome.SPENT
    assert caller.state.authority is None


def test_tries_used_stay_used_when_the_patient_is_opened_again() -> None:
    caller = check()
    once = caller.try_caller("Somebody Else", born="1 May 1990")
    assert check(before=once).state.outcome is AuthorityOutcome.NO_MATCH
    again = check(before=once)
    spent = again.try_caller("Somebody Else", born="1 May 1990")
    assert check(before=spent).try_caller(**RIGHT).outcome is AuthorityOutcome.SPENT


def test_a_match_is_not_carried_over_to_a_new_answer_of_the_service() -> None:
    matched = check().try_caller(**RIGHT)
    assert check(DAD, before=matched).state.authority is None


@pytest.mark.parametrize("said", [{"name": ""}, {"name": "Mary O'Neill Brown"}, {"name": " . ", "born": "22 March 1985"}])
def test_a_name_alone_or_nothing_is_no_try(said: dict[str, str]) -> None:
    assert check().try_caller(**said) == check().state


def test_a_fact_that_nobody_holds_is_no_try() -> None:
    numberless = replace(MUM, nhs_number=None)
    caller = check(numberless)
    assert caller.state.facts == {Item.DATE_OF_BIRTH}
    assert caller.try_caller("Mary O'Neill Brown", nhs_number="9000000009").tries_left == POLICY.tries


def test_a_proxy_whose_consent_ended_yesterday_gives_nothing() -> None:
    ended = replace(MUM, until=TODAY - timedelta(days=1))
    state = check(ended).try_caller(**RIGHT)
    assert (state.outcome, state.authority) == (AuthorityOutcome.NOT_HELD, None)
    assert check(replace(MUM, until=TODAY)).try_caller(**RIGHT).outcome is AuthorityOutcome.MATCH


@pytest.mark.parametrize("proxy", [replace(MUM, family=""), replace(MUM, born=None, nhs_number=None), replace(MUM, family=" - ")])
def test_a_proxy_of_whom_too_little_is_known_matches_nobody(proxy: Proxy) -> None:
    assert check(proxy).try_caller(**RIGHT).outcome is AuthorityOutcome.NOT_HELD
    assert AuthorityCheck(POLICY, SCOPES, (), TODAY).state.outcome is AuthorityOutcome.NOT_HELD


def test_facts_of_two_people_make_no_third() -> None:
    assert check().try_caller("Peter Brown", nhs_number="9000000009").outcome is AuthorityOutcome.NO_MATCH


def test_of_two_consents_of_one_person_the_wider_counts() -> None:
    narrow = replace(MUM, scopes=("consent",))
    for pair in ((narrow, MUM), (MUM, narrow)):
        authority = check(*pair).try_caller(**RIGHT).authority
        assert authority is not None
        assert authority.scope is Level.CONTACT_DETAILS


def test_nothing_true_gets_out() -> None:
    caller = check()
    for said in ({"name": "Somebody Else", "born": "1 May 1990"}, RIGHT):
        state = caller.try_caller(**said)
        shown = f"{state!r}{caller!r}{MUM!r}".casefold()
        assert not [secret for secret in SECRETS if secret in shown]


@pytest.mark.parametrize(
    ("codes", "scope"),
    [
        (("parental-responsibility",), Level.CONTACT_DETAILS),
        (("health-and-welfare-lasting-power-of-attorney",), Level.CONTACT_DETAILS),
        (("consent",), Level.STATUS),
        (("UNK",), Level.STATUS),
        ((), Level.STATUS),
        (("something-new",), Level.STATUS),
        (("parental-responsibility", "something-new"), Level.STATUS),
    ],
)
def test_the_scope_follows_the_codes(codes: tuple[str, ...], scope: Level) -> None:
    assert SCOPES.authority(codes) == Authority("nhs_proxy", scope, sensitive=False)


def test_the_authority_is_one_that_the_rules_name_and_opens_status_only_with_the_patients_own_facts() -> None:
    authority = check().try_caller(**RIGHT).authority
    expected = expected_from(born=date(2015, 1, 2), postcode="ZZ99 3VZ", nhs_number="9000000033")
    caller = CallerCheck(POLICY, expected)
    assert caller.set_caller(CallerKind.SOMEONE_ELSE, authority).level is Level.PUBLIC
    for item, said in ((Item.DATE_OF_BIRTH, "2 1 2015"), (Item.POSTCODE, "zz99 3vz"), (Item.NHS_NUMBER, "9000000033")):
        caller.try_item(item, said)
    assert caller.state.level is Level.STATUS
    assert level_of(replace(caller.state, authority=None), POLICY) is Level.DIRECTORY


@pytest.mark.parametrize(
    "change",
    [
        {"unknown": {"level": "contact_details", "sensitive": False}},
        {"unknown": {"level": "status", "sensitive": True}},
        {"codes": {"consent": {"level": "everything", "sensitive": False}}},
        {"codes": {"consent": {"level": "status", "sensitive": "no"}}},
        {"codes": None},
    ],
)
def test_rules_that_reach_too_far_or_cannot_be_read_are_refused(change: dict[str, Any], tmp_path: Path) -> None:
    shipped = Path("resources/reference/proxy_scopes.json")
    source = Path(__file__).resolve().parents[2] / shipped
    broken = tmp_path / "scopes.json"
    broken.write_text(json.dumps(json.loads(source.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(RuleBroken):
        ProxyScopes.load(broken)


@pytest.mark.parametrize(
    ("said", "family", "given", "same"),
    [
        ("Zoë Müller", "Muller", ("Zoe",), True),
        ("muller, zoe", "Müller", ("Zoë",), True),
        ("Ms Zoe Smith-Jones", "Smith Jones", ("Zoe",), True),
        ("Ann Jones", "Jones", ("Sarah", "Ann"), True),
        ("Sarah Ann Jones", "Jones", ("Sarah", "Ann"), True),
        ("Jones", "Jones", ("Sarah",), False),
        ("Jones", "Jones", (), True),
        ("Jones Jones", "Jones", ("Jones",), True),
        ("Sara Jones", "Jones", ("Sarah",), False),
        ("Sarah", "", ("Sarah",), False),
        ("", "Jones", ("Sarah",), False),
        ("Sarah Jones Smith", "Jones", ("Sarah",), False),
    ],
)
def test_a_name_is_the_same_in_any_form_and_no_other(said: str, family: str, given: tuple[str, ...], same: bool) -> None:
    assert same_name(said, family, given) is same


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=12), st.text(max_size=12)), max_size=4))
def test_no_order_of_words_gives_more_than_two_tries(tries: list[tuple[str, str, str]]) -> None:
    caller = check()
    states: list[AuthorityState] = [caller.try_caller(name, born=born, nhs_number=number) for name, born, number in tries]
    assert all(0 <= s.tries_left <= POLICY.tries for s in states)
    assert all((s.authority is not None) is (s.outcome is AuthorityOutcome.MATCH) for s in states)

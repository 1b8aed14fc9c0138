"""A call ends with a reason, an outcome and somebody who owns what comes next."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from helpdesk.calls.dispositions import load, reason_groups
from helpdesk.calls.model import CallDraft, Disposition, Signposted
from helpdesk.calls.wrap_up import GP_ANSWERS, check, propose
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber

CARD = Signposted("7a1f0c5e-0000-4000-8000-000000000001", "waiting-well", "1", "sms")
DONE = Disposition("wait_how_long", "answered", "resolved", "patient", "no")
CALL = CallDraft(
    "7a1f0c5e-0000-4000-8000-000000000000", datetime(2026, 11, 20, tzinfo=UTC), patient=NhsNumber("9000000009"), disposition=DONE
)


def with_codes(**codes: str) -> CallDraft:
    return replace(CALL, disposition=replace(DONE, **codes))


def refused(draft: CallDraft) -> str | None:
    with pytest.raises(RuleBroken) as broken:
        check(draft)
    return broken.value.field


def test_a_coded_call_may_end() -> None:
    check(CALL)
    check(with_codes(caller_type="", would_have_rung_gp=""))


@pytest.mark.parametrize("field", ["reason", "outcome", "next_action"])
def test_what_is_missing_is_named(field: str) -> None:
    assert refused(with_codes(**{field: ""})) == field


@pytest.mark.parametrize("field", ["reason", "outcome", "next_action", "caller_type", "would_have_rung_gp"])
def test_codes_that_are_not_on_the_list_are_refused(field: str) -> None:
    assert refused(with_codes(**{field: "made_up"})) == field


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [
        ("wrong_number", "wrong_number_or_test"),
        ("urgent_help", "urgent_transfer"),
        ("public_fact", "answered"),
        ("wait_how_long", "unable_to_verify"),
    ],
)
def test_a_call_without_a_patient_is_a_call(reason: str, outcome: str) -> None:
    check(replace(with_codes(reason=reason, outcome=outcome), patient=None))


def test_signposted_needs_an_owner_or_resolved() -> None:
    assert refused(with_codes(outcome="signposted", next_action="caller_acts")) == "next_action"
    check(with_codes(outcome="signposted", next_action="resolved"))
    check(with_codes(outcome="signposted", next_action="navigator_follows_up"))


def test_a_card_given_counts_whatever_outcome_was_chosen() -> None:
    assert refused(replace(with_codes(next_action="caller_acts"), signposts=(CARD,))) == "next_action"


@pytest.mark.parametrize("outcome", ["handed_off_accepted", "handed_off_pending", "handed_off_refused", "callback_booked"])
def test_handed_off_needs_somebody_who_owns_it(outcome: str) -> None:
    for choice in load().next_actions:
        draft = with_codes(outcome=outcome, next_action=choice.code)
        if choice.owner:
            check(draft)
        else:
            assert refused(draft) == "next_action"


def test_the_lists_are_short_and_each_code_is_one_thing() -> None:
    lists = load()
    groups = reason_groups(lists)
    assert len(groups) == 8
    assert all(4 <= len(choices) <= 8 for choices in groups.values())
    for choices in (lists.reasons, lists.outcomes, lists.next_actions, lists.caller_types):
        assert max(Counter(c.code for c in choices).values()) == 1
        assert max(Counter((c.group, c.words) for c in choices).values()) == 1
    assert {c.code for c in lists.next_actions if not c.owner} == {"resolved", "caller_acts", "caller_rings_again"}


@pytest.mark.parametrize(
    ("draft", "done", "outcome", "following"),
    [
        (CALL, {}, "", ""),
        (replace(CALL, said=("K01",)), {}, "answered", "resolved"),
        (replace(CALL, said=("K01",)), {"source_stale": True}, "answered_stale", "resolved"),
        (CALL, {"source_down": True}, "source_down", ""),
        (CALL, {"nothing_held": True}, "nothing_held", ""),
        (replace(CALL, said=("K01",), signposts=(CARD,)), {}, "signposted", ""),
        (replace(CALL, signposts=(CARD,)), {"unable_to_verify": True}, "unable_to_verify", "caller_rings_again"),
        (replace(CALL, safety=("999",)), {"unable_to_verify": True}, "urgent_transfer", "emergency_service_acts"),
    ],
)
def test_codes_are_proposed_from_what_was_done(draft: CallDraft, done: dict[str, bool], outcome: str, following: str) -> None:
    proposed = propose(replace(draft, disposition=Disposition()), **done)
    assert (proposed.outcome, proposed.next_action) == (outcome, following)
    assert proposed.would_have_rung_gp == "not_asked"
    assert proposed.caller_type == "patient"


def test_a_proposal_never_replaces_a_choice() -> None:
    assert propose(replace(CALL, safety=("999",)), unable_to_verify=True) == DONE


def test_proposed_codes_exist() -> None:
    lists = load()
    drafts = (replace(CALL, disposition=Disposition(), said=("K01",)), replace(CALL, disposition=Disposition(), safety=("111",)))
    for draft in drafts:
        for flag in ("unable_to_verify", "source_stale", "source_down", "nothing_held"):
            proposed = propose(draft, **{flag: True})
            assert proposed.outcome in {c.code for c in lists.outcomes}
            assert proposed.next_action in {"", *(c.code for c in lists.next_actions)}
            assert proposed.reason in {"", *(c.code for c in lists.reasons)}
            assert proposed.caller_type in {c.code for c in lists.caller_types}
            assert proposed.would_have_rung_gp in GP_ANSWERS


def test_a_message_names_nobody() -> None:
    with pytest.raises(RuleBroken) as broken:
        check(with_codes(outcome=""))
    assert CALL.patient is not None
    assert CALL.patient.value not in broken.value.message

"""What is said of a prescription: what its status means for the patient and whom to ask, never anything clinical."""

from __future__ import annotations

import re
from datetime import date

import pytest

from helpdesk.answers import Answer, SourceState
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.sentences import book
from helpdesk.primary_care.model import Prescription, PrescriptionStatus
from helpdesk.primary_care.wording import PracticeWords, practice_words, prescription_words

JANE = NhsNumber("9000000009")
DAY = date(2026, 11, 3)
S = PrescriptionStatus


def words(*held: Prescription, state: SourceState = SourceState.FRESH, value: bool = True) -> tuple[PracticeWords, ...]:
    return prescription_words(Answer("tracker", "Prescriptions", JANE, state, value=held if value else None), book().text)


def test_a_status_with_its_day_and_issue() -> None:
    (said,) = words(Prescription("With pharmacy", DAY, "2 of 6"))
    assert said.text == (
        "Your prescription dated 3 November 2026 (issue 2 of 6) is with the pharmacy. Ask your pharmacy when it will be ready."
    )
    assert (said.rule, said.field) == ("RX02", "status")


def test_a_day_that_is_not_known_is_not_said() -> None:
    assert words(Prescription(S.COLLECTED))[0].text == "Your prescription is shown as collected. Ask your pharmacy if you do not have it."


@pytest.mark.parametrize("status", [*(s for s in S if s is not S.LATER), "A status of next year"])
def test_every_status_says_whom_to_ask_by_a_rule_of_its_own(status: str) -> None:
    (said,) = words(Prescription(status, DAY))
    assert re.search(r"Ask your (pharmacy|GP practice)", said.text)
    assert said.rule == "RX17" if status in (S.UNKNOWN, "A status of next year") else said.rule != "RX17"


def test_no_two_statuses_share_a_rule() -> None:
    rules = [words(Prescription(status, DAY))[0].rule for status in S if status is not S.LATER]
    assert len(set(rules)) == len(rules)


def test_a_status_that_is_not_known_is_never_guessed() -> None:
    assert words(Prescription("Surprise", DAY))[0].text.endswith("is held, but its status is not known. Ask your pharmacy.")


def test_those_on_their_way_come_before_those_that_are_over() -> None:
    said = words(Prescription(S.COLLECTED, DAY), Prescription(S.APPROVED, DAY), Prescription(S.EXPIRED, DAY))
    assert [w.rule for w in said] == ["RX01"]
    assert [w.rule for w in words(Prescription(S.COLLECTED, DAY), Prescription(S.EXPIRED, DAY))] == ["RX09"]


def test_many_are_not_all_read_out() -> None:
    said = words(*[Prescription(S.WITH_PHARMACY, DAY)] * 5)
    assert [w.rule for w in said] == ["RX02", "RX02", "RX02", "RX18"]


def test_later_issues_are_said_in_one_sentence() -> None:
    later = [Prescription(S.LATER, DAY, f"{n} of 6") for n in (3, 4, 5, 6)]
    assert [w.rule for w in words(Prescription(S.WITH_PHARMACY, DAY, "2 of 6"), *later)] == ["RX02", "RX19"]
    assert [w.rule for w in words(*later)] == ["RX19"]


def test_none_is_said_only_when_the_tracker_says_none() -> None:
    for said in (words(state=SourceState.NOTHING_HELD, value=False), words(state=SourceState.NOTHING_HELD)):
        assert said[0].text.startswith("We can see no electronic prescription for you. We cannot see paper ones.")
    assert words(state=SourceState.UNAVAILABLE)[0].rule == "RX21"
    assert words(state=SourceState.FRESH, value=False)[0].rule == "RX21"
    assert words(Prescription(S.COLLECTED), state=SourceState.UNAVAILABLE)[0].rule == "RX21"
    assert words(Prescription(S.COLLECTED), state=SourceState.NOT_PERMITTED)[0].rule == "RX22"


def test_rules_of_appointments_and_prescriptions_are_told_apart() -> None:
    (practice,) = practice_words(Answer("gp", "GP Connect", JANE, SourceState.UNAVAILABLE), book().text)
    assert practice.rule.startswith("P")
    assert words(state=SourceState.UNAVAILABLE)[0].rule.startswith("RX")

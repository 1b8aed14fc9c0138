"""Every sentence that can be said is plain, whole, and for its own listener."""

from __future__ import annotations

import re

import pytest
from pathway_states import States

from helpdesk.pathways.audience import Audience
from helpdesk.pathways.model import Pathway
from helpdesk.pathways.sentences import blanks_of, forbidden_words, rules
from tests.reading_age import PAGE, latest, page, plain, reading_age

EVERY = [(rule, audience) for rule in rules()["sentences"] for audience in Audience]
FOR_PEOPLE = [(rule, audience) for rule, audience in EVERY if audience is not Audience.PROFESSIONAL]
DAY = re.compile(r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day )?\d{1,2} [A-Z][a-z]+ \d{4}")
NAME = re.compile(r"Fenmoor City|Thornmere General|Clinic 4|Ward 2|01632 960\d{3}")


@pytest.mark.parametrize(("rule", "audience"), FOR_PEOPLE)
def test_a_child_of_eleven_can_read_every_sentence(rule: str, audience: Audience) -> None:
    text = latest().texts[rule][audience]
    assert reading_age(text) <= 11, plain(text)


@pytest.mark.parametrize(
    "pathway", [pytest.param(p, id=f"{a.value}, {n}") for a in (Audience.PATIENT, Audience.PROXY) for n, p in States(a).pathways()]
)
def test_a_child_of_eleven_can_read_all_that_is_said_of_a_pathway(pathway: Pathway) -> None:
    for saying in pathway.sayings:
        text = " ".join(s.text for s in saying.sentences)
        assert reading_age(NAME.sub("Bath", DAY.sub("May", text))) <= 11, text


def test_the_measure_knows_hard_from_easy() -> None:
    assert reading_age("The cat sat on the mat. It was red.") < 7
    assert reading_age("Notwithstanding prioritisation, rescheduling remains contingent upon operational capacity.") > 20


@pytest.mark.parametrize(("rule", "audience"), EVERY)
def test_every_sentence_is_there_for_everybody(rule: str, audience: Audience) -> None:
    text = latest().texts[rule][audience]
    assert text.strip() == text != ""
    assert text.endswith((".", "?"))
    assert not forbidden_words().search(text)
    assert max(len(s.split()) for s in re.split(r"(?<=[.?]) ", plain(text))) <= 20
    if audience is not Audience.PATIENT:
        assert not re.search(r"\byours?\b", text, re.IGNORECASE)


def test_all_listeners_are_told_the_same_facts() -> None:
    for rule, by in latest().texts.items():
        patient, proxy, professional = (set(blanks_of(by[a])) for a in Audience)
        assert patient == proxy, rule
        assert professional <= patient, rule


def test_there_are_words_for_every_rule_and_no_others() -> None:
    assert set(latest().texts) == set(rules()["sentences"])
    assert all(set(by) == set(Audience) for by in latest().texts.values())
    assert all(entry.get("otherwise", rule) in rules()["sentences"] for rule, entry in rules()["sentences"].items())


def test_the_page_of_sentences_shows_them_as_they_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(latest()), "python -m tests.reading_age writes it anew"

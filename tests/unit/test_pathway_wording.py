"""What is said: every state has words, all of them short and plain, none of them more than the sources say."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from pathway_facts import GENERAL, JANE, SEEN, TODAY, UBRN, WEEK, only, referral, row, words
from pathway_states import BOOKED, SOON, TEAM_PHONE, States

from helpdesk.answers import Answer, SourceState
from helpdesk.desk.model import Port
from helpdesk.pathways.audience import Audience
from helpdesk.pathways.clock import status_effects
from helpdesk.pathways.general import Situation, nothing_found, notice, say_situation, source_sentence
from helpdesk.pathways.model import Course, EventKind, GapKind, NextEvent, Part, Pathway, ReferralState, Saying, Sentence
from helpdesk.pathways.sentences import book
from helpdesk.pathways.speaking import Speaking

NEVER = re.compile(
    r"cancer|oncolog|tumou?r|suspect|urgen|priorit|fast.track|two.week|2ww|\busc\b|\bp[1-6][ab]?\b|\bresults?\b|discharged|no record|"
    r"not on (a|any|the) list|not been referred|guarantee|promise|biopsy|\bdied\b|\bdeath\b",
    re.IGNORECASE,
)
NOT_SAID_TO = {
    Audience.PATIENT: re.compile(r"\bthe patient (cannot|acts|chose)|\btheir\b", re.IGNORECASE),
    Audience.PROXY: re.compile(r"\b(your|yours)\b|\byou have waited\b", re.IGNORECASE),
    Audience.PROFESSIONAL: re.compile(r"\b(you|your|yours|their)\b", re.IGNORECASE),
}
PRIMARY_CARE = re.compile(r"P\d+|RX\d+")
EVERY = [pytest.param(a, p, id=f"{a.value}, {name}") for a in Audience for name, p in States(a).pathways()]
SITUATIONS = [pytest.param(a, say_situation(s, TODAY, Speaking(book(a))), id=f"{a.value}, {s.value}") for a in Audience for s in Situation]


def check_words(audience: Audience, sentences: tuple[Sentence, ...]) -> None:
    for sentence in sentences:
        assert not NEVER.search(sentence.text), sentence
        assert not NOT_SAID_TO[audience].search(sentence.text), sentence
        assert not book().is_forbidden(sentence.text), sentence
        assert "{" not in sentence.text
        assert sentence.text.endswith((".", "?"))
        assert sentence.text[0].isupper() or sentence.text.startswith("e-RS")
        assert sentence.rule
        assert sentence.version == "2"
        assert sentence.source
        for short in re.split(r"(?<=\.) ", sentence.text):
            assert len(short.split()) <= 20, short


@pytest.mark.parametrize(("audience", "pathway"), EVERY)
def test_every_pathway_has_all_parts_in_short_plain_sentences(audience: Audience, pathway: Pathway) -> None:
    assert [s.part for s in pathway.sayings] == list(Part)
    assert all(s.sentences for s in pathway.sayings)
    check_words(audience, pathway.sentences)
    for gap in pathway.gaps:
        assert gap.say or pathway.ask_team
        check_words(audience, gap.say)


@pytest.mark.parametrize(("audience", "sayings"), SITUATIONS)
def test_every_situation_has_words(audience: Audience, sayings: tuple[Saying, ...]) -> None:
    assert sayings
    check_words(audience, tuple(s for saying in sayings for s in saying.sentences))


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("port", ["", *(port.value for port in Port)])
@pytest.mark.parametrize("state", SourceState)
def test_every_state_of_every_source_has_words(audience: Audience, port: str, state: SourceState) -> None:
    said = source_sentence(answers(state)[0], port, book(audience))
    assert said is not None
    check_words(audience, (said,))


def test_no_two_states_of_a_source_sound_alike() -> None:
    for port in ("", *(port.value for port in Port)):
        assert len({told_of(source_sentence(a, port)) for a in answers(*SourceState)}) == len(SourceState)


def told_of(sentence: Sentence | None) -> str:
    return sentence.text if sentence is not None else ""


def test_every_rule_is_reached_by_some_state() -> None:
    said = {s.rule for _, pathway in States().pathways() for s in pathway.sentences}
    said |= {s.rule for _, pathway in States().pathways() for gap in pathway.gaps for s in gap.say}
    said |= {s.rule for situation in Situation for saying in say_situation(situation, TODAY) for s in saying.sentences}
    said |= {told.rule for port in Port for a in answers(*SourceState) if (told := source_sentence(a, port.value)) is not None}
    said |= {told.rule for a in answers(*SourceState) if (told := source_sentence(a)) is not None}
    missing = {rule for rule in book().page("sentences") if rule not in said and not PRIMARY_CARE.fullmatch(rule)}
    assert missing == {f"G_{kind.value}" for kind in GapKind if f"G_{kind.value}" not in said}  # each in the tests of gaps


def test_every_status_and_state_has_its_own_page() -> None:
    assert set(status_effects()) | {"other"} == set(book().page("rtt_status"))
    assert {s.value for s in ReferralState} == set(book().page("referral_state"))
    assert {s.value for s in Situation} == set(book().page("situations"))
    assert {c.name for c in Course} == set(book().page("course"))
    assert {k.value for k in GapKind} == set(book().page("gaps")["say"]) == set(book().page("gaps")["own"])


def answers(*states: SourceState) -> list[Answer[object]]:
    return [Answer(f"s{n}", "Fenmoor City", JANE, state, WEEK) for n, state in enumerate(states)]


def test_a_simple_wait_word_for_word() -> None:
    found = only([row()], desk_phone="0808 157 0100")
    assert words(found) == (
        "Your referral reached Fenmoor City on 3 March 2026. The list says that you are still waiting. "
        "You have waited more than 37 weeks, from 3 March 2026. We can see no date for you yet. "
        "The next step is for Fenmoor City to give you a date. "
        "If you hear nothing by Friday 4 December 2026, ring us on 0808 157 0100. If you feel worse, ring your GP practice or 111. "
        "If life is at risk, ring 999."
    )


def test_each_sentence_names_its_source_its_time_its_field_and_its_rule() -> None:
    found = only([row(ubrn=UBRN)], [referral(state=ReferralState.BOOKED, next_event=BOOKED)])
    told = {s.rule: (s.source, s.as_at, s.field) for s in found.sentences}
    assert told["K01"] == ("waiting_lists", WEEK, "referral_received")
    assert told["N01"] == ("ers", SEEN, "next_event")
    assert told["R03"] == ("content:wording@2", date(2026, 11, 1), "")


def test_a_booking_is_said_with_day_time_and_place() -> None:
    found = only([], [referral(state=ReferralState.BOOKED, next_event=BOOKED)])
    assert "Your next appointment is on Friday 4 December 2026 at 10:20am, at Clinic 4." in words(found)


def dates_said(pathway: Pathway) -> set[str]:
    return set(re.findall(r"\d{1,2} [A-Z][a-z]+ \d{4}", " ".join(s.text for s in pathway.sayings[1].sentences)))


def test_a_date_that_is_not_booked_is_never_given_as_one() -> None:
    gone = only([row(ubrn=UBRN, next_outpatient=SOON)], [referral(state=ReferralState.APPT_CANCELLED_BY_PATIENT)])
    assert dates_said(gone) == set()
    due = only([row(due=date(2027, 1, 10))])
    assert dates_said(due) == set()
    assert "2027" not in words(due)


def test_a_stale_list_says_of_which_day_it_speaks() -> None:
    found = words(only([row(week_ending=date(2026, 10, 4))]))
    assert "This is what the list said on 4 October 2026." in found
    assert "By 4 October 2026 you had waited more than 30 weeks." in found
    assert "You have waited" not in found


def test_a_kept_referral_says_of_which_day_it_speaks() -> None:
    assert "This is what the booking system said on 1 October 2026." in words(only([], [referral(as_at=datetime(2026, 10, 1, tzinfo=UTC))]))


def test_weeks_said_are_always_true() -> None:
    assert "more than 36 weeks" in words(only([row(clock_start=date(2026, 3, 6))]))
    assert "more than 104 weeks" in words(only([row(clock_start=date(2024, 1, 5))]))
    assert "one week or less" in words(only([row(clock_start=date(2026, 11, 13))]))


def test_a_restarted_wait_says_both_starts() -> None:
    text = words(only([row(rtt_status="11", original_referral_received=date(2025, 1, 5))]))
    assert "You were first referred on 5 January 2025." in text
    assert "from 3 March 2026" in text


@pytest.mark.parametrize("marked", [{"ask_team": True}, {"treatment_function": "370"}, {"treatment_function": "800"}])
def test_what_is_for_the_team_alone_is_left_to_the_team(marked: dict[str, object]) -> None:
    text = words(only([row(**marked)]))
    assert "Your hospital team is the best to ask" in text
    assert "weeks" not in text
    assert "18-week" not in text


def test_the_teams_own_number_is_given_where_it_is_known() -> None:
    for audience in Audience:
        text = words(States(audience).only([row(ask_team=True)]))
        assert f"Ring the team at Fenmoor City on {TEAM_PHONE}." in text
    assert "Ring the team on the number on your letter." in words(States(phones={}).only([row(ask_team=True)]))


def test_a_decision_not_to_treat_is_not_broken_by_us() -> None:
    text = words(only([row(rtt_status="34")]))
    assert "treat" not in text
    assert "Your hospital team is the best to ask" in text


def test_a_record_with_a_death_on_the_list_goes_to_a_supervisor() -> None:
    assert words(only([row(rtt_status="36")])).startswith("We need to check this record before we can say more. I will ask a supervisor")


def test_names_from_sources_that_may_not_be_said_are_left_out() -> None:
    booked = NextEvent(EventKind.OUTPATIENT, SOON, None, "Suspected Cancer Suite")
    text = words(only([], [referral(state=ReferralState.BOOKED, next_event=booked)]))
    assert "Suite" not in text
    assert "Wednesday 16 December 2026." in text


def test_an_organisation_without_a_name_is_not_read_out_as_a_code() -> None:
    unknown = row(provider=GENERAL.parse("XZZ99"), pathway_id=None)
    from_nobody = only([], [referral(provider=unknown.provider, state=ReferralState.DEFERRED_TO_PROVIDER)])
    assert "XZZ99" not in words(from_nobody)
    assert words(from_nobody).startswith("The service has your referral")


def test_no_letter_is_asked_for_after_the_appointment() -> None:
    near = words(only([row(next_outpatient=date(2026, 11, 26))]))
    assert "If you have no letter yet, ring us." in near
    assert "If you have no letter by Friday 4 December 2026" in words(only([row(next_outpatient=SOON)]))


def test_the_ring_back_day_is_a_working_day() -> None:
    assert "Tuesday 29 December 2026" in words(only([row(week_ending=date(2026, 12, 6))], today=date(2026, 12, 11)))


def told(sayings: tuple[Saying, ...]) -> str:
    return " ".join(s.text for saying in sayings for s in saying.sentences)


def test_nothing_is_said_to_be_held_nowhere_unless_every_source_says_so() -> None:
    nothing = told(say_situation(Situation.NOTHING_HELD, TODAY))
    assert told(nothing_found(answers(SourceState.NOTHING_HELD, SourceState.NOTHING_HELD), TODAY)) == nothing
    for other in SourceState:
        if other is not SourceState.NOTHING_HELD:
            assert "None of them shows" not in told(nothing_found(answers(SourceState.NOTHING_HELD, other), TODAY))
    assert "None of them shows" not in told(nothing_found([], TODAY))
    assert "None of them shows" not in told(nothing_found(answers(SourceState.NOTHING_HELD), TODAY, hidden=True))


def test_a_source_that_is_down_could_not_be_asked() -> None:
    assert "We could not ask Fenmoor City just now." in told(nothing_found(answers(SourceState.UNAVAILABLE), TODAY))
    assert "Fenmoor City" not in told(nothing_found(answers(SourceState.FRESH), TODAY))


def test_a_restricted_record_gives_nothing_away() -> None:
    assert told(say_situation(Situation.RESTRICTED, TODAY)) == (
        "I am not able to help with this by phone just now. I will pass you to a supervisor who can help."
    )
    assert "say nothing" in notice(Situation.RESTRICTED)
    assert notice(Situation.UNCONFIRMED) == "Restriction not confirmed today"
    assert notice(Situation.NOT_TOLD) == "Do not disclose: caller not verified"
    assert notice(Situation.NOTHING_HELD) == ""


def test_a_stop_date_is_not_said_beside_still_waiting() -> None:
    text = words(only([row(clock_stop=date(2026, 11, 10))]))
    assert "this wait ended on 10 November 2026" in text
    assert "still waiting" not in text

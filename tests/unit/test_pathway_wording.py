"""What is said: every state has words, all of them short and plain, none of them more than the sources say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from importlib.resources import files

import pytest
from pathway_facts import GENERAL, JANE, SEEN, TODAY, UBRN, WEEK, activity, only, referral, row, words

from helpdesk.answers import Answer, SourceState
from helpdesk.pathways.activity import ActivityKind, ActivityStatus
from helpdesk.pathways.clock import status_effects
from helpdesk.pathways.general import Situation, nothing_found, notice, say_situation, source_sentence
from helpdesk.pathways.model import EventKind, ListKind, NextEvent, Part, Pathway, ReferralState, Saying
from helpdesk.pathways.sentences import book

SOON = date(2026, 12, 16)
BOOKED = NextEvent(EventKind.OUTPATIENT, date(2026, 12, 4), time(10, 20), "Clinic 4")
STATUSES = [*status_effects(), "", "77"]
NEVER = re.compile(
    r"cancer|oncolog|tumou?r|suspect|urgen|priorit|fast.track|two.week|2ww|\busc\b|\bp[1-6][ab]?\b|\bresults?\b|discharged|no record|"
    r"not on (a|any|the) list|not been referred|guarantee|promise|biopsy|\bdied\b|\bdeath\b",
    re.IGNORECASE,
)


def pathways() -> Iterator[tuple[str, Pathway]]:
    """One pathway for every state, status, standing and kind of event that has words."""
    for status in STATUSES:
        yield f"status {status}", only([row(rtt_status=status)])
        yield f"status {status}, stale", only([row(rtt_status=status, week_ending=date(2026, 10, 4), referral_received=None)])
        yield f"status {status}, booked", only([row(rtt_status=status, next_outpatient=SOON)])
    for state in ReferralState:
        yield f"e-RS {state}", only([], [referral(state=state, clock_start=date(2026, 9, 17))])
        yield f"e-RS {state}, kept", only([], [referral(state=state, as_at=datetime(2026, 10, 1, tzinfo=UTC))])
        yield f"list and e-RS {state}", only([row(ubrn=UBRN)], [referral(state=state, clock_start=date(2026, 3, 12))])
        yield f"list with a date and e-RS {state}", only([row(ubrn=UBRN, next_outpatient=SOON)], [referral(state=state)])
    for kind in EventKind:
        yield f"{kind}", only([], [referral(state=ReferralState.BOOKED, next_event=NextEvent(kind, SOON, time(9), "Ward 2"))])
    for name in ("cancelled", "last_missed", "due", "next_outpatient", "next_admission", "clock_stop"):
        yield f"{name} gone by", only([row(**{name: date(2026, 11, 10)})])
    yield "not an 18-week list", only([row(list_kind=ListKind.NOT_RTT)])
    yield "kind of list not known", only([row(list_kind=ListKind.UNKNOWN)])
    yield "restarted", only([row(rtt_status="11", original_referral_received=date(2025, 1, 5))])
    yield "waited 104 weeks", only([row(clock_start=date(2024, 1, 5))])
    yield "booked on an old list", only([row(week_ending=date(2026, 11, 1), next_outpatient=SOON)])
    yield "first week on an old list", only([row(week_ending=date(2026, 11, 1), clock_start=date(2026, 10, 28))])
    yield "first week", only([row(clock_start=date(2026, 11, 16))])
    yield from activity_pathways()
    yield from contact_pathways()
    yield "ask the team", only([row(ask_team=True)])
    yield "ask the team, booked", only([row(ask_team=True, next_outpatient=SOON)])


def activity_pathways() -> Iterator[tuple[str, Pathway]]:
    """Those that only a provider's own system knows."""
    waits = activity(ActivityKind.WAITING, ActivityStatus.ACTIVE, clock_start=date(2026, 3, 3), as_at=WEEK)
    for kind in (ActivityKind.APPOINTMENT, ActivityKind.ADMISSION, ActivityKind.DIAGNOSTIC):
        yield f"own {kind}", only([], activities=[activity(kind, start=datetime(2026, 12, 16, 9, tzinfo=UTC), place="Ward 2")])
    yield "own list", only([], activities=[waits])
    yield "own list, new", only([], activities=[replace(waits, clock_start=date(2026, 11, 16))])
    yield "own list, old", only([], activities=[replace(waits, as_at=date(2026, 10, 4))])
    yield "own list, old and new", only([], activities=[replace(waits, as_at=date(2026, 10, 4), clock_start=date(2026, 10, 1))])
    yield "own list, ask the team", only([], activities=[replace(waits, ask_team=True)])
    yield "own referral", only([], activities=[activity(ActivityKind.REFERRAL, ActivityStatus.TO_BOOK)])
    for status in (ActivityStatus.CANCELLED, ActivityStatus.MISSED):
        yield f"own appointment {status}", only([], activities=[activity(status=status, start=date(2026, 11, 10))])


def contact_pathways() -> Iterator[tuple[str, Pathway]]:
    """Those of which e-RS tells a day to be in touch by, a number to ring, or a request for advice."""
    for state in (ReferralState.DEFERRED_TO_PROVIDER, ReferralState.AWAITING_TRIAGE):
        for by in (date(2026, 11, 12), date(2026, 11, 27)):
            for phone in ("", "01632 960001"):
                waits = referral(state=state, contact_by=by, service_phone=phone, service="Clinic 4")
                yield f"in touch by {by}, {state} {phone}", only([], [waits])
                yield f"on a list, in touch by {by}, {state} {phone}", only([row(ubrn=UBRN)], [waits])
    yield "booked with a number", only([], [referral(state=ReferralState.BOOKED, next_event=BOOKED, service_phone="01632 960001")])
    for words_of_it in ("the specialist has not answered yet", "it was cancelled", "we cannot tell where it stands"):
        yield f"advice: {words_of_it}", only([], [referral(state=ReferralState.UNKNOWN, advice=words_of_it)])
        yield f"on a list, advice: {words_of_it}", only([row(ubrn=UBRN)], [referral(advice=words_of_it)])


EVERY = [pytest.param(p, id=name) for name, p in pathways()]
SITUATIONS = [pytest.param(say_situation(s, TODAY), id=s.value) for s in Situation]


def every_saying() -> Iterator[Saying]:
    for _, pathway in pathways():
        yield from pathway.sayings
    for situation in Situation:
        yield from say_situation(situation, TODAY)


def check_words(sayings: tuple[Saying, ...]) -> None:
    for saying in sayings:
        for sentence in saying.sentences:
            assert not NEVER.search(sentence.text), sentence
            assert not book().is_forbidden(sentence.text), sentence
            assert "{" not in sentence.text
            assert sentence.text.endswith((".", "?"))
            assert sentence.text[0].isupper()
            assert sentence.rule
            assert sentence.source
            for short in re.split(r"(?<=\.) ", sentence.text):
                assert len(short.split()) <= 20, short


@pytest.mark.parametrize("pathway", EVERY)
def test_every_pathway_has_three_parts_of_short_plain_sentences(pathway: Pathway) -> None:
    assert [s.part for s in pathway.sayings] == [p for p in Part if p is not Part.WORSE]
    assert all(s.sentences for s in pathway.sayings)
    check_words(pathway.sayings)


@pytest.mark.parametrize("sayings", SITUATIONS)
def test_every_situation_has_words(sayings: tuple[Saying, ...]) -> None:
    assert sayings
    check_words(sayings)


def syllables(word: str) -> int:
    bare = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", re.sub(r"(?:[^laeiouy]es|ed|[^laeiouy]e)$", "", bare)))
    return max(1, groups)


def plain(text: str) -> str:
    """Names and dates out, as they are not what makes words hard."""
    text = re.sub(r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day )?\d{1,2} [A-Z][a-z]+ \d{4}( at [\d:]+[ap]m)?", "May", text)
    return re.sub("Fenmoor City|Thornmere General|Clinic 4|Ward 2", "Bath", text)


def grade(text: str) -> float:
    """Flesch-Kincaid grade level: school years, age = grade + 5."""
    sentences = [s for s in re.split(r"(?<=\.)\s+", plain(text).strip()) if s]
    spoken = re.findall(r"[A-Za-z0-9'-]+", plain(text))
    return 0.39 * len(spoken) / len(sentences) + 11.8 * sum(map(syllables, spoken)) / len(spoken) - 15.59


@pytest.mark.parametrize("pathway", EVERY)
def test_a_child_of_eleven_can_read_it(pathway: Pathway) -> None:
    assert grade(words(pathway)) <= 6, words(pathway)


@pytest.mark.parametrize("sayings", SITUATIONS)
def test_a_child_of_eleven_can_read_the_situations(sayings: tuple[Saying, ...]) -> None:
    text = " ".join(s.text for saying in sayings for s in saying.sentences)
    assert grade(text) <= 6, text


def test_the_measure_itself_knows_hard_from_easy() -> None:
    assert grade("The cat sat on the mat. It was red.") < 2
    assert grade("Notwithstanding administrative prioritisation, rescheduling remains contingent upon operational capacity.") > 15


def test_every_rule_is_reached_by_some_state() -> None:
    said = {s.rule for saying in every_saying() for s in saying.sentences}
    said |= {s.rule for a in answers(*SourceState) if (s := source_sentence(a)) is not None}
    said |= {rule for rules in book().page("gaps")["say"].values() for rule in rules}  # reached in the tests of gaps
    assert set(book().page("sentences")) == said


def test_every_status_and_state_has_its_own_page() -> None:
    assert set(status_effects()) | {"other"} == set(book().page("rtt_status"))
    assert {s.value for s in ReferralState} == set(book().page("referral_state"))
    assert {s.value for s in Situation} == set(book().page("situations"))


def test_the_wording_is_versioned_and_says_that_nobody_has_signed_it() -> None:
    content = json.loads((files("resources") / "reference" / "wording.json").read_text(encoding="utf-8"))
    assert (content["version"], content["sign_off"]) == ("1", "none")
    assert date.fromisoformat(content["effective"]) <= TODAY
    for rule, entry in content["sentences"].items():
        assert entry.get("otherwise", rule) in content["sentences"]


def test_a_simple_wait_word_for_word() -> None:
    found = only([row()], desk_phone="0808 157 0100")
    assert words(found) == (
        "Your referral reached Fenmoor City on 3 March 2026. The list says that you are still waiting. "
        "You have waited more than 37 weeks, from 3 March 2026. We can see no date for you yet. "
        "The next step is for Fenmoor City to give you a date. "
        "If you hear nothing by Friday 4 December 2026, ring us on 0808 157 0100. If you feel worse, ring your GP practice or 111."
    )


def test_each_sentence_names_its_source_its_time_its_field_and_its_rule() -> None:
    found = only([row(ubrn=UBRN)], [referral(state=ReferralState.BOOKED, next_event=BOOKED)])
    told = {s.rule: (s.source, s.as_at, s.field) for s in found.sentences}
    assert told["K01"] == ("waiting_lists", WEEK, "referral_received")
    assert told["N01"] == ("ers", SEEN, "next_event")
    assert told["R03"] == ("content:wording@1", date(2026, 11, 1), "")


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


def answers(*states: SourceState) -> list[Answer[object]]:
    return [Answer(f"s{n}", "Fenmoor City", JANE, state, WEEK) for n, state in enumerate(states)]


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
    assert source_sentence(answers(SourceState.FRESH)[0]) is None


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

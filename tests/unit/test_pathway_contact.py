"""The day to be in touch by, the number to ring and a request for advice: said where they are true, and only there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from pathway_facts import SEEN, TODAY, UBRN, activity, only, referral, row, stitched, words

from helpdesk.pathways.activity import ActivityStatus
from helpdesk.pathways.days import is_working_day, working_days_before, working_days_later
from helpdesk.pathways.model import EventKind, NextEvent, Part, ReferralState, Sentence
from helpdesk.pathways.standing import Standing
from helpdesk.pathways.stitching import needs_help

GONE_BY, TO_COME = date(2026, 11, 12), date(2026, 11, 27)
PHONE = "01632 960001"
WAITS = ReferralState.DEFERRED_TO_PROVIDER


def ruled(pathway: object, rule: str) -> Sentence | None:
    return next((s for s in pathway.sentences if s.rule == rule), None)  # type: ignore[attr-defined]  # a Pathway


def test_a_day_gone_by_is_said_with_whom_to_ring() -> None:
    pathway = only([], [referral(state=WAITS, contact_by=GONE_BY, service_phone=PHONE, service="Hip clinic")])
    said = ruled(pathway, "N25")
    assert said == Sentence("Fenmoor City should have been in touch by 12 November 2026.", "ers", SEEN, "contact_by", "N25", "2")
    assert ruled(pathway, "R12") == Sentence(f"Ring Hip clinic on {PHONE}.", "ers", SEEN, "service_phone", "R12", "2")
    assert pathway.standing == Standing.CONTACT_PASSED.value
    assert needs_help(pathway)


def test_without_a_number_the_one_on_the_letter_is_said() -> None:
    pathway = only([], [referral(state=WAITS, contact_by=GONE_BY)])
    assert ruled(pathway, "R06")
    assert not ruled(pathway, "R12")


def test_a_day_to_come_is_when_to_ring() -> None:
    pathway = only([], [referral(state=WAITS, contact_by=TO_COME, service_phone=PHONE, service="Hip clinic")])
    assert f"If you hear nothing by 27 November 2026, ring Hip clinic on {PHONE}." in words(pathway)
    assert "Fenmoor City should be in touch by 27 November 2026." in words(pathway)
    assert pathway.standing == Standing.PROVIDER_BOOKS.value
    assert not needs_help(pathway)


def test_the_day_itself_is_not_gone_by() -> None:
    assert ruled(only([], [referral(state=WAITS, contact_by=TODAY)]), "N26")
    assert ruled(only([], [referral(state=WAITS, contact_by=TODAY - timedelta(days=1))]), "N25")


@pytest.mark.parametrize("state", [s for s in ReferralState if s not in (WAITS, ReferralState.AWAITING_TRIAGE)])
def test_only_while_the_provider_acts_is_a_day_said(state: ReferralState) -> None:
    assert "in touch by 12 November" not in words(only([], [referral(state=state, contact_by=GONE_BY)]))


@pytest.mark.parametrize(
    "facts",
    [
        {"next_outpatient": date(2026, 12, 4)},
        {"next_outpatient": date(2026, 11, 1)},
        {"last_attended": date(2026, 11, 1)},
        {"cancelled": date(2026, 11, 1)},
        {"last_missed": date(2026, 11, 1)},
        {"clock_stop": date(2026, 11, 1)},
        {"rtt_status": "30"},
        {"rtt_status": "36"},
        {"ask_team": True},
    ],
)
def test_a_list_that_shows_more_than_waiting_takes_the_day_away(facts: dict[str, object]) -> None:
    waits = referral(state=WAITS, contact_by=GONE_BY, service_phone=PHONE)
    assert "should have been in touch" in words(only([row(ubrn=UBRN)], [waits]))
    assert "should have been in touch" not in words(only([row(ubrn=UBRN, **facts)], [waits]))


def test_a_visit_that_took_place_takes_the_day_away() -> None:
    seen = activity(status=ActivityStatus.ATTENDED, ubrn=UBRN, start=date(2026, 11, 2))
    assert "should have been in touch" not in words(only([], [referral(state=WAITS, contact_by=GONE_BY)], activities=[seen]))


def test_an_old_look_at_the_booking_system_says_no_day_beside_a_list() -> None:
    kept = referral(state=WAITS, contact_by=GONE_BY, as_at=datetime(2026, 11, 1, tzinfo=UTC))
    assert "should have been in touch" not in words(only([row(ubrn=UBRN)], [kept]))


def test_nothing_is_said_of_it_where_the_team_alone_answers() -> None:
    waits = referral(state=WAITS, contact_by=GONE_BY, service_phone=PHONE, specialty="Clinical oncology", advice="it has ended")
    pathway = only([], [waits])
    assert pathway.ask_team
    assert not [s for s in pathway.sentences if s.field in ("contact_by", "service_phone", "advice")]


def test_a_service_whose_name_may_not_be_said_is_the_service() -> None:
    waits = referral(state=WAITS, contact_by=GONE_BY, service_phone=PHONE, service="Priority clinic", provider=None)
    assert f"Ring the service on {PHONE}." in words(only([], [waits]))
    assert "The service should have been in touch" in words(only([], [waits]))


def test_who_cannot_go_rings_the_service() -> None:
    event = NextEvent(EventKind.OUTPATIENT, date(2026, 12, 4))
    pathway = only([], [referral(state=ReferralState.BOOKED, next_event=event, service_phone=PHONE, service="Hip clinic")])
    assert f"If you cannot go, ring Hip clinic on {PHONE} as soon as you can." in words(pathway)


def test_advice_alone_is_no_wait() -> None:
    pathway = only([], [referral(state=ReferralState.UNKNOWN, advice="the specialist has answered", provider=None)])
    assert (pathway.days_waited, pathway.clock_start, pathway.clock_running, pathway.next_event) == (None, None, False, None)
    assert pathway.standing == Standing.ADVICE.value
    assert not needs_help(pathway)
    known = next(s for s in pathway.sayings if s.part is Part.KNOWN)
    assert [s.rule for s in known.sentences] == ["K33", "K34"]
    assert known.sentences[0].text == "Your GP practice asked a specialist for advice: the specialist has answered."


def test_advice_beside_a_referral_changes_nothing_but_one_sentence() -> None:
    plain, beside = only([], [referral()]), only([], [referral(advice="it has ended")])
    assert {s.rule for s in beside.sentences} - {s.rule for s in plain.sentences} == {"K33"}
    assert beside.standing == plain.standing


def test_an_overdue_contact_stands_before_a_longer_wait() -> None:
    long_wait = row(clock_start=date(2025, 3, 3))
    overdue = referral(state=WAITS, contact_by=GONE_BY, clock_start=date(2026, 9, 1))
    assert [p.standing for p in stitched([long_wait], [overdue])] == [Standing.CONTACT_PASSED.value, Standing.ON_LIST.value]


@pytest.mark.parametrize(
    ("day", "days", "later"),
    [
        (date(2022, 1, 3), 2, date(2022, 1, 5)),
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 12, 24), 1, date(2026, 12, 29)),
        (date(2026, 10, 1), 40, date(2026, 11, 26)),
    ],
)
def test_working_days_leave_out_weekends_and_bank_holidays(day: date, days: int, later: date) -> None:
    assert working_days_later(day, days) == later
    if is_working_day(day):
        assert working_days_before(later, days) == day

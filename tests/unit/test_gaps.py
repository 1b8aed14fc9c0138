"""Each kind of gap at its thresholds, one cause never two gaps, and what only looks like one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from pathway_facts import CITY, GENERAL, SOMEBODY_ELSE, TODAY, UBRN, WEEK, activity, referral
from stuck_facts import FORMER, STUCK, Known, back, clock_event, former, gaps, kinds, pathways, quiet, sent, waiting

from helpdesk.errors import RuleBroken
from helpdesk.identifiers import OdsCode, PathwayId
from helpdesk.pathways.activity import ActivityKind, ActivityStatus
from helpdesk.pathways.extract_rows import ClockMove
from helpdesk.pathways.gap_rules import WORST_FIRST, gap_rules
from helpdesk.pathways.model import EventKind, Gap, GapKind, ListKind, NextEvent, ReferralState, Severity, Turn
from helpdesk.pathways.sentences import book

RULES = gap_rules(TODAY)
THRESHOLDS = [(kind, first, severity) for kind in STUCK for first, severity in RULES[kind].first_days]


def only(known: Known) -> Gap:
    (gap,) = gaps(known)
    return gap


def test_every_kind_has_a_rule_and_words_and_its_grades_rise() -> None:
    assert set(RULES) == set(GapKind)
    for rule in RULES.values():
        assert [days for days, _ in rule.first_days] == sorted((days for days, _ in rule.first_days), reverse=True)
        assert rule.hand_off.count("{") <= 1
        assert not book().is_forbidden(rule.hand_off)


def test_a_rule_holds_only_from_its_day() -> None:
    assert gap_rules(date(2025, 12, 31)) == {}


@pytest.mark.parametrize(("kind", "first", "severity"), THRESHOLDS)
def test_the_day_before_the_day_and_the_day_after(kind: GapKind, first: int, severity: Severity) -> None:
    milder = WORST_FIRST.index(severity) + 1
    before = WORST_FIRST[milder] if milder < len(WORST_FIRST) else None
    for days, expected in ((first - 1, before), (first, severity), (first + 1, severity)):
        found = [gap for gap in gaps(STUCK[kind](days)) if gap.kind is kind]
        assert [gap.severity for gap in found] == ([expected] if expected else []), days
        assert [(gap.days, gap.since) for gap in found] == ([(days, back(days))] if expected else [])


@pytest.mark.parametrize("kind", STUCK)
def test_one_cause_is_one_gap_with_evidence_a_turn_and_words(kind: GapKind) -> None:
    gap = only(STUCK[kind](RULES[kind].low + 60))
    assert gap.kind is kind
    assert gap.evidence.endswith(".")
    assert gap.hand_off
    assert isinstance(gap.turn, Turn)
    assert gap.sources
    assert gap.as_at is not None
    assert gap.say
    assert {s.rule for s in gap.say} >= {f"G_{kind.value}"}


@pytest.mark.parametrize("kind", STUCK)
def test_of_a_pathway_whose_own_team_answers_nothing_is_said(kind: GapKind) -> None:
    known = STUCK[kind](RULES[kind].low + 60)
    own = Known(
        tuple(r.__class__(**{**vars(r), "ask_team": True}) for r in known.rows),
        known.referrals,
        sent=tuple(s.__class__(**{**vars(s), "treatment_function": "800"}) for s in known.sent),
    )
    for gap in gaps(own):
        assert (gap.kind, gap.say) == (kind, ())
        assert "own team" in gap.hand_off
    assert gaps(own)


# What is booked, over, or not known yet is no gap


@pytest.mark.parametrize("kind", [k for k in STUCK if k not in (GapKind.HELD_TWICE, GapKind.NOT_RECEIVED, GapKind.REJECTED_NO_ACTION)])
def test_a_date_to_come_ends_it(kind: GapKind) -> None:
    known = STUCK[kind](200)
    booked = tuple(r.__class__(**{**vars(r), "next_admission": TODAY + timedelta(days=9)}) for r in known.rows)
    assert kinds(known) == [kind]
    assert kinds(Known(booked, known.referrals)) == []


@pytest.mark.parametrize("status", ["30", "31", "32", "34", "35", "36"])
def test_once_the_clock_has_stopped_nobody_is_late(status: str) -> None:
    assert kinds(Known((quiet(rtt_status=status, cancelled=back(90), due=back(80)),))) == []


def test_a_missed_first_appointment_ends_the_clock_and_still_needs_somebody() -> None:
    assert kinds(Known((quiet(rtt_status="33", last_missed=back(40)),))) == [GapKind.MISSED_NOT_REBOOKED]
    assert kinds(Known((quiet(rtt_status="33"),))) == []


def test_a_clock_stop_from_another_extract_ends_it_too() -> None:
    row = quiet(cancelled=back(90))
    assert kinds(Known((row,), events=(clock_event(ClockMove.STOP, back(30)),))) == []
    again = (clock_event(ClockMove.STOP, back(60)), clock_event(ClockMove.START, back(30)))
    assert kinds(Known((row,), events=again)) == [GapKind.CANCELLED_NOT_REBOOKED]


def test_a_list_made_before_the_date_cannot_say_what_came_of_it() -> None:
    old = quiet(week_ending=back(30), next_outpatient=back(25))
    assert kinds(Known((old,))) == []
    assert kinds(Known((quiet(week_ending=back(9), next_outpatient=back(25)),))) == [GapKind.DATE_PASSED_NO_OUTCOME]


def test_days_count_to_what_the_list_speaks_for() -> None:
    assert kinds(Known((quiet(week_ending=back(30), cancelled=back(40)),))) == []
    assert only(Known((quiet(week_ending=back(30), cancelled=back(60)),))).days == 30


def test_the_latest_thing_that_happened_counts() -> None:
    assert kinds(Known((waiting(cancelled=back(90), last_attended=back(20)),))) == []
    assert kinds(Known((waiting(last_missed=back(60), cancelled=back(30)),))) == []
    assert kinds(Known((quiet(last_missed=back(60), cancelled=back(30)),))) == [GapKind.CANCELLED_NOT_REBOOKED]
    assert kinds(Known((quiet(last_missed=back(30), cancelled=back(60)),))) == [GapKind.MISSED_NOT_REBOOKED]


def test_nothing_is_expected_after_treatment_or_on_a_planned_list() -> None:
    for status in ("90", "91", "92", "98"):
        assert kinds(Known((waiting(last_attended=back(300), rtt_status=status),))) == []
    assert kinds(Known((quiet(list_kind=ListKind.NOT_RTT, rtt_status=""),))) == [GapKind.NO_ACTIVITY]


# What e-RS tells without a day


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (ReferralState.REJECTED, GapKind.REJECTED_NO_ACTION),
        (ReferralState.APPT_CANCELLED_BY_PATIENT, GapKind.CANCELLED_NOT_REBOOKED),
        (ReferralState.APPT_CANCELLED_BY_PROVIDER, GapKind.CANCELLED_NOT_REBOOKED),
        (ReferralState.DID_NOT_ATTEND, GapKind.MISSED_NOT_REBOOKED),
    ],
)
def test_a_state_without_a_day_counts_once_it_can_have_lasted(state: ReferralState, kind: GapKind) -> None:
    young, old = RULES[kind].low - 1, RULES[kind].low
    assert kinds(Known(referrals=(referral(state=state, clock_start=back(young)),))) == []
    gap = only(Known(referrals=(referral(state=state, clock_start=back(old)),)))
    assert (gap.kind, gap.severity, gap.since) == (kind, RULES[kind].undated, TODAY)
    assert "without saying" in gap.evidence


def test_an_old_state_of_e_rs_does_not_outweigh_an_attendance() -> None:
    cancelled = referral(state=ReferralState.APPT_CANCELLED_BY_PROVIDER, clock_start=back(300))
    assert kinds(Known((waiting(ubrn=UBRN),), (cancelled,))) == []


def test_a_cancelled_referral_is_a_gap_only_where_a_list_still_holds_it() -> None:
    ended = referral(state=ReferralState.CANCELLED_REFERRAL, clock_start=back(100))
    assert kinds(Known(referrals=(ended,))) == []
    assert [(g.kind, g.turn) for g in gaps(Known((quiet(ubrn=UBRN),), (ended,)))] == [(GapKind.REJECTED_NO_ACTION, Turn.PROVIDER)]


def test_the_day_to_be_in_touch_by_counts_where_the_list_gives_none() -> None:
    waits = referral(state=ReferralState.AWAITING_TRIAGE, contact_by=back(5))
    assert only(Known(referrals=(waits,))).kind is GapKind.DEFERRED_OVERDUE
    assert kinds(Known(referrals=(referral(state=ReferralState.AWAITING_TRIAGE, contact_by=TODAY),))) == []


def test_sources_that_contradict_each_other_are_no_gap() -> None:
    listed = quiet(ubrn=UBRN, next_outpatient=TODAY + timedelta(days=12))
    assert kinds(Known((listed,), (referral(state=ReferralState.APPT_CANCELLED_BY_PROVIDER),))) == []


# What a provider's own system shows


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (ActivityStatus.CANCELLED, GapKind.CANCELLED_NOT_REBOOKED),
        (ActivityStatus.MISSED, GapKind.MISSED_NOT_REBOOKED),
    ],
)
def test_an_own_system_shows_it_too(status: ActivityStatus, kind: GapKind) -> None:
    wrong = activity(status=status, start=back(20), local_id="P1")
    assert kinds(Known(activities=(wrong,))) == [kind]
    seen = activity(ActivityKind.ATTENDANCE, ActivityStatus.ATTENDED, id="a2", start=back(10), local_id="P1")
    assert kinds(Known((quiet(),), activities=(wrong, seen))) == []


def test_a_date_in_an_own_system_that_went_by() -> None:
    waits = activity(ActivityKind.WAITING, ActivityStatus.ACTIVE, id="w", clock_start=back(60), as_at=WEEK)
    passed = activity(start=datetime(2026, 11, 2, 9, tzinfo=UTC))
    assert kinds(Known(activities=(waits, passed))) == [GapKind.DATE_PASSED_NO_OUTCOME]


def test_what_waits_to_be_booked_there_is_the_turn_of_the_provider() -> None:
    asked = activity(ActivityKind.REFERRAL, ActivityStatus.TO_BOOK, referred=back(50))
    gap = only(Known(activities=(asked,)))
    assert (gap.kind, gap.turn) == (GapKind.NOT_BOOKED, Turn.PROVIDER)
    assert [s.rule for s in gap.say] == ["G_not_booked", "G_ask_provider"]


def test_what_can_be_asked_has_words_for_each_whose_turn_it_can_be() -> None:
    turns = {rule.turn for rule in RULES.values()} | {Turn.PROVIDER}
    assert {f"G_ask_{turn.name.lower()}" for turn in turns} <= set(book().page("sentences"))


# Referrals sent


def test_what_arrived_or_looks_as_if_it_had_is_not_lost() -> None:
    assert kinds(Known(sent=(sent(received=back(38)),))) == []
    alike = waiting(treatment_function="330", clock_start=back(39), referral_received=back(39))
    assert kinds(Known((alike,), sent=(sent(),))) == []
    assert kinds(Known((waiting(),), sent=(sent(),))) == [GapKind.NOT_RECEIVED]


def test_a_referral_that_was_withdrawn_is_over() -> None:
    assert kinds(Known(sent=(sent(closed=back(30), outcome="withdrawn"),))) == []


def test_a_new_referral_for_the_same_ends_what_was_sent_back() -> None:
    again = waiting(treatment_function="330", clock_start=back(20), referral_received=back(20))
    assert kinds(Known((again,), sent=(sent(closed=back(30), outcome="sent back"),))) == []


@pytest.mark.parametrize(("days", "expected"), [(6, []), (7, [GapKind.NOT_RECEIVED])])
def test_an_older_list_says_nothing_of_what_was_sent_since(days: int, expected: list[GapKind]) -> None:
    known = Known(sent=(sent(sent=WEEK - timedelta(days=days), as_at=WEEK + timedelta(days=9)),))
    assert kinds(known, WEEK + timedelta(days=9)) == expected


def test_e_rs_alone_shows_what_no_list_of_the_provider_holds() -> None:
    waits = referral(state=ReferralState.TRIAGED_PROVIDER_TO_ACTION, clock_start=back(40))
    assert kinds(Known(referrals=(waits,))) == [GapKind.NOT_RECEIVED]
    elsewhere = referral(state=ReferralState.TRIAGED_PROVIDER_TO_ACTION, clock_start=back(40), provider=OdsCode("XZZ01"))
    assert kinds(Known(referrals=(elsewhere,))) == []


# Gone from the list


def test_gone_from_this_weeks_list_makes_a_pathway_of_its_own() -> None:
    (pathway,) = pathways(Known(former=former([1, 2, 3])))
    (gap,) = pathway.gaps
    assert (gap.kind, gap.since, gap.severity) == (GapKind.LEFT_LIST_WITHOUT_STOP, WEEK, Severity.LOW)
    assert (pathway.next_event, pathway.days_waited, pathway.clock_running) == (None, None, False)
    assert pathway.sayings
    assert (pathway.provider.code, pathway.specialty.code) == (CITY.value, "110")


@pytest.mark.parametrize(("day", "severity"), [(6, Severity.LOW), (7, Severity.MEDIUM), (13, Severity.MEDIUM), (14, Severity.HIGH)])
def test_it_grows_with_the_days_since_the_first_list_without_it(day: int, severity: Severity) -> None:
    known = Known(former=former([1, 2]), limits={"XFC01 list": 40})
    assert [g.severity for g in gaps(known, WEEK + timedelta(days=day))] == [severity]


def test_gone_for_two_lists_counts_from_the_first() -> None:
    assert only(Known(former=former([2, 3]))).since == FORMER[0]


def test_its_key_stays_the_same_when_it_leaves() -> None:
    (then,), (now,) = pathways(Known((waiting(),))), pathways(Known(former=former([1])))
    assert then.key == now.key


def test_where_no_clock_stops_are_sent_it_is_told_as_less_certain() -> None:
    gap = only(Known(former=former([2, 3]), stops=False, limits={"XFC01 list": 99}))
    assert gap.severity is Severity.LOW
    assert "not known here" in gap.evidence


@pytest.mark.parametrize(
    "known",
    [
        Known(former=former([1]), events=(clock_event(ClockMove.STOP, back(9)),)),
        Known(former=former([1]), events=(clock_event(ClockMove.NULLIFY, back(9)),)),
        Known(former=former([1], clock_stop=back(20))),
        Known(former=former([1], rtt_status="30")),
        Known(former=former([1], rtt_status="21")),
        Known(former=former([1], rtt_status="90")),
        Known(former=former([1], list_kind=ListKind.NOT_RTT)),
        Known((waiting(provider=GENERAL, local_patient_id="G1"),), former=former([1])),
        Known((waiting(pathway_id=PathwayId("P2", "XFC01")),), former=former([1])),
        Known((waiting(pathway_id=None),), former=former([1, 2], pathway_id=None)),
        Known((waiting(),), former=former([2])),
    ],
    ids=["stop", "nullified", "stop date", "treated", "moved", "after treatment", "no clock", "elsewhere", "renamed", "no key", "was back"],
)
def test_who_left_for_a_reason_or_never_left_is_not_lost(known: Known) -> None:
    assert GapKind.LEFT_LIST_WITHOUT_STOP not in kinds(known)


def test_a_row_without_any_key_that_left_is_one_gap() -> None:
    assert kinds(Known(former=former([1, 2, 3], pathway_id=None))) == [GapKind.LEFT_LIST_WITHOUT_STOP]


def test_what_e_rs_still_knows_of_takes_the_gap() -> None:
    waits = referral(state=ReferralState.DEFERRED_TO_PROVIDER, clock_start=back(100))
    (pathway,) = pathways(Known(referrals=(waits,), former=former([1], ubrn=UBRN)))
    assert [g.kind for g in pathway.gaps] == [GapKind.LEFT_LIST_WITHOUT_STOP]


def test_a_former_list_about_somebody_else_is_not_used() -> None:
    with pytest.raises(RuleBroken):
        pathways(Known(former=former([1], nhs_number=SOMEBODY_ELSE)))


# Held twice


def test_two_lists_that_hold_it_are_a_gap_beside_its_cause() -> None:
    both = (quiet(cancelled=back(90)), quiet(cancelled=back(90), provider=GENERAL, local_patient_id="G1"))
    assert kinds(Known(both)) == [GapKind.CANCELLED_NOT_REBOOKED, GapKind.HELD_TWICE]


@pytest.mark.parametrize("status", ["21", "30", "90"])
def test_an_entry_that_no_longer_counts_is_no_second(status: str) -> None:
    both = (waiting(), waiting(provider=GENERAL, local_patient_id="G1", rtt_status=status))
    assert kinds(Known(both)) == []


def test_an_old_list_is_no_second_unless_the_other_held_it_then() -> None:
    old = waiting(provider=GENERAL, local_patient_id="G1", week_ending=FORMER[2])
    assert kinds(Known((waiting(), old))) == []
    assert kinds(Known((waiting(), old), former=former([3]))) == [GapKind.HELD_TWICE]


def test_the_most_severe_stands_first() -> None:
    both = (quiet(due=back(3)), quiet(due=back(3), provider=GENERAL, local_patient_id="G1"))
    assert [g.severity for g in gaps(Known(both))] == [Severity.MEDIUM, Severity.LOW]


def test_a_booking_that_e_rs_shows_ends_what_the_list_does_not_know() -> None:
    event = NextEvent(EventKind.OUTPATIENT, TODAY + timedelta(days=20))
    booked = referral(state=ReferralState.BOOKED, next_event=event)
    assert kinds(Known((quiet(ubrn=UBRN),), (booked,))) == []

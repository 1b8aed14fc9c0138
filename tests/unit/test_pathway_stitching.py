"""One row for each real pathway: joined by hard keys, never by look-alike, nobody else's facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathway_facts import CITY, GENERAL, JANE, SEEN, SOMEBODY_ELSE, TODAY, UBRN, WEEK, only, referral, row, stitched

from helpdesk.errors import RuleBroken
from helpdesk.identifiers import PathwayId
from helpdesk.pathways.clock import status_effects, weeks_band
from helpdesk.pathways.model import Coded, EventKind, ListKind, ListRow, NextEvent, ReferralState
from helpdesk.pathways.stitching import needs_help, visible_to

PADDED = PathwayId("00000000" + UBRN.value, "X09")
SOON = date(2026, 12, 16)


def test_a_simple_wait() -> None:
    found = only([row()])
    assert found.specialty == Coded("110", "Trauma and orthopaedics")
    assert found.provider == Coded("XFC01", "Fenmoor City")
    assert (found.days_waited, found.weeks_band, found.waited_to) == (262, "37", TODAY)
    assert found.mark_18_weeks == date(2026, 7, 7)
    assert found.standing == "on the list, no appointment"
    assert found.sources == ("waiting_lists",)
    assert found.as_at == WEEK
    assert found.next_event is None


def test_facts_about_somebody_else_are_refused() -> None:
    with pytest.raises(RuleBroken) as refused:
        stitched([row(), row(nhs_number=SOMEBODY_ELSE)])
    assert SOMEBODY_ELSE.value not in refused.value.message
    with pytest.raises(RuleBroken):
        stitched([row()], [referral(nhs_number=SOMEBODY_ELSE)])


@pytest.mark.parametrize("keyed", [{"ubrn": UBRN}, {"pathway_id": PADDED}, {"ubrn": UBRN, "pathway_id": PADDED}])
def test_a_booking_reference_joins_list_and_referral(keyed: dict[str, object]) -> None:
    found = only([row(**keyed)], [referral()])
    assert found.sources == ("waiting_lists", "ers")


def test_a_padded_identifier_of_another_issuer_is_no_booking_reference() -> None:
    assert len(stitched([row(pathway_id=PathwayId(PADDED.value, "XFC01"))], [referral()])) == 2


def test_the_same_value_of_two_issuers_is_two_pathways() -> None:
    rows = [row(), row(provider=GENERAL, pathway_id=PathwayId("P1", "XTG01"))]
    assert len(stitched(rows)) == 2


def test_look_alikes_are_never_merged() -> None:
    alike = row(pathway_id=None)
    assert len(stitched([alike, replace(alike, local_patient_id="L2"), replace(alike, due=TODAY), row()])) == 4
    assert len(stitched([row()], [referral(clock_start=date(2026, 3, 3))])) == 2


def test_a_row_given_twice_is_one() -> None:
    assert len(stitched([row(pathway_id=None), row(pathway_id=None)])) == 1


def test_a_transfer_is_one_row_and_the_receiver_speaks() -> None:
    rows = [row(rtt_status="21"), row(provider=GENERAL, rtt_status="20")]
    found = only(rows)
    assert found.provider.code == "XTG01"
    assert found.clock_running
    assert found.standing == "on the list, no appointment"


def test_two_pathways_of_one_provider_under_one_booking_reference_stay_two() -> None:
    first = row(ubrn=UBRN, pathway_id=PathwayId("P1", "XFC01"), clock_start=date(2026, 3, 3))
    second = row(ubrn=UBRN, pathway_id=PathwayId("P2", "XFC01"), clock_start=date(2026, 6, 1))
    found = stitched([second, first], [referral()])
    assert [(p.clock_start, p.sources) for p in found] == [
        (date(2026, 3, 3), ("waiting_lists", "ers")),
        (date(2026, 6, 1), ("waiting_lists",)),
    ]


def test_two_providers_under_one_booking_reference_are_one_pathway() -> None:
    rows = [row(ubrn=UBRN), row(provider=GENERAL, ubrn=UBRN, pathway_id=PathwayId("Q9", "XTG01"))]
    assert len(stitched(rows)) == 1


def test_e_rs_alone_makes_a_pathway() -> None:
    found = only([], [referral(clock_start=date(2026, 9, 17))])
    assert (found.days_waited, found.weeks_band) == (64, "9")
    assert found.standing == "waiting to be booked (e-RS)"
    assert found.as_at == SEEN
    assert found.specialty == Coded("111", "Orthopaedics")


def test_the_key_stays_and_shows_no_identifier() -> None:
    alone = only([row(ubrn=UBRN)]).key
    assert alone == only([row(ubrn=UBRN, week_ending=WEEK - timedelta(7))], [referral()]).key
    assert UBRN.value not in alone
    assert "P1" not in alone


@pytest.mark.parametrize(("age", "to"), [(5, TODAY), (10, TODAY), (11, TODAY - timedelta(11)), (40, TODAY - timedelta(40))])
def test_days_count_to_today_or_to_the_lists_date(age: int, to: date) -> None:
    found = only([row(week_ending=TODAY - timedelta(age))])
    assert found.waited_to == to
    assert found.days_waited == (to - date(2026, 3, 3)).days


def test_each_list_has_its_own_limit() -> None:
    old = row(provider=GENERAL, pathway_id=PathwayId("Q9", "XTG01"), week_ending=date(2026, 10, 4))
    assert {p.waited_to for p in stitched([row(), old])} == {TODAY, date(2026, 10, 4)}


@pytest.mark.parametrize("status", [*status_effects(), "", "77"])
def test_only_running_statuses_count(status: str) -> None:
    found = only([row(rtt_status=status)])
    running = status in {"10", "11", "12", "20", "21"}
    assert found.clock_running is running
    assert (found.weeks_band is not None) is running
    assert (found.days_waited is not None) is running


@pytest.mark.parametrize(
    "changed",
    [{"list_kind": ListKind.NOT_RTT}, {"clock_start": None}, {"clock_stop": date(2026, 9, 1)}, {"clock_start": TODAY + timedelta(3)}],
)
def test_no_clock_no_weeks(changed: dict[str, object]) -> None:
    found = only([row(**changed)])
    assert (found.days_waited, found.weeks_band, found.mark_18_weeks, found.clock_running) == (None, None, None, False)


def test_a_list_without_a_clock_is_not_an_18_week_pathway() -> None:
    assert only([row(list_kind=ListKind.NOT_RTT)]).standing == "not an 18-week pathway"
    booked = only([row(list_kind=ListKind.NOT_RTT, next_outpatient=SOON)])
    assert booked.standing == "appointment booked; not an 18-week pathway"


def test_the_earliest_date_to_come_is_next() -> None:
    found = only([row(next_outpatient=SOON, next_admission=date(2026, 12, 1))])
    assert found.next_event == NextEvent(EventKind.ADMISSION, date(2026, 12, 1))
    assert found.standing == "appointment booked"
    assert only([row(next_outpatient=TODAY)]).next_event == NextEvent(EventKind.OUTPATIENT, TODAY)


def test_e_rs_gives_the_time_and_where_dates_differ_both_are_told() -> None:
    event = NextEvent(EventKind.OUTPATIENT, date(2026, 12, 4), time(10, 20), "Clinic 4")
    booked = referral(state=ReferralState.BOOKED, next_event=event)
    same = only([row(ubrn=UBRN, next_outpatient=date(2026, 12, 4))], [booked])
    assert (same.next_event, same.differs) == (event, ())
    other = only([row(ubrn=UBRN, next_outpatient=SOON)], [booked])
    assert other.next_event == event
    assert other.differs == (
        "Next outpatient appointment: Fenmoor City list (15-Nov-2026) says 16-Dec-2026, e-RS (20-Nov-2026) says 04-Dec-2026",
    )


def test_a_newer_list_wins_over_a_kept_referral() -> None:
    event = NextEvent(EventKind.OUTPATIENT, date(2026, 12, 4), time(10, 20))
    kept = referral(state=ReferralState.BOOKED, next_event=event, as_at=datetime(2026, 11, 1, tzinfo=UTC))
    found = only([row(ubrn=UBRN, next_outpatient=SOON)], [kept])
    assert found.next_event == NextEvent(EventKind.OUTPATIENT, SOON)
    assert found.differs


def test_a_date_that_e_rs_has_cancelled_is_never_said_as_booked() -> None:
    found = only([row(ubrn=UBRN, next_outpatient=SOON)], [referral(state=ReferralState.APPT_CANCELLED_BY_PROVIDER)])
    assert found.next_event is None
    assert found.standing == "sources disagree about the appointment"
    assert found.differs == (
        "Next outpatient appointment: Fenmoor City list (15-Nov-2026) says 16-Dec-2026, "
        "e-RS (20-Nov-2026) says the appointment was cancelled",
    )


def test_clock_starts_that_differ_are_shown_not_averaged() -> None:
    found = only([row(ubrn=UBRN, clock_start=date(2026, 3, 2))], [referral(clock_start=date(2026, 3, 12))])
    assert found.clock_start == date(2026, 3, 2)
    assert found.differs == ("Clock start: Fenmoor City list (15-Nov-2026) says 02-Mar-2026, e-RS (20-Nov-2026) says 12-Mar-2026",)


@pytest.mark.parametrize(
    ("changed", "stands"),
    [
        ({"next_outpatient": date(2026, 11, 10)}, "appointment date passed, outcome not known"),
        ({"next_outpatient": date(2026, 11, 10), "last_attended": date(2026, 11, 10)}, "on the list, no appointment"),
        ({"cancelled": date(2026, 8, 14)}, "appointment cancelled, not rebooked"),
        ({"cancelled": date(2026, 8, 14), "last_attended": date(2026, 9, 1)}, "on the list, no appointment"),
        ({"cancelled": date(2026, 8, 14), "next_outpatient": SOON}, "appointment booked"),
        ({"last_missed": date(2026, 8, 14)}, "appointment missed, not rebooked"),
        ({"due": date(2026, 8, 14)}, "due date passed, no appointment"),
        ({"rtt_status": "30"}, "18-week clock stopped"),
        ({"rtt_status": "30", "next_admission": date(2026, 11, 10)}, "18-week clock stopped"),
        ({"rtt_status": "21"}, "moving to another hospital"),
        ({"rtt_status": "99"}, "status not recorded"),
        ({"rtt_status": "98"}, "not an 18-week pathway"),
    ],
)
def test_standing(changed: dict[str, object], stands: str) -> None:
    assert only([row(**changed)]).standing == stands


@pytest.mark.parametrize("state", list(ReferralState))
def test_every_e_rs_state_stands_somewhere(state: ReferralState) -> None:
    assert only([], [referral(state=state)]).standing


def test_those_that_need_help_come_first_then_the_longest_wait() -> None:
    def of(name: str, weeks: int, **changed: object) -> ListRow:
        return row(pathway_id=PathwayId(name, "XFC01"), clock_start=TODAY - timedelta(weeks=weeks), **changed)

    found = stitched([of("A", 9), of("B", 60), of("C", 2, cancelled=date(2026, 11, 1)), of("D", 20, rtt_status="30")])
    assert [p.weeks_band for p in found] == ["1", "59", "8", None]
    assert [needs_help(p) for p in found] == [True, False, False, False]


@pytest.mark.parametrize("changed", [{"treatment_function": "360"}, {"treatment_function": "9Z9"}, {"treatment_function": ""}])
def test_a_sensitive_service_is_hidden_from_a_proxy_without_that_scope(changed: dict[str, object]) -> None:
    found = stitched([row(), row(pathway_id=PathwayId("P2", "XFC01"), **changed)])
    assert len(visible_to(found, proxy=False, sensitive_scope=False)) == 2
    assert len(visible_to(found, proxy=True, sensitive_scope=True)) == 2
    assert [p.specialty.code for p in visible_to(found, proxy=True, sensitive_scope=False)] == ["110"]


def test_a_sensitive_e_rs_service_makes_the_pathway_sensitive() -> None:
    assert only([], [referral(specialty="Gynaecology", service="Fertility clinic")]).sensitive


@given(st.integers(0, 3000), st.integers(-20, 400))
def test_weeks_always_agree_with_days(age: int, list_age: int) -> None:
    start = TODAY - timedelta(days=age)
    found = only([row(clock_start=start, week_ending=TODAY - timedelta(days=list_age))])
    assert found.waited_to in (TODAY, TODAY - timedelta(days=list_age))
    if found.days_waited is None:
        assert start > found.waited_to
    else:
        assert found.weeks_band == weeks_band((found.waited_to - start).days)


def test_the_order_in_which_facts_arrive_changes_nothing() -> None:
    rows = [row(ubrn=UBRN), row(provider=GENERAL, rtt_status="21"), row(pathway_id=None, local_patient_id="L3"), row(pathway_id=PADDED)]
    assert stitched(rows, [referral()]) == stitched(rows[::-1], [referral()])
    assert stitched(rows)[0].nhs_number == JANE
    assert CITY.value == stitched(rows)[0].provider.code


def test_a_booking_whose_date_nobody_shows_is_not_no_booking() -> None:
    seen = only([row(ubrn=UBRN)], [referral(state=ReferralState.BOOKED)])
    assert seen.standing == "booked, date not shown (e-RS)"
    assert (
        only([row(ubrn=UBRN, last_attended=date(2026, 6, 1))], [referral(state=ReferralState.BOOKED)]).standing
        == "on the list, no appointment"
    )


def test_rows_without_a_hard_key_keep_their_keys_when_another_appears() -> None:
    alone = row(pathway_id=None, local_patient_id="L5")
    (before,) = stitched([alone])
    after = stitched([alone, row(pathway_id=None, local_patient_id="L1"), row(provider=CITY)])
    assert before.key in {p.key for p in after}


@given(st.permutations([row(next_outpatient=SOON), row(), row(cancelled=TODAY), row(provider=GENERAL), row(pathway_id=None)]))
def test_no_order_of_rows_changes_anything(rows: list[ListRow]) -> None:
    assert stitched(rows) == stitched(sorted(rows, key=str))

"""Facts of providers' own systems: joined to lists by hard keys, never by looks, and never one person's to another's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from pathway_facts import CITY, GENERAL, SOMEBODY_ELSE, UBRN, activity, only, referral, row, stitched, words

from helpdesk.errors import RuleBroken
from helpdesk.identifiers import PathwayId
from helpdesk.pathways.activity import NO_SPECIALTY, ActivityKind, ActivityStatus
from helpdesk.pathways.model import ListRow, ReferralState
from helpdesk.pathways.stitching import visible_to

SOON = datetime(2026, 12, 16, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 12, 18, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "keys",
    [
        {"local_id": "P1"},
        {"local_id": "", "pathway_id": PathwayId("P1", "XFC01")},
        {"local_id": "", "ubrn": UBRN},
    ],
)
def test_a_hard_key_joins_an_appointment_to_its_row(keys: dict[str, object]) -> None:
    pathway = only([row(ubrn=UBRN)], activities=[activity(start=SOON, place="Clinic 4", **keys)])
    assert pathway.next_event is not None
    assert (pathway.next_event.day, pathway.next_event.place) == (date(2026, 12, 16), "Clinic 4")
    assert pathway.sources == ("waiting_lists", "hospital")
    assert "Wednesday 16 December 2026 at 9:30am" in words(pathway)


def test_what_merely_looks_alike_stays_apart() -> None:
    rows = [row()]
    assert len(stitched(rows, activities=[activity(start=SOON, local_id="")])) == 2
    assert len(stitched(rows, activities=[activity(start=SOON, local_id="P1", provider=GENERAL)])) == 2


def test_a_local_identifier_that_names_two_pathways_joins_neither() -> None:
    rows = [row(), row(pathway_id=PathwayId("P1", "XTG01"), treatment_function="130")]
    assert len(stitched(rows, activities=[activity(start=SOON, local_id="P1")])) == 3


def test_a_stronger_key_is_followed_before_a_shared_booking_reference() -> None:
    rows = [row(ubrn=UBRN), row(pathway_id=PathwayId("P2", "XFC01"), treatment_function="130", clock_start=date(2026, 5, 1))]
    eyes = activity(start=SOON, local_id="P2", ubrn=UBRN)
    joined = {p.specialty.code: p for p in stitched(rows, activities=[eyes])}
    assert joined["130"].next_event is not None
    assert joined["110"].next_event is None


def test_the_hospitals_own_date_stands_and_the_difference_is_told() -> None:
    pathway = only([row(next_outpatient=date(2026, 12, 4))], activities=[activity(start=LATER, local_id="P1")])
    assert pathway.next_event is not None
    assert pathway.next_event.day == date(2026, 12, 18)
    assert any("18-Dec-2026" in d and "04-Dec-2026" in d for d in pathway.differs)


def test_a_date_that_the_hospital_cancelled_is_never_said_as_booked() -> None:
    off = activity(status=ActivityStatus.CANCELLED, start=SOON, local_id="P1")
    pathway = only([row(next_outpatient=date(2026, 12, 16))], activities=[off])
    assert pathway.next_event is None
    assert "16 December" not in words(pathway)
    assert any("cancelled" in d for d in pathway.differs)


def test_a_rebooked_appointment_takes_the_place_of_the_cancelled_one() -> None:
    off = activity(status=ActivityStatus.CANCELLED, start=SOON, local_id="P1")
    pathway = only(
        [row(next_outpatient=date(2026, 12, 16))], activities=[off, replace(off, id="a2", status=ActivityStatus.BOOKED, start=LATER)]
    )
    assert pathway.next_event is not None
    assert pathway.next_event.day == date(2026, 12, 18)


def test_e_rs_and_the_hospital_make_one_row_without_any_list() -> None:
    booked = referral(state=ReferralState.BOOKED)
    pathway = only([], [booked], activities=[activity(start=SOON, ubrn=UBRN, local_id="")])
    assert pathway.next_event is not None
    assert set(pathway.sources) == {"ers", "hospital"}


def test_what_is_over_makes_no_row() -> None:
    past = activity(ActivityKind.ATTENDANCE, ActivityStatus.ATTENDED, start=date(2026, 6, 1))
    assert stitched([], activities=[past]) == ()
    assert stitched([], activities=[activity(status=ActivityStatus.CANCELLED, start=date(2026, 6, 1))]) == ()


def test_a_list_that_is_asked_counts_to_its_census() -> None:
    waits = activity(ActivityKind.WAITING, ActivityStatus.ACTIVE, clock_start=date(2026, 7, 13), as_at=date(2026, 10, 18))
    pathway = only([], activities=[waits])
    assert (pathway.days_waited, pathway.weeks_band) == (97, "13")
    assert pathway.waited_to == date(2026, 10, 18)
    assert "It may have changed since then" in words(pathway)


def test_a_fact_about_somebody_else_is_refused() -> None:
    with pytest.raises(RuleBroken):
        stitched([row()], activities=[activity(nhs_number=SOMEBODY_ELSE, start=SOON)])


def test_a_fact_without_a_specialty_is_hidden_from_a_proxy() -> None:
    shown = stitched([], activities=[activity(start=SOON, specialty=NO_SPECIALTY)])
    assert len(shown) == 1
    assert visible_to(shown, proxy=True, sensitive_scope=False) == ()


def test_the_team_is_asked_where_its_own_system_says_so() -> None:
    pathway = only([row()], activities=[activity(start=SOON, local_id="P1", ask_team=True)])
    assert pathway.ask_team
    assert CITY.value == pathway.provider.code


KEPT = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)


def test_a_date_kept_from_before_the_lists_week_does_not_stand_in_place_of_the_lists() -> None:
    kept = activity(start=LATER, local_id="P1", kept=KEPT)
    pathway = only([row(next_outpatient=date(2026, 12, 4))], activities=[kept])
    assert pathway.next_event is not None
    assert pathway.next_event.day == date(2026, 12, 4)
    assert "18 December" not in words(pathway)
    asked_now = only([row(next_outpatient=date(2026, 12, 4))], activities=[activity(start=LATER, local_id="P1")])
    assert asked_now.next_event is not None
    assert asked_now.next_event.day == date(2026, 12, 18)


def test_a_kept_cancellation_takes_no_date_away_that_a_later_list_gives() -> None:
    off = activity(status=ActivityStatus.CANCELLED, start=SOON, local_id="P1", kept=KEPT)
    pathway = only([row(next_outpatient=date(2026, 12, 16))], activities=[off])
    assert pathway.next_event is not None


def test_a_kept_date_that_a_list_says_was_cancelled_since_is_not_said() -> None:
    pathway = only([row(cancelled=date(2026, 11, 12))], activities=[activity(start=LATER, local_id="P1", kept=KEPT)])
    assert pathway.next_event is None


@pytest.mark.parametrize("rows", [(), (row(),)])
def test_a_kept_date_is_said_with_a_word_of_caution_and_its_day(rows: tuple[ListRow, ...]) -> None:
    local = "P1" if rows else "P9"
    pathway = only(list(rows), activities=[activity(start=LATER, local_id=local, kept=KEPT)])
    assert "18 December 2026" in words(pathway)
    assert "Please check the day" in words(pathway)
    if not rows:
        assert "what we were told on 10 November 2026" in words(pathway)
    said = next(s for s in pathway.sentences if s.rule == "N01")
    assert said.as_at == KEPT


def test_a_sensitive_place_hides_a_booking_from_a_proxy_whatever_its_specialty() -> None:
    clinic = activity(start=SOON, place="Sexual Health Clinic, Level 2", local_id="P1")
    for pathway in (only([row()], activities=[clinic]), only([], activities=[clinic])):
        assert pathway.sensitive
        assert visible_to([pathway], proxy=True, sensitive_scope=False) == ()
    assert not only([row()], activities=[activity(start=SOON, place="Clinic 4", local_id="P1")]).sensitive


def test_a_referral_that_names_no_service_and_that_no_list_holds_is_hidden_from_a_proxy() -> None:
    assert only([], [referral(specialty="", service="")]).sensitive
    assert not only([row(ubrn=UBRN)], [referral(specialty="", service="")]).sensitive

"""The practice area: the same from the same seed, nobody in it real, and as varied as a city."""

from __future__ import annotations

import re
import time
from collections import Counter
from datetime import date, timedelta

import pytest

from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.model import GapKind, ReferralState
from helpdesk.practice.area import make_area
from helpdesk.practice.model import Area
from helpdesk.practice.organisations import providers, systems

TODAY = date(2026, 11, 18)
PUBLISHED = {
    *("9000000009", "9000000017", "9000000025", "9000000033", "9000000041", "9000000100", "9000000005", "9000000000"),
    *("9111231130", "9434765919", "9912003888", "9990548609", "9999999999", "9449306621", "9658218873"),
}


@pytest.fixture(scope="module")
def area() -> Area:
    return make_area(2_000, 7, TODAY)


def every_number(area: Area) -> list[NhsNumber]:
    return [n for p in area.people for n in (p.patient.nhs_number, *p.replaces)]


def test_the_same_seed_size_and_day_make_the_same_area(area: Area) -> None:
    assert make_area(2_000, 7, TODAY) == area
    assert make_area(2_000, 8, TODAY).people != area.people


@pytest.mark.parametrize("size", [200, 201, 640])
def test_it_has_exactly_so_many_people(size: int) -> None:
    assert len(make_area(size, 1, TODAY).people) == size


@pytest.mark.parametrize("size", [-1, 0, 199])
def test_a_smaller_one_is_refused(size: int) -> None:
    with pytest.raises(RuleBroken, match="at least 200"):
        make_area(size, 1, TODAY)


def test_it_is_made_well_within_two_seconds() -> None:
    before = time.process_time()
    make_area(2_000, 3, TODAY)
    assert time.process_time() - before < 2


def test_its_numbers_are_valid_never_issued_distinct_and_nobody_elses(area: Area) -> None:
    numbers = every_number(area)
    assert len(set(numbers)) == len(numbers)
    assert all(n.value.startswith(("998", "999")) for n in numbers)
    assert not {n.value for n in numbers} & PUBLISHED
    assert not [n for n in numbers if n.value.startswith(("9990", "9999"))]


def test_contact_details_belong_to_nobody(area: Area) -> None:
    for person in area.people:
        for phone in person.patient.phones:
            assert re.fullmatch(r"07700900\d{3}|01632960\d{3}", phone.number)
        for email in person.patient.emails:
            assert email.endswith("@example.org")
        if person.patient.address:
            assert re.fullmatch(r"ZZ99 \d[A-Z]{2}", person.patient.address.postcode)


def test_organisations_are_invented(area: Area) -> None:
    codes = {o.ods.value: o.kind for o in area.organisations}
    assert all(code.startswith("X") for code in codes)
    assert {"XFC01": "acute", "XTG01": "acute", "XOC01": "community"}.items() <= codes.items()
    assert Counter(codes.values()) == {"practice": 8, "acute": 2, "community": 2, "icb": 1}
    assert {p.patient.practice.value for p in area.people if p.patient.practice} <= set(codes)


def test_people_are_as_varied_as_a_city(area: Area) -> None:
    patients = [p.patient for p in area.people]
    families = Counter(p.name.family for p in patients)
    assert len(families) > 150
    assert families.most_common(1)[0][1] > 20
    assert Counter((p.name.family, p.name.given[:1]) for p in patients).most_common(1)[0][1] >= 3
    assert sum(p.born is not None and (p.born.month, p.born.day) == (1, 1) for p in patients) >= 5
    assert {"Female", "Male"} <= {p.gender for p in patients}
    assert any("ł" in p.name.given[0] or "ś" in p.name.family for p in patients if p.name.given)


def test_homes_share_an_address_and_a_name_and_there_are_twins(area: Area) -> None:
    homes: dict[object, list[tuple[str, object]]] = {}
    for person in area.people:
        if person.patient.address:
            homes.setdefault(person.patient.address, []).append((person.patient.name.family, person.patient.born))
    shared = [home for home in homes.values() if len(home) > 1 and len({family for family, _ in home}) == 1]
    twins = [home for home in homes.values() if len({born for _, born in home}) < len(home)]
    assert len(shared) > 200
    assert len(twins) >= 3


def test_sensitive_people_hold_nothing_that_finds_them(area: Area) -> None:
    closed = [p for p in area.people if p.flag != "U"]
    assert {"R", "V", ""} == {p.flag for p in closed}
    for person in closed:
        assert person.patient.restricted
        assert (person.patient.address, person.patient.phones, person.patient.practice) == (None, (), None)


def test_about_half_wait_and_about_a_third_of_hospital_pathways_have_a_booking_reference(area: Area) -> None:
    waiting = {r.nhs_number for r in area.list_rows}
    assert 0.42 < len(waiting) / len(area.people) < 0.58
    with_ubrn = [r for r in area.list_rows if r.ubrn]
    assert 0.25 < len(with_ubrn) / len(area.list_rows) < 0.42
    assert all(len(r.pathway_id.value) == 20 and r.pathway_id.issuer == "X09" for r in with_ubrn if r.pathway_id)
    assert {r.ubrn for r in with_ubrn} == {r.ubrn for r in area.referrals}
    assert max(Counter(number for number, _ in {(r.nhs_number, r.pathway_id) for r in area.list_rows}).values()) <= 3


def test_pathway_identifiers_are_unique(area: Area) -> None:
    assert max(Counter((r.provider, r.pathway_id) for r in area.list_rows).values()) == 1
    assert len({n for p in area.people for n in p.patient.hospital_numbers}) == sum(len(p.patient.hospital_numbers) for p in area.people)


def test_a_list_knows_nothing_later_than_its_week(area: Area) -> None:
    for row in area.list_rows:
        assert row.week_ending == area.list_weeks[row.provider.value]
        for past in (row.clock_start, row.referral_received, row.last_attended, row.last_missed, row.cancelled):
            assert past is None or past <= row.week_ending
        assert row.original_referral_received is not None
        assert row.original_referral_received <= (row.clock_start or row.week_ending)


@pytest.mark.parametrize("day", [TODAY + timedelta(days=n) for n in range(7)])
def test_lists_are_for_the_last_sunday_and_one_is_old(day: date) -> None:
    weeks = make_area(200, 1, day).list_weeks
    assert all(week.isoweekday() == 7 and week < day for week in weeks.values())
    ages = sorted((day - week).days for week in weeks.values())
    assert ages[0] == ages[1] <= 7
    assert ages[2] >= 21


def test_what_e_rs_holds_fits_the_list(area: Area) -> None:
    rows = {(r.ubrn, r.provider): r for r in area.list_rows if r.ubrn}
    for referral in area.referrals:
        assert referral.provider
        row = rows[referral.ubrn, referral.provider]
        assert referral.nhs_number == row.nhs_number
        if referral.next_event is not None:
            assert referral.state is ReferralState.BOOKED
            assert referral.next_event.day == row.next_outpatient
            stuck = area.planted.get((row.nhs_number, row.treatment_function))
            assert (referral.next_event.day > TODAY) is (stuck is not GapKind.DATE_PASSED_NO_OUTCOME)


def test_practice_appointments_are_to_come_and_carry_their_offset(area: Area) -> None:
    assert 0.12 < len(area.appointments) / len(area.people) < 0.26
    for booked in area.appointments.values():
        for appointment in booked:
            assert appointment.start.date() > TODAY
            assert appointment.start.utcoffset() is not None
            assert appointment.start.weekday() < 5


def test_on_another_day_the_same_people_wait(area: Area) -> None:
    later = make_area(2_000, 7, TODAY + timedelta(days=40))
    for then, now in zip(area.people, later.people, strict=True):
        assert (then.patient.nhs_number, then.patient.name, then.patient.born) == (
            now.patient.nhs_number,
            now.patient.name,
            now.patient.born,
        )
    assert [r.pathway_id for r in area.list_rows] == [r.pathway_id for r in later.list_rows]


def test_primary_community_and_secondary_care_each_have_a_source() -> None:
    asked = {s.instance: s for s in systems() if s.enabled}
    kinds = {p.ods.value: p.kind for p in providers()}
    activity = {kinds[s.provider] for s in asked.values() if s.kind in ("fhir_r4", "trust_portal")}
    assert {"acute", "community"} <= activity
    assert "gp_connect" in {s.kind for s in asked.values()}

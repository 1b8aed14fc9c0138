"""The story patients: the same in every area, and showing what their page says."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from helpdesk.practice.area import make_area
from helpdesk.practice.model import Area, AreaPerson, Story

TODAY = date(2026, 11, 18)
PAGE = Path(__file__).parents[2] / "docs" / "practice-area.md"
SYSTEMS = ("fenmoor_system", "thornmere_portal", "ousebank_system")
SOURCES = ("pds", "ers", "gp_connect", "fenmoor_list", "thornmere_list", "ousebank_list", *SYSTEMS, "prescriptions")
LISTS = {"fenmoor_list": "XFC01", "thornmere_list": "XTG01", "ousebank_list": "XOC01"}
STATES = {"fresh", "stale", "unavailable", "not_permitted", "nothing_held"}
REFUSALS = {"no_relationship", "no_consent", "403"}


@pytest.fixture(scope="module")
def area() -> Area:
    return make_area(200, 1, TODAY)


def person_of(area: Area, story: Story) -> AreaPerson:
    return next(p for p in area.people if story.nhs_number in (p.patient.nhs_number, *p.replaces))


def by_the_rules(area: Area, story: Story) -> dict[str, str]:
    """What each source has to say, worked out from the area alone."""
    person = person_of(area, story)
    if person.flag != "U":
        return {source: "fresh" if source == "pds" else "not_permitted" for source in SOURCES}
    number = person.patient.nhs_number
    rows = [r for r in area.list_rows if r.nhs_number == number]
    states = {"pds": "fresh"}
    for source, provider in LISTS.items():
        old = (area.today - area.list_weeks[provider]).days > 10
        held = any(r.provider.value == provider for r in rows)
        states[source] = "stale" if old else "fresh" if held else "nothing_held"
    states["ers"] = "fresh" if any(r.ubrn for r in rows) else "not_permitted"
    states["gp_connect"] = (
        "not_permitted" if person.patient.practice is None else "fresh" if area.appointments.get(number) else "nothing_held"
    )
    if person.patient.death is not None:
        states["gp_connect"] = "unavailable"  # GP Connect does not say that somebody died: the practice "would not say"
    for system in SYSTEMS:
        states[system] = "fresh" if area.activity_of(system).get(number) else "nothing_held"
    born = person.patient.born
    if born is not None and born.age_on(area.today) < 16:
        states["thornmere_portal"] = "not_permitted"  # a portal does not answer about the young
    states["prescriptions"] = "fresh" if area.prescriptions.get(number) else "nothing_held"
    for source, fault in person.faults.items():
        states[source] = "not_permitted" if fault in REFUSALS else "unavailable"
    return states


def test_there_are_at_least_twenty_each_with_its_own_key_and_person(area: Area) -> None:
    assert len(area.stories) >= 20
    assert len({s.key for s in area.stories}) == len({s.nhs_number for s in area.stories}) == len(area.stories)


def test_they_do_not_depend_on_seed_size_or_day(area: Area) -> None:
    other = make_area(900, 99, date(2027, 5, 3))
    assert other.stories == area.stories
    assert [person_of(other, s).patient.name for s in other.stories] == [person_of(area, s).patient.name for s in area.stories]


def test_what_each_story_expects_follows_from_its_facts(area: Area) -> None:
    for story in area.stories:
        assert dict(story.expected) == by_the_rules(area, story), story.key


def test_between_them_every_state_is_seen(area: Area) -> None:
    assert {state for s in area.stories for state in s.expected.values()} == STATES


@pytest.mark.parametrize(
    "key",
    [
        *("simple_wait", "three_pathways", "stuck_not_booked", "stuck_deferred", "stuck_cancelled", "stuck_missed", "stale_source"),
        *("restricted", "very_restricted", "no_flag", "deceased_formal", "deceased_informal", "superseded", "minimal", "child_parent"),
        *("no_authority", "bsl_large_print", "no_digital", "cancer_ask_team", "sensitive_proxy", "community_wait", "clock_restarted"),
        *("conflict", "ers_down", "gp_connect_hangs", "ers_not_permitted", "no_consent", "nothing_held"),
        *("portal_knows_more", "portal_partial", "hospital_system_down", "hospital_cancelled"),
    ],
)
def test_everything_that_must_be_shown_is_told(area: Area, key: str) -> None:
    assert key in {s.key for s in area.stories}


def test_jane_smith_is_the_only_one_of_her_name_and_year() -> None:
    for seed in range(4):
        people = [p.patient for p in make_area(2_000, seed, TODAY).people]
        found = [p for p in people if p.name.family == "Smith" and p.name.given[:1] == ("Jane",) and p.born and p.born.year == 1950]
        assert [p.name.shown for p in found] == ["SMITH, Jane (Mrs)"]
        assert found[0].born
        assert found[0].born.shown == "01-Jan-1950"


def test_a_superseded_number_leads_to_another(area: Area) -> None:
    story = next(s for s in area.stories if s.key == "superseded")
    person = person_of(area, story)
    assert story.nhs_number in person.replaces
    assert story.nhs_number not in {p.patient.nhs_number for p in area.people}


def test_what_is_booked_stays_to_come_for_a_week(area: Area) -> None:
    numbers = {person_of(area, s).patient.nhs_number for s in area.stories}
    starts = [a.start.date() for n in numbers for a in area.appointments.get(n, ())]
    booked = [r.next_event.day for r in area.referrals if r.nhs_number in numbers and r.next_event]
    assert starts
    assert booked
    assert min(*starts, *booked) > date.fromordinal(TODAY.toordinal() + 7)


def test_the_page_lists_exactly_the_stories(area: Area) -> None:
    listed = re.findall(r"^\| `(\w+)` \| (\d{3} \d{3} \d{4}) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == [(s.key, s.nhs_number.spaced) for s in area.stories]


def test_the_page_tells_each_state_as_it_is(area: Area) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for story in area.stories:
        row = next(line for line in page.splitlines() if line.startswith(f"| `{story.key}` |"))
        states = [cell.strip().replace(" ", "_") for cell in row.split("|")[4:14]]
        assert dict(zip(SOURCES, states, strict=True)) == dict(story.expected)

"""`patient status --json`: its shape, and what each story patient's says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpdesk.composition.opening import OpenFolder
from helpdesk.composition.practice import RunningArea
from helpdesk.composition.services import Services
from helpdesk.desk.report import as_json
from helpdesk.errors import NotFound
from helpdesk.practice.area import make_area
from helpdesk.practice.model import Area, Story
from helpdesk.start import begin
from tests.journeys.command import Terminal
from tests.journeys.conftest import PEOPLE, Sandbox, today
from tests.journeys.shapes import STATUS, differs

AREA = make_area(PEOPLE, 5, today())
LISTS = ("fenmoor_list", "thornmere_list", "ousebank_list")
SYSTEMS = ("fenmoor_system", "thornmere_portal", "ousebank_system")
SOURCES = ("pds", *LISTS, "ers", *SYSTEMS, "gp_connect", "prescriptions")
WITHHELD = ("restricted", "very_restricted", "no_flag")


@pytest.fixture(scope="module")
def area() -> Area:
    return AREA


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp("status")
    running = RunningArea(AREA, changed=True)
    running.write_extracts()
    config = folder / "sandbox.toml"
    config.write_text(running.config.replace('sign_in = "none"', 'sign_in = "none"\ntimeout_s = 1'), encoding="utf-8")
    yield Sandbox(running, config, folder / "data")
    running.stop()


@pytest.fixture(scope="module")
def services(served: Sandbox) -> Iterator[Services]:
    opened = OpenFolder(begin(config=str(served.config), data_dir=str(served.data)))
    yield opened.for_command(None, "test")
    opened.close()


def told(services: Services, story: Story, *, say: bool = True) -> Any:
    """What the command prints for a story, read back."""
    return json.loads(json.dumps(as_json(services.report.make(story.nhs_number, "test", tell=say), say=say)))


def named(key: str) -> Story:
    return next(s for s in AREA.stories if s.key == key)


@pytest.mark.parametrize("story", AREA.stories, ids=lambda s: s.key)
def test_every_story_has_the_shape_and_its_expected_states(services: Services, story: Story) -> None:
    answer = told(services, story)
    assert differs(answer, STATUS) == []
    assert {s["source"]: s["state"] for s in answer["sources"]} == dict(story.expected)
    assert tuple(s["source"] for s in answer["sources"]) == SOURCES
    for source in answer["sources"]:
        assert source["message"] or source["state"] == "fresh"
        assert source["as_at"] or source["state"] in ("unavailable", "not_permitted")
        assert source["source"] not in LISTS or source["as_at"] is None or len(source["as_at"]) == 10


@pytest.mark.parametrize("story", AREA.stories, ids=lambda s: s.key)
def test_nothing_is_said_where_the_caller_may_not_be_told(services: Services, story: Story) -> None:
    answer = told(services, story, say=False)
    assert differs(answer, STATUS) == []
    assert [p["say"] for p in answer["pathways"]] == [[] for _ in answer["pathways"]]


def test_the_stories_show_all_five_states() -> None:
    states = {state for story in AREA.stories for state in story.expected.values()}
    assert states == {"fresh", "stale", "unavailable", "not_permitted", "nothing_held"}


@pytest.mark.parametrize("key", WITHHELD)
def test_of_a_restricted_person_nothing_is_told(services: Services, key: str) -> None:
    answer = told(services, named(key))
    assert answer["restricted"] is True
    assert answer["pathways"] == []
    assert answer["primary_care"] is None


@pytest.mark.parametrize(("key", "deceased"), [("deceased_formal", "confirmed"), ("deceased_informal", "reported"), ("simple_wait", False)])
def test_a_death_is_told_as_pds_tells_it(services: Services, key: str, deceased: Any) -> None:
    assert told(services, named(key))["deceased"] == deceased


def test_a_superseded_number_answers_with_the_new_one(services: Services) -> None:
    story = named("superseded")
    answer = told(services, story)
    assert answer["nhs_number"] != story.nhs_number.value
    assert answer["pathways"]


def test_weeks_are_counted_by_the_band_rules(services: Services) -> None:
    long, simple = (told(services, named(key))["pathways"][0] for key in ("long_wait", "simple_wait"))
    for pathway in (long, simple):
        assert pathway["weeks_band"] == str((pathway["days_waited"] - 1) // 7)
    assert long["days_waited"] > 365
    assert simple["waited_to"] == today().isoformat()


def test_general_advice_names_its_content_and_version(services: Services) -> None:
    said = [s for p in told(services, named("simple_wait"))["pathways"] for s in p["say"]]
    content = [s for s in said if s["source"].startswith("content:")]
    assert content
    assert all(len(s["as_at"]) == 10 and "@" in s["source"] for s in content)
    assert {s["source"] for s in said if s not in content} <= set(SOURCES)


def test_an_old_list_counts_days_to_its_own_date(services: Services) -> None:
    answer = told(services, named("stale_source"))
    stale = next(s for s in answer["sources"] if s["source"] == "thornmere_list")
    assert {p["waited_to"] for p in answer["pathways"]} == {stale["as_at"]}


def test_a_number_nobody_has_is_an_error(services: Services, served: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        services.report.make(type(named("minimal").nhs_number)("9999999999"), "test", tell=True)
    ran = Terminal(tmp_path / "home").run("patient", "status", "999 999 9999", "--json", *served.options())
    assert (ran.code, ran.out) == (1, "")
    assert "nobody with this NHS number" in ran.problem


@pytest.mark.parametrize("key", ["simple_wait", "restricted", "ers_down", "gp_connect_hangs", "nothing_held"])
def test_the_command_prints_it_and_ends_well_also_with_a_source_down(served: Sandbox, tmp_path: Path, key: str) -> None:
    story = named(key)
    ran = Terminal(tmp_path / "home").run("patient", "status", story.nhs_number.spaced, "--reason", "x", "--json", *served.options())
    assert (ran.code, ran.err) == (0, "")
    assert differs(ran.json, STATUS) == []
    assert {s["source"]: s["state"] for s in ran.json["sources"]} == dict(story.expected)


def test_the_words_for_people_hold_what_is_to_be_said(served: Sandbox, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "home")
    shown = terminal.run("patient", "status", named("simple_wait").nhs_number.value, *served.options())
    withheld = terminal.run("patient", "status", named("restricted").nhs_number.value, *served.options())
    assert (shown.code, withheld.code) == (0, 0)
    assert "You have waited" in shown.out
    assert "You have waited" not in withheld.out
    assert "restricted" in withheld.out

"""Every story patient, asked about over real HTTP: each source's state is the one that the story says."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from helpdesk.answers import Answer
from helpdesk.desk.enquiry import Enquiry, Source, Ticket
from helpdesk.desk.gate import Gatekeeper
from helpdesk.desk.kept_referrals import KeptReferrals
from helpdesk.desk.model import Port, SourceInfo
from helpdesk.identifiers import NhsNumber
from helpdesk.lazy import load
from helpdesk.pathways.ports import HeldRows
from helpdesk.patients.model import Patient, Sensitivity
from helpdesk.practice.area import make_area
from helpdesk.practice.model import Area, Story
from helpdesk.practice.organisations import providers, systems
from helpdesk.practice.serving import Served, serve
from helpdesk.registry.contract import ConnectorContext
from helpdesk.registry.manifests import find
from tests.fakes_extracts import NotedAudit

TODAY = date(2026, 11, 18)
AREA = make_area(200, 1, TODAY)
ASKED = {
    "ers": Port.REFERRALS,
    "fenmoor_system": Port.HOSPITAL_ACTIVITY,
    "thornmere_portal": Port.HOSPITAL_ACTIVITY,
    "ousebank_system": Port.HOSPITAL_ACTIVITY,
    "gp_connect": Port.PRACTICE_APPOINTMENTS,
    "prescriptions": Port.PRESCRIPTIONS,
}
SYSTEMS = {s.instance: s for s in systems()}


class MorningClock:
    def now(self) -> datetime:
        return datetime(2026, 11, 18, 9, 30, tzinfo=UTC)


class NoIndex:
    """Nobody is known here: the gate rests on PDS alone."""

    def person(self, number: NhsNumber) -> Patient | None:
        return None

    def known_sensitivity(self, number: NhsNumber) -> Sensitivity | None:
        return None

    def known_sensitivities(self, numbers: Any) -> dict[NhsNumber, Sensitivity]:
        return {}

    def find(self, query: Any, limit: int) -> Any:
        return (), 0

    def remember(self, patient: Patient) -> None:
        return None


class AreaLists:
    def rows_for(self, number: NhsNumber) -> list[HeldRows]:
        return [
            HeldRows(code, week, tuple(r for r in AREA.list_rows if (r.provider.value, r.nhs_number) == (code, number)))
            for code, week in AREA.list_weeks.items()
        ]


class NothingKept:
    def keep(self, source: str, patient: NhsNumber, key: str, as_at: str, payload: str) -> None:
        return None

    def latest(self, source: str, patient: NhsNumber) -> list[tuple[str, str, str]]:
        return []


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    found = find().manifests
    with serve(AREA, {name: found[SYSTEMS[name].kind].stub for name in ("pds", *ASKED)}) as running:
        yield running


def connector(served: Served, name: str) -> Any:
    manifest = find().manifests[SYSTEMS[name].kind]
    provider = {"provider": SYSTEMS[name].provider} if SYSTEMS[name].provider else {}
    told = {"base_url": served.addresses[name], "sign_in": "none", "timeout_s": 1, "rate_per_s": 1000, **provider}
    settings = load(manifest.settings).model_validate(told)
    return load(manifest.factory)(settings, ConnectorContext(name, name, "XICB", MorningClock(), lambda _: ""))


def all_answers(served: Served, story: Story) -> list[Answer[Any]]:
    pds = SourceInfo("pds", "PDS", Port.DEMOGRAPHICS)
    looked = Gatekeeper(NoIndex(), connector(served, "pds"), pds, MorningClock()).look(story.nhs_number)
    lists = [
        Source(SourceInfo(p.instance, p.label, Port.WAITING_LISTS), None, timedelta(hours=240), frozenset({p.ods.value}))
        for p in providers()
    ]
    asked = [Source(SourceInfo(name, name, port), connector(served, name), timedelta(hours=24)) for name, port in ASKED.items()]
    enquiry = Enquiry([*lists, *asked], AreaLists(), KeptReferrals(NothingKept()), NotedAudit(), MorningClock())
    practice = looked.patient.practice if looked.patient else None
    ticket = Ticket(looked.gate.number, looked.gate, practice, "test")
    return [looked.answer, *(enquiry.ask(ticket, info) for info in enquiry.sources)]


@pytest.mark.parametrize("story", AREA.stories, ids=lambda s: s.key)
def test_each_source_answers_as_the_story_says(served: Served, story: Story) -> None:
    assert {a.source: a.state.value for a in all_answers(served, story)} == dict(story.expected)


def test_the_faults_are_what_makes_the_difference(served: Served) -> None:
    """Without its fault a story's system would answer: so the states above are the systems' doing."""
    well = dataclasses.replace(AREA, people=tuple(dataclasses.replace(p, faults={}) for p in AREA.people))
    story = next(s for s in AREA.stories if s.key == "ers_down")
    assert _ers_state(well, story) == "fresh"
    assert _ers_state(AREA, story) == "unavailable"


def _ers_state(area: Area, story: Story) -> str:
    found = find().manifests
    with serve(area, {name: found[SYSTEMS[name].kind].stub for name in ("pds", *ASKED)}) as running:
        return next(a.state.value for a in all_answers(running, story) if a.source == "ers")

"""The practice area's own systems, as they are configured there: what each holds reaches the desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from loopback import SetClock, asking, keeping

from connectors import fhir_r4, trust_portal
from connectors.fhir_r4 import stub as fhir_stub
from connectors.fhir_r4.settings import FhirR4Settings
from connectors.trust_portal import stub as portal_stub
from connectors.trust_portal.settings import TrustPortalSettings
from connectors.trust_portal.stub_documents import is_shown
from helpdesk.pathways.activity import Activity, ActivityKind
from helpdesk.practice.area import make_area
from helpdesk.practice.model import Area
from helpdesk.practice.organisations import systems
from tests.connectors.tiny_area import NOW

SEEN = 25
TODAY = date(2026, 11, 21)
SYSTEMS = [s for s in systems() if s.kind in ("fhir_r4", "trust_portal")]


@pytest.fixture(scope="module")
def area() -> Area:
    return make_area(seed=7, people=200, today=TODAY)


@pytest.fixture
def keep() -> Iterator[Any]:
    yield from keeping()


def _day(item: Activity) -> date | None:
    return item.start.date() if isinstance(item.start, datetime) else item.start


@pytest.mark.parametrize("system", [s for s in SYSTEMS if s.kind == "fhir_r4"], ids=lambda s: s.instance)
def test_a_system_of_its_own(system: Any, area: Area, keep: Any) -> None:
    server = keep(fhir_stub.serve(area, instance=system.instance))
    settings = FhirR4Settings(base_url=server.address, provider=system.provider, search={})
    client = fhir_r4.connect(settings, asking(system.instance, system.label, SetClock(NOW)))
    held = [
        (n, i) for n, i in area.activity_of(system.instance).items() if all(p.flag == "U" for p in area.people if p.patient.nhs_number == n)
    ]
    assert held
    for number, items in held[:SEEN]:
        if _is_faulty(area, system.instance, number):
            continue
        told = {(i.id, i.kind, i.status, _day(i), i.pathway_id, i.ubrn, i.ask_team) for i in client.activity(number).items}
        assert told == {(i.id, i.kind, i.status, _day(i), i.pathway_id, i.ubrn, i.ask_team) for i in items}


@pytest.mark.parametrize("system", [s for s in SYSTEMS if s.kind == "trust_portal"], ids=lambda s: s.instance)
def test_a_portal(system: Any, area: Area, keep: Any) -> None:
    server = keep(portal_stub.serve(area, instance=system.instance))
    settings = TrustPortalSettings(base_url=server.address, provider=system.provider)
    client = trust_portal.connect(settings, asking(system.instance, system.label, SetClock(NOW)))
    adults = {p.patient.nhs_number for p in area.people if p.flag == "U" and p.patient.born and p.patient.born.age_on(TODAY) >= 16}
    held = [(n, i) for n, i in area.activity_of(system.instance).items() if n in adults and not _is_faulty(area, system.instance, n)]
    assert held
    for number, items in held[:SEEN]:
        shown = [replace(i, kind=ActivityKind.APPOINTMENT) if i.kind is ActivityKind.ATTENDANCE else i for i in items if is_shown(i)]
        told = client.activity(number)
        assert {(i.id, i.kind, i.status, _day(i)) for i in told.items} == {(i.id, i.kind, i.status, _day(i)) for i in shown}
        assert told.limits


def _is_faulty(area: Area, instance: str, number: object) -> bool:
    return any(p.patient.nhs_number == number and instance in p.faults for p in area.people)

"""What the practice area holds comes through the stubs and the connectors as it is held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from loopback import Keep, SetClock, asking, keeping

from connectors import ers, gp_connect
from connectors.ers.settings import ErsSettings
from connectors.ers.stub import serve as serve_ers
from connectors.gp_connect.settings import GpConnectSettings
from connectors.gp_connect.stub import serve as serve_gp_connect
from helpdesk.pathways.days import working_days_later
from helpdesk.pathways.model import Referral, ReferralState
from helpdesk.practice.area import FEWEST, make_area
from helpdesk.practice.model import Area

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def held() -> Area:
    return make_area(FEWEST, 1, DAY)


@pytest.fixture
def keep() -> Iterator[Keep[Any]]:
    yield from keeping()


def as_sent(referral: Referral) -> Referral:
    """A referral as A005 can tell it: it names no provider, the service stands for the place, and a day that is past is no
    appointment to come."""
    coming = referral.next_event if referral.next_event and referral.next_event.day >= NOW.date() else None
    event = replace(coming, place=referral.service) if coming else None
    waits = referral.state in (ReferralState.DEFERRED_TO_PROVIDER, ReferralState.AWAITING_TRIAGE) and referral.clock_start
    by = working_days_later(referral.clock_start, 40) if waits and referral.clock_start else None
    return replace(referral, provider=None, next_event=event, source="ers", as_at=NOW, contact_by=by)


def test_every_referral_of_the_area(held: Area, keep: Keep[Any]) -> None:
    address = keep(serve_ers(held)).address
    connector = ers.connect(ErsSettings(base_url=address), asking("ers", "e-RS", SetClock(NOW)))
    faulty = {p.patient.nhs_number for p in held.people if "ers" in p.faults}
    sound = [r for r in held.referrals if r.nhs_number not in faulty]
    assert len(sound) > 20
    assert [connector.referral(r.ubrn) for r in sound] == [as_sent(r) for r in sound]


def test_every_future_appointment_of_the_area(held: Area, keep: Keep[Any]) -> None:
    address = keep(serve_gp_connect(held)).address
    connector = gp_connect.connect(GpConnectSettings(base_url=address), asking("gp_connect", "GP Connect", SetClock(NOW)))
    asked = 0
    for person in held.people:
        patient = person.patient
        if person.flag != "U" or patient.death or patient.practice is None or "gp_connect" in person.faults:
            continue
        coming = sorted((a for a in held.appointments.get(patient.nhs_number, ()) if a.start >= NOW), key=lambda a: a.start)
        assert connector.future(patient.nhs_number, patient.practice) == tuple(coming)
        asked += bool(coming)
    assert asked > 10

"""The portal connector against its own stub, in both shapes: what is shown is told, and what may be behind it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from loopback import SetClock, asking, keeping

from connectors.http import Transport
from connectors.stub_faults import FAULTS
from connectors.stub_server import StubServer
from connectors.trust_portal import connect, stub
from connectors.trust_portal.settings import LEAVES_OUT, TrustPortalSettings
from helpdesk.errors import ConnectorAuthFailed, ConnectorError, ConnectorNotPermitted, ConnectorUnavailable
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.model import Coded
from helpdesk.pathways.ports import HospitalActivity
from helpdesk.patients.model import PartialDate
from helpdesk.practice.model import Area
from helpdesk.registry.contract import ConnectorContext
from tests.connectors.activity_area import JANES, activity, activity_area
from tests.connectors.tiny_area import BSL, JANE, NOBODY, NOW, RESTRICTED, SMYTHE

INSTANCE = "fenmoor_portal"
K, S = ActivityKind, ActivityStatus
SHAPES = ("producer", "aggregator")
CHANGING = activity(K.APPOINTMENT, S.PENDING, "app-5", start=datetime.fromisoformat("2026-12-20T09:00:00+00:00"))
BOOKABLE = activity(K.REFERRAL, S.TO_BOOK, "ref-3", referred=date(2026, 10, 1))


@pytest.fixture
def keep() -> Iterator[Callable[[StubServer], StubServer]]:
    yield from keeping()


@pytest.fixture
def portal(keep: Callable[[StubServer], StubServer]) -> Callable[..., HospitalActivity]:
    def make(shape: str, area: Area | None = None, **settings: Any) -> HospitalActivity:
        server = keep(stub.serve(area or _area(), instance=INSTANCE))
        return connect(
            TrustPortalSettings(base_url=server.address, shape=shape, **settings), asking(INSTANCE, "Fenmoor portal", SetClock(NOW))
        )

    return make


def _area(**faults: str) -> Area:
    area = activity_area(INSTANCE, **faults)
    held = area.activity_of(INSTANCE)
    return replace(
        area, activity={INSTANCE: {**held, JANE: (*JANES, CHANGING, BOOKABLE), RESTRICTED: (replace(JANES[4], nhs_number=RESTRICTED),)}}
    )


def as_producer(item: Activity) -> Activity:
    """What the producer standard carries of it: no issuer, and a visit is an appointment that was kept."""
    kind = K.TASK if item.kind is K.TASK else K.ADMISSION if item.kind is K.ADMISSION else K.APPOINTMENT
    return replace(
        item,
        kind=kind,
        pathway_id=None,
        local_id="" if kind is K.TASK else item.pathway_id.value if item.pathway_id else item.local_id,
        as_at=NOW,
        source=INSTANCE,
    )


def as_aggregator(item: Activity) -> Activity:
    """What the aggregator carries of it: no tasks' specialty, the reference as a referral's name, and the day of a count."""
    wait = item.kind is K.WAITING
    return replace(
        item,
        id=item.ubrn.value if item.ubrn else "XFEN1~XFEN100012345" if wait else item.id,
        kind=K.APPOINTMENT if item.kind in (K.ATTENDANCE, K.DIAGNOSTIC) else item.kind,
        status=S.ACTIVE if item.kind is K.REFERRAL and item.status is S.CANCELLED else item.status,
        specialty=Coded("", "") if item.kind is K.TASK or item.ask_team else item.specialty,
        local_id="",
        medium="" if item.medium == "at home" else item.medium,
        as_at=date(2026, 11, 15) if wait else NOW,
        source=INSTANCE,
    )


def by_id(items: Any) -> dict[str, Activity]:
    return {item.id: item for item in items}


def test_what_a_trust_s_portal_shows_is_told(portal: Callable[..., HospitalActivity]) -> None:
    shown = [i for i in (*JANES, CHANGING) if i.kind in (K.APPOINTMENT, K.ADMISSION, K.ATTENDANCE, K.DIAGNOSTIC, K.TASK)]
    timed = [i for i in shown if i.start]
    found = portal("producer").activity(JANE)
    assert by_id(found.items) == by_id(as_producer(i) for i in timed)
    assert (found.missing, found.limits) == ((), LEAVES_OUT)


def test_what_the_aggregator_shows_is_told(portal: Callable[..., HospitalActivity]) -> None:
    shown = [i for i in (*JANES, CHANGING, BOOKABLE) if i.kind in (K.REFERRAL, K.WAITING) or i.start]
    found = portal("aggregator").activity(JANE)
    assert by_id(found.items) == by_id(as_aggregator(i) for i in shown)
    assert found.missing == ()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("who", [BSL, RESTRICTED, NOBODY])
def test_nothing_shown_is_said_to_be_no_proof(who: NhsNumber, shape: str, portal: Callable[..., HospitalActivity]) -> None:
    found = portal(shape).activity(who)
    assert (found.items, found.missing, found.limits) == ((), (), LEAVES_OUT)
    assert "does not mean none" in found.limits


@pytest.mark.parametrize("shape", SHAPES)
def test_a_207_keeps_what_came_and_names_who_failed(shape: str, portal: Callable[..., HospitalActivity]) -> None:
    whole = portal(shape).activity(JANE)
    found = portal(shape, _area(jane="partial")).activity(JANE)
    assert found.items == whole.items
    assert found.missing == ("myportal-01",)
    called = portal(shape, _area(jane="partial"), source_names={"myportal-01": "Fenmoor's letters"}).activity(JANE)
    assert called.missing == ("Fenmoor's letters",)


@pytest.mark.parametrize("shape", SHAPES)
def test_nobody_else_s_is_told(shape: str, portal: Callable[..., HospitalActivity]) -> None:
    assert [item.id for item in portal(shape).activity(SMYTHE).items] == ["smythe-1"]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_child_is_not_answered_about(shape: str, portal: Callable[..., HospitalActivity]) -> None:
    area = _area()
    born = PartialDate(2012, 5, 1)
    people = tuple(replace(p, patient=replace(p.patient, born=born)) if p.patient.nhs_number == JANE else p for p in area.people)
    with pytest.raises(ConnectorNotPermitted, match="people under 16"):
        portal(shape, replace(area, people=people)).activity(JANE)


@pytest.mark.parametrize("fault", [f for f in FAULTS if f not in ("hang", "drip", "drip_head")])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_fault_is_never_an_empty_answer(shape: str, fault: str, portal: Callable[..., HospitalActivity]) -> None:
    with pytest.raises(ConnectorError) as caught:
        portal(shape, _area(jane=fault)).activity(JANE)
    assert str(JANE) not in caught.value.message


@pytest.mark.parametrize("shape", SHAPES)
def test_one_that_hangs_is_left_at_the_time_out(shape: str, portal: Callable[..., HospitalActivity]) -> None:
    with pytest.raises(ConnectorUnavailable, match=r"^Fenmoor portal did not answer in time\.$"):
        portal(shape, _area(jane="hang"), timeout_s=0.4).activity(JANE)


@pytest.mark.parametrize("shape", SHAPES)
def test_check_asks_what_a_look_up_asks(shape: str, portal: Callable[..., HospitalActivity]) -> None:
    portal(shape).check()  # type: ignore[attr-defined]  # every client has it, though the port does not say so
    with pytest.raises(ConnectorError):
        portal(shape, task_path="/Elsewhere", events_path="/elsewhere").check()  # type: ignore[attr-defined]  # as above


def test_a_path_that_fails_is_named_and_the_other_told(portal: Callable[..., HospitalActivity]) -> None:
    found = portal("producer", task_path="/Elsewhere").activity(JANE)
    assert found.missing == ("its questionnaires",)
    assert found.items


class _Staff:
    role_id = ""

    def id_token(self) -> str:
        return "c3RhZmY="


def test_whose_identity_goes_along(keep: Callable[[StubServer], StubServer]) -> None:
    server = keep(stub.serve(_area(), instance=INSTANCE))
    context = asking(INSTANCE, "Fenmoor portal", SetClock(NOW))
    far = TrustPortalSettings(base_url="https://portal.invalid", sign_in="api_key")
    with pytest.raises(ConnectorAuthFailed):
        connect(far, context).activity(JANE)
    for settings, asker in (
        (TrustPortalSettings(base_url=server.address, identity="issued"), context),
        (TrustPortalSettings(base_url=server.address), _with_staff(context)),
    ):
        assert connect(settings, asker).activity(SMYTHE).items


def _with_staff(context: ConnectorContext) -> ConnectorContext:
    return replace(context, identity=_Staff())


def test_the_stub_refuses_as_the_standard_says(keep: Callable[[StubServer], StubServer]) -> None:
    server = keep(stub.serve(_area(), instance=INSTANCE))
    asks = Transport(TrustPortalSettings(base_url=server.address), asking(INSTANCE, "Fenmoor portal", SetClock(NOW)))
    whose = {"patient:identifier": f"https://fhir.nhs.uk/Id/nhs-number|{JANE}"}
    headers = {"X-Correlation-ID": "c93e2449-a2ef-4476-ad15-13491036be22", "NHSD-ID-Token": "dG9rZW4="}
    assert asks.get_json("/Appointment", whose, headers).status == 200
    assert asks.get_json("/Appointment", whose, headers | {"NHSD-ID-Token": ""}).status == 401
    assert asks.get_json("/Appointment", whose, headers | {"X-Correlation-ID": "x"}).status == 400
    assert asks.get_json("/Appointment", {}, headers).status == 400
    assert asks.get_json("/Appointment", {"patient:identifier": f"nhs|{JANE}"}, headers).status == 400

"""The FHIR R4 connector against its own stub: what the practice area holds is what the desk is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from loopback import SetClock, asking, keeping

from connectors.fhir_r4 import connect, stub
from connectors.fhir_r4.settings import FhirR4Settings
from connectors.fhir_r4.stub_documents import LOCAL
from connectors.http import Transport
from connectors.stub_faults import FAULTS
from connectors.stub_server import StubServer
from helpdesk.errors import ConnectorError, ConnectorRejected, NotFound
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.activity import Activity
from helpdesk.pathways.ports import HospitalActivity
from tests.connectors.activity_area import JANES, MANY, activity_area
from tests.connectors.tiny_area import BSL, JANE, NEW, NOBODY, NOW, SMYTHE

INSTANCE = "fenmoor_activity"
WAYS = ("patient", "patient.identifier", "patient:identifier")


@pytest.fixture
def keep() -> Iterator[Callable[[StubServer], StubServer]]:
    yield from keeping()


@pytest.fixture
def fenmoor(keep: Callable[[StubServer], StubServer]) -> Callable[..., tuple[HospitalActivity, StubServer]]:
    """A connector on a stub of its own, with these settings and these people's faults."""

    def make(faults: dict[str, str] | None = None, **settings: Any) -> tuple[HospitalActivity, StubServer]:
        server = keep(stub.serve(activity_area(INSTANCE, **(faults or {})), instance=INSTANCE))
        whole = {
            "base_url": server.address,
            "provider": "XFEN1",
            "local_systems": [LOCAL],
            "dated_by": "last_changed",
            "search": {},
        } | settings
        return connect(FhirR4Settings(**whole), asking(INSTANCE, "Fenmoor", SetClock(NOW))), server

    return make


def by_id(items: tuple[Activity, ...]) -> dict[str, Activity]:
    assert len({i.id for i in items}) == len(items)
    return {item.id: replace(item, source="") for item in items}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_held_is_what_is_told(way: str, fenmoor: Callable[..., Any]) -> None:
    connector, _ = fenmoor(patient_by=way)
    found = connector.activity(JANE)
    assert by_id(found.items) == by_id(JANES)
    assert {item.source for item in found.items} == {INSTANCE}
    assert found.missing == ()


@pytest.mark.parametrize("way", WAYS)
def test_nobody_else_s_is_told(way: str, fenmoor: Callable[..., Any]) -> None:
    connector, _ = fenmoor(patient_by=way)
    assert [item.id for item in connector.activity(SMYTHE).items] == ["smythe-1"]


@pytest.mark.parametrize("way", WAYS)
def test_somebody_of_whom_nothing_is_held(way: str, fenmoor: Callable[..., Any]) -> None:
    connector, _ = fenmoor(patient_by=way, limits="Mental health is not in it.")
    found = connector.activity(BSL)
    assert (found.items, found.missing, found.limits) == ((), (), "Mental health is not in it.")


def test_a_number_that_the_server_does_not_have(fenmoor: Callable[..., Any]) -> None:
    connector, server = fenmoor()
    with pytest.raises(NotFound, match=r"^Fenmoor holds nobody with this NHS number\.$"):
        connector.activity(NOBODY)
    assert not any(name.endswith("Appointment") for name in server.requests)


def test_every_page_is_read(fenmoor: Callable[..., Any]) -> None:
    connector, server = fenmoor(page_size=10)
    assert by_id(connector.activity(NEW).items) == by_id(MANY)
    assert server.requests["GET /Appointment"] == 3


def test_more_pages_than_are_asked_for_are_counted_as_missing(fenmoor: Callable[..., Any]) -> None:
    connector, server = fenmoor(page_size=5, max_pages=2)
    found = connector.activity(NEW)
    assert len(found.items) == 10
    assert found.missing == ("part of its appointments",)
    assert server.requests["GET /Appointment"] == 2


def test_a_part_that_the_server_leaves_out_is_named(fenmoor: Callable[..., Any]) -> None:
    connector, _ = fenmoor({"jane": "partial"})
    found = connector.activity(JANE)
    assert by_id(found.items) == by_id(JANES)
    assert "part of its appointments" in found.missing


def test_what_was_copied_is_dated_as_the_copy_and_else_as_asked(fenmoor: Callable[..., Any]) -> None:
    connector, _ = fenmoor(dated_by="asked")
    assert {item.as_at for item in connector.activity(JANE).items} == {NOW}


def test_only_the_resources_that_are_set_are_asked(fenmoor: Callable[..., Any]) -> None:
    connector, server = fenmoor(resources=["Task"])
    assert {item.id for item in connector.activity(JANE).items} == {"task-1", "task-2"}
    assert {name for name in server.requests} == {"GET /metadata", "GET /Patient", "GET /Task"}


def test_dates_and_statuses_are_asked_for_as_set(fenmoor: Callable[..., Any]) -> None:
    connector, _ = fenmoor(resources=["Appointment"], search={"Appointment": "status=booked&date=ge{today}&date=le{today+14}"})
    assert {item.id for item in connector.activity(JANE).items} == {"scan-2"}


def test_check_says_what_is_not_offered(fenmoor: Callable[..., Any]) -> None:
    connector, _ = fenmoor()
    connector.check()
    connector, _ = fenmoor(search={"Task": "owner=Patient/1"})
    with pytest.raises(ConnectorRejected, match=r"^Fenmoor does not offer: Task by owner\.$"):
        connector.check()


@pytest.mark.parametrize("fault", [f for f in FAULTS if f not in ("hang", "drip", "drip_head")])
@pytest.mark.parametrize("way", WAYS)
def test_a_fault_is_never_an_empty_answer(way: str, fault: str, fenmoor: Callable[..., Any]) -> None:
    connector, _ = fenmoor({"jane": fault}, patient_by=way)
    with pytest.raises(ConnectorError) as caught:
        connector.activity(JANE)
    assert str(JANE) not in caught.value.message
    assert connector.activity(SMYTHE).items


@pytest.mark.parametrize("way", WAYS)
def test_a_server_that_hangs_is_left_at_the_time_out(way: str, fenmoor: Callable[..., Any]) -> None:
    connector, _ = fenmoor({"jane": "hang"}, patient_by=way, timeout_s=0.4)
    with pytest.raises(ConnectorError, match=r"^Fenmoor did not answer in time\.$"):
        connector.activity(JANE)


def test_the_stub_refuses_what_it_does_not_offer(fenmoor: Callable[..., Any]) -> None:
    _, server = fenmoor()
    asks = Transport(FhirR4Settings(base_url=server.address), asking(INSTANCE, "Fenmoor", SetClock(NOW)))
    number = NhsNumber(JANE.value)
    for params in (
        {},
        {"patient": "p1", "priority": "urgent"},
        {"patient": "p1", "patient:identifier": f"x|{number}"},
        {"patient": "p1", "_include": "Task:owner"},
    ):
        assert asks.get_json("/Appointment", params).status == 400
    assert asks.get_json("/Patient/p99").status == 404

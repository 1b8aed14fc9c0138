"""GP Connect beside its published examples of version 1.2.7: what is read of them, and whether we ask as they say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from loopback import Keep, Replies, SetClock, asking, keeping, published, published_names

from connectors import gp_connect
from connectors.gp_connect.documents import appointment, bundle, location, patient
from connectors.gp_connect.mapping import appointments, location_name, patient_id
from connectors.gp_connect.settings import GpConnectSettings
from connectors.stub_routes import StubReply
from helpdesk.errors import ConnectorUnavailable
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.primary_care.model import PracticeAppointment

FOLDER = "gpconnect/1.2.7-examples"
FIND = "foundations/find_patient_response_example.json"
READ_PLACE = "foundations/read_location_response_example.json"
LIST = "appointments/retrieve_patients_appts_response_example.json"
READ_ONE = "appointments/read_appt_response_example.json"
CAPABILITY = "foundations/get_capability_statement_response_example.json"
THEIRS = NhsNumber("9476719931")
NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
LONG_AGO = datetime(2016, 1, 1, tzinfo=UTC)

READ = {FIND, READ_PLACE, LIST, READ_ONE, CAPABILITY}
NOT_USED = {
    "foundations/find_organization_response_example.json": "who a practice is comes from PDS and ODS",
    "foundations/find_practitioner_response_example.json": "clinicians are not shown",
    "foundations/read_organization_response_example.json": "who a practice is comes from PDS and ODS",
    "foundations/read_patient_response_example.json": "demographics come from PDS",
    "foundations/read_practitioner_response_example.json": "clinicians are not shown",
    "foundations/register_patient_response_example.json": "the desk registers nobody",
    "appointments/amend_appt_response_example.json": "the desk changes no appointment",
    "appointments/book_appt_response_example.json": "the desk books no appointment",
    "appointments/cancel_appt_response_example.json": "the desk cancels no appointment",
    "appointments/search_for_free_slots_response_example.json": "the desk books no appointment",
}
"""Why each other response of the foundations and the appointments is never asked for."""


def example(name: str) -> Any:
    return published(f"{FOLDER}/{name}")


@pytest.fixture
def keep() -> Iterator[Keep[Any]]:
    yield from keeping()


def test_every_published_response_is_read_or_has_its_reason_not_to_be() -> None:
    found = {name for part in ("foundations", "appointments") for name in published_names(f"{FOLDER}/{part}", "*response*.json")}
    assert {name.removeprefix(f"{FOLDER}/") for name in found} == READ | set(NOT_USED)


def test_the_published_examples_are_read() -> None:
    assert patient_id(example(FIND), THEIRS, "GP Connect") == "2"
    found = appointments(example(LIST), "2", LONG_AGO, "GP Connect")
    assert [f.appointment.start.isoformat() for f in found] == ["2016-08-16T11:20:00+01:00", "2017-08-21T10:20:00+01:00"]
    assert {(f.appointment.place, f.location_id, f.appointment.status) for f in found} == {("", "1", "booked")}
    assert appointments(example(LIST), "2", NOW, "GP Connect") == []
    assert location_name(example(READ_PLACE), "17", "GP Connect") == "Trevelyan Surgery"


def test_one_published_appointment_is_read_alike() -> None:
    alone = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": example(READ_ONE)}]}
    (found,) = appointments(alone, "2", LONG_AGO, "GP Connect")
    assert found.appointment == appointments(example(LIST), "2", LONG_AGO, "GP Connect")[1].appointment


def test_the_published_patient_is_not_taken_for_another() -> None:
    with pytest.raises(ConnectorUnavailable):
        patient_id(example(FIND), NhsNumber("9990000018"), "GP Connect")
    with pytest.raises(ConnectorUnavailable):
        appointments(example(LIST), "3", LONG_AGO, "GP Connect")


@pytest.mark.parametrize("name", sorted(NOT_USED))
def test_a_response_to_another_question_is_never_taken_for_an_answer(name: str) -> None:
    """Also the lists of slots, of organisations and of clinicians, which are Bundles too."""
    body = example(name)
    with pytest.raises(ConnectorUnavailable):
        patient_id(body, NhsNumber("9990000018"), "GP Connect")
    with pytest.raises(ConnectorUnavailable):
        appointments(body, "3", LONG_AGO, "GP Connect")


def test_what_we_ask_is_what_the_capability_statement_offers(keep: Keep[Any]) -> None:
    (rest,) = example(CAPABILITY)["rest"]
    offered = {(r["type"], i["code"]) for r in rest["resource"] for i in r["interaction"]}
    sought = {(r["type"], p["name"]) for r in rest["resource"] for p in r.get("searchParam", [])}
    day = appointment("148", "2", "17", PracticeAppointment(datetime(2026, 7, 3, 9, 10, tzinfo=UTC), "", "booked"))
    server = keep(
        Replies(
            {
                "GET /Patient": StubReply(200, bundle([patient("2", THEIRS)])),
                "GET /Patient/{id}/Appointment": StubReply(200, bundle([day])),
                "GET /Location/{id}": StubReply(200, location("17", "Larkmead Surgery")),
            }
        )
    )
    context = asking("gp_connect", "GP Connect", SetClock(NOW))
    gp_connect.connect(GpConnectSettings(base_url=server.address), context).future(THEIRS, OdsCode("XPR01"))
    find, held, place = server.seen
    assert {("Patient", "search-type"), ("Appointment", "search-type"), ("Location", "read")} <= offered
    assert {("Patient", name) for name, _ in find.params} <= sought
    assert [name for name, _ in held.params] == ["start", "start"]
    assert (place.path, list(place.params)) == ("/Location/17", [])
    assert {request.headers["Accept"] for request in server.seen} <= set(example(CAPABILITY)["format"])


@pytest.mark.parametrize(
    ("ours", "name"),
    [
        (bundle([patient("2", THEIRS)]), FIND),
        (bundle([appointment("148", "2", "1", PracticeAppointment(NOW, "", "booked"))]), LIST),
        (location("17", "Larkmead Surgery"), READ_PLACE),
    ],
)
def test_the_stub_sends_only_what_the_published_response_has(ours: Any, name: str) -> None:
    assert set(_paths(ours)) - set(_paths(example(name))) <= {".entry.fullUrl"}


def _paths(value: Any, at: str = "") -> list[str]:
    if isinstance(value, dict):
        return [path for name, inner in value.items() for path in [f"{at}.{name}", *_paths(inner, f"{at}.{name}")]]
    return [path for inner in value for path in _paths(inner, at)] if isinstance(value, list) else []

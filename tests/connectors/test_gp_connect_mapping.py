"""What is taken from GP Connect's documents, what is not, and that its stub demands what the specification demands."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import requests
from loopback import Keep, SetClock, asking, keeping, published

from connectors import gp_connect
from connectors.gp_connect.client import FIND_APPOINTMENTS, FIND_PATIENT
from connectors.gp_connect.demands import dates_fault, token_fault
from connectors.gp_connect.documents import appointment, bundle, location
from connectors.gp_connect.mapping import appointments, location_name, patient_id
from connectors.gp_connect.settings import GpConnectSettings
from connectors.gp_connect.stub import serve
from connectors.gp_connect.token import Requester, bearer, claims
from connectors.stub_server import StubServer
from helpdesk.errors import ConnectorRejected, ConnectorUnavailable
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.patients.model import Patient, Sensitivity
from helpdesk.practice.model import Area, AreaPerson
from helpdesk.primary_care.model import PracticeAppointment

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
NUMBER = NhsNumber("9990000018")
BST = timezone(timedelta(hours=1))
WHO = Requester("https://x.example.org", "d", "Desk", "1", "XICB", "Desk", "u", "Handler", "Ann")


def held(**changes: Any) -> dict[str, Any]:
    start = datetime(2026, 7, 3, 10, 20, tzinfo=BST)
    return {**appointment("148", "2", "17", PracticeAppointment(start, "Larkmead Surgery", "booked")), **changes}


def read(*resources: dict[str, Any], now: datetime = NOW, patient: str = "2") -> list[Any]:
    return appointments(bundle(resources), patient, now, "GP Connect")


def test_only_when_where_and_whether_it_stands_are_taken() -> None:
    (found,) = read(held(reason=[{"text": "A reason"}], serviceType=[{"text": "A clinic"}]))
    assert found.appointment == PracticeAppointment(datetime(2026, 7, 3, 10, 20, tzinfo=BST), "", "booked")
    assert found.location_id == "17"
    for word in ("not for this desk", "A reason", "A clinic", "booked, which is not the place"):
        assert word not in repr(found)


def test_who_booked_is_never_the_place() -> None:
    (found,) = read(held(participant=[{"actor": {"reference": "Patient/2"}}]))
    assert (found.appointment.place, found.location_id) == ("", "")


@pytest.mark.parametrize(
    ("actor", "contained"),
    [
        ({"reference": "Location/17"}, []),
        ({"reference": "https://practice.example.org/STU3/Location/17/_history/3"}, []),
        ({"reference": "#place"}, [{"resourceType": "Location", "id": "place", "name": "Larkmead Surgery"}]),
        ({"reference": "Location/99", "display": "Larkmead Surgery"}, []),
    ],
)
def test_the_place_is_named_where_the_reply_names_it(actor: dict[str, Any], contained: list[dict[str, Any]]) -> None:
    others = [{"actor": {"reference": "Patient/2"}}, {"actor": {"reference": "#1"}}, {"actor": {"reference": "Practitioner/2"}}]
    booked = held(participant=[*others, {"actor": actor}], contained=[{"resourceType": "Organization", "id": "1"}, *contained])
    (found,) = read(booked, location("17", "Larkmead Surgery"))
    assert (found.appointment.place, found.location_id) == ("Larkmead Surgery", "")


@pytest.mark.parametrize("reference", ["Location/..", "Location/a b", "Location/", "Location/17?x=1", "#unknown"])
def test_a_place_with_a_strange_id_is_not_asked_for(reference: str) -> None:
    (found,) = read(held(participant=[{"actor": {"reference": "Patient/2"}}, {"actor": {"reference": reference}}]))
    assert (found.appointment.place, found.location_id) == ("", "")


def test_a_cancelled_one_is_kept_and_one_made_in_error_never_was() -> None:
    found = read(held(status="cancelled"), held(status="entered-in-error"), held(status="a status of next year"))
    assert [f.appointment.status for f in found] == ["cancelled", "unknown"]


@pytest.mark.parametrize(
    "participant", [[{"actor": {"reference": "Patient/3"}}], [], [{"actor": {"reference": f"Patient/{i}"}} for i in (2, 3)]]
)
def test_an_appointment_that_is_not_this_patients_spoils_the_list(participant: list[dict[str, Any]]) -> None:
    with pytest.raises(ConnectorUnavailable):
        read(held(), held(participant=participant))


@pytest.mark.parametrize("start", ["2026-07-03", "2026-07-03T10:20:00", "", "tomorrow", None, 1])
def test_a_start_without_its_offset_is_not_guessed(start: Any) -> None:
    with pytest.raises(ConnectorUnavailable):
        read(held(start=start))


def test_the_first_moment_still_to_come_counts() -> None:
    assert len(read(held(start="2026-07-01T10:00:00+01:00"))) == 1
    assert read(held(start="2026-07-01T09:59:59+01:00")) == []


def test_a_location_must_be_the_one_asked_for() -> None:
    assert location_name(location("17", "Larkmead\u202e\nSurgery"), "17", "GP Connect") == "Larkmead Surgery"
    with pytest.raises(ConnectorUnavailable):
        location_name(location("18", "Elsewhere"), "17", "GP Connect")


def test_the_published_examples_are_read() -> None:
    folder = "gpconnect/1.2.7-examples"
    someone = published(f"{folder}/foundations/find_patient_response_example.json")
    assert patient_id(someone, NhsNumber("9476719931"), "GP Connect") == "2"
    body = published(f"{folder}/appointments/retrieve_patients_appts_response_example.json")
    found = appointments(body, "2", datetime(2016, 1, 1, tzinfo=UTC), "GP Connect")
    assert [f.appointment.start.isoformat() for f in found] == ["2016-08-16T11:20:00+01:00", "2017-08-21T10:20:00+01:00"]
    assert {(f.appointment.place, f.location_id, f.appointment.status) for f in found} == {("", "1", "booked")}
    assert appointments(body, "2", NOW, "GP Connect") == []
    place = published(f"{folder}/foundations/read_location_response_example.json")
    assert location_name(place, "17", "GP Connect") == "Trevelyan Surgery"


def test_the_published_patient_is_not_taken_for_another() -> None:
    with pytest.raises(ConnectorUnavailable):
        patient_id(published("gpconnect/1.2.7-examples/foundations/find_patient_response_example.json"), NUMBER, "GP Connect")


@pytest.fixture
def stub() -> Iterator[StubServer]:
    person = AreaPerson(Patient(NUMBER, NUMBER, Sensitivity.UNRESTRICTED, "pds", NOW, practice=OdsCode("XPR01")))
    keep: Keep[StubServer]
    for keep in keeping():
        yield keep(serve(Area(1, NOW.date(), (person,), (), (), (), {}, ())))


def good_headers(interaction: str = FIND_PATIENT) -> dict[str, str]:
    return {
        "Ssp-TraceID": "e623b4de-f6bb-4e0c-956d-c4ded0d58fc0",
        "Ssp-From": "200000000115",
        "Ssp-To": "200000000116",
        "Ssp-InteractionID": interaction,
        "Authorization": f"Bearer {bearer(WHO, 'https://practice.example.org', NOW)}",
    }


@pytest.mark.parametrize("header", list(good_headers()))
def test_the_stub_refuses_a_request_that_lacks_a_header(stub: StubServer, header: str) -> None:
    sent = {"identifier": f"https://fhir.nhs.uk/Id/nhs-number|{NUMBER}"}
    assert requests.get(f"{stub.address}/Patient", sent, headers=good_headers(), timeout=5).status_code == 200
    lacking = {name: value for name, value in good_headers().items() if name != header}
    assert requests.get(f"{stub.address}/Patient", sent, headers=lacking, timeout=5).status_code == 400
    wrong = good_headers(FIND_APPOINTMENTS)
    assert requests.get(f"{stub.address}/Patient", sent, headers=wrong, timeout=5).status_code == 400


def test_the_stub_refuses_a_wrong_number_and_a_past_day(stub: StubServer) -> None:
    sent = {"identifier": "https://fhir.nhs.uk/Id/nhs-number|9990000019"}
    reply = requests.get(f"{stub.address}/Patient", sent, headers=good_headers(), timeout=5)
    assert reply.json()["issue"][0]["details"]["coding"][0]["code"] == "INVALID_NHS_NUMBER"
    tomorrow_there = asking("gp_connect", "GP Connect", SetClock(NOW - timedelta(days=1)))
    connector = gp_connect.connect(GpConnectSettings(base_url=stub.address), tomorrow_there)
    with pytest.raises(ConnectorRejected):
        connector.future(NUMBER, OdsCode("XPR01"))


@pytest.mark.parametrize(
    ("starts", "good"),
    [
        (["ge2026-07-01", "le2027-07-01"], True),
        (["le2027-07-01", "ge2026-07-01"], True),
        (["ge2026-06-30", "le2027-07-01"], False),
        (["ge2026-07-01"], False),
        (["ge2026-07-01T00:00:00", "le2027-07-01"], False),
        (["ge2026-08-01", "le2026-07-01"], False),
        (["ge2026-07-01", "ge2026-07-02"], False),
        ([], False),
    ],
)
def test_which_days_the_stub_takes(starts: list[str], good: bool) -> None:
    assert (dates_fault(starts, date(2026, 7, 1)) == "") is good


@pytest.mark.parametrize("claim", list(claims(WHO, "https://practice.example.org", NOW)))
def test_the_stub_wants_every_claim(claim: str) -> None:
    whole = claims(WHO, "https://practice.example.org", NOW)
    token = bearer(WHO, "https://practice.example.org", NOW)
    assert token_fault(f"Bearer {token}", "patient/*.read") == ""
    rest = json.dumps({name: value for name, value in whole.items() if name != claim}).encode()
    lacking = f"{token.split('.')[0]}.{base64.urlsafe_b64encode(rest).decode()}."
    assert token_fault(f"Bearer {lacking}", "patient/*.read") == f"The token has no {claim}"


def test_the_stub_wants_the_last_dot_and_no_signature() -> None:
    token = bearer(WHO, "https://practice.example.org", NOW)
    for wrong in (token.rstrip("."), f"{token}x", token.replace(token.split(".")[0], "e30")):
        assert token_fault(f"Bearer {wrong}", "patient/*.read")

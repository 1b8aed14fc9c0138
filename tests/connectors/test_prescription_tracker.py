"""The prescription tracker over real HTTP: what is asked of it, and what each reply means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import requests
from loopback import Keep, Replies, SetClock, asking, keeping

from connectors import prescription_tracker
from connectors.prescription_tracker.documents import bundle, detailed, outcome, request_group
from connectors.prescription_tracker.settings import PrescriptionTrackerSettings
from connectors.prescription_tracker.stub import serve
from connectors.stub_routes import StubReply
from connectors.stub_server import StubServer
from helpdesk.errors import (
    ConnectorAuthFailed,
    ConnectorNotPermitted,
    ConnectorRejected,
    ConnectorUnavailable,
    HelpdeskError,
    NotFound,
)
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Patient, PersonName, Sensitivity
from helpdesk.practice.area import FEWEST, make_area
from helpdesk.practice.model import Area, AreaPerson
from helpdesk.primary_care.model import Prescription, PrescriptionStatus

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
NUMBER, OTHER = NhsNumber("9990000018"), NhsNumber("9990000026")
SEARCH, DETAILS = "GET /RequestGroup", "GET /RequestGroup/{id}"
WITH_PHARMACY = Prescription(PrescriptionStatus.WITH_PHARMACY, date(2026, 6, 29), "2 of 6", date(2026, 6, 30))
READY = Prescription(PrescriptionStatus.READY_TO_COLLECT, date(2026, 6, 20))
JANE = Patient(NUMBER, NUMBER, Sensitivity.UNRESTRICTED, "pds", NOW, name=PersonName("Smith", ("Jane",)))


def area(*held: Prescription, **person: Any) -> Area:
    other = Patient(OTHER, OTHER, Sensitivity.UNRESTRICTED, "pds", NOW)
    people = (AreaPerson(JANE, **person), AreaPerson(other))
    return Area(1, NOW.date(), people, (), (), (), {}, (), prescriptions={NUMBER: held, OTHER: (READY,)})


def connected(address: str, identity: Any = None, **settings: Any) -> prescription_tracker.PrescriptionTracker:
    context = replace(asking("prescription_tracker", "Prescriptions", SetClock(NOW)), identity=identity)
    made = PrescriptionTrackerSettings(base_url=address, **{"timeout_s": 2, **settings})
    return prescription_tracker.connect(made, context)


@pytest.fixture
def keep() -> Iterator[Keep[Any]]:
    yield from keeping()


def listed(*held: Prescription, whose: Patient = JANE) -> dict[str, Any]:
    return bundle(whose, (), [request_group(p, f"00000{i}-X00000-00001+", whose) for i, p in enumerate(held)])


def without_since(held: Prescription) -> Prescription:
    return replace(held, since=None)


def test_the_latest_first_and_nothing_of_what_is_prescribed(keep: Keep[StubServer]) -> None:
    server = keep(serve(area(READY, WITH_PHARMACY)))
    assert connected(server.address).prescriptions(NUMBER) == (without_since(WITH_PHARMACY), READY)
    assert dict(server.requests) == {SEARCH: 1}


def test_none_is_an_empty_answer(keep: Keep[StubServer]) -> None:
    server = keep(serve(area()))
    assert connected(server.address).prescriptions(NUMBER) == ()
    assert connected(server.address).prescriptions(NhsNumber("9990000034")) == ()
    assert connected(keep(serve(area(READY, flag="R"))).address).prescriptions(NUMBER) == ()


def test_every_prescription_of_the_practice_area(keep: Keep[StubServer]) -> None:
    held = make_area(FEWEST, 1, NOW.date())
    connector = connected(keep(serve(held, instance="prescriptions")).address)
    asked = 0
    for person in held.people:
        theirs = held.prescriptions.get(person.patient.nhs_number, ())
        if person.flag == "U" and theirs and "prescriptions" not in person.faults:
            found = connector.prescriptions(person.patient.nhs_number)
            assert sorted(map(repr, found)) == sorted(repr(replace(p, status=PrescriptionStatus(p.status))) for p in theirs)
            assert [p.day for p in found] == sorted((p.day for p in theirs if p.day), reverse=True)
            asked += 1
    assert asked > 10


def test_who_asks_goes_with_each_question(keep: Keep[Replies]) -> None:
    server = keep(Replies({SEARCH: StubReply(200, listed(READY))}))
    who = {"organisation_uuid": "555254242106", "job_role": "S8000:G8000:R8000", "role_id": "555254240100"}
    connected(server.address, **who).prescriptions(NUMBER)
    (request,) = server.seen
    assert list(request.params) == [("nhsNumber", NUMBER.value)]
    names = ("nhsd-session-urid", "nhsd-organization-uuid", "nhsd-session-jobrole", "Accept")
    assert [request.headers[name] for name in names] == ["555254240100", "555254242106", "S8000:G8000:R8000", "application/fhir+json"]
    assert len(request.headers["X-Request-ID"]) == 36


class Identity:
    def __init__(self, role_id: str) -> None:
        self.role_id = role_id

    def id_token(self) -> str:
        return "token"


def test_the_role_signed_in_with_comes_before_the_settings(keep: Keep[Replies]) -> None:
    server = keep(Replies({SEARCH: StubReply(200, listed(READY))}))
    connected(server.address, Identity("555021935107")).prescriptions(NUMBER)
    assert server.seen[0].headers["nhsd-session-urid"] == "555021935107"


def test_a_smartcard_without_a_role_must_sign_in_again(keep: Keep[Replies]) -> None:
    server = keep(Replies({SEARCH: StubReply(200, listed(READY))}))
    with pytest.raises(ConnectorAuthFailed, match="choose a role"):
        connected(server.address, Identity(""), sign_in="cis2", key_id="k", token_url=f"{server.address}/token").prescriptions(NUMBER)
    assert not server.seen


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sign_in": "signed_jwt"}, "signed-in healthcare worker only"),
        ({"sign_in": "cis2"}, "organisation_uuid, job_role must be set"),
        ({"sign_in": "cis2", "organisation_uuid": "555254242106", "job_role": "S8000:G8000:R8000"}, ""),
        ({"sign_in": "none", "organisation_uuid": "555254242106", "job_role": "S8000:G8000:R8000"}, "accepted for this computer only"),
        ({"sign_in": "cis2", "job_role": "a b"}, "job_role"),
    ],
)
def test_what_must_be_set_for_the_real_tracker(changes: dict[str, Any], said: str) -> None:
    whole = {"base_url": "https://api.service.nhs.uk/clinical-prescription-tracker", "key_id": "k", **changes}
    if not said:
        assert PrescriptionTrackerSettings(**whole).sign_in == "cis2"
        return
    with pytest.raises(ValueError, match=said):
        PrescriptionTrackerSettings(**whole)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("401", ConnectorAuthFailed),
        ("403", ConnectorNotPermitted),
        ("404", ConnectorUnavailable),
        ("429", ConnectorUnavailable),
        ("500", ConnectorUnavailable),
        ("503", ConnectorUnavailable),
        ("broken", ConnectorUnavailable),
        ("outcome", ConnectorUnavailable),
        ("empty", ConnectorUnavailable),
        ("reset", ConnectorUnavailable),
        ("redirect", ConnectorRejected),
        ("hang", ConnectorUnavailable),
    ],
)
def test_a_fault_of_one_person_is_its_own_error(keep: Keep[StubServer], fault: str, error: type[HelpdeskError]) -> None:
    server = keep(serve(area(READY, faults={"prescription_tracker": fault})))
    with pytest.raises(error) as caught:
        connected(server.address, timeout_s=0.5).prescriptions(NUMBER)
    assert type(caught.value) is error
    assert NUMBER.value not in str(caught.value)
    assert len(connected(server.address).prescriptions(OTHER)) == 1


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (StubReply(404, outcome(404, "not found")), NotFound),
        (StubReply(404, {"message": "no route"}), ConnectorUnavailable),
        (StubReply(400, outcome(400, "wrong")), ConnectorRejected),
        (StubReply(401, {**outcome(400, "x"), "issue": [{"severity": "error", "code": "processing"}]}), ConnectorAuthFailed),
        (StubReply(408, {**outcome(400, "x"), "issue": [{"severity": "error", "code": "timeout"}]}), ConnectorUnavailable),
        (StubReply(500, {**outcome(400, "x"), "issue": [{"severity": "error", "code": "exception"}]}), ConnectorUnavailable),
        (StubReply(200, outcome(404, "not found")), ConnectorUnavailable),
        (StubReply(200, []), ConnectorUnavailable),
        (StubReply(200, {"resourceType": "Bundle", "total": 2, "entry": []}), ConnectorUnavailable),
        (StubReply(200, request_group(READY, "A", JANE)), ConnectorUnavailable),
    ],
)
def test_what_each_reply_means(keep: Keep[Replies], reply: StubReply, error: type[HelpdeskError]) -> None:
    server = keep(Replies({SEARCH: reply}))
    with pytest.raises(error) as caught:
        connected(server.address).prescriptions(NUMBER)
    assert type(caught.value) is error


def test_the_day_of_a_status_is_asked_for_only_where_it_is_wanted(keep: Keep[StubServer]) -> None:
    """The ids end in "+", which must not arrive as a space."""
    server = keep(serve(area(WITH_PHARMACY, READY)))
    found = connected(server.address, status_days=True).prescriptions(NUMBER)
    assert found == (WITH_PHARMACY, replace(READY, since=READY.day))
    assert server.requests[DETAILS] == 2
    assert "not for this desk" not in repr(found)


@pytest.mark.parametrize(
    "reply",
    [
        StubReply(503),
        StubReply(404, outcome(404, "not found")),
        StubReply(200, {}),
        StubReply(200, listed(READY, whose=replace(JANE, nhs_number=OTHER))),
        StubReply(200, detailed(WITH_PHARMACY, "another+", JANE)),
    ],
)
def test_a_day_that_cannot_be_learnt_leaves_the_prescriptions(keep: Keep[Replies], reply: StubReply) -> None:
    server = keep(Replies({SEARCH: StubReply(200, listed(READY, WITH_PHARMACY)), DETAILS: reply}))
    assert connected(server.address, status_days=True).prescriptions(NUMBER) == (without_since(WITH_PHARMACY), READY)
    assert server.requests[DETAILS] == 1
    assert server.seen[1].values["id"] == "000001-X00000-00001+"
    assert list(server.seen[1].params) == [("issueNumber", "2")]


def test_a_check_shows_that_the_tracker_answers(keep: Keep[Any]) -> None:
    server = keep(serve(area(READY)))
    connected(server.address).check()
    connected(keep(Replies({SEARCH: StubReply(404, outcome(404, "not found"))})).address).check()
    server.fault = "403"
    with pytest.raises(ConnectorNotPermitted):
        connected(server.address).check()


GOOD = {
    "nhsd-session-urid": "555254240100",
    "nhsd-organization-uuid": "555254240100",
    "nhsd-session-jobrole": "S0030:G0100:R0570",
    "X-Request-ID": "60e0b220-8136-4ca5-ae46-1d97ef59d068",
}


@pytest.mark.parametrize("path", ["/RequestGroup?nhsNumber=9990000018", "/RequestGroup/000000-X00000-00001%2B"])
@pytest.mark.parametrize("lacking", list(GOOD))
def test_the_stub_refuses_a_request_that_lacks_a_header(keep: Keep[StubServer], path: str, lacking: str) -> None:
    server = keep(serve(area(READY)))
    assert requests.get(f"{server.address}{path}", headers=GOOD, timeout=5).status_code == 200
    reply = requests.get(f"{server.address}{path}", headers={n: v for n, v in GOOD.items() if n != lacking}, timeout=5)
    assert (reply.status_code, reply.json()["issue"][0]["code"]) == (400, "value")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/RequestGroup", 400),
        ("/RequestGroup?nhsNumber=9990000018&prescriptionId=000000-X00000-00001%2B", 400),
        ("/RequestGroup?nhsNumber=9990000019", 400),
        ("/RequestGroup?prescriptionId=000000-X00000-00001%2B", 200),
        ("/RequestGroup/000000-X00000-00001+", 200),
        ("/RequestGroup/000000-X00000-00001%2B?issueNumber=2", 404),
        ("/RequestGroup/000000-X00000-00001%2B?number=1", 400),
        ("/RequestGroup/nothing", 404),
    ],
)
def test_what_the_stub_takes(keep: Keep[StubServer], path: str, status: int) -> None:
    assert requests.get(f"{keep(serve(area(READY))).address}{path}", headers=GOOD, timeout=5).status_code == status

"""e-RS over real HTTP: what is asked, and what each reply means."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from ers_referral import BOOKED, NOW, NUMBER, UBRN, document
from loopback import Keep, OneReply, SetClock, asking, keeping

from connectors import ers
from connectors.ers.documents_apart import outcome
from connectors.ers.settings import ErsSettings
from connectors.ers.stub import serve
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
from helpdesk.identifiers import Ubrn
from helpdesk.pathways.model import Referral, ReferralState
from helpdesk.patients.model import Patient, Sensitivity
from helpdesk.practice.model import Area, AreaPerson

ROUTE = "GET /STU3/ReferralRequest/{ubrn}"
SIGNED_IN = {"sign_in": "cis2", "token_url": "http://127.0.0.1:1/token", "key_id": "key"}


def connected(address: str, **settings: Any) -> ers.ErsReferrals:
    return ers.connect(ErsSettings(base_url=address, **{"timeout_s": 2, **settings}), asking("ers", "e-RS", SetClock(NOW)))


def area(*referrals: Referral, fault: str = "") -> Area:
    patient = Patient(NUMBER, NUMBER, Sensitivity.UNRESTRICTED, "pds", NOW)
    person = AreaPerson(patient, faults={"ers": fault} if fault else {})
    return Area(1, NOW.date(), (person,), (), (), referrals, {}, ())


@pytest.fixture
def keep() -> Iterator[Keep[StubServer]]:
    yield from keeping()


def test_a_booked_referral_comes_back_as_it_is_held(keep: Keep[StubServer]) -> None:
    assert connected(keep(serve(area(BOOKED))).address).referral(UBRN) == BOOKED


@pytest.mark.parametrize("state", [s for s in ReferralState if s is not ReferralState.UNKNOWN])
def test_every_documented_state_is_known(keep: Keep[StubServer], state: ReferralState) -> None:
    held = dataclasses.replace(BOOKED, state=state, next_event=None, clock_start=None)
    assert connected(keep(serve(area(held))).address).referral(UBRN) == held


def test_an_unknown_booking_reference_is_not_found(keep: Keep[StubServer]) -> None:
    with pytest.raises(NotFound):
        connected(keep(serve(area(BOOKED))).address).referral(Ubrn("000000099999"))


def test_an_application_names_no_organisation_and_no_role(keep: Keep[OneReply]) -> None:
    server = keep(OneReply(StubReply(200, document()), ROUTE))
    connected(server.address).referral(UBRN)
    headers = server.seen[0].headers
    assert headers["NHSD-End-User-Organisation-ODS"] is None
    assert headers["NHSD-eRS-Business-Function"] is None
    assert headers["Accept"] == "application/fhir+json"
    assert "." not in headers["X-Correlation-ID"]
    assert server.seen[0].path == "/STU3/ReferralRequest/000000070001"


def test_a_user_names_organisation_and_role_and_the_stub_wants_both(keep: Keep[Any]) -> None:
    role = "SERVICE_PROVIDER_CLINICIAN"
    assert connected(keep(serve(area(BOOKED))).address, business_function=role).referral(UBRN) == BOOKED
    server = keep(OneReply(StubReply(200, document()), ROUTE))
    connected(server.address, business_function=role).referral(UBRN)
    assert server.seen[0].headers["NHSD-End-User-Organisation-ODS"] == "XICB"
    assert server.seen[0].headers["NHSD-eRS-Business-Function"] == role


@pytest.mark.parametrize("role", ["COMMISSIONER", "BOOKING_MANAGER", "INFORMATION_ANALYST", "REFERRING_ADMIN", "SERVICE_PROVIDER_ADMIN"])
def test_a_role_that_may_not_read_a_referral_asks_nothing(keep: Keep[StubServer], role: str) -> None:
    server = keep(serve(area(BOOKED)))
    with pytest.raises(ConnectorNotPermitted, match=role.replace("_", " ").lower()):
        connected(server.address, business_function=role).referral(UBRN)
    assert not server.requests


def test_an_application_of_a_practice_may_not_read_a_referral(keep: Keep[StubServer]) -> None:
    server = keep(serve(area(BOOKED)))
    with pytest.raises(ConnectorNotPermitted, match="application of a practice"):
        connected(server.address, works_for="practice").referral(UBRN)
    assert not server.requests


def test_a_clinicians_administrator_names_the_clinician(keep: Keep[StubServer]) -> None:
    server = keep(serve(area(BOOKED)))
    role = "SERVICE_PROVIDER_CLINICIAN_ADMIN"
    with pytest.raises(ConnectorNotPermitted, match="none is set"):
        connected(server.address, business_function=role).referral(UBRN)
    assert not server.requests
    assert connected(server.address, business_function=role, on_behalf_of="021600556514").referral(UBRN) == BOOKED


def test_a_signed_in_user_without_a_role_asks_nothing(keep: Keep[StubServer]) -> None:
    server = keep(serve(area(BOOKED)))
    with pytest.raises(ConnectorNotPermitted, match="No e-RS role"):
        connected(server.address, **SIGNED_IN).referral(UBRN)
    assert not server.requests


def test_it_asks_for_the_organisation_that_is_set(keep: Keep[OneReply]) -> None:
    server = keep(OneReply(StubReply(200, document()), ROUTE))
    connected(server.address, business_function="REFERRING_CLINICIAN", organisation="XPR01").referral(UBRN)
    assert server.seen[0].headers["NHSD-End-User-Organisation-ODS"] == "XPR01"
    assert server.seen[0].headers["NHSD-eRS-On-Behalf-Of-User-ID"] is None


def test_each_request_has_its_own_correlation_id(keep: Keep[OneReply]) -> None:
    server = keep(OneReply(StubReply(200, document()), ROUTE))
    connector = connected(server.address)
    connector.referral(UBRN)
    connector.referral(UBRN)
    assert len({request.headers["X-Correlation-ID"] for request in server.seen}) == 2


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("403", ConnectorNotPermitted),
        ("no_relationship", ConnectorNotPermitted),
        ("404", NotFound),
        ("patient_error", ConnectorRejected),
        ("401", ConnectorAuthFailed),
        ("429", ConnectorUnavailable),
        ("500", ConnectorUnavailable),
        ("503", ConnectorUnavailable),
        ("broken", ConnectorUnavailable),
        ("outcome", ConnectorUnavailable),
        ("empty", ConnectorUnavailable),
        ("reset", ConnectorUnavailable),
        ("redirect", ConnectorRejected),
    ],
)
def test_a_fault_of_one_person_is_its_own_error(keep: Keep[StubServer], fault: str, error: type[HelpdeskError]) -> None:
    with pytest.raises(error) as caught:
        connected(keep(serve(area(BOOKED, fault=fault))).address).referral(UBRN)
    assert type(caught.value) is error
    assert UBRN.value not in str(caught.value)
    assert NUMBER.value not in str(caught.value)


def test_a_hanging_service_is_unavailable_within_the_time_set(keep: Keep[StubServer]) -> None:
    with pytest.raises(ConnectorUnavailable):
        connected(keep(serve(area(BOOKED, fault="hang"))).address, timeout_s=0.3).referral(UBRN)


def test_a_busy_service_says_when_to_come_back(keep: Keep[StubServer]) -> None:
    with pytest.raises(ConnectorUnavailable) as caught:
        connected(keep(serve(area(BOOKED, fault="503"))).address).referral(UBRN)
    assert caught.value.retry_after_s == 7


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (StubReply(404, outcome("REC_NOT_FOUND")), NotFound),
        (StubReply(404, outcome("RESOURCE_NOT_FOUND")), NotFound),
        (StubReply(404, outcome("SOMETHING_ELSE")), ConnectorUnavailable),
        (StubReply(404), ConnectorUnavailable),
        (StubReply(422, outcome("INVALID_REQUEST_TYPE")), ConnectorRejected),
        (StubReply(422, {"message": "unmatched"}, content_type="application/json"), ConnectorRejected),
        (StubReply(422, outcome("REFERENCE_NOT_FOUND")), ConnectorRejected),
        (StubReply(400), ConnectorRejected),
        (StubReply(406, b"no", content_type="text/plain"), ConnectorRejected),
        (StubReply(403, outcome("NO_ACCESS")), ConnectorNotPermitted),
        (StubReply(503, outcome("SYSTEM_UNAVAILABLE")), ConnectorUnavailable),
        (StubReply(200, outcome("NO_RELATIONSHIP")), ConnectorUnavailable),
        (StubReply(200, []), ConnectorUnavailable),
        (StubReply(200, {"resourceType": "Bundle"}), ConnectorUnavailable),
        (StubReply(200, b"<html>", content_type="text/html"), ConnectorUnavailable),
        (StubReply(204), ConnectorUnavailable),
    ],
)
def test_what_each_reply_means(keep: Keep[OneReply], reply: StubReply, error: type[HelpdeskError]) -> None:
    with pytest.raises(error) as caught:
        connected(keep(OneReply(reply, ROUTE)).address).referral(UBRN)
    assert type(caught.value) is error


def test_another_referral_is_never_shown_for_the_one_asked(keep: Keep[OneReply]) -> None:
    """Wrong-patient danger: the reply is whole and well, and about somebody else."""
    server = keep(OneReply(StubReply(200, document(id="000000070009")), ROUTE))
    with pytest.raises(ConnectorUnavailable):
        connected(server.address).referral(UBRN)


@pytest.mark.parametrize(
    "change",
    [
        {"extension": {}},
        {"extension": [{"valueString": "no url"}]},
        {"contained": "none"},
        {"contained": [{"id": "no kind"}]},
        {"specialty": []},
        {"id": 70001},
        {"id": None},
        {"resourceType": "Patient"},
    ],
)
def test_a_wrong_shape_is_unavailable_and_never_a_crash(keep: Keep[OneReply], change: dict[str, Any]) -> None:
    with pytest.raises(ConnectorUnavailable):
        connected(keep(OneReply(StubReply(200, document(**change)), ROUTE)).address).referral(UBRN)


def test_a_sign_in_this_desk_does_not_have_asks_nothing(keep: Keep[StubServer]) -> None:
    server = keep(serve(area(BOOKED)))
    with pytest.raises(ConnectorAuthFailed):
        connected(server.address, **SIGNED_IN, business_function="REFERRING_CLINICIAN").referral(UBRN)
    assert not server.requests


def test_what_the_stub_counts_holds_no_booking_reference(keep: Keep[StubServer]) -> None:
    server = keep(serve(area(BOOKED)))
    connected(server.address).referral(UBRN)
    assert dict(server.requests) == {"GET /STU3/ReferralRequest/{ubrn}": 1}


def test_nobody_is_listening_is_unavailable() -> None:
    server = serve(area(BOOKED))
    server.stop()
    with pytest.raises(ConnectorUnavailable):
        connected(server.address).referral(UBRN)

"""GP Connect over real HTTP: what is asked of a practice's system, and what each reply means."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from loopback import Keep, Replies, SetClock, asking, keeping

from connectors import gp_connect
from connectors.gp_connect.documents import bundle, outcome
from connectors.gp_connect.documents import patient as patient_document
from connectors.gp_connect.settings import GpConnectSettings
from connectors.gp_connect.stub import serve
from connectors.stub_routes import StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.clock import LONDON
from helpdesk.errors import (
    ConnectorAuthFailed,
    ConnectorNotPermitted,
    ConnectorRejected,
    ConnectorUnavailable,
    HelpdeskError,
)
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.patients.model import Death, DeathStatus, Patient, Sensitivity
from helpdesk.practice.model import Area, AreaPerson
from helpdesk.primary_care.model import PracticeAppointment

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
NUMBER, OTHER = NhsNumber("9990000018"), NhsNumber("9990000026")
PRACTICE = OdsCode("XPR01")
SURGERY, BRANCH = "Larkmead Surgery", "Larkmead Branch"
FIND, LIST, PLACE = "GET /Patient", "GET /Patient/{id}/Appointment", "GET /Location/{id}"


def at(day: date, hour: int, place: str = SURGERY, status: str = "booked") -> PracticeAppointment:
    return PracticeAppointment(datetime(day.year, day.month, day.day, hour, 10, tzinfo=LONDON), place, status)


SOON, LATER = at(date(2026, 7, 3), 9), at(date(2026, 9, 30), 14, BRANCH, "cancelled")


def area(*held: PracticeAppointment, **person: Any) -> Area:
    facts = {"practice": PRACTICE, **person.pop("patient", {})}
    people = (
        AreaPerson(Patient(NUMBER, NUMBER, Sensitivity.UNRESTRICTED, "pds", NOW, **facts), **person),
        AreaPerson(Patient(OTHER, OTHER, Sensitivity.UNRESTRICTED, "pds", NOW, practice=PRACTICE)),
    )
    return Area(1, NOW.date(), people, (), (), (), {NUMBER: held, OTHER: (at(date(2026, 7, 9), 8),)}, ())


def connected(address: str, clock: SetClock | None = None, **settings: Any) -> gp_connect.GpConnectAppointments:
    context = asking("gp_connect", "GP Connect", clock or SetClock(NOW))
    return gp_connect.connect(GpConnectSettings(base_url=address, **{"timeout_s": 2, **settings}), context)


@pytest.fixture
def keep() -> Iterator[Keep[Any]]:
    yield from keeping()


def listing(*resources: dict[str, Any]) -> dict[str, StubReply]:
    return {
        FIND: StubReply(200, bundle([patient_document("2", NUMBER)])),
        LIST: StubReply(200, bundle(resources)),
        PLACE: StubReply(200, {"resourceType": "Location", "id": "17", "name": SURGERY}),
    }


def booked(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Appointment",
        "id": "148",
        "status": "booked",
        "start": "2026-07-03T10:20:00+01:00",
        "participant": [{"actor": {"reference": "Patient/2"}}, {"actor": {"reference": "Location/17"}}],
        **changes,
    }


def claims_of(request: StubRequest) -> tuple[dict[str, Any], dict[str, Any], str]:
    header, claims, signature = request.headers["Authorization"].removeprefix("Bearer ").split(".")
    return _decoded(header), _decoded(claims), signature


def _decoded(part: str) -> dict[str, Any]:
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


def test_appointments_to_come_with_their_places_soonest_first(keep: Keep[StubServer]) -> None:
    server = keep(serve(area(LATER, SOON)))
    assert connected(server.address).future(NUMBER, PRACTICE) == (SOON, LATER)
    assert dict(server.requests) == {FIND: 1, LIST: 1, PLACE: 2}


def test_none_to_come_is_an_empty_answer(keep: Keep[StubServer]) -> None:
    assert connected(keep(serve(area())).address).future(NUMBER, PRACTICE) == ()


def test_what_is_past_is_dropped_even_if_it_was_earlier_today(keep: Keep[StubServer]) -> None:
    this_morning = at(NOW.date(), 8)
    assert connected(keep(serve(area(this_morning, SOON))).address).future(NUMBER, PRACTICE) == (SOON,)


def test_a_contained_practitioner_is_not_read(keep: Keep[Replies]) -> None:
    gp = {"resourceType": "Practitioner", "id": "p1", "name": [{"family": "Quill"}]}
    server = keep(Replies(listing(booked(contained=[gp]))))
    assert [a.place for a in connected(server.address).future(NUMBER, PRACTICE)] == [SURGERY]


@pytest.mark.parametrize(
    "person",
    [{"flag": "R"}, {"flag": "V"}, {"flag": ""}, {"patient": {"death": Death(DeathStatus.CONFIRMED)}}, {"patient": {"practice": None}}],
)
def test_a_person_nobody_speaks_of_is_unavailable_and_never_nothing_held(keep: Keep[StubServer], person: dict[str, Any]) -> None:
    server = keep(serve(area(SOON, **person)))
    with pytest.raises(ConnectorUnavailable, match=r"^The practice's system would not say\.$"):
        connected(server.address).future(NUMBER, PRACTICE)
    assert server.requests[LIST] == 0


def test_an_empty_answer_to_who_is_also_would_not_say(keep: Keep[StubServer]) -> None:
    with pytest.raises(ConnectorUnavailable, match="would not say"):
        connected(keep(serve(area())).address).future(NhsNumber("9990000034"), PRACTICE)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("patient_not_found", ConnectorUnavailable),
        ("no_consent", ConnectorNotPermitted),
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
    ],
)
def test_a_fault_of_one_person_is_its_own_error(keep: Keep[StubServer], fault: str, error: type[HelpdeskError]) -> None:
    server = keep(serve(area(SOON, faults={"gp_connect": fault})))
    with pytest.raises(error) as caught:
        connected(server.address).future(NUMBER, PRACTICE)
    assert type(caught.value) is error
    assert NUMBER.value not in str(caught.value)
    assert len(connected(server.address).future(OTHER, PRACTICE)) == 1


def test_a_hanging_practice_is_unavailable_within_the_time_set(keep: Keep[StubServer]) -> None:
    with pytest.raises(ConnectorUnavailable):
        connected(keep(serve(area(SOON, faults={"gp_connect": "hang"}))).address, timeout_s=0.3).future(NUMBER, PRACTICE)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (StubReply(404, outcome("PATIENT_NOT_FOUND", "not-found")), ConnectorUnavailable),
        (StubReply(400, outcome("PATIENT_NOT_FOUND", "not-found")), ConnectorUnavailable),
        (StubReply(200, outcome("PATIENT_NOT_FOUND", "not-found")), ConnectorUnavailable),
        (StubReply(403, outcome("NO_PATIENT_CONSENT", "forbidden")), ConnectorNotPermitted),
        (StubReply(403, outcome("NO_ORGANISATION_CONSENT", "forbidden")), ConnectorNotPermitted),
        (StubReply(403, outcome("ACCESS_DENIED", "forbidden")), ConnectorNotPermitted),
        (StubReply(403, {"resourceType": "OperationOutcome", "issue": [{"code": "forbidden"}]}), ConnectorNotPermitted),
        (StubReply(400, outcome("INVALID_NHS_NUMBER", "value")), ConnectorRejected),
        (StubReply(422, outcome("INVALID_PARAMETER", "invalid")), ConnectorRejected),
        (StubReply(404, outcome("ORGANISATION_NOT_FOUND", "not-found")), ConnectorUnavailable),
        (StubReply(502, outcome("", "transient")), ConnectorUnavailable),
        (StubReply(504, b"", content_type="text/html"), ConnectorUnavailable),
        (StubReply(200, []), ConnectorUnavailable),
        (StubReply(200, {"resourceType": "Bundle", "total": 1}), ConnectorUnavailable),
        (StubReply(200, {"resourceType": "Bundle", "entry": {}}), ConnectorUnavailable),
        (StubReply(200, patient_document("2", NUMBER)), ConnectorUnavailable),
    ],
)
@pytest.mark.parametrize("route", [FIND, LIST])
def test_what_each_reply_means(keep: Keep[Replies], reply: StubReply, error: type[HelpdeskError], route: str) -> None:
    server = keep(Replies({**listing(booked()), route: reply}))
    with pytest.raises(error) as caught:
        connected(server.address).future(NUMBER, PRACTICE)
    assert type(caught.value) is error


@pytest.mark.parametrize(
    "patients",
    [
        [patient_document("2", OTHER)],
        [patient_document("2", NUMBER), patient_document("3", OTHER)],
        [{**patient_document("2", NUMBER), "identifier": []}],
        [
            {
                **patient_document("2", NUMBER),
                "identifier": patient_document("2", NUMBER)["identifier"] * 1 + patient_document("2", OTHER)["identifier"],
            }
        ],
        [patient_document("..", NUMBER)],
        [patient_document("2/../3", NUMBER)],
        [patient_document("2?x=1", NUMBER)],
        [patient_document("", NUMBER)],
    ],
)
def test_another_patient_is_never_asked_for(keep: Keep[Replies], patients: list[dict[str, Any]]) -> None:
    """Wrong-patient danger, and an id that would lead the next request elsewhere."""
    server = keep(Replies({**listing(booked()), FIND: StubReply(200, bundle(patients))}))
    with pytest.raises(ConnectorUnavailable):
        connected(server.address).future(NUMBER, PRACTICE)
    assert [request.path for request in server.seen] == ["/Patient"]


def test_every_request_tells_the_proxy_and_the_practice_who_asks(keep: Keep[Replies]) -> None:
    server = keep(Replies(listing(booked())))
    connected(server.address, from_asid="200000000115", to_asid="200000000116").future(NUMBER, PRACTICE)
    assert [request.path for request in server.seen] == ["/Patient", "/Patient/2/Appointment", "/Location/17"]
    assert [request.headers["Ssp-InteractionID"].rpartition(":rest:")[2] for request in server.seen] == [
        "search:patient-1",
        "search:patient_appointments-1",
        "read:location-1",
    ]
    assert {(r.headers["Ssp-From"], r.headers["Ssp-To"]) for r in server.seen} == {("200000000115", "200000000116")}
    assert len({r.headers["Ssp-TraceID"] for r in server.seen}) == 3
    assert list(server.seen[0].params) == [("identifier", f"https://fhir.nhs.uk/Id/nhs-number|{NUMBER}")]


def test_the_token_is_unsigned_and_says_who_asks_for_whom_and_why(keep: Keep[Replies]) -> None:
    server = keep(Replies(listing(booked())))
    who = {"user_id": "u-7", "user_family_name": "Handler", "user_given_name": "Ann", "organisation_name": "Desk", "sds_user_id": "1"}
    connected(server.address, **who).future(NUMBER, PRACTICE)
    header, claims, signature = claims_of(server.seen[0])
    assert header == {"alg": "none", "typ": "JWT"}
    assert signature == ""
    assert claims["exp"] == claims["iat"] + 300 == int(NOW.timestamp()) + 300
    assert (claims["sub"], claims["aud"], claims["reason_for_request"]) == ("u-7", server.address, "directcare")
    assert claims["requested_scope"] == "patient/*.read"
    assert claims["iss"].startswith("https://")
    assert claims["requesting_device"]["model"] == "NerveCentreHelpdesk"
    assert claims["requesting_organization"]["identifier"][0]["value"] == "XICB"
    assert claims["requesting_practitioner"]["id"] == "u-7"
    assert claims["requesting_practitioner"]["name"] == [{"family": "Handler", "given": ["Ann"]}]
    assert NUMBER.value not in json.dumps(claims)
    assert claims_of(server.seen[2])[1]["requested_scope"] == "organization/*.read"


def test_each_request_has_a_new_token(keep: Keep[Replies]) -> None:
    server, clock = keep(Replies(listing())), SetClock(NOW)
    connector = connected(server.address, clock)
    connector.future(NUMBER, PRACTICE)
    clock.moment += timedelta(minutes=6)
    connector.future(NUMBER, PRACTICE)
    issued = [claims_of(request)[1]["iat"] - int(NOW.timestamp()) for request in server.seen]
    assert issued == [0, 0, 360, 360]


def test_the_dates_asked_for_are_days_in_london_from_today_for_a_year(keep: Keep[Replies]) -> None:
    server = keep(Replies(listing()))
    connected(server.address, SetClock(datetime(2026, 7, 1, 23, 30, tzinfo=UTC))).future(NUMBER, PRACTICE)
    assert list(server.seen[1].params) == [("start", "ge2026-07-02"), ("start", "le2027-07-02")]


def test_a_practice_this_address_does_not_answer_for_is_never_asked(keep: Keep[StubServer]) -> None:
    server = keep(serve(area(SOON)))
    with pytest.raises(ConnectorNotPermitted):
        connected(server.address, practices=("XPR02",)).future(NUMBER, PRACTICE)
    assert not server.requests
    assert connected(server.address, practices=("XPR01",)).future(NUMBER, PRACTICE) == (SOON,)


@pytest.mark.parametrize(
    "reply", [StubReply(500), StubReply(404, outcome("REFERENCE_NOT_FOUND", "not-found")), StubReply(200, {}), StubReply(403)]
)
def test_a_place_that_cannot_be_learnt_leaves_the_appointments(keep: Keep[Replies], reply: StubReply) -> None:
    elsewhere = [{"actor": {"reference": "Patient/2"}}, {"actor": {"reference": "Location/18"}}]
    server = keep(Replies({**listing(booked(), booked(participant=elsewhere)), PLACE: reply}))
    assert [a.place for a in connected(server.address).future(NUMBER, PRACTICE)] == ["", ""]
    assert server.requests[PLACE] == 1

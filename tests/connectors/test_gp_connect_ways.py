"""Which way a question goes to a practice: one address, the Spine proxy with a table or the directory, or a gateway."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from authority import Authority, new_authority
from loopback import Keep, Replies, SetClock, asking, keeping

from connectors import gp_connect
from connectors.gp_connect.documents import outcome
from connectors.gp_connect.settings import GpConnectSettings
from connectors.gp_connect.stub import serve
from connectors.gp_connect.stub_directory import DIRECTORY_PATH, SITE, registered
from connectors.stub_routes import StubReply
from connectors.stub_server import StubServer
from helpdesk.clock import LONDON
from helpdesk.errors import ConnectorError, ConnectorNotPermitted, ConnectorRejected, ConnectorUnavailable
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.patients.model import Patient, Sensitivity
from helpdesk.practice.model import Area, AreaPerson
from helpdesk.primary_care.model import PracticeAppointment
from helpdesk.registry.contract import Asker

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
NUMBER, OTHER = NhsNumber("9990000018"), NhsNumber("9990000026")
HERE, THERE = OdsCode("XPR01"), OdsCode("XPR02")
SOON = PracticeAppointment(datetime(2026, 7, 3, 9, 10, tzinfo=LONDON), "Larkmead Surgery", "booked")
PROXIED = "/https://{host}" + SITE
DEVICE, ENDPOINT = f"GET {DIRECTORY_PATH}/Device", f"GET {DIRECTORY_PATH}/Endpoint"
ASID, PARTY = "https://fhir.nhs.uk/Id/nhsSpineASID", "https://fhir.nhs.uk/Id/nhsMhsPartyKey"
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"


@pytest.fixture
def keep() -> Iterator[Keep[Any]]:
    yield from keeping()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return new_authority(tmp_path_factory.mktemp("authority"))


def area() -> Area:
    def person(number: NhsNumber, practice: OdsCode) -> AreaPerson:
        return AreaPerson(Patient(number, number, Sensitivity.UNRESTRICTED, "pds", NOW, practice=practice))

    return Area(1, date(2026, 7, 1), (person(NUMBER, HERE), person(OTHER, THERE)), (), (), (), {NUMBER: (SOON,)}, ())


def root(server: StubServer) -> str:
    return server.address.removesuffix(SITE)


def connected(base: str, clock: SetClock | None = None, **settings: Any) -> gp_connect.GpConnectAppointments:
    context = asking("gp_connect", "GP Connect", clock or SetClock(NOW))
    return gp_connect.connect(GpConnectSettings(base_url=base, **{"timeout_s": 5, **settings}), context)


def by_directory(server: StubServer, clock: SetClock | None = None, **settings: Any) -> gp_connect.GpConnectAppointments:
    here = {"sds_url": f"{root(server)}{DIRECTORY_PATH}", "sds_sign_in": "none"}
    return connected(root(server), clock, **{**here, **settings})


def test_the_directory_leads_through_the_proxy_to_the_practice(keep: Keep[StubServer]) -> None:
    """The stub takes only that practice's ASID and a token for its own address."""
    server = keep(serve(area()))
    assert by_directory(server).future(NUMBER, HERE) == (SOON,)
    assert server.requests[f"GET {PROXIED}/Patient"] == 1
    assert server.requests["GET /Patient"] == 0


def test_the_directory_is_asked_once_a_day_for_each_practice(keep: Keep[StubServer]) -> None:
    server, clock = keep(serve(area())), SetClock(NOW)
    connector = by_directory(server, clock)
    for _ in range(3):
        connector.future(NUMBER, HERE)
    connector.future(OTHER, THERE)
    assert (server.requests[DEVICE], server.requests[ENDPOINT]) == (2, 2)
    clock.moment += timedelta(hours=25)
    connector.future(NUMBER, HERE)
    assert (server.requests[DEVICE], server.requests[ENDPOINT]) == (3, 3)


def test_a_table_in_the_settings_comes_before_the_directory(keep: Keep[StubServer]) -> None:
    server = keep(serve(area()))
    one = registered(area())[HERE.value]
    table = {HERE.value: {"asid": one.asid, "endpoint": f"{one.address}/"}}
    assert by_directory(server, practice_systems=table).future(NUMBER, HERE) == (SOON,)
    assert server.requests[DEVICE] == 0
    assert connected(root(server), practice_systems=table).future(NUMBER, HERE) == (SOON,)
    with pytest.raises(ConnectorNotPermitted, match="no connection to the practice"):
        connected(root(server), practice_systems=table).future(OTHER, THERE)


def test_a_practice_that_offers_nothing_is_not_permitted_and_asked_again_later(keep: Keep[StubServer]) -> None:
    server = keep(serve(area()))
    connector = by_directory(server)
    for _ in range(2):
        with pytest.raises(ConnectorNotPermitted, match="does not offer its appointments"):
            connector.future(NUMBER, OdsCode("XPR99"))
    assert server.requests[DEVICE] == 2


def test_somebody_elses_patient_is_would_not_say(keep: Keep[StubServer]) -> None:
    with pytest.raises(ConnectorUnavailable, match="would not say"):
        by_directory(keep(serve(area()))).future(NUMBER, THERE)


def device(**changes: Any) -> dict[str, Any]:
    identifiers = [{"system": ASID, "value": "918000000001"}, {"system": PARTY, "value": "XPR01-1"}]
    owner = {"identifier": {"system": ODS, "value": "XPR01"}}
    return {"resourceType": "Device", "id": "d", "identifier": identifiers, "owner": owner, **changes}


def endpoint(**changes: Any) -> dict[str, Any]:
    held = {"resourceType": "Endpoint", "id": "e", "identifier": [{"system": PARTY, "value": "XPR01-1"}], "status": "active"}
    return {**held, "address": f"https://xpr01.gp.example.org{SITE}", **changes}


def bundle(*resources: dict[str, Any]) -> StubReply:
    return StubReply(200, {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": r} for r in resources]})


@pytest.mark.parametrize(
    ("devices", "endpoints", "error"),
    [
        (bundle(device(owner={"identifier": {"system": ODS, "value": "XPR02"}})), bundle(endpoint()), ConnectorUnavailable),
        (bundle(device(), device(identifier=[{"system": ASID, "value": "918000000002"}])), bundle(endpoint()), ConnectorUnavailable),
        (bundle(device(identifier=[{"system": ASID, "value": "12"}])), bundle(endpoint()), ConnectorUnavailable),
        (bundle(device(identifier={})), bundle(endpoint()), ConnectorUnavailable),
        (bundle(device(identifier=[])), bundle(endpoint()), ConnectorNotPermitted),
        (bundle(), bundle(endpoint()), ConnectorNotPermitted),
        (bundle(device()), bundle(), ConnectorNotPermitted),
        (bundle(device()), bundle(endpoint(status="off")), ConnectorNotPermitted),
        (bundle(device()), bundle(endpoint(), endpoint(address="https://other.example.org/STU3")), ConnectorUnavailable),
        (bundle(device()), bundle(endpoint(identifier=[{"system": PARTY, "value": "XPR02-1"}])), ConnectorUnavailable),
        (bundle(device()), bundle(endpoint(address="http://xpr01.gp.example.org/")), ConnectorUnavailable),
        (bundle(device()), bundle(endpoint(address="https://a@b.example.org/")), ConnectorUnavailable),
        (bundle(device()), bundle(endpoint(address="https://b.example.org/?x=")), ConnectorUnavailable),
        (bundle(device()), bundle(endpoint(address="https://b.example.org/\r\nX: y")), ConnectorUnavailable),
        (bundle(device()), bundle(endpoint(address="https://[b.example.org/")), ConnectorUnavailable),
        (bundle(device()), bundle(endpoint(address=7)), ConnectorUnavailable),
        (StubReply(200, outcome("x", "exception")), bundle(endpoint()), ConnectorUnavailable),
        (StubReply(200, {"resourceType": "Bundle", "total": 1}), bundle(endpoint()), ConnectorUnavailable),
        (StubReply(200, []), bundle(endpoint()), ConnectorUnavailable),
        (StubReply(400, outcome("x", "value")), bundle(endpoint()), ConnectorRejected),
        (StubReply(403, b"<html>", content_type="text/html"), bundle(endpoint()), ConnectorNotPermitted),
        (bundle(device()), StubReply(504, b"", content_type="text/html"), ConnectorUnavailable),
    ],
)
def test_no_practice_is_asked_on_a_strange_word_of_the_directory(
    keep: Keep[Replies], devices: StubReply, endpoints: StubReply, error: type[ConnectorError]
) -> None:
    server = keep(Replies({DEVICE: devices, ENDPOINT: endpoints}))
    with pytest.raises(error) as caught:
        connected(server.address, sds_url=f"{server.address}{DIRECTORY_PATH}", sds_sign_in="none").future(NUMBER, HERE)
    assert type(caught.value) is error
    assert all(name in (DEVICE, ENDPOINT) for name in server.requests)


def test_what_the_directory_is_asked(keep: Keep[Replies]) -> None:
    server = keep(Replies({DEVICE: bundle(device()), ENDPOINT: bundle(endpoint())}))
    connector = connected(server.address, sds_url=f"{server.address}{DIRECTORY_PATH}", sds_sign_in="none")
    with pytest.raises(ConnectorError):
        connector.future(NUMBER, HERE)
    who, what = ("organization", f"{ODS}|XPR01"), "https://fhir.nhs.uk/Id/nhsServiceInteractionId|urn:nhs:names:services:gpconnect"
    interaction = ("identifier", f"{what}:fhir:rest:search:patient_appointments-1")
    assert [list(r.params) for r in server.seen] == [[who, interaction], [who, interaction, ("identifier", f"{PARTY}|XPR01-1")]]
    assert len({r.headers["X-Correlation-Id"] for r in server.seen}) == 2


def test_a_gateway_is_told_who_we_are_and_nothing_of_the_spine(keep: Keep[Any]) -> None:
    server = keep(serve(area()))
    assert connected(f"{root(server)}/gateway", through="gateway").future(NUMBER, HERE) == (SOON,)
    told = keep(Replies({"GET /Patient": StubReply(404, outcome("PATIENT_NOT_FOUND", "not-found"))}))
    with pytest.raises(ConnectorUnavailable, match="would not say"):
        connected(told.address, through="gateway").future(NUMBER, HERE)
    (headers,) = [request.headers for request in told.seen]
    assert (headers["Ods-from"], len(headers["Ssp-TraceID"])) == ("XICB", 36)
    assert not {"Authorization", "Ssp-From", "Ssp-To", "Ssp-InteractionID"} & set(headers.keys())


@pytest.mark.parametrize("way", ["one", "proxy", "gateway"])
def test_a_check_shows_that_a_practice_or_the_directory_answers(keep: Keep[StubServer], way: str) -> None:
    server = keep(serve(area()))
    ways = {
        "one": lambda: connected(server.address),
        "proxy": lambda: by_directory(server),
        "gateway": lambda: connected(f"{root(server)}/gateway", through="gateway"),
    }
    ways[way]().check()
    server.fault = "503"
    with pytest.raises(ConnectorUnavailable):
        ways[way]().check()


def test_the_member_of_staff_at_the_desk_is_named_before_the_settings(keep: Keep[Replies]) -> None:
    server = keep(Replies({"GET /Patient": StubReply(404, outcome("PATIENT_NOT_FOUND", "not-found"))}))

    class Identity:
        role_id = "555254240100"

        def id_token(self) -> str:
            return ""

    context = asking("gp_connect", "GP Connect", SetClock(NOW))
    context = replace(context, identity=Identity(), asker=lambda: Asker("staff-7", "Handler", "Ann"))
    with pytest.raises(ConnectorUnavailable):
        gp_connect.connect(GpConnectSettings(base_url=server.address), context).future(NUMBER, HERE)
    claims = _claims(server)
    assert (claims["sub"], claims["requesting_practitioner"]["name"]) == ("staff-7", [{"family": "Handler", "given": ["Ann"]}])
    assert [i["value"] for i in claims["requesting_practitioner"]["identifier"]] == ["UNK", "555254240100", "staff-7"]


def test_a_question_that_is_asked_again_has_a_new_token(keep: Keep[Replies]) -> None:
    server = keep(Replies({"GET /Patient": StubReply(503, b"", {"Retry-After": "0"}, "text/html")}))
    with pytest.raises(ConnectorUnavailable):
        connected(server.address).future(NUMBER, HERE)
    assert len(server.seen) > 1
    for name in ("Authorization", "Ssp-TraceID"):
        assert len({request.headers[name] for request in server.seen}) == len(server.seen)


def _claims(server: Replies) -> dict[str, Any]:
    part = server.seen[0].headers["Authorization"].split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


def test_tls_with_our_certificate(keep: Keep[StubServer], authority: Authority) -> None:
    server = keep(serve(area(), tls=authority.server_context()))
    assert server.address.startswith("https://")
    ours = {"ca_file": authority.file, "client_certificate": authority.signed("desk")}
    assert connected(server.address, **ours).future(NUMBER, HERE) == (SOON,)


def test_without_our_certificate_the_answer_is_unavailable_in_plain_words(
    keep: Keep[StubServer], authority: Authority, tmp_path: Path
) -> None:
    server = keep(serve(area(), tls=authority.server_context()))
    stranger = new_authority(tmp_path, "stranger").signed("stranger")
    for certificate in ({}, {"client_certificate": stranger}):
        with pytest.raises(ConnectorUnavailable) as caught:
            connected(server.address, ca_file=authority.file, **certificate).future(NUMBER, HERE)
        assert caught.value.message in (
            "A safe connection to GP Connect could not be made.",
            "GP Connect cannot be reached at the moment.",
        )
    assert not server.requests


AWAY = {
    "base_url": "https://proxy.example.org",
    "client_certificate": Path("desk.pem"),
    "from_asid": "200000000115",
    "system_url": "https://desk.example.org",
    "user_id": "u",
    "user_family_name": "F",
}
TABLE = {"XPR01": {"asid": "200000000116", "endpoint": "https://provider.example.org/GP0001/STU3/1"}}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "practices must name"),
        ({"practices": ("XPR01",)}, "to_asid must be set"),
        ({"practices": ("XPR01",), "to_asid": "200000000116"}, ""),
        ({"practice_systems": TABLE}, ""),
        ({"sds_url": "https://sds.example.org/spine-directory/FHIR/R4"}, ""),
        ({"sds_url": "https://sds.example.org/x", "sds_sign_in": "none"}, "sds_url: sign_in"),
        ({"sds_url": "sds.example.org"}, "sds_url: an address starts with"),
        ({"practice_systems": TABLE, "client_certificate": None}, "client_certificate must be set"),
        ({"practice_systems": TABLE, "sign_in": "cis2"}, "through the proxy sign_in is"),
        ({"practice_systems": TABLE, "base_url": "http://proxy.example.org"}, "use https"),
        ({"practice_systems": TABLE, "user_id": "desk"}, "user_id must be set"),
        ({"practice_systems": {"xpr01": TABLE["XPR01"]}}, "named by its ODS code"),
        ({"practice_systems": {"XPR01": {"asid": "1", "endpoint": "https://p.example.org"}}}, "asid"),
        ({"practice_systems": {"XPR01": {"asid": "200000000116", "endpoint": "http://p.example.org"}}}, "an endpoint starts with"),
        ({"practice_systems": TABLE, "through": "gateway", "sign_in": "cis2"}, "a gateway finds the practice"),
        ({"through": "gateway"}, 'sign_in "none" is accepted'),
        ({"through": "gateway", "sign_in": "cis2", "client_certificate": None, "from_asid": "900000000001"}, ""),
    ],
)
def test_what_must_be_set_for_a_service_that_is_not_on_this_computer(changes: dict[str, Any], said: str) -> None:
    if not said:
        assert GpConnectSettings(**{**AWAY, **changes}).sign_in in ("none", "cis2")
        return
    with pytest.raises(ValueError, match=said):
        GpConnectSettings(**{**AWAY, **changes})

"""The GP Connect stub demands what the specification demands, so that a request it takes is one a practice takes."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import requests
from loopback import Keep, SetClock, asking, keeping

from connectors import gp_connect
from connectors.gp_connect.demands import dates_fault, token_fault
from connectors.gp_connect.headers import FIND_APPOINTMENTS, FIND_PATIENT
from connectors.gp_connect.settings import GpConnectSettings
from connectors.gp_connect.stub import serve
from connectors.gp_connect.token import Requester, bearer, claims
from connectors.stub_server import StubServer
from helpdesk.errors import ConnectorRejected
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.patients.model import Patient, Sensitivity
from helpdesk.practice.model import Area, AreaPerson

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
NUMBER = NhsNumber("9990000018")
AUDIENCE = "https://practice.example.org"
WHO = Requester("https://x.example.org", "d", "Desk", "1", "XICB", "Desk", "u", "Handler", "Ann")
SOUGHT = {"identifier": f"https://fhir.nhs.uk/Id/nhs-number|{NUMBER}"}


@pytest.fixture
def stub() -> Iterator[StubServer]:
    person = AreaPerson(Patient(NUMBER, NUMBER, Sensitivity.UNRESTRICTED, "pds", NOW, practice=OdsCode("XPR01")))
    keep: Keep[StubServer]
    for keep in keeping():
        yield keep(serve(Area(1, NOW.date(), (person,), (), (), (), {}, ())))


def good_headers(address: str = AUDIENCE, interaction: str = FIND_PATIENT) -> dict[str, str]:
    return {
        "Ssp-TraceID": "e623b4de-f6bb-4e0c-956d-c4ded0d58fc0",
        "Ssp-From": "200000000115",
        "Ssp-To": "200000000116",
        "Ssp-InteractionID": interaction,
        "Authorization": f"Bearer {bearer(WHO, address, NOW)}",
    }


@pytest.mark.parametrize("header", list(good_headers()))
def test_the_stub_refuses_a_request_that_lacks_a_header(stub: StubServer, header: str) -> None:
    sent = SOUGHT
    assert requests.get(f"{stub.address}/Patient", sent, headers=good_headers(stub.address), timeout=5).status_code == 200
    lacking = {name: value for name, value in good_headers(stub.address).items() if name != header}
    assert requests.get(f"{stub.address}/Patient", sent, headers=lacking, timeout=5).status_code == 400
    wrong = good_headers(stub.address, FIND_APPOINTMENTS)
    assert requests.get(f"{stub.address}/Patient", sent, headers=wrong, timeout=5).status_code == 400


def test_the_stub_refuses_a_wrong_number_and_a_past_day(stub: StubServer) -> None:
    sent = {"identifier": "https://fhir.nhs.uk/Id/nhs-number|9990000019"}
    reply = requests.get(f"{stub.address}/Patient", sent, headers=good_headers(stub.address), timeout=5)
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


@pytest.mark.parametrize("claim", [name for name in claims(WHO, AUDIENCE, NOW) if name != "jti"])
def test_the_stub_wants_every_claim(claim: str) -> None:
    whole = claims(WHO, AUDIENCE, NOW)
    token = bearer(WHO, AUDIENCE, NOW)
    assert token_fault(f"Bearer {token}", "patient/*.read", AUDIENCE) == ""
    rest = json.dumps({name: value for name, value in whole.items() if name != claim}).encode()
    lacking = f"{token.split('.')[0]}.{base64.urlsafe_b64encode(rest).decode()}."
    assert token_fault(f"Bearer {lacking}", "patient/*.read", AUDIENCE) == f"The token has no {claim}"


def test_the_stub_wants_the_last_dot_and_no_signature() -> None:
    token = bearer(WHO, AUDIENCE, NOW)
    for wrong in (token.rstrip("."), f"{token}x", token.replace(token.split(".")[0], "e30")):
        assert token_fault(f"Bearer {wrong}", "patient/*.read", AUDIENCE)


def said(address: str, headers: dict[str, str]) -> str:
    reply = requests.get(f"{address}/Patient", SOUGHT, headers=headers, timeout=5).json()
    return str(reply["issue"][0]["diagnostics"]) if "issue" in reply else ""


def test_the_stub_takes_each_token_once(stub: StubServer) -> None:
    headers = good_headers(stub.address)
    assert [said(stub.address, headers), said(stub.address, headers)] == ["", "The token was used before"]


def test_the_stub_wants_a_token_for_its_own_address(stub: StubServer) -> None:
    assert said(stub.address, good_headers("https://another.example.org/GP0001/STU3/1")) == "The token is for another address"


def _without(part: str, field: str) -> Callable[[dict[str, Any]], None]:
    return lambda whole: whole[part].pop(field)


@pytest.mark.parametrize(
    "spoil",
    [
        _without("requesting_device", "version"),
        _without("requesting_device", "resourceType"),
        _without("requesting_organization", "identifier"),
        _without("requesting_organization", "name"),
        _without("requesting_practitioner", "identifier"),
        _without("requesting_practitioner", "name"),
        lambda whole: whole["requesting_practitioner"]["identifier"].pop(1),
        lambda whole: whole.update(sub=""),
        lambda whole: whole.update(exp=whole["iat"] + 301),
        lambda whole: whole.update(reason_for_request="research"),
    ],
)
def test_the_stub_wants_who_asks_told_in_full(spoil: Callable[[dict[str, Any]], None]) -> None:
    whole: dict[str, Any] = claims(WHO, AUDIENCE, NOW)
    spoil(whole)
    header = bearer(WHO, AUDIENCE, NOW).split(".")[0]
    token = f"{header}.{base64.urlsafe_b64encode(json.dumps(whole).encode()).decode().rstrip('=')}."
    assert token_fault(f"Bearer {token}", "patient/*.read", AUDIENCE)

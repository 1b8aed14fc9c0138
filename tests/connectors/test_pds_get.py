"""PDS, one person by number: every state of the design that PDS can be in, and each trap of its records, over real HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from connectors.http import Transport
from connectors.pds.client import Pds
from connectors.pds.settings import PdsSettings
from connectors.stub_server import StubServer
from helpdesk.answers import Remedy, SourceState, state_of
from helpdesk.errors import (
    ConnectorAuthFailed,
    ConnectorNotPermitted,
    ConnectorRejected,
    ConnectorUnavailable,
    HelpdeskError,
    NotFound,
    NumberNoLongerUsed,
)
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import DeathStatus, PartialDate, PersonName, PhoneUse
from helpdesk.registry.contract import ConnectorContext
from tests.connectors.tiny_area import (
    BSL,
    DEAD,
    JANE,
    MINIMAL,
    NEW,
    NOBODY,
    NOW,
    OLD,
    REDACTED,
    REPORTED_DEAD,
    RESTRICTED,
    UNFLAGGED,
    WITHDRAWN,
    V,
)


def test_a_person_in_full(pds: Pds, stub: StubServer) -> None:
    jane = pds.get(JANE)
    assert (jane.nhs_number, jane.asked_for, jane.superseded, jane.restricted) == (JANE, JANE, False, False)
    assert jane.name == PersonName("Smith", ("Jane",), "Mrs")
    assert jane.former_family_names == ("Brown",)
    assert (jane.born, jane.gender, jane.death) == (PartialDate(1950, 1, 1), "Female", None)
    assert jane.address is not None
    assert (jane.address.lines, jane.address.postcode) == (("1 Mill Lane", "Larkmead"), "ZZ99 3CZ")
    assert [(p.number, p.use) for p in jane.phones] == [("07700900123", PhoneUse.MOBILE), ("01632960001", PhoneUse.HOME)]
    assert jane.emails == ("jane.smith@example.org",)
    assert str(jane.practice) == "XPR01"
    assert (jane.source, jane.as_at) == ("pds", NOW)
    assert stub.requests == {"GET /Patient/{id}": 1}


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "INVALID_RESOURCE_ID", ConnectorRejected),
        (400, "UNSUPPORTED_SERVICE", ConnectorRejected),
        (400, "MISSING_VALUE", ConnectorRejected),
        (400, "INVALID_VALUE", ConnectorRejected),
        (401, "ACCESS_DENIED", ConnectorAuthFailed),
        (403, "ACCESS_DENIED", ConnectorNotPermitted),
        (404, "RESOURCE_NOT_FOUND", NotFound),
        (404, "INVALIDATED_RESOURCE", NumberNoLongerUsed),
        (404, "SOMETHING_ELSE", ConnectorUnavailable),
        (404, "not-found", ConnectorUnavailable),
        (200, "RESOURCE_NOT_FOUND", ConnectorUnavailable),
        (408, "UNABLE_TO_CALL_SERVICE", ConnectorUnavailable),
        (429, "TOO_MANY_REQUESTS", ConnectorUnavailable),
    ],
)
def test_each_published_error_and_a_404_that_says_nothing(
    status: int, code: str, kind: type[HelpdeskError], replies: Callable[..., Any], pds_at: Callable[..., Pds]
) -> None:
    body = {"resourceType": "OperationOutcome", "issue": [{"severity": "information", "details": {"coding": [{"code": code}]}}]}
    with pytest.raises(HelpdeskError) as caught:
        pds_at(replies(body, status).address, retries=0).get(JANE)
    assert type(caught.value) is kind


@pytest.mark.parametrize("number", [RESTRICTED, V, UNFLAGGED, REDACTED], ids=["R", "V", "no flag", "REDACTED"])
def test_anything_but_u_is_restricted_and_says_no_place(number: NhsNumber, pds: Pds) -> None:
    person = pds.get(number)
    assert person.restricted
    assert (person.address, person.phones, person.emails, person.practice) == (None, (), (), None)
    assert person.name.family == "Hidden"


def test_a_superseded_number_brings_the_new_one(pds: Pds) -> None:
    person = pds.get(OLD)
    assert (person.nhs_number, person.asked_for, person.superseded) == (NEW, OLD, True)


def test_a_minimal_record(pds: Pds) -> None:
    person = pds.get(MINIMAL)
    assert (person.name, person.born, person.gender, person.address, person.death) == (PersonName(), None, "Not known", None, None)


def test_the_dead(pds: Pds) -> None:
    dead, reported = pds.get(DEAD).death, pds.get(REPORTED_DEAD).death
    assert dead is not None
    assert reported is not None
    assert (dead.status, dead.day) == (DeathStatus.CONFIRMED, PartialDate(2020, 5, 4))
    assert (reported.status, reported.day) == (DeathStatus.REPORTED, None)


def test_needs(pds: Pds) -> None:
    needs = pds.get(BSL).needs
    assert (needs.language, needs.interpreter, needs.format, needs.no_phone) == ("BSL", True, "Large print", True)
    assert needs.flags == ("BSL interpreter", "Large print", "No telephone contact")


def test_not_found_and_withdrawn_are_documented_answers(pds: Pds) -> None:
    with pytest.raises(NotFound) as nobody:
        pds.get(NOBODY)
    assert type(nobody.value) is NotFound
    assert state_of(nobody.value)[0] is SourceState.NOTHING_HELD
    with pytest.raises(NumberNoLongerUsed, match="search for the person again"):
        pds.get(WITHDRAWN)


FAULTS: dict[str, tuple[type[HelpdeskError], SourceState, Remedy]] = {
    "hang": (ConnectorUnavailable, SourceState.UNAVAILABLE, Remedy.RETRY),
    "drip": (ConnectorUnavailable, SourceState.UNAVAILABLE, Remedy.RETRY),
    "reset": (ConnectorUnavailable, SourceState.UNAVAILABLE, Remedy.RETRY),
    "401": (ConnectorAuthFailed, SourceState.UNAVAILABLE, Remedy.SIGN_IN),
    "403": (ConnectorNotPermitted, SourceState.NOT_PERMITTED, Remedy.NONE),
    "404": (ConnectorUnavailable, SourceState.UNAVAILABLE, Remedy.RETRY),
    "429": (ConnectorUnavailable, SourceState.UNAVAILABLE, Remedy.RETRY),
    "500": (ConnectorUnavailable, SourceState.UNAVAILABLE, Remedy.RETRY),
    "503": (ConnectorUnavailable, SourceState.UNAVAILABLE, Remedy.RETRY),
    "broken": (ConnectorUnavailable, SourceState.UNAVAILABLE, Remedy.RETRY),
    "outcome": (ConnectorUnavailable, SourceState.UNAVAILABLE, Remedy.RETRY),
    "empty": (ConnectorUnavailable, SourceState.UNAVAILABLE, Remedy.RETRY),
    "400": (ConnectorRejected, SourceState.UNAVAILABLE, Remedy.REPORT),
    "redirect": (ConnectorRejected, SourceState.UNAVAILABLE, Remedy.REPORT),
}


LASTING = ("hang", "half_open", "drip", "drip_head")
"""What ends only by the time-out; for all else there is time enough, however busy the computer."""


@pytest.mark.parametrize("fault", FAULTS)
def test_each_state(fault: str, stub: StubServer, pds_at: Callable[..., Pds], everything_logged: pytest.LogCaptureFixture) -> None:
    kind, state, remedy = FAULTS[fault]
    stub.fault = fault
    started = time.monotonic()
    with pytest.raises(HelpdeskError) as caught:
        pds_at(stub.address, timeout_s=0.4 if fault in LASTING else 5).get(JANE)
    assert time.monotonic() - started < (2 if fault in LASTING else 5)
    assert type(caught.value) is kind
    assert state_of(caught.value) == (state, remedy)
    assert str(JANE) not in caught.value.message + everything_logged.text


def test_what_pds_is_told_of_us(context: ConnectorContext, stub: StubServer) -> None:
    """The stub refuses a request without an id of its own; a second with the same content has another."""
    transport = Transport(PdsSettings(base_url=stub.address), context)
    first = transport.get_json(f"/Patient/{JANE}", headers={"X-Request-ID": "not one of ours"})
    assert first.status == 200
    assert first.headers["X-Request-ID"] == first.request_id


def test_the_desks_organisation_goes_with_every_request(pds_at: Callable[..., Pds], replies: Any) -> None:
    server = replies({"resourceType": "Patient", "id": str(JANE)})
    pds_at(server.address).get(JANE)
    assert server.seen[0].headers["NHSD-End-User-Organisation-ODS"] == "XICB"
    assert server.seen[0].headers["Accept"] == "application/fhir+json"


class Handler:
    """A member of staff who is signed in."""

    def __init__(self, role_id: str) -> None:
        self.role_id = role_id

    def id_token(self) -> str:
        return "unused"


@pytest.mark.parametrize(
    ("role_id", "mode", "sent"),
    [("555254240100", "healthcare_worker", "555254240100"), ("", "healthcare_worker", None), ("555254240100", "application", None)],
)
def test_the_role_of_the_member_of_staff_goes_with_every_request(
    role_id: str, mode: str, sent: str | None, context: ConnectorContext, replies: Callable[..., Any]
) -> None:
    server = replies({"resourceType": "Patient", "id": str(JANE)})
    settings = PdsSettings.model_validate({"base_url": server.address, "mode": mode})
    Pds(settings, replace(context, identity=Handler(role_id), organisation="")).get(JANE)
    assert server.seen[0].headers.get("NHSD-Session-URID") == sent
    assert "NHSD-End-User-Organisation-ODS" not in server.seen[0].headers, "PDS takes no empty header"


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("X-Request-ID", "{60e0b220-8136-4ca5-ae46-1d97ef59d068}", 400),
        ("NHSD-Session-URID", "R8000", 400),
        ("NHSD-Session-URID", "5552", 200),
    ],
)
def test_the_stub_takes_only_published_headers(name: str, value: str, status: int, stub: StubServer) -> None:
    headers = {"X-Request-ID": "60e0b220-8136-4ca5-ae46-1d97ef59d068", name: value}
    parts = urlsplit(stub.address)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    connection.request("GET", f"{parts.path}/Patient/{JANE}", headers=headers)
    assert connection.getresponse().status == status
    connection.close()

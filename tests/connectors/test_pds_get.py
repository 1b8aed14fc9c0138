"""PDS, one person by number: every state of the design that PDS can be in, and each trap of its records, over real HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

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


@pytest.mark.parametrize("fault", FAULTS)
def test_each_state(fault: str, stub: StubServer, pds_at: Callable[..., Pds], everything_logged: pytest.LogCaptureFixture) -> None:
    kind, state, remedy = FAULTS[fault]
    stub.fault = fault
    started = time.monotonic()
    with pytest.raises(HelpdeskError) as caught:
        pds_at(stub.address, timeout_s=0.4).get(JANE)
    assert time.monotonic() - started < 2
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

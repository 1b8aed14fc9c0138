"""Those PDS holds as related to a patient: in words, of that patient alone, and never where they can be reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from loopback import published

from connectors.pds import stub as pds_stub
from connectors.pds.client import Pds
from connectors.pds.related import related_to
from connectors.stub_server import StubServer
from helpdesk.callers.ports import Proxy
from helpdesk.errors import (
    ConnectorAuthFailed,
    ConnectorNotPermitted,
    ConnectorRejected,
    ConnectorUnavailable,
    HelpdeskError,
    NumberNoLongerUsed,
)
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import PersonName
from helpdesk.patients.related import Related
from helpdesk.practice.model import Area
from tests.connectors.tiny_area import BSL, JANE, NEW, NOW, RESTRICTED, WITHDRAWN

TODAY = NOW.date()
BASE = "https://pds.example.org/Patient"


@pytest.fixture
def stub(area: Area) -> Iterator[StubServer]:
    mother = Proxy("Alder", ("Ann",), NEW, relationship="Mother")
    friend = Proxy("Brook", ("Bo",), relationship="friend")
    server = pds_stub.serve(replace(area, proxies={JANE: (mother, friend), RESTRICTED: (mother,)}))
    yield server
    server.stop()


def test_who_is_related(pds: Pds) -> None:
    assert pds.related(JANE) == (
        Related("Mother", PersonName("Alder", ("Ann",)), NEW),
        Related("Relationship not known", PersonName("Brook", ("Bo",))),
    )


def test_nobody_of_a_restricted_person_and_nobody_known(pds: Pds) -> None:
    assert pds.related(RESTRICTED) == ()
    assert pds.related(BSL) == ()


def test_a_withdrawn_number_is_said(pds: Pds) -> None:
    with pytest.raises(NumberNoLongerUsed):
        pds.related(WITHDRAWN)


def relation(*codes: str, **fields: Any) -> dict[str, Any]:
    person = {
        "resourceType": "RelatedPerson",
        "patient": {"identifier": {"value": str(NEW)}},
        "relationship": [{"coding": [{"system": "x", "code": code} for code in codes]}],
    } | fields
    return {"fullUrl": f"{BASE}/{JANE}/RelatedPerson/1", "resource": {k: v for k, v in person.items() if v is not None}}


def bundle(*entries: Any, **fields: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": list(entries)} | fields


def mapped(*entries: Any) -> tuple[Related, ...]:
    return related_to(bundle(*entries), JANE, "PDS", TODAY)


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (("Personal", "MTH"), "Mother"),
        (("Personal", "MTH", "N"), "Mother, next of kin"),
        (("Agent", "Carer"), "Carer"),
        (("Guardian",), "Guardian"),
        (("Agent",), "Agent"),
        (("N",), "Next of kin"),
        (("Personal", "ProxyContactCommunication"), "Contact, speaks for the patient"),
        (("Personal", "NotSpecified"), "Relationship not known"),
        (("XX",), "Relationship not known"),
        ((), "Relationship not known"),
    ],
)
def test_the_relationship_in_words(codes: tuple[str, ...], words: str) -> None:
    (found,) = mapped(relation(*codes))
    assert found == Related(words, PersonName(), NEW)


def test_only_those_related_now_and_each_once() -> None:
    over = relation("SIS", period={"start": "2000-01-01", "end": "2020-01-01"})
    soon = relation("BRO", period={"start": "2030-01-01"})
    assert mapped(over, relation("FTH"), soon, relation("MTH", active=False), relation("FTH")) == (Related("Father", PersonName(), NEW),)


def test_the_patients_own_number_is_not_the_other_persons() -> None:
    (found,) = mapped(relation("MTH", patient={"identifier": {"value": str(JANE)}}))
    assert found.nhs_number is None


def test_where_they_can_be_reached_is_not_taken() -> None:
    places = {
        "telecom": [{"system": "phone", "value": "07700900999"}],
        "address": [{"use": "home", "line": ["9 Weir Street"], "postalCode": "ZZ99 3VZ"}],
    }
    found = repr(mapped(relation("MTH", **places)))
    assert not [word for word in ("07700900999", "Weir", "3VZ") if word in found]


HOSTILE: dict[str, Any] = {
    "an array": [],
    "a Patient": {"resourceType": "Patient", "id": str(JANE)},
    "people counted but not there": {"resourceType": "Bundle", "total": 2},
    "somebody else's": bundle(relation("MTH") | {"fullUrl": f"{BASE}/{BSL}/RelatedPerson/1"}),
    "another resource": bundle(relation("MTH", resourceType="Patient")),
    "no reference": bundle(relation("MTH", patient=None)),
    "a number that is none": bundle(relation("MTH", patient={"identifier": {"value": "9000000000"}})),
    "a relationship that is a text": bundle(relation("MTH", relationship="mother")),
    "an outcome": {"resourceType": "OperationOutcome", "issue": []},
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_wrong_shape_is_an_unavailable_source(body: Any, replies: Callable[..., Any], pds_at: Callable[..., Pds]) -> None:
    with pytest.raises(ConnectorUnavailable) as caught:
        pds_at(replies(body).address).related(JANE)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "INVALID_RESOURCE_ID", ConnectorRejected),
        (401, "ACCESS_DENIED", ConnectorAuthFailed),
        (403, "ACCESS_DENIED", ConnectorNotPermitted),
        (404, "INVALIDATED_RESOURCE", NumberNoLongerUsed),
        (404, "SOMETHING_ELSE", ConnectorUnavailable),
        (408, "UNABLE_TO_CALL_SERVICE", ConnectorUnavailable),
        (429, "TOO_MANY_REQUESTS", ConnectorUnavailable),
    ],
)
def test_each_published_error(
    status: int, code: str, kind: type[HelpdeskError], replies: Callable[..., Any], pds_at: Callable[..., Pds]
) -> None:
    body = {"resourceType": "OperationOutcome", "issue": [{"details": {"coding": [{"code": code}]}}]}
    with pytest.raises(HelpdeskError) as caught:
        pds_at(replies(body, status).address, retries=0).related(JANE)
    assert type(caught.value) is kind


def test_the_published_example() -> None:
    operation = published("pds/openapi.json")["paths"]["/Patient/{id}/RelatedPerson"]["get"]
    body = operation["responses"]["200"]["content"]["application/fhir+json"]["example"]
    number = NhsNumber("9000000009")
    held = related_to(body, number, "PDS", TODAY.replace(year=2025))
    assert held == (Related("Guardian", PersonName("Smith", ("Jane",), "Mrs")),)
    assert related_to(body, number, "PDS", TODAY) == (), "its period is over"

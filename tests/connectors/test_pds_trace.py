"""PDS searched by what a caller says: what is asked, in which order, and what each reply means, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connectors.http import Transport
from connectors.pds.client import Pds
from connectors.pds.settings import PdsSettings
from connectors.stub_server import StubServer
from helpdesk.errors import (
    ConnectorAuthFailed,
    ConnectorNotPermitted,
    ConnectorRejected,
    ConnectorUnavailable,
    HelpdeskError,
    RuleBroken,
    TooManyMatches,
)
from helpdesk.patients.model import Origin, PersonName
from helpdesk.registry.contract import ConnectorContext
from tests.connectors.said import query
from tests.connectors.tiny_area import BSL, CROWD, JANE, NEW, SMYTHE
from tests.connectors.tiny_area import V as VIOLET


def test_family_name_first(pds: Pds, stub: StubServer) -> None:
    (found,) = pds.trace(query("name:smith", "name:jane", "born:1950-01-01"))
    assert (found.nhs_number, found.name, found.origin) == (JANE, PersonName("Smith", ("Jane",), "Mrs"), Origin.PDS)
    assert found.why == ("Name, exact", "Date of birth")
    assert (found.restricted, found.deceased, found.similar, found.postcode) == (False, False, False, "ZZ99 3CZ")
    assert stub.requests == {"GET /Patient": 1}


def test_first_name_first_is_asked_second(pds: Pds, stub: StubServer) -> None:
    assert [c.nhs_number for c in pds.trace(query("name:jane", "name:smith", "year:1950"))] == [JANE]
    assert stub.requests == {"GET /Patient": 2}


def test_nobody_after_six_traces_at_most(pds: Pds, stub: StubServer) -> None:
    assert pds.trace(query("name:van", "name:nó", "name:such", "name:body", "year:1950")) == ()
    assert stub.requests == {"GET /Patient": 6}


def test_a_family_name_alone_is_one_trace(pds: Pds, stub: StubServer) -> None:
    assert [c.nhs_number for c in pds.trace(query("name:newman", "year:1950"))] == [NEW]
    assert pds.trace(query("name:nell", "year:1950")) == ()
    assert stub.requests == {"GET /Patient": 2}


def test_restricted_and_dead_people_are_marked_and_have_no_place(pds: Pds) -> None:
    (violet,) = pds.trace(query("name:hidden", "name:violet", "year:1950"))
    assert (violet.nhs_number, violet.restricted, violet.postcode) == (VIOLET, True, "")
    assert {c.name.given[0] for c in pds.trace(query("name:hidden", "year:1950"))} == {"Rose", "Violet", "Una"}
    assert all(c.deceased for c in pds.trace(query("name:gone", "year:1950")))


def test_restricted_people_are_never_found_by_postcode(pds: Pds) -> None:
    assert pds.trace(query("name:hidden", "year:1950", "postcode:ZZ99 3CZ")) == ()
    assert [c.nhs_number for c in pds.trace(query("name:sign", "year:1950", "postcode:ZZ99 3CZ"))] == [BSL]
    assert [c.nhs_number for c in pds.trace(query("name:sign", "year:1950", "postcode:ZZ99"))] == [BSL]


def test_too_many(pds: Pds, stub: StubServer) -> None:
    with pytest.raises(TooManyMatches, match="too many"):
        pds.trace(query("name:crowd", "name:kim", "born:1980-01-01"))
    assert stub.requests == {"GET /Patient": 1}, "a narrower search is asked for, not another"


def test_fuzzy_finds_what_sounds_alike_in_pds_order(pds: Pds, stub: StubServer) -> None:
    found = pds.trace(query("name:smith", "name:jane", "year:1950"), fuzzy=True)
    assert [(c.nhs_number, c.similar) for c in found] == [(JANE, False), (SMYTHE, True)]
    assert stub.requests == {"GET /Patient": 1}
    assert [c.nhs_number for c in pds.trace(query("name:jane", "name:brown", "born:1950-01-01"), fuzzy=True)] == [JANE]


@pytest.mark.parametrize(
    ("facts", "fuzzy", "field"),
    [
        ((), False, "name"),
        (("born:1950-01-01",), False, "name"),
        (("name:**", "born:1950-01-01"), False, "name"),
        (("name:s*", "born:1950-01-01"), False, "name"),
        (("name:*ith", "born:1950-01-01"), False, "name"),
        (("name:smith", "name:j*", "born:1950-01-01"), False, "name"),
        (("name:smi*", "name:jane", "born:1950-01-01"), True, "name"),
        (("name:smith", "born:1950-01-01", "born:1950-01-02"), False, "born"),
        (("name:smith", "born:1950-01-01", "gender:female"), True, "name"),
        (("name:smith", "born:1950-01-01", "gender:female", "postcode:ZZ99"), True, "name"),
        (("name:smith", "born:1950-01-01", "postcode:ZZ99 3CZ"), True, "name"),
        (("name:smith",), False, "born"),
        (("name:smith", "postcode:ZZ99 3CZ"), False, "born"),
        (("name:smith", "born:1950-01-01"), True, "name"),
        ((f"name:{'x' * 36}", "born:1950-01-01"), False, "name"),
    ],
)
def test_what_is_missing_is_said_before_any_request(facts: tuple[str, ...], fuzzy: bool, field: str, pds: Pds, stub: StubServer) -> None:
    with pytest.raises(RuleBroken) as caught:
        pds.trace(query(*facts), fuzzy=fuzzy)
    assert caught.value.field == field
    assert not stub.requests


def test_a_star_finds_those_whose_name_starts_so(pds: Pds, stub: StubServer) -> None:
    found = pds.trace(query("name:smi*", "name:ja*", "born:1950-01-01"))
    assert [(c.nhs_number, c.why) for c in found] == [(JANE, ("Name starts so", "Date of birth"))]
    assert stub.requests == {"GET /Patient": 1}


def test_one_name_is_enough_to_sound_alike_with_gender_and_postcode(pds: Pds, stub: StubServer) -> None:
    facts = ("born:1950-01-01", "gender:female", "postcode:ZZ99 3CZ")
    assert [c.nhs_number for c in pds.trace(query("name:smythe", *facts), fuzzy=True)] == [JANE]
    stub.requests.clear()
    assert JANE in [c.nhs_number for c in pds.trace(query("name:jain", *facts), fuzzy=True)]
    assert stub.requests == {"GET /Patient": 2}, "nobody of that family name, so it was the given name"


def test_an_application_is_given_one_match_or_none(stub: StubServer, pds_at: Callable[..., Pds]) -> None:
    alone = pds_at(stub.address, mode="application")
    assert [c.nhs_number for c in alone.trace(query("name:smith", "born:1950-01-01"))] == [JANE]
    with pytest.raises(TooManyMatches, match="more than one"):
        alone.trace(query("name:hidden", "year:1950"))


def test_more_than_one_is_never_taken_for_an_application(replies: Callable[..., Any], pds_at: Callable[..., Pds]) -> None:
    with pytest.raises(TooManyMatches, match="more than one"):
        pds_at(replies(bundle(str(JANE), str(NEW))).address, mode="application").trace(query("name:x", "year:1950"))


@pytest.mark.parametrize("sign_in", ["signed_jwt", "api_key"])
def test_without_a_member_of_staff_signed_in_nobody_is_listed(sign_in: str, stub: StubServer, pds_at: Callable[..., Pds]) -> None:
    with pytest.raises(ConnectorAuthFailed, match="smartcard"):
        pds_at(stub.address, sign_in=sign_in, token_url=stub.address, key_id="test").trace(query("name:smith", "born:1950-01-01"))
    assert not stub.requests


def outcome(code: str, severity: str = "error") -> dict[str, Any]:
    issue = {"severity": severity, "code": "value", "details": {"coding": [{"code": code}]}}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (200, "TOO_MANY_MATCHES", TooManyMatches),
        (400, "INVALID_SEARCH_DATA", ConnectorRejected),
        (400, "UNSUPPORTED_SERVICE", ConnectorRejected),
        (400, "MISSING_VALUE", ConnectorRejected),
        (400, "INVALID_VALUE", ConnectorRejected),
        (400, "ADDITIONAL_PROPERTIES", ConnectorRejected),
        (401, "ACCESS_DENIED", ConnectorAuthFailed),
        (403, "INVALID_VALUE", ConnectorNotPermitted),
        (404, "RESOURCE_NOT_FOUND", ConnectorUnavailable),
        (408, "UNABLE_TO_CALL_SERVICE", ConnectorUnavailable),
        (429, "TOO_MANY_REQUESTS", ConnectorUnavailable),
    ],
)
def test_each_published_error_of_a_search(
    status: int, code: str, kind: type[HelpdeskError], replies: Callable[..., Any], pds_at: Callable[..., Pds]
) -> None:
    server = replies(outcome(code), status)
    with pytest.raises(HelpdeskError) as caught:
        pds_at(server.address).trace(query("name:smith", "name:jane", "year:1950"))
    assert type(caught.value) is kind


def test_fifty_are_listed_and_more_are_too_many(replies: Callable[..., Any], pds_at: Callable[..., Pds]) -> None:
    people = [str(n) for n in CROWD[:51]]
    assert len(pds_at(replies(bundle(*people[:50])).address).trace(query("name:x", "year:1950"))) == 50
    with pytest.raises(TooManyMatches):
        pds_at(replies(bundle(*people)).address).trace(query("name:x", "year:1950"))


def bundle(*ids: str, **fields: Any) -> dict[str, Any]:
    entry = [
        {"search": {"score": 0.9}, "resource": {"resourceType": "Patient", "id": i, "meta": {"security": [{"code": "U"}]}}} for i in ids
    ]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(ids), "entry": entry} | fields


def test_order_is_kept_and_no_score(replies: Callable[..., Any], pds_at: Callable[..., Pds]) -> None:
    found = pds_at(replies(bundle(str(NEW), str(JANE), str(BSL))).address).trace(query("name:x", "year:1950"))
    assert [c.nhs_number for c in found] == [NEW, JANE, BSL]
    assert "0.9" not in repr(found)


def test_an_empty_bundle_without_entry_is_nobody(replies: Callable[..., Any], pds_at: Callable[..., Pds]) -> None:
    body = {"resourceType": "Bundle", "type": "searchset", "total": 0}
    assert pds_at(replies(body).address).trace(query("name:x", "year:1950")) == ()


HOSTILE: dict[str, Any] = {
    "an array": [],
    "an empty object": {},
    "a Patient": {"resourceType": "Patient", "id": str(JANE)},
    "people counted but not there": {"resourceType": "Bundle", "total": 3},
    "entries that are no list": bundle(entry={}),
    "a null entry": bundle(entry=[None]),
    "an entry without a resource": bundle(entry=[{"search": {}}]),
    "a person without a valid number": bundle(str(JANE), "9000000000"),
    "the same person twice": bundle(str(JANE), str(JANE)),
    "a list with an outcome in it": bundle(entry=[{"resource": {"resourceType": "OperationOutcome", "issue": []}}]),
    "an error": {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]},
    "an outcome of no shape": {"resourceType": "OperationOutcome", "issue": "none"},
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_wrong_shape_is_never_an_empty_list(body: Any, replies: Callable[..., Any], pds_at: Callable[..., Pds]) -> None:
    with pytest.raises(ConnectorUnavailable):
        pds_at(replies(body).address).trace(query("name:x", "year:1950"))


@pytest.mark.parametrize("fault", ["hang", "drip", "reset", "401", "403", "404", "429", "500", "503", "broken", "outcome", "empty"])
def test_no_fault_is_an_empty_list(fault: str, stub: StubServer, pds_at: Callable[..., Pds]) -> None:
    stub.fault = fault
    with pytest.raises(HelpdeskError):
        pds_at(stub.address, timeout_s=0.3).trace(query("name:smith", "year:1950"))


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ([], 400, "UNSUPPORTED_SERVICE"),
        ([("family", "Smith")], 400, "MISSING_VALUE"),
        ([("birthdate", "eq1950-01-01")], 400, "MISSING_VALUE"),
        ([("family", "Smith"), ("birthdate", "1950-01-01")], 400, "INVALID_VALUE"),
        ([("family", "Smith"), ("birthdate", "eq1950")], 400, "INVALID_VALUE"),
        ([("family", "S*"), ("birthdate", "eq1950-01-01")], 400, "INVALID_VALUE"),
        ([("family", "Smith"), ("birthdate", "eq1950-01-01"), ("_max-results", "51")], 400, "INVALID_VALUE"),
        ([("family", "Smith"), ("birthdate", "eq1950-01-01"), ("surname", "x")], 400, "ADDITIONAL_PROPERTIES"),
        ([("family", "Smith"), ("birthdate", "eq1950-01-01"), ("_fuzzy-match", "true")], 400, "INVALID_SEARCH_DATA"),
        ([("family", "Crowd"), ("birthdate", "eq1980-01-01")], 200, "TOO_MANY_MATCHES"),
        ([("family", "Smith"), ("birthdate", "eq1950-01-01"), ("_max-results", "1")], 200, None),
        ([("family", "Smi*"), ("birthdate", "ge1950-01-01"), ("birthdate", "le1950-01-01")], 200, None),
    ],
)
def test_the_stub_searches_as_the_specification_says(
    params: list[tuple[str, str]], status: int, code: str | None, stub: StubServer, context: ConnectorContext
) -> None:
    reply = Transport(PdsSettings(base_url=stub.address), context).get_json("/Patient", params)
    assert reply.status == status
    assert reply.body is not None
    if code is None:
        assert reply.body["total"] == 1
    else:
        assert reply.body["issue"][0]["details"]["coding"][0]["code"] == code

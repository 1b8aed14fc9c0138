"""The worklists of e-RS: who may read which, how often, and what is taken from them."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from ers_referral import BOOKED, NOW, NUMBER, UBRN
from loopback import Keep, Replies, SetClock, asking, keeping

from connectors import ers
from connectors.ers import documents
from connectors.ers.documents_apart import outcome
from connectors.ers.documents_lists import ON_LIST, worklist
from connectors.ers.settings import ErsSettings
from connectors.ers.stub import serve
from connectors.ers.worklists import OF_PROVIDERS
from connectors.stub_routes import StubReply
from helpdesk.errors import ConnectorAuthFailed, ConnectorError, ConnectorNotPermitted, ConnectorRejected, ConnectorUnavailable
from helpdesk.identifiers import Ubrn
from helpdesk.pathways.model import Referral, ReferralState, WorklistKind
from helpdesk.practice.model import Area

ROUTE = "POST /STU3/ReferralRequest/$ers.fetchworklist"
SERVICE = documents.service_id(BOOKED)
SLOTS, REVIEW = WorklistKind.APPOINTMENT_SLOT_ISSUES, WorklistKind.REFERRALS_FOR_REVIEW
USERS = {kind: "SERVICE_PROVIDER_ADMIN" if kind in OF_PROVIDERS else "REFERRING_ADMIN" for kind in WorklistKind}
EVERY_STATE = tuple(
    dataclasses.replace(BOOKED, ubrn=Ubrn(f"{71000 + i:012}"), state=state, next_event=None)
    for i, state in enumerate(s for s in ReferralState if s is not ReferralState.UNKNOWN)
)


class TwiceADay:
    """Counts a day's uses as the desk's database does."""

    def __init__(self) -> None:
        self.taken: Counter[tuple[str, str]] = Counter()

    def take(self, source: str, key: str, limit: int) -> bool:
        self.taken[source, key] += 1
        return self.taken[source, key] <= limit


@pytest.fixture
def keep() -> Iterator[Keep[Any]]:
    yield from keeping()


def connected(address: str, daily: TwiceADay | None = None, **settings: Any) -> ers.ErsReferrals:
    context = dataclasses.replace(asking("ers", "e-RS", SetClock(NOW)), daily=daily or TwiceADay())
    return ers.connect(ErsSettings(base_url=address, **{"timeout_s": 2, "retries": 0, **settings}), context)


def area(*referrals: Referral) -> Area:
    return Area(1, NOW.date(), (), (), (), referrals, {}, ())


@pytest.mark.parametrize("kind", list(WorklistKind))
def test_a_user_reads_each_list_of_their_role(keep: Keep[Any], kind: WorklistKind) -> None:
    address = keep(serve(area(*EVERY_STATE))).address
    entries = connected(address, business_function=USERS[kind]).entries(kind, "")
    assert {e.state for e in entries} == ON_LIST[kind]
    assert {e.ubrn for e in entries} == {r.ubrn for r in EVERY_STATE if r.state in ON_LIST[kind]}
    for entry in entries:
        assert (entry.nhs_number, entry.kind, entry.specialty, entry.source, entry.as_at) == (NUMBER, kind, "Cardiology", "ers", NOW)
        assert entry.service == (BOOKED.service if kind in OF_PROVIDERS else "")
        assert entry.since == (None if kind is REVIEW else BOOKED.clock_start)


@pytest.mark.parametrize("kind", list(WorklistKind))
@pytest.mark.parametrize("role", ["COMMISSIONER", "BOOKING_MANAGER", "INFORMATION_ANALYST", "REFERRING_ADMIN", "SERVICE_PROVIDER_ADMIN"])
def test_no_other_role_asks(keep: Keep[Any], kind: WorklistKind, role: str) -> None:
    if role == USERS[kind]:
        return
    server = keep(serve(area(*EVERY_STATE)))
    with pytest.raises(ConnectorNotPermitted):
        connected(server.address, business_function=role).entries(kind, SERVICE)
    assert not server.requests


@pytest.mark.parametrize("kind", OF_PROVIDERS)
def test_an_application_reads_a_service_twice_a_day(keep: Keep[Any], kind: WorklistKind) -> None:
    server, daily = keep(serve(area(*EVERY_STATE))), TwiceADay()
    connector = connected(server.address, daily)
    assert connector.entries(kind, SERVICE)
    assert connector.entries(kind, "99999") == ()
    assert connector.entries(kind, SERVICE)
    with pytest.raises(ConnectorNotPermitted, match="twice today"):
        connector.entries(kind, SERVICE)
    assert server.requests[ROUTE] == 3


def test_both_lists_of_a_service_count_together(keep: Keep[Any]) -> None:
    connector = connected(keep(serve(area(*EVERY_STATE))).address)
    connector.entries(SLOTS, SERVICE)
    connector.entries(REVIEW, SERVICE)
    with pytest.raises(ConnectorNotPermitted, match="twice today"):
        connector.entries(SLOTS, SERVICE)


def test_a_user_is_not_counted(keep: Keep[Any]) -> None:
    daily = TwiceADay()
    connector = connected(keep(serve(area(*EVERY_STATE))).address, daily, business_function="SERVICE_PROVIDER_ADMIN")
    for _ in range(3):
        connector.entries(SLOTS, SERVICE)
    assert not daily.taken


def test_an_application_without_a_service_asks_nothing(keep: Keep[Any]) -> None:
    server, daily = keep(serve(area(*EVERY_STATE))), TwiceADay()
    with pytest.raises(ConnectorNotPermitted, match="one service only"):
        connected(server.address, daily).entries(SLOTS, "")
    assert not server.requests
    assert not daily.taken


@pytest.mark.parametrize("kind", [k for k in WorklistKind if k not in OF_PROVIDERS])
def test_an_application_may_not_read_a_practices_list(keep: Keep[Any], kind: WorklistKind) -> None:
    server, daily = keep(serve(area(*EVERY_STATE))), TwiceADay()
    with pytest.raises(ConnectorNotPermitted, match="may not read the list"):
        connected(server.address, daily).entries(kind, SERVICE)
    assert not server.requests
    assert not daily.taken


def test_the_lists_that_are_set_up() -> None:
    kinds = ["APPOINTMENT_SLOT_ISSUES", "AWAITING_BOOKING"]
    assert connected("http://127.0.0.1:1", worklists=kinds, services=["1", "2"]).worklists() == (
        (SLOTS, "1"),
        (SLOTS, "2"),
        (WorklistKind.AWAITING_BOOKING, ""),
    )
    assert connected("http://127.0.0.1:1", worklists=kinds[:1]).worklists() == ((SLOTS, ""),)
    assert connected("http://127.0.0.1:1").worklists() == ()


def test_the_question_is_sent_as_it_is_published(keep: Keep[Any]) -> None:
    server = keep(Replies({ROUTE: StubReply(200, worklist(SLOTS, (), NOW.date()))}))
    assert connected(server.address).entries(SLOTS, "11002") == ()
    (seen,) = server.seen
    assert seen.headers["Content-Type"] == "application/fhir+json"
    assert seen.headers["Accept"] == "application/fhir+json"
    assert seen.headers["NHSD-eRS-Business-Function"] is None
    assert [p["name"] for p in seen.json()["parameter"]] == ["listType", "service"]


def test_a_practices_list_is_asked_for_without_a_filter(keep: Keep[Any]) -> None:
    server = keep(Replies({ROUTE: StubReply(200, worklist(SLOTS, (), NOW.date()))}))
    connected(server.address, business_function="REFERRING_ADMIN").entries(WorklistKind.AWAITING_BOOKING, "11002")
    assert [p["name"] for p in server.seen[0].json()["parameter"]] == ["listType"]


def one(**changed: Any) -> dict[str, Any]:
    body = worklist(SLOTS, [dataclasses.replace(BOOKED, state=ReferralState.DEFERRED_TO_PROVIDER, next_event=None)], NOW.date())
    body["entry"][0] |= changed
    return body


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (StubReply(401), ConnectorAuthFailed),
        (StubReply(403, b"<html>", content_type="text/html"), ConnectorNotPermitted),
        (StubReply(403, outcome("FORBIDDEN")), ConnectorNotPermitted),
        (StubReply(422, outcome("NO_RELATIONSHIP")), ConnectorNotPermitted),
        (StubReply(422, outcome("MISSING_VALUE")), ConnectorRejected),
        (StubReply(415, b"no", content_type="text/plain"), ConnectorRejected),
        (StubReply(429, None, {"Retry-After": "60"}), ConnectorUnavailable),
        (StubReply(503, outcome("SYSTEM_UNAVAILABLE"), {"Retry-After": "60"}), ConnectorUnavailable),
        (StubReply(200, outcome("NO_ACCESS")), ConnectorUnavailable),
        (StubReply(200, {"resourceType": "Bundle"}), ConnectorUnavailable),
        (StubReply(200, {"resourceType": "List", "entry": "none"}), ConnectorUnavailable),
        (StubReply(200, one(item={"reference": "Patient/1"})), ConnectorUnavailable),
        (StubReply(200, one(item={"reference": "ReferralRequest/12"})), ConnectorUnavailable),
        (StubReply(200, one(item={})), ConnectorUnavailable),
        (StubReply(200, b"[" * 100_000), ConnectorUnavailable),
        (StubReply(200), ConnectorUnavailable),
    ],
)
def test_a_bad_reply_is_never_an_empty_list(keep: Keep[Any], reply: StubReply, error: type[ConnectorError]) -> None:
    with pytest.raises(error) as caught:
        connected(keep(Replies({ROUTE: reply})).address).entries(SLOTS, "11002")
    assert type(caught.value) is error
    assert UBRN.value not in str(caught.value)


@pytest.mark.parametrize(
    "identifier",
    [
        {"system": "http://fhir.nhs.net/Id/nhs-number", "value": "9990000019"},
        {"system": "https://example.org/hospital-number", "value": NUMBER.value},
        {},
    ],
)
def test_an_entry_that_does_not_say_whose_it_is_names_nobody(keep: Keep[Any], identifier: dict[str, str]) -> None:
    body = one()
    facts = body["entry"][0]["extension"][0]["extension"]
    next(f for f in facts if f["url"] == "patient")["valueReference"] = {"identifier": identifier}
    (entry,) = connected(keep(Replies({ROUTE: StubReply(200, body)})).address).entries(SLOTS, "11002")
    assert (entry.nhs_number, entry.ubrn) == (None, UBRN)


def test_an_entry_without_facts_is_still_an_entry(keep: Keep[Any]) -> None:
    body = one()
    del body["entry"][0]["extension"]
    (entry,) = connected(keep(Replies({ROUTE: StubReply(200, body)})).address).entries(SLOTS, "11002")
    assert (entry.ubrn, entry.nhs_number, entry.since) == (UBRN, None, None)

"""What e-RS is asked beside a referral: it adds what it can, and never holds the referral up or spoils it."""

from __future__ import annotations

import copy
import dataclasses
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from ers_referral import BOOKED, NOW, NUMBER, OTHER, UBRN, document
from loopback import Keep, Replies, SetClock, asking, keeping

from connectors import ers
from connectors.ers import documents, documents_apart
from connectors.ers.advice import CONVERTED, words_of
from connectors.ers.documents_apart import ADVICE_STATES, outcome
from connectors.ers.settings import ErsSettings
from connectors.ers.stub import serve
from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.errors import ConnectorNotPermitted, ConnectorRejected, ConnectorUnavailable, HelpdeskError
from helpdesk.pathways.model import Referral, ReferralState
from helpdesk.practice.model import Area

A005 = "GET /STU3/ReferralRequest/{ubrn}"
A004 = "GET /STU3/CodeSystem/{kind}"
A024 = "GET /STU3/CommunicationRequest/{ubrn}"
A033 = "GET /R4/HealthcareService/{id}"
A038 = "GET /STU3/Appointment/{id}"
PRACTICE = {"business_function": "REFERRING_CLINICIAN_ADMIN", "organisation": "XPR01"}
FULL = dataclasses.replace(
    BOOKED,
    state=ReferralState.DEFERRED_TO_PROVIDER,
    next_event=None,
    contact_by=date(2026, 5, 27),
    service_phone="01632 960001",
    advice=words_of("REFERRER_TO_REVIEW_RESPONSE"),
)
BARE = dataclasses.replace(FULL, contact_by=None, service_phone="", advice="")


def connected(address: str, clock: SetClock | None = None, **settings: Any) -> ers.ErsReferrals:
    given = {"timeout_s": 2, "retries": 0, **PRACTICE, **settings}
    return ers.connect(ErsSettings(base_url=address, **given), asking("ers", "e-RS", clock or SetClock(NOW)))


def good_replies(**changed: StubReply) -> dict[str, StubReply]:
    good = {
        "A005": StubReply(200, documents.referral_request(FULL)),
        "A004": StubReply(200, documents_apart.priorities()),
        "A024": StubReply(200, documents_apart.communication_request(FULL)),
        "A033": StubReply(200, documents_apart.healthcare_service(FULL)),
        "A038": StubReply(404),
    }
    names = {"A005": A005, "A004": A004, "A024": A024, "A033": A033, "A038": A038}
    return {names[call]: reply for call, reply in (good | changed).items()}


@pytest.fixture
def keep() -> Iterator[Keep[Any]]:
    yield from keeping()


def area(*referrals: Referral) -> Area:
    return Area(1, NOW.date(), (), (), (), referrals, {}, ())


def test_all_of_it_comes_with_the_referral(keep: Keep[Any]) -> None:
    assert connected(keep(serve(area(FULL))).address).referral(UBRN) == FULL


def test_each_role_asks_only_what_it_may(keep: Keep[Any]) -> None:
    server = keep(serve(area(FULL)))
    provider = connected(server.address, business_function="SERVICE_PROVIDER_CLINICIAN").referral(UBRN)
    assert provider == dataclasses.replace(FULL, service_phone="")
    assert A033 not in server.requests
    application = connected(server.address, business_function="").referral(UBRN)
    assert application == provider
    assert A033 not in server.requests


@pytest.mark.parametrize("call", ["A004", "A024", "A033"])
@pytest.mark.parametrize(
    "reply",
    [
        StubReply(403, b"<html>", content_type="text/html"),
        StubReply(404, outcome("REFERENCE_NOT_FOUND")),
        StubReply(422, outcome("NO_RELATIONSHIP")),
        StubReply(429, None, {"Retry-After": "60"}),
        StubReply(500, b"<html>", content_type="text/html"),
        StubReply(503, outcome("SYSTEM_UNAVAILABLE"), {"Retry-After": "60"}),
        StubReply(200, b"{"),
        StubReply(200, []),
        StubReply(200, outcome("NO_ACCESS")),
        StubReply(200, {"resourceType": "CodeSystem", "concept": "none"}),
        StubReply(302, None, {"Location": "/elsewhere"}),
    ],
)
def test_what_fails_is_left_out_and_spoils_nothing(keep: Keep[Any], call: str, reply: StubReply) -> None:
    missing = {"A004": {"contact_by": None}, "A024": {"advice": ""}, "A033": {"service_phone": ""}}[call]
    server = keep(Replies(good_replies(**{call: reply})))
    assert connected(server.address).referral(UBRN) == dataclasses.replace(FULL, **missing)


@pytest.mark.parametrize("call", [A004, A024, A033])
def test_what_hangs_is_left_out_within_the_time_set(keep: Keep[Any], call: str) -> None:
    replies = good_replies()
    routes = [
        Route(*name.split(" ", 1), lambda _r, reply=reply: reply, lambda _r, name=name: "hang" if name == call else None)
        for name, reply in replies.items()
    ]
    server = keep(StubServer(routes))
    connector = connected(server.address, timeout_s=1)
    started = time.monotonic()
    referral = connector.referral(UBRN)
    assert time.monotonic() - started < 1
    assert dataclasses.replace(referral, contact_by=None, service_phone="", advice="") == BARE
    assert len([v for v in (referral.contact_by, referral.service_phone, referral.advice) if v]) == 2


def test_they_are_asked_at_once(keep: Keep[Any]) -> None:
    """None is answered before all have come."""
    together = threading.Barrier(3, timeout=5)

    def answering(name: str, reply: StubReply) -> Any:
        def answer(_request: StubRequest) -> StubReply:
            if name in (A004, A024, A033):
                together.wait()
            return reply

        return answer

    server = keep(StubServer([Route(*name.split(" ", 1), answering(name, reply)) for name, reply in good_replies().items()]))
    assert connected(server.address, timeout_s=10).referral(UBRN) == FULL


def test_what_is_about_no_patient_is_kept_for_a_day(keep: Keep[Any]) -> None:
    server, clock = keep(serve(area(FULL))), SetClock(NOW)
    connector = connected(server.address, clock)
    connector.referral(UBRN)
    clock.moment = NOW + timedelta(hours=23)
    assert connector.referral(UBRN).contact_by == FULL.contact_by
    assert (server.requests[A004], server.requests[A033], server.requests[A024], server.requests[A005]) == (1, 1, 2, 2)
    clock.moment = NOW + timedelta(hours=24)
    connector.referral(UBRN)
    assert (server.requests[A004], server.requests[A033]) == (2, 2)


def test_a_refusal_is_not_asked_for_again_and_a_failure_is(keep: Keep[Any]) -> None:
    refused, failed = StubReply(403, b"<html>", content_type="text/html"), StubReply(500)
    server = keep(Replies(good_replies(A033=refused, A004=failed)))
    connector = connected(server.address)
    connector.referral(UBRN)
    connector.referral(UBRN)
    assert (server.requests[A033], server.requests[A004]) == (1, 2)


def test_advice_about_somebody_else_makes_the_whole_unusable(keep: Keep[Any]) -> None:
    """Wrong-patient danger: two parts of one answer are about two people."""
    other = documents_apart.communication_request(dataclasses.replace(FULL, nhs_number=OTHER))
    server = keep(Replies(good_replies(A024=StubReply(200, other))))
    with pytest.raises(ConnectorUnavailable, match="different referral"):
        connected(server.address).referral(UBRN)


def without_appointment() -> dict[str, Any]:
    body = document()
    body["contained"] = [c for c in body["contained"] if c["resourceType"] != "Appointment"]
    return body


def appointment(**changed: Any) -> dict[str, Any]:
    return {**copy.deepcopy(documents.appointment(BOOKED, "70001")), **changed}


def test_a_booking_that_the_referral_does_not_hold_is_asked_for(keep: Keep[Any]) -> None:
    replies = good_replies(A005=StubReply(200, without_appointment()), A038=StubReply(200, appointment()))
    server = keep(Replies(replies))
    assert connected(server.address).referral(UBRN).next_event == BOOKED.next_event
    assert any(r.path == "/STU3/Appointment/70001" for r in server.seen)
    application = connected(server.address, business_function="").referral(UBRN)
    assert application.next_event is None


@pytest.mark.parametrize(
    "changed",
    [
        {"incomingReferral": [{"reference": "ReferralRequest/000000070009/_history/5"}]},
        {"incomingReferral": []},
        {"participant": [{"actor": {"identifier": {"system": "http://fhir.nhs.net/Id/nhs-number", "value": OTHER.value}}}]},
        {"participant": []},
    ],
)
def test_a_booking_of_somebody_else_makes_the_whole_unusable(keep: Keep[Any], changed: dict[str, Any]) -> None:
    replies = good_replies(A005=StubReply(200, without_appointment()), A038=StubReply(200, appointment(**changed)))
    with pytest.raises(ConnectorUnavailable, match="different referral"):
        connected(keep(Replies(replies)).address).referral(UBRN)


@pytest.mark.parametrize("code", [c for c in ADVICE_STATES if c != CONVERTED])
def test_a_reference_of_advice_alone_says_so(keep: Keep[Any], code: str) -> None:
    held = dataclasses.replace(FULL, state=ReferralState.UNKNOWN, advice=words_of(code))
    referral = connected(keep(serve(area(held))).address).referral(UBRN)
    assert (referral.nhs_number, referral.state, referral.advice) == (NUMBER, ReferralState.UNKNOWN, words_of(code))
    assert (referral.specialty, referral.service) == (held.specialty, held.service)
    assert (referral.clock_start, referral.contact_by, referral.next_event) == (None, None, None)


@pytest.mark.parametrize("reply", [StubReply(404), StubReply(422, outcome("NO_RELATIONSHIP")), StubReply(200, {}), StubReply(503)])
def test_a_reference_of_neither_is_refused_as_it_was(keep: Keep[Any], reply: StubReply) -> None:
    server = keep(Replies(good_replies(A005=StubReply(422, outcome("INVALID_REQUEST_TYPE")), A024=reply)))
    with pytest.raises(ConnectorRejected, match="not an active referral"):
        connected(server.address).referral(UBRN)


def test_advice_that_became_a_referral_is_not_taken_for_advice_alone(keep: Keep[Any]) -> None:
    held = dataclasses.replace(FULL, state=ReferralState.UNKNOWN, advice=words_of(CONVERTED))
    with pytest.raises(ConnectorRejected, match="not an active referral"):
        connected(keep(serve(area(held))).address).referral(UBRN)


def test_a_referral_in_a_state_of_next_year_is_not_taken_for_advice_alone(keep: Keep[Any]) -> None:
    body = documents.referral_request(FULL)
    stands = next(e for e in body["extension"] if e["url"].endswith("ReferralState-1"))
    stands["extension"][0]["valueCoding"]["code"] = "A_STATE_OF_NEXT_YEAR"
    referral = connected(keep(Replies(good_replies(A005=StubReply(200, body)))).address).referral(UBRN)
    assert (referral.state, referral.advice) == (ReferralState.UNKNOWN, "")


@pytest.mark.parametrize("service", ["1/../../STU3/Binary/1", "11002?x=1", "", "..", "\u0661\u0661"])
def test_an_id_that_is_none_leads_nowhere(keep: Keep[Any], service: str) -> None:
    body = documents.referral_request(FULL)
    for actor in [p["actor"] for c in body["contained"] for p in c.get("participant", ())]:
        if actor["identifier"]["system"] == documents.SERVICE:
            actor["identifier"]["value"] = service
    server = keep(Replies(good_replies(A005=StubReply(200, body))))
    assert connected(server.address).referral(UBRN) == dataclasses.replace(FULL, service_phone="")
    assert not server.requests[A033]
    assert not [name for name in server.requests if name.endswith("?")]


def test_what_clinicians_write_to_each_other_is_never_asked_for(keep: Keep[Any]) -> None:
    server = keep(serve(area(FULL)))
    connected(server.address).referral(UBRN)
    assert set(server.requests) == {A005, A004, A024, A033}


@pytest.mark.parametrize(
    ("priority", "state", "by"),
    [
        ("ROUTINE", "DEFERRED_TO_PROVIDER", date(2026, 5, 28)),
        ("URGENT", "DEFERRED_TO_PROVIDER", date(2026, 4, 14)),
        ("URGENT", "AWAITING_TRIAGE", date(2026, 4, 7)),
        ("NEXT_YEARS", "DEFERRED_TO_PROVIDER", None),
        ("ROUTINE", "TRIAGED_PROVIDER_TO_ACTION", None),
        ("ROUTINE", "BOOKED", None),
    ],
)
def test_the_day_to_be_in_touch_by(keep: Keep[Any], priority: str, state: str, by: date | None) -> None:
    """Counted from Friday 27 March 2026, over Easter and May."""
    body = documents.referral_request(FULL)
    of = next(e for e in body["extension"] if e["url"].endswith("ReferralPriority-1"))
    of["valueCodeableConcept"]["coding"][0]["code"] = priority
    stands = next(e for e in body["extension"] if e["url"].endswith("ReferralState-1"))
    stands["extension"][0]["valueCoding"]["code"] = state
    made = next(c for c in body["contained"] if c["resourceType"] == "Appointment")
    made["created"] = "2026-03-27T10:00:00.000Z"
    referral = connected(keep(Replies(good_replies(A005=StubReply(200, body)))).address).referral(UBRN)
    assert referral.contact_by == by
    assert priority not in repr(referral)


@pytest.mark.parametrize("created", [None, "", "yesterday", "2026-03-27"])
def test_a_referral_that_does_not_say_since_when_has_no_day(keep: Keep[Any], created: Any) -> None:
    body = documents.referral_request(FULL)
    next(c for c in body["contained"] if c["resourceType"] == "Appointment")["created"] = created
    referral = connected(keep(Replies(good_replies(A005=StubReply(200, body)))).address).referral(UBRN)
    assert referral == dataclasses.replace(FULL, contact_by=None)


@pytest.mark.parametrize(
    ("purpose", "system", "value", "phone"),
    [
        ("PATINF", "phone", "01632 960001", "01632 960001"),
        ("PATINF", "phone", "+44 1632 960001", "+44 1632 960001"),
        ("PATINF", "email", "clinic@example.org", ""),
        ("HEALTHCARE_PROFESSIONALS", "phone", "01632 960001", ""),
        ("PATINF", "phone", "ask at reception", ""),
        ("PATINF", "phone", "01632 960001 bleep the registrar", ""),
    ],
)
def test_only_a_number_for_patients_is_taken(keep: Keep[Any], purpose: str, system: str, value: str, phone: str) -> None:
    body = documents_apart.healthcare_service(FULL)
    contact = body["extension"].pop()
    contact["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] = purpose
    contact["extension"][1]["valueContactPoint"] = {"system": system, "value": value}
    body["extension"] = [contact]
    referral = connected(keep(Replies(good_replies(A033=StubReply(200, body)))).address).referral(UBRN)
    assert referral.service_phone == phone


def test_null_for_what_is_left_out_is_read(keep: Keep[Any]) -> None:
    """Source: e-RS FHIR API, the fields marked nullable."""
    body = documents.referral_request(FULL)
    made = next(c for c in body["contained"] if c["resourceType"] == "Appointment")
    made.update(start=None, end=None, slot=None, comment=None, reason=None)
    made["participant"][0]["actor"]["display"] = None
    referral = connected(keep(Replies(good_replies(A005=StubReply(200, body)))).address).referral(UBRN)
    assert referral == dataclasses.replace(FULL, service=FULL.service)


def test_a_version_that_a_list_names_is_read(keep: Keep[Any]) -> None:
    connector = connected(keep(serve(area(BOOKED))).address)
    assert connector.version(UBRN, 5) == BOOKED
    with pytest.raises(HelpdeskError):
        connector.version(UBRN, 4)


def test_check_asks_for_codes_alone_and_each_time(keep: Keep[Any]) -> None:
    server = keep(serve(area()))
    connector = connected(server.address)
    connector.check()
    connector.check()
    assert dict(server.requests) == {A004: 2}
    with pytest.raises(ConnectorNotPermitted):
        connected(server.address, business_function="COMMISSIONER").check()
    assert dict(server.requests) == {A004: 2}


def test_check_says_when_it_does_not_answer(keep: Keep[Any]) -> None:
    with pytest.raises(ConnectorUnavailable):
        connected(keep(Replies(good_replies(A004=StubReply(503)))).address).check()

"""BaRS: one provider's referrals and bookings of one person, who failed when it fails, and what a target does not offer."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from loopback import Keep, Replies, SetClock, asking, keeping, published
from pydantic import ValidationError

from connectors.bars import connect
from connectors.bars.capability import searches
from connectors.bars.client import Bars
from connectors.bars.mapping import Target, activities_of
from connectors.bars.settings import BarsSettings
from connectors.bars.stub import STATUSES, error, serve
from connectors.bars.stub_resources import bundle, capability
from connectors.fhir import NHS_NUMBER
from connectors.fhir_activity import AboutAnother
from connectors.stub_routes import StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.answers import Remedy, SourceState, state_of
from helpdesk.errors import ConnectorError, ConnectorNotPermitted, ConnectorUnavailable, HelpdeskError, NotFound
from helpdesk.identifiers import NhsNumber, OdsCode, Ubrn
from helpdesk.pathways.activity import Activity, ActivityFound, ActivityKind, ActivityStatus
from helpdesk.pathways.model import Coded
from helpdesk.practice.area import make_area
from helpdesk.practice.organisations import systems
from helpdesk.registry.allowance import TokenBuckets
from helpdesk.tasks import Errand
from tests.connectors.tiny_area import BSL, CROWD, DEAD, JANE, MINIMAL, NEW, NOBODY, NOW, SMYTHE, tiny_area

ME = "bars"
PROVIDER = OdsCode("XUC01")
EMPTY = {"resourceType": "Bundle", "type": "searchset", "total": 0, "entry": []}
EVERYTHING = {"GET /metadata": StubReply(200, capability(("ServiceRequest", "Appointment")))}


def referral(number: NhsNumber, **more: Any) -> Activity:
    facts: dict[str, Any] = {"provider": PROVIDER, "local_id": "UC0001", "referred": date(2026, 10, 1), "source": ME, "as_at": NOW}
    return Activity(number, ActivityKind.REFERRAL, ActivityStatus.ACTIVE, "r1", **(facts | more))


def booking(number: NhsNumber, **more: Any) -> Activity:
    facts: dict[str, Any] = {
        "provider": PROVIDER,
        "specialty": Coded("Same day care", "Same day care"),
        "ubrn": Ubrn("000000070001"),
        "local_id": "UC0001",
        "start": datetime(2026, 11, 25, 9, 10, tzinfo=UTC),
        "place": "Fenmoor Urgent and Same Day Care",
        "medium": "by video",
        "source": ME,
        "as_at": NOW,
    }
    return Activity(number, ActivityKind.APPOINTMENT, ActivityStatus.BOOKED, "a1", **(facts | more))


HELD = {n: (referral(n), booking(n)) for n in (JANE, BSL, NEW, DEAD, SMYTHE)}
FAULTS = {BSL: "bare", NEW: "foreign", DEAD: "no_bookings_now", CROWD[0]: "no_bookings_now"} | dict(zip(CROWD[1:], STATUSES, strict=False))


@pytest.fixture
def keep() -> Iterator[Keep[Any]]:
    yield from keeping()


@pytest.fixture
def stub(keep: Keep[StubServer]) -> StubServer:
    return keep(serve_tiny())


def serve_tiny(**more: Any) -> StubServer:
    area = tiny_area()
    people = tuple(replace(p, faults={ME: FAULTS[n]}) if (n := p.patient.nhs_number) in FAULTS else p for p in area.people)
    return serve(replace(area, people=people, activity={ME: HELD}), **more)


def at(address: str, clock: SetClock | None = None, identity: Any = None, **settings: Any) -> Bars:
    context = replace(asking(ME, "BaRS", clock or SetClock(NOW)), identity=identity)
    return Bars(BarsSettings(base_url=address, **({"provider": "XUC01", "breaker_failures": 0} | settings)), context)


def mapped(*bodies: Any, about: NhsNumber = JANE) -> tuple[Activity, ...]:
    return activities_of(bodies, Target(about, PROVIDER, ME, "BaRS", NOW))


def replying(replies: Mapping[str, Any]) -> Replies:
    """A target that offers both searches and answers them so."""
    found = {f"GET /{kind}": StubReply(200, EMPTY) for kind in ("ServiceRequest", "Appointment")}
    return Replies({**EVERYTHING, **found, **{name: r if isinstance(r, StubReply) else StubReply(200, r) for name, r in replies.items()}})


def test_what_the_provider_holds_comes_through(stub: StubServer) -> None:
    assert at(stub.address).activity(JANE) == ActivityFound(HELD[JANE])


def test_resources_straight_in_the_entry_are_taken_too(stub: StubServer) -> None:
    assert at(stub.address).activity(BSL).items == HELD[BSL]


def test_nobody_there_is_an_empty_answer(stub: StubServer) -> None:
    assert at(stub.address).activity(MINIMAL) == ActivityFound()


def test_somebody_else_throws_the_answer_away(stub: StubServer) -> None:
    with pytest.raises(ConnectorUnavailable) as caught:
        at(stub.address).activity(NEW)
    assert str(NEW) not in caught.value.message


def test_a_search_that_fails_beside_one_that_found_something_is_named(stub: StubServer) -> None:
    found = at(stub.address).activity(DEAD)
    assert found.items == HELD[DEAD][:1]
    assert found.missing == ("its bookings",)


def test_a_search_that_fails_beside_one_that_found_nothing_is_the_answer(stub: StubServer) -> None:
    with pytest.raises(ConnectorUnavailable, match="provider's system"):
        at(stub.address).activity(CROWD[0])


@dataclass(frozen=True)
class Smartcard:
    role_id: str

    def id_token(self) -> str:
        return ""


def decoded(request: StubRequest, name: str) -> Any:
    return json.loads(base64.b64decode(request.headers[name], validate=True))


def test_every_request_says_who_asks_whom_and_by_which_version(keep: Keep[Replies]) -> None:
    server = keep(replying({}))
    own = {"target_value": "2000099999", "target_system": "https://fhir.nhs.uk/id/dos-service-id", "version": "1.2.0"}
    at(server.address, identity=Smartcard("555254240100"), organisation_name="Fenmoor ICB", **own).activity(JANE)
    assert len(server.seen) == 3
    assert len({r.headers["X-Request-Id"] for r in server.seen}) == 3
    assert len({r.headers["X-Correlation-Id"] for r in server.seen}) == 1
    for seen in server.seen:
        assert seen.headers["Accept"] == "application/fhir+json; version=1.2.0"
        assert decoded(seen, "NHSD-Target-Identifier") == {"value": "2000099999", "system": "https://fhir.nhs.uk/id/dos-service-id"}
        organisation = decoded(seen, "NHSD-End-User-Organisation")
        assert organisation["identifier"] == [{"value": "XICB", "system": "https://fhir.nhs.uk/Id/ods-organization-code"}]
        assert (organisation["resourceType"], organisation["name"]) == ("Organization", "Fenmoor ICB")
        software = decoded(seen, "NHSD-Requesting-Software")
        assert (software["deviceName"]["name"], software["version"]) == ("NerveCentreHelpdesk", {"value": "1.0"})
        assert decoded(seen, "NHSD-Requesting-Practitioner")["identifier"][0]["value"] == "555254240100"
    asked = {r.path: r.params for r in server.seen}
    assert asked["/ServiceRequest"] == asked["/Appointment"] == (("patient:identifier", f"{NHS_NUMBER}|{JANE}"),)
    assert asked["/metadata"] == ()


def test_the_practitioner_is_left_out_where_nobody_is_known(keep: Keep[Replies]) -> None:
    server = keep(replying({}))
    at(server.address).activity(JANE)
    assert all("NHSD-Requesting-Practitioner" not in r.headers for r in server.seen)


def test_what_the_target_offers_is_asked_once_a_day(stub: StubServer) -> None:
    clock = SetClock(NOW)
    bars = at(stub.address, clock)
    for _ in range(2):
        bars.activity(JANE)
    assert stub.requests["GET /metadata"] == 1
    clock.moment += timedelta(hours=25)
    bars.activity(JANE)
    assert stub.requests["GET /metadata"] == 2


def test_a_target_without_any_search_is_not_permitted_and_nobody_is_asked_about(keep: Keep[StubServer]) -> None:
    server = keep(serve_tiny(offers=()))
    for _ in range(2):
        with pytest.raises(ConnectorNotPermitted, match="search by patient"):
            at(server.address).activity(JANE)
    assert set(server.requests) == {"GET /metadata"}


def test_a_search_that_is_not_offered_is_a_limit_and_never_an_absence(keep: Keep[StubServer]) -> None:
    bars = at(keep(serve_tiny(offers=("Appointment",))).address)
    assert bars.activity(JANE).limits == "BaRS does not offer its referrals."
    assert bars.activity(JANE).items == HELD[JANE][1:]
    assert bars.activity(MINIMAL).missing == ("its referrals",)


@pytest.mark.parametrize("code", ["REC_NOT_FOUND", "PROXY_NOT_FOUND", "REC_UNAVAILABLE"])
def test_no_error_of_the_capability_is_nothing_held(code: str, keep: Keep[Replies]) -> None:
    server = keep(replying({"GET /metadata": error(code)}))
    with pytest.raises(ConnectorUnavailable):
        at(server.address).activity(JANE)
    assert {r.path for r in server.seen} == {"/metadata"}


STATES = {
    400: (SourceState.UNAVAILABLE, Remedy.REPORT),
    401: (SourceState.UNAVAILABLE, Remedy.SIGN_IN),
    403: (SourceState.NOT_PERMITTED, Remedy.NONE),
    404: (SourceState.UNAVAILABLE, Remedy.RETRY),
    405: (SourceState.UNAVAILABLE, Remedy.REPORT),
    406: (SourceState.UNAVAILABLE, Remedy.REPORT),
    408: (SourceState.UNAVAILABLE, Remedy.RETRY),
    409: (SourceState.UNAVAILABLE, Remedy.REPORT),
    422: (SourceState.UNAVAILABLE, Remedy.REPORT),
    429: (SourceState.UNAVAILABLE, Remedy.RETRY),
}
NOBODY_HERE = (SourceState.NOTHING_HELD, Remedy.NONE)


@pytest.mark.parametrize("code", STATUSES)
def test_every_documented_code_is_a_state_and_says_who_failed(code: str, keep: Keep[Replies]) -> None:
    server = keep(replying(dict.fromkeys(("GET /ServiceRequest", "GET /Appointment"), error(code))))
    with pytest.raises(HelpdeskError) as caught:
        at(server.address).activity(JANE)
    otherwise = STATES.get(STATUSES[code], (SourceState.UNAVAILABLE, Remedy.RETRY))
    assert state_of(caught.value) == (NOBODY_HERE if code == "REC_NOT_FOUND" else otherwise)
    if code.startswith("REC_"):
        assert caught.value.message.startswith(("BaRS: the provider's system", "The provider's system"))
    else:
        assert caught.value.message.startswith(("BaRS: the BaRS platform", "BaRS could not find"))


def test_a_404_without_a_code_is_no_nothing_held(keep: Keep[Replies]) -> None:
    server = keep(
        replying({"GET /ServiceRequest": StubReply(404, b"<html>", content_type="text/html"), "GET /Appointment": StubReply(404)})
    )
    with pytest.raises(ConnectorUnavailable):
        at(server.address).activity(JANE)


def test_the_provider_knowing_nobody_is_nothing_held_and_the_platform_not_finding_it_is_not(keep: Keep[Replies]) -> None:
    routes = ("GET /ServiceRequest", "GET /Appointment")
    with pytest.raises(NotFound):
        at(keep(replying(dict.fromkeys(routes, error("REC_NOT_FOUND")))).address).activity(JANE)
    mixed = replying({routes[0]: error("REC_NOT_FOUND"), routes[1]: error("PROXY_NOT_FOUND")})
    with pytest.raises(ConnectorUnavailable):
        at(keep(mixed).address).activity(JANE)


def test_the_connection_can_be_tried_without_a_patient(keep: Keep[StubServer], stub: StubServer) -> None:
    at(stub.address).check()
    assert set(stub.requests) == {"GET /metadata"}
    with pytest.raises(ConnectorNotPermitted):
        at(keep(serve_tiny(offers=())).address).check()
    stub.stop()
    with pytest.raises(ConnectorError):
        at(stub.address).check()


@pytest.fixture(scope="module")
def examples() -> dict[str, Any]:
    paths = published("bars/openapi.json")["paths"]
    return {name: paths[f"/{name}"]["get"]["responses"] for name in ("metadata", "ServiceRequest", "Appointment")}


def example(examples: dict[str, Any], name: str, status: str = "200") -> Any:
    return examples[name][status]["content"]["application/fhir+json"]["example"]


def test_the_published_referral_and_bookings(examples: dict[str, Any]) -> None:
    request, first, second = mapped(example(examples, "ServiceRequest"), example(examples, "Appointment"))
    assert (request.kind, request.status, request.id) == (
        ActivityKind.REFERRAL,
        ActivityStatus.ACTIVE,
        "71d2b38e-b81c-4894-a522-6a65265b1d58",
    )
    assert request.referred == date(2021, 11, 26)
    assert {a.start for a in (first, second)} == {datetime(2021, 10, 12, 12, 30, 30, tzinfo=UTC)}
    assert first.local_id == "ServiceRequest/136bb75d-90ef-461f-4773-fde7f899803d"
    for item in (request, first, second):
        assert "ADVICE" not in repr(item)
        assert "Reason" not in repr(item)


def test_the_published_capability_offers_both(examples: dict[str, Any]) -> None:
    assert searches(example(examples, "metadata"), "BaRS") == {"ServiceRequest", "Appointment"}


def test_the_published_codes_are_those_the_stub_knows(examples: dict[str, Any]) -> None:
    for name in ("4XX-BARS", "5XX-BARS"):
        assert examples["Appointment"][name[:3]] == {"$ref": f"#/components/responses/{name}"}
    words = "".join(published("bars/openapi.json")["components"]["responses"][name]["description"] for name in ("4XX-BARS", "5XX-BARS"))
    rows = [[cell.strip() for cell in line.split("|")[1:3]] for line in words.splitlines() if line.startswith("| ")]
    assert {code: int(status) for status, code in rows if status.isdigit()} == STATUSES


def test_a_booking_comes_together_with_the_referral_it_rests_on() -> None:
    request = {
        "resourceType": "ServiceRequest",
        "id": "77",
        "status": "active",
        "identifier": [{"system": "https://fhir.nhs.uk/Id/UBRN", "value": "000000070001"}],
    }
    appointment = {"resourceType": "Appointment", "id": "5", "status": "noshow", "basedOn": [{"reference": "ServiceRequest/77"}]}
    bodies = [{"resourceType": "Bundle", "entry": [{"resource": r}]} for r in (request, appointment)]
    first, second = mapped(*bodies)
    assert first.local_id == second.local_id == "ServiceRequest/77"
    assert first.ubrn == second.ubrn == Ubrn("000000070001")
    assert second.status is ActivityStatus.MISSED


def searched(kind: str, **fields: Any) -> dict[str, Any]:
    """A searchset with one item, in which these fields stand; None takes one away."""
    item = (referral if kind == "ServiceRequest" else booking)(JANE)
    body = copy.deepcopy(bundle(kind, [item]))
    resource = body["entry"][0]["resource"]
    resource.update(fields)
    body["entry"][0]["resource"] = {name: value for name, value in resource.items() if value is not None}
    return body


@pytest.mark.parametrize(
    ("kind", "status", "is_now"),
    [
        ("ServiceRequest", "active", ActivityStatus.ACTIVE),
        ("ServiceRequest", "revoked", ActivityStatus.CANCELLED),
        ("ServiceRequest", "completed", ActivityStatus.ENDED),
        ("ServiceRequest", "on-hold", ActivityStatus.UNKNOWN),
        ("ServiceRequest", "something-new", ActivityStatus.UNKNOWN),
        ("Appointment", "proposed", ActivityStatus.PENDING),
        ("Appointment", "cancelled", ActivityStatus.CANCELLED),
        ("Appointment", "checked-in", ActivityStatus.ARRIVED),
        ("Appointment", "fulfilled", ActivityStatus.ATTENDED),
        ("Appointment", "waitlist", ActivityStatus.TO_BOOK),
        ("Appointment", "something-new", ActivityStatus.UNKNOWN),
    ],
)
def test_a_status_is_one_that_is_documented_or_unknown(kind: str, status: str, is_now: ActivityStatus) -> None:
    (item,) = mapped(searched(kind, status=status))
    assert item.status is is_now


@pytest.mark.parametrize("kind", ["ServiceRequest", "Appointment"])
def test_what_was_entered_in_error_never_was(kind: str) -> None:
    assert mapped(searched(kind, status="entered-in-error")) == ()


@pytest.mark.parametrize("kind", ["ServiceRequest", "Appointment"])
def test_reasons_and_priority_are_not_taken(kind: str) -> None:
    told = {
        "priority": "urgent",
        "description": "CANARY",
        "reasonCode": [{"text": "CANARY"}],
        "note": [{"text": "CANARY"}],
        "comment": "CANARY",
    }
    (item,) = mapped(searched(kind, **told, reason="CANARY", patientInstruction="CANARY"))
    assert "CANARY" not in repr(item)
    assert "urgent" not in repr(item).casefold().replace("fenmoor urgent", "")


OTHER = {"system": NHS_NUMBER, "value": str(NOBODY)}
FOREIGN: dict[str, Any] = {
    "a subject by number": searched("ServiceRequest", subject={"reference": "urn:uuid:1", "identifier": OTHER}),
    "a participant by number": searched("Appointment", participant=[{"actor": {"identifier": OTHER}}]),
    "a participant whose id is a number": searched("Appointment", participant=[{"actor": {"reference": f"Patient/{NOBODY}"}}]),
    "a patient inside": searched("ServiceRequest", subject=None, contained=[{"resourceType": "Patient", "identifier": [OTHER]}]),
    "a patient that came along": {
        "resourceType": "Bundle",
        "entry": [*searched("Appointment")["entry"], {"resource": {"resourceType": "Patient", "identifier": [OTHER]}}],
    },
    "two patients": {
        "resourceType": "Bundle",
        "entry": [
            *searched("ServiceRequest", subject={"reference": "Patient/1"})["entry"],
            *searched("ServiceRequest", id="r2", subject={"reference": "Patient/2"})["entry"],
        ],
    },
}


@pytest.mark.parametrize("body", FOREIGN.values(), ids=FOREIGN.keys())
def test_anything_about_somebody_else_throws_the_answer_away(body: Any) -> None:
    with pytest.raises(ConnectorUnavailable) as caught:
        mapped(body)
    assert str(NOBODY) not in caught.value.message


def test_a_mother_who_comes_along_is_not_somebody_else() -> None:
    mother = {"actor": {"type": "RelatedPerson", "identifier": OTHER}}
    assert mapped(searched("Appointment", participant=[mother]))


HOSTILE: dict[str, Any] = {
    "an array": [],
    "an outcome": {"resourceType": "OperationOutcome", "issue": []},
    "entries that are no list": {"resourceType": "Bundle", "entry": {}},
    "an entry that is a text": {"resourceType": "Bundle", "entry": ["ServiceRequest"]},
    "an empty entry": {"resourceType": "Bundle", "entry": [{}]},
    "a resource without a kind": {"resourceType": "Bundle", "entry": [{"resource": {"id": "1"}}]},
    "counted and not there": {"resourceType": "Bundle", "total": 2},
    "no id": searched("ServiceRequest", id=None),
    "an empty id": searched("Appointment", id=""),
    "an id that is a number": searched("Appointment", id=7),
    "no status": searched("Appointment", status=None),
    "a status that is a list": searched("ServiceRequest", status=["active"]),
    "a day that is no date": searched("ServiceRequest", authoredOn="last week"),
    "a start that is no moment": searched("Appointment", start="2026-11-25"),
    "a start without an offset": searched("Appointment", start="2026-11-25T09:10:00"),
    "participants that are no list": searched("Appointment", participant={}),
    "a subject that is a text": searched("ServiceRequest", subject="Patient/1"),
    "identifiers that are texts": searched("ServiceRequest", identifier=["UC0001"]),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_wrong_shape_is_an_unavailable_source(body: Any, keep: Keep[Replies]) -> None:
    server = keep(replying({"GET /ServiceRequest": body, "GET /Appointment": body}))
    with pytest.raises(ConnectorUnavailable) as caught:
        at(server.address).activity(JANE)
    assert str(JANE) not in caught.value.message
    assert caught.value.__context__ is None


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_wrong_shape_beside_what_was_found_is_a_part_that_is_missing(body: Any, keep: Keep[Replies]) -> None:
    found = at(keep(replying({"GET /ServiceRequest": searched("ServiceRequest"), "GET /Appointment": body})).address).activity(JANE)
    assert ([i.kind for i in found.items], found.missing) == ([ActivityKind.REFERRAL], ("its bookings",))


@pytest.mark.parametrize("body", FOREIGN.values(), ids=FOREIGN.keys())
def test_anything_about_somebody_else_throws_the_other_search_away_too(body: Any, keep: Keep[Replies]) -> None:
    good = searched("ServiceRequest")
    with pytest.raises(AboutAnother):
        at(keep(replying({"GET /ServiceRequest": good, "GET /Appointment": body})).address).activity(JANE)


def test_both_searches_are_asked_on_the_errand_of_whoever_asks(keep: Keep[Replies]) -> None:
    server, errand = keep(replying({})), Errand()
    context = replace(asking(ME, "BaRS", SetClock(NOW)), allowance=TokenBuckets(1000))
    bars = Bars(BarsSettings(base_url=server.address, provider="XUC01"), context)
    bars.activity(JANE)
    asked = len(server.seen)
    errand.give_up()
    with errand.running(), pytest.raises(ConnectorUnavailable, match="nobody waits"):
        bars.activity(JANE)
    assert len(server.seen) == asked == 3


@pytest.mark.parametrize("body", [[], {}, {"resourceType": "Bundle"}, {"resourceType": "CapabilityStatement", "rest": {}}])
def test_a_capability_of_a_wrong_shape_is_an_unavailable_source(body: Any, keep: Keep[Replies]) -> None:
    with pytest.raises(ConnectorUnavailable):
        at(keep(replying({"GET /metadata": body})).address).activity(JANE)


@pytest.mark.parametrize(
    "name", ["X-Correlation-Id", "NHSD-Target-Identifier", "NHSD-End-User-Organisation", "NHSD-Requesting-Software", "Accept"]
)
@pytest.mark.parametrize("path", ["/metadata", f"/Appointment?patient:identifier={JANE}"])
def test_the_stub_refuses_a_request_without_one_of_the_headers(name: str, path: str, stub: StubServer, keep: Keep[Replies]) -> None:
    recorded = keep(replying({}))
    at(recorded.address).activity(JANE)
    sent = {n: v for n, v in recorded.seen[0].headers.items() if n.startswith(("NHSD", "X-Corr", "Accept")) and n != "Accept-Encoding"}
    bars = at(stub.address)
    assert bars._transport.get_json(path, headers=sent).status == 200  # a request the client never makes
    for spoilt in ("e30=", "no base64"):
        reply = bars._transport.get_json(path, headers=sent | {name: spoilt})  # a request the client never makes
        assert reply.status == 400
        assert reply.body is not None
        assert reply.body["issue"][0]["details"]["coding"][0]["code"] == "SEND_BAD_REQUEST"


def test_a_service_elsewhere_must_be_named_with_its_provider() -> None:
    elsewhere = {"base_url": "https://api.service.nhs.uk/booking-and-referral/FHIR/R4", "sign_in": "signed_jwt", "key_id": "k"}
    named = {"target_value": "1", "target_system": "s", "software_system": "https://desk.example.org", "provider": "xuc01"}
    assert BarsSettings(**elsewhere, **named).provider == "XUC01"  # type: ignore[arg-type]  # as read from a file
    for left_out in ("target_system", "software_system", "provider"):
        with pytest.raises(ValidationError, match=left_out):
            BarsSettings(**elsewhere, **{k: v for k, v in named.items() if k != left_out})  # type: ignore[arg-type]  # as read from a file
    with pytest.raises(ValidationError):
        BarsSettings(base_url="http://127.0.0.1:1", version="2.0")


def test_a_whole_area_comes_through(keep: Keep[StubServer]) -> None:
    area = make_area(300, 7, NOW.date())
    system = next(s for s in systems() if s.kind == ME)
    server = keep(serve(area, instance=system.instance))
    bars = connect(BarsSettings(base_url=server.address, provider=system.provider), asking(ME, "BaRS", SetClock(NOW)))
    held = {n: items for n, items in area.activity_of(system.instance).items() if items}
    assert held
    for number, items in held.items():
        assert {(i.id, i.start, i.place, i.provider) for i in bars.activity(number).items} == {
            (i.id, i.start, i.place, i.provider) for i in items
        }

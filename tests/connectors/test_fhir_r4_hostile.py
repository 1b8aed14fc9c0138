"""Servers as they never should be: nobody else's facts, no page from elsewhere, no wrong shape taken for nothing."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loopback import SetClock, asking, keeping

from connectors.fhir_r4 import connect
from connectors.fhir_r4.next_page import LedElsewhere, path_of
from connectors.fhir_r4.settings import FhirR4Settings
from connectors.stub_routes import StubReply, StubRequest
from helpdesk.errors import ConnectorError, ConnectorRejected, ConnectorUnavailable
from helpdesk.pathways.activity import ActivityFound
from tests.connectors.r4_server import NHS, R4Server, appointment, patient, searchset, subject_of
from tests.connectors.tiny_area import JANE, NEW, NOW

RESOURCES = ("Appointment", "ServiceRequest", "Encounter", "CarePlan", "Task")
JANES, NELLS = {"reference": "Patient/1"}, {"reference": "Patient/2"}
PATHWAY = [{"system": "https://fhir.nhs.uk/Id/care-pathway-id", "value": "XFEN1~1"}]


@pytest.fixture
def keep() -> Iterator[Callable[[R4Server], R4Server]]:
    yield from keeping()


def ask(server: R4Server, **more: Any) -> ActivityFound:
    whole = {"base_url": server.address, "search": {}, "include": [], "resources": ["Appointment"]} | more
    return connect(FhirR4Settings(**whole), asking("fenmoor", "Fenmoor", SetClock(NOW))).activity(JANE)


def resource(kind: str, whose: dict[str, Any]) -> dict[str, Any]:
    """The smallest that would be an item."""
    if kind == "Appointment":
        return appointment("x1", whose)
    whole = {"resourceType": kind, "id": "x1", "status": "active", "identifier": PATHWAY, "class": {"code": "AMB"}}
    named = {"for": whose, "owner": whose} if kind == "Task" else {"subject": whose}
    return whole | named


def serving(kind: str, *found: dict[str, Any], **more: Any) -> R4Server:
    people = {"/Patient": searchset(patient("1", JANE)), "/Patient/1": patient("1", JANE), "/Patient/2": patient("2", NEW)}
    return R4Server({**people, **{f"/{k}": searchset() for k in RESOURCES}, f"/{kind}": searchset(*found, **more)})


@pytest.mark.parametrize("kind", RESOURCES)
def test_the_smallest_of_each_is_an_item(kind: str, keep: Callable[[R4Server], R4Server]) -> None:
    assert [i.id for i in ask(keep(serving(kind, resource(kind, JANES))), resources=RESOURCES).items] == ["x1"]


FOREIGN: dict[str, dict[str, Any]] = {
    "another Patient": NELLS,
    "another's number": subject_of(NEW),
    "our reference with another's number": JANES | subject_of(NEW),
    "a Patient on another server": {"reference": "https://else.invalid/fhir/Patient/1"},
    "a Patient that is not sent along": {"reference": "urn:uuid:9d1c9a4e-0000-4000-8000-000000000001", "type": "Patient"},
    "a Patient that climbs": {"reference": "Patient/.."},
    "a contained Patient that is not there": {"reference": "#p", "type": "Patient"},
    "a local number alone": {"identifier": {"system": "urn:local", "value": "1"}, "type": "Patient"},
    "nobody": {},
}


@pytest.mark.parametrize("whose", FOREIGN.values(), ids=FOREIGN.keys())
@pytest.mark.parametrize("kind", RESOURCES)
def test_one_thing_of_anybody_else_throws_all_of_it_away(kind: str, whose: dict[str, Any], keep: Callable[[R4Server], R4Server]) -> None:
    server = keep(serving(kind, resource(kind, JANES), resource(kind, whose) | {"id": "x2"}))
    with pytest.raises(ConnectorUnavailable) as caught:
        ask(server, resources=RESOURCES)
    assert caught.value.message == "Fenmoor answered about a different person, so its answer is not used."


@pytest.mark.parametrize("kind", RESOURCES)
def test_what_was_entered_in_error_about_another_is_about_another(kind: str, keep: Callable[[R4Server], R4Server]) -> None:
    with pytest.raises(ConnectorUnavailable):
        ask(keep(serving(kind, resource(kind, NELLS) | {"status": "entered-in-error"})), resources=RESOURCES)


def test_a_group_appointment_with_another_patient_is_not_told(keep: Callable[[R4Server], R4Server]) -> None:
    both = appointment("g", JANES, participant=[{"actor": JANES, "status": "accepted"}, {"actor": NELLS, "status": "accepted"}])
    with pytest.raises(ConnectorUnavailable):
        ask(keep(serving("Appointment", both)))


def test_a_patient_sent_along_who_is_another(keep: Callable[[R4Server], R4Server]) -> None:
    with pytest.raises(ConnectorUnavailable):
        ask(keep(serving("Appointment", appointment("a", JANES), along=(patient("2", NEW),))))


def test_a_search_by_number_that_gives_another(keep: Callable[[R4Server], R4Server]) -> None:
    server = keep(R4Server({"/Patient": searchset(patient("2", NEW)), "/Appointment": searchset()}))
    with pytest.raises(ConnectorUnavailable, match="different person"):
        ask(server)
    assert server.asked("/Appointment") == []


def test_whose_it_is_that_cannot_be_seen_is_missing(keep: Callable[[R4Server], R4Server]) -> None:
    """A server that finds by number, but does not let anybody see whose number it is."""
    server = keep(R4Server({"/Appointment": searchset(appointment("a", JANES)), "/Patient/1": StubReply(403), "/Task": searchset()}))
    found = ask(server, patient_by="patient:identifier", resources=["Appointment", "Task"])
    assert (found.items, found.missing) == ((), ("its appointments",))


BASE = "https://fhir.fenmoor.invalid/api/R4"
ELSEWHERE = [
    "https://else.invalid/api/R4/Appointment?p=2",
    "http://fhir.fenmoor.invalid/api/R4/Appointment?p=2",
    "https://fhir.fenmoor.invalid:8443/api/R4/Appointment?p=2",
    "https://fhir.fenmoor.invalid@else.invalid/api/R4/Appointment",
    "https://user@fhir.fenmoor.invalid/api/R4/Appointment",
    "https://fhir.fenmoor.invalid/api/R4x/Appointment",
    "https://fhir.fenmoor.invalid/api/R4/../../admin",
    "https://fhir.fenmoor.invalid/api/R4/%2e%2e/%2E%2e/admin",
    "https://fhir.fenmoor.invalid/api/R4/..%2fadmin",
    "https://fhir.fenmoor.invalid/api/R4/..;/admin",
    "https://fhir.fenmoor.invalid/api/R4\\..\\admin",
    "https://fhir.fenmoor.invalid/elsewhere",
    "//else.invalid/api/R4/Appointment",
    "/Appointment?p=2",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://fhir.fenmoor.invalid/api/R4/Appointment?p=2#x",
    "https://fhir.fenmoor.invalid/api/R4/Appointment?p=a b",
    "https://[/api/R4/Appointment",
    "https://fhir.fenmoor.invalid:99999/api/R4/Appointment",
    f"{BASE}/Appointment?p={'x' * 9000}",
]


@pytest.mark.parametrize("link", ELSEWHERE)
def test_a_page_elsewhere_is_not_followed(link: str) -> None:
    with pytest.raises(LedElsewhere):
        path_of(link, BASE, "Appointment", "Fenmoor")


@pytest.mark.parametrize(
    ("link", "path"),
    [
        (f"{BASE}/Appointment?p=2&q=a%7Cb", "/Appointment?p=2&q=a%7Cb"),
        (f"{BASE}?_getpages=7", "?_getpages=7"),
        ("https://FHIR.fenmoor.invalid:443/api/R4/_page/7", "/_page/7"),
        ("Appointment?p=2", "/Appointment?p=2"),
        ("?p=2", "/Appointment?p=2"),
    ],
)
def test_a_page_under_the_address_is(link: str, path: str) -> None:
    assert path_of(link, BASE, "Appointment", "Fenmoor") == path
    assert path_of(link, f"{BASE}/", "Appointment", "Fenmoor") == path


def test_a_server_that_leads_elsewhere_is_not_used_at_all(keep: Callable[[R4Server], R4Server]) -> None:
    other = keep(R4Server({"/Appointment": searchset()}))
    server = keep(serving("Appointment", appointment("a", JANES), next_url=f"{other.address}/Appointment?p=2"))
    with pytest.raises(ConnectorRejected, match="is not followed"):
        ask(server, resources=RESOURCES)
    assert other.seen == []


def test_endless_pages_have_an_end(keep: Callable[[R4Server], R4Server]) -> None:
    def endless(request: StubRequest) -> dict[str, Any]:
        turn = int(dict(request.params).get("p", "0")) + 1
        return searchset(appointment(f"a{turn}", JANES), next_url=f"Appointment?p={turn}")

    server = keep(R4Server({"/Patient": searchset(patient("1", JANE)), "/Appointment": endless}))
    found = ask(server, max_pages=4)
    assert (len(found.items), found.missing) == (4, ("part of its appointments",))
    assert len(server.asked("/Appointment")) == 4


def test_a_page_that_leads_to_itself_is_asked_once(keep: Callable[[R4Server], R4Server]) -> None:
    server = keep(serving("Appointment", appointment("a", JANES), next_url="Appointment?p=2"))
    found = ask(server, max_pages=50)
    assert ([i.id for i in found.items], found.missing) == (["a"], ("part of its appointments",))
    assert len(server.asked("/Appointment")) == 2


def test_a_later_page_that_fails_leaves_what_came_and_says_so(keep: Callable[[R4Server], R4Server]) -> None:
    def pages(request: StubRequest) -> Any:
        return StubReply(500) if dict(request.params).get("p") else searchset(appointment("a", JANES), next_url="Appointment?p=2")

    found = ask(keep(R4Server({"/Patient": searchset(patient("1", JANE)), "/Appointment": pages})))
    assert ([i.id for i in found.items], found.missing) == (["a"], ("part of its appointments",))


@pytest.mark.parametrize(
    ("severity", "code", "missing"),
    [
        ("error", "processing", True),
        ("fatal", "exception", True),
        ("warning", "suppressed", True),
        ("warning", "incomplete", True),
        ("warning", "not-found", False),
        ("warning", "not-supported", False),
        ("information", "informational", False),
    ],
)
def test_an_outcome_among_what_was_found(severity: str, code: str, missing: bool, keep: Callable[[R4Server], R4Server]) -> None:
    bundle = searchset(appointment("a", JANES))
    outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": code}]}
    bundle["entry"].append({"resource": outcome, "search": {"mode": "outcome"}})
    found = ask(keep(R4Server({"/Patient": searchset(patient("1", JANE)), "/Appointment": bundle})))
    assert ([i.id for i in found.items], bool(found.missing)) == (["a"], missing)


def test_what_its_holder_withholds_is_not_told_but_missing(keep: Callable[[R4Server], R4Server]) -> None:
    label = {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}]}
    found = ask(keep(serving("Appointment", appointment("a", JANES), appointment("b", JANES, meta=label))))
    assert ([i.id for i in found.items], found.missing) == (["a"], ("part of its appointments",))


def test_a_task_of_the_staff_and_a_plan_of_care_are_none_of_the_desks(keep: Callable[[R4Server], R4Server]) -> None:
    task = resource("Task", JANES) | {"owner": {"reference": "Practitioner/9"}, "description": "Ring about the biopsy"}
    assert ask(keep(serving("Task", task)), resources=["Task"]).items == ()
    plan = resource("CarePlan", JANES) | {"identifier": []}
    assert ask(keep(serving("CarePlan", plan)), resources=["CarePlan"]).items == ()


WRONG: dict[str, Any] = {
    "an array": [],
    "a text": "Bundle",
    "another resource": {"resourceType": "Patient", "id": "1"},
    "no search": searchset(type="collection"),
    "entries that are no list": {"resourceType": "Bundle", "type": "searchset", "entry": {}},
    "an entry without a resource": {"resourceType": "Bundle", "type": "searchset", "entry": [{}]},
    "a count of what is not there": {"resourceType": "Bundle", "type": "searchset", "total": 3},
    "a match of another kind": searchset(patient("1", JANE)),
    "no id": searchset(appointment("a", JANES, id="")),
    "an id that climbs": searchset(appointment("..", JANES)),
    "a status that is a list": searchset(appointment("a", JANES, status=["booked"])),
    "a start that is no date": searchset(appointment("a", JANES, start="soon")),
    "a start that is a number": searchset(appointment("a", JANES, start=20261201)),
    "participants that are no list": searchset(appointment("a", JANES, participant={"actor": JANES})),
    "two next pages": searchset(link=[{"relation": "next", "url": "Appointment?p=2"}, {"relation": "next", "url": "Appointment?p=3"}]),
    "a next page without address": searchset(link=[{"relation": "next", "url": ""}]),
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_shape_is_never_nothing(body: Any, keep: Callable[[R4Server], R4Server], caplog: pytest.LogCaptureFixture) -> None:
    server = keep(R4Server({"/Patient": searchset(patient("1", JANE)), "/Appointment": body}))
    with pytest.raises(ConnectorUnavailable) as caught:
        ask(server)
    assert str(JANE) not in caught.value.message + caplog.text


def test_fewer_than_counted_is_not_all(keep: Callable[[R4Server], R4Server]) -> None:
    found = ask(keep(serving("Appointment", appointment("a", JANES), total=3)))
    assert ([i.id for i in found.items], found.missing) == (["a"], ("part of its appointments",))


@pytest.mark.parametrize("fraction", ["5", "0000000", "123456789"])
def test_a_fraction_of_a_second_has_any_number_of_digits(fraction: str, keep: Callable[[R4Server], R4Server]) -> None:
    made = appointment("a", JANES, start=f"2026-12-01T09:00:00.{fraction}+00:00")
    (item,) = ask(keep(serving("Appointment", made))).items
    assert isinstance(item.start, datetime)
    assert item.start.replace(microsecond=0) == datetime(2026, 12, 1, 9, tzinfo=UTC)


def test_a_moment_beyond_time_is_its_day(keep: Callable[[R4Server], R4Server]) -> None:
    (item,) = ask(keep(serving("Appointment", appointment("a", JANES, start="9999-12-31T23:59:59-23:00")))).items
    assert item.start == date(9999, 12, 31)


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["Patient/1", "active", "2026-12-01", NHS, str(JANE)]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["reference", "identifier", "system", "value", "coding", "code", "actor", "start", "url"]), inner)
    ),
    max_leaves=8,
)
_FIELDS = ["id", "status", "start", "participant", "specialty", "identifier", "basedOn", "meta", "extension", "contained", "serviceType"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(_FIELDS), _JSON, min_size=1, max_size=3))
def test_anything_is_an_item_or_an_error_of_the_service(fields: dict[str, Any]) -> None:
    made = appointment("a", JANES) | copy.deepcopy(fields)
    server = serving("Appointment", made)
    try:
        found = ask(server)
        assert all(item.nhs_number == JANE for item in found.items)
    except ConnectorError as error:
        assert str(JANE) not in error.message  # noqa: PT017  # either outcome is right
    finally:
        server.stop()

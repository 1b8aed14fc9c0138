"""Portals as they never should be: nobody else's facts, and no wrong shape taken for nothing."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from loopback import OneReply, Replies, SetClock, asking

from connectors.stub_routes import StubReply
from connectors.trust_portal import connect
from connectors.trust_portal.settings import TrustPortalSettings
from connectors.trust_portal.stub_documents import appointment, plans, task
from helpdesk.errors import ConnectorUnavailable
from helpdesk.pathways.activity import Activity, ActivityFound, ActivityKind
from tests.connectors.activity_area import JANES
from tests.connectors.tiny_area import JANE, NEW, NOW

APPOINTMENT = appointment(next(i for i in JANES if i.id == "app-1"))
TASK = task(next(i for i in JANES if i.kind is ActivityKind.TASK))
PLAN = plans(JANES)[0]
ROUTES = {"/Appointment": APPOINTMENT, "/Task": TASK, "/aggregator/events": PLAN}


def sheet(*found: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": r} for r in found], **more}


def told(route: str, body: Any, status: int = 200) -> ActivityFound:
    empty = {r: StubReply(200, sheet()) for r in ROUTES}
    server = Replies({f"GET {r}": reply for r, reply in (empty | {route: StubReply(status, body)}).items()})
    shape = "aggregator" if route == "/aggregator/events" else "producer"
    try:
        settings = TrustPortalSettings(base_url=server.address, shape=shape)
        return connect(settings, asking("portal", "The portal", SetClock(NOW))).activity(JANE)
    finally:
        server.stop()


def of_another(resource: dict[str, Any]) -> dict[str, Any]:
    made = copy.deepcopy(resource)
    whose = made.get("for") or made.get("subject") or made["participant"][0]["actor"]
    whose["identifier"]["value"] = str(NEW)
    return made


@pytest.mark.parametrize("route", ROUTES)
def test_one_thing_of_anybody_else_throws_all_of_it_away(route: str) -> None:
    with pytest.raises(ConnectorUnavailable, match="different person"):
        told(route, sheet(ROUTES[route], of_another(ROUTES[route])))


@pytest.mark.parametrize("route", ["/Task", "/aggregator/events"])
def test_what_names_nobody_is_nobody_s(route: str) -> None:
    nameless = copy.deepcopy(ROUTES[route])
    (nameless.get("for") or nameless["subject"])["identifier"] = {}
    with pytest.raises(ConnectorUnavailable, match="different person"):
        told(route, sheet(nameless))


def test_an_appointment_that_names_no_patient_is_not_told_but_missing() -> None:
    hidden = APPOINTMENT | {"id": "hidden", "participant": APPOINTMENT["participant"][1:]}
    found = told("/Appointment", sheet(APPOINTMENT, hidden))
    assert ([i.id for i in found.items], found.missing) == (["app-1"], ("part of its appointments",))


@pytest.mark.parametrize(
    ("route", "part"),
    [("/Appointment", "its appointments"), ("/Task", "its questionnaires"), ("/aggregator/events", "its events")],
)
def test_more_counted_than_sent_is_a_part_that_is_missing(route: str, part: str) -> None:
    less = told(route, sheet(ROUTES[route], total=2))
    assert less.items
    assert less.missing == (f"part of {part}",)
    assert told(route, sheet(ROUTES[route], total=1)).missing == ()


def test_a_207_that_names_nobody_is_partial_all_the_same() -> None:
    found = told("/aggregator/events", sheet(PLAN), 207)
    assert found.items
    assert found.missing == ("one of the systems behind it",)


def test_an_appointment_of_unknown_words_is_no_failure() -> None:
    odd = APPOINTMENT | {"status": "postponed", "appointmentType": {"coding": [{"code": "ZZ"}]}}
    (item,) = told("/Appointment", sheet(odd)).items
    assert (item.kind, item.status.value) == (ActivityKind.APPOINTMENT, "unknown")


def test_free_text_is_not_kept() -> None:
    free = APPOINTMENT | {"specialty": [], "description": "Suspected melanoma, see letter", "reasonCode": [{"text": "melanoma"}]}
    (item,) = told("/Appointment", sheet(free)).items
    assert "melanoma" not in repr(item)


WRONG: dict[str, Any] = {
    "an array": [],
    "no search": sheet(type="collection"),
    "a count of what is not there": {"resourceType": "Bundle", "type": "searchset", "total": 2},
    "a resource that was not asked for": sheet({"resourceType": "Patient", "id": "1"}),
    "an entry without a resource": {"resourceType": "Bundle", "type": "searchset", "entry": [{}]},
    "an outcome alone": {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]},
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_shape_is_never_nothing(body: Any) -> None:
    with pytest.raises(ConnectorUnavailable):
        told("/aggregator/events", body)
    assert told("/Appointment", body).missing == ("its appointments",)


@pytest.mark.parametrize(
    ("route", "field", "value"),
    [
        ("/Appointment", "start", "soon"),
        ("/Appointment", "id", ""),
        ("/Appointment", "participant", {}),
        ("/Appointment", "extension", [{"valueCode": "x"}]),
        ("/Task", "status", 1),
        ("/aggregator/events", "meta", {}),
        ("/aggregator/events", "activity", [{}]),
        ("/aggregator/events", "period", {"start": "2026-99-99"}),
    ],
)
def test_a_wrong_field_is_never_nothing(route: str, field: str, value: Any) -> None:
    server = OneReply(StubReply(200, sheet(ROUTES[route] | {field: value})), f"GET {route}")
    paths = {"appointment_path": "" if route == "/Task" else route, "task_path": route if route == "/Task" else ""}
    shape = "aggregator" if route == "/aggregator/events" else "producer"
    try:
        settings = TrustPortalSettings(base_url=server.address, shape=shape, **paths)
        with pytest.raises(ConnectorUnavailable):
            connect(settings, asking("portal", "The portal", SetClock(NOW))).activity(JANE)
    finally:
        server.stop()


def test_nobody_is_named_in_a_repr() -> None:
    item: Activity = told("/Appointment", sheet(APPOINTMENT)).items[0]
    assert str(JANE) not in repr(item)

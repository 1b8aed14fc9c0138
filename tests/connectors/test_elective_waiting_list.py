"""The Elective Waiting List API: both forms of its address, one object or several, and what its silence means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from loopback import Keep, OneReply, Replies, SetClock, asking, keeping
from pydantic import ValidationError

from connectors.elective_waiting_list import connect
from connectors.elective_waiting_list.client import ElectiveWaitingList
from connectors.elective_waiting_list.mapping import activities_of
from connectors.elective_waiting_list.settings import ElectiveWaitingListSettings
from connectors.elective_waiting_list.stub import serve
from connectors.stub_routes import StubReply
from connectors.stub_server import StubServer
from helpdesk.answers import SourceState, state_of
from helpdesk.errors import ConnectorError, ConnectorUnavailable, HelpdeskError
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.model import Coded
from helpdesk.pathways.reference import specialty
from helpdesk.practice.area import make_area
from helpdesk.practice.organisations import systems
from tests.connectors.tiny_area import BSL, DEAD, JANE, MINIMAL, NEW, NOBODY, NOW, tiny_area

ME = "elective_waiting_list"
WEEK = date(2026, 11, 15)
ENTRY = {
    "PATIENT_PATHWAY_IDENTIFIER": "EBY23435667509",
    "ACTIVITY_TREATMENT_FUNCTION_CODE": 314,
    "REFERRAL_TO_TREATMENT_PERIOD_START_DATE": "2020-04-04T00:00:00",
    "ReportingOrganisation": "RXE",
    "derWeekEnding": "2023-03-05T00:00:00",
}
"""The facts of the published example, as JSON."""
ROUTES = ("GET /elective-waiting-list/{id}", "GET /patient")


def listed(number: NhsNumber, pathway: str, **more: Any) -> Activity:
    facts: dict[str, Any] = {
        "provider": OdsCode("XFC01"),
        "specialty": Coded("110", "Trauma and orthopaedics"),
        "local_id": pathway,
        "clock_start": date(2026, 3, 3),
        "source": ME,
        "as_at": WEEK,
    }
    return Activity(number, ActivityKind.WAITING, ActivityStatus.ACTIVE, pathway, **(facts | more))


HELD = {
    JANE: (listed(JANE, "FC0001"),),
    BSL: (listed(BSL, "FC0002"), listed(BSL, "FC0003", clock_start=date(2026, 6, 1))),
    NEW: (listed(NEW, "FC0004"),),
    DEAD: (listed(DEAD, "FC0005"),),
}
FAULTS = {NEW: "array", DEAD: "no_date", MINIMAL: "empty_array"}


@pytest.fixture
def keep() -> Iterator[Keep[Any]]:
    yield from keeping()


@pytest.fixture
def stub(keep: Keep[StubServer]) -> StubServer:
    area = tiny_area()
    people = tuple(replace(p, faults={ME: FAULTS[n]}) if (n := p.patient.nhs_number) in FAULTS else p for p in area.people)
    return keep(serve(replace(area, people=people, activity={ME: HELD})))


def at(address: str, **settings: Any) -> ElectiveWaitingList:
    return ElectiveWaitingList(ElectiveWaitingListSettings(base_url=address, **settings), asking(ME, "Elective list", SetClock(NOW)))


def mapped(body: Any, number: NhsNumber = JANE) -> tuple[Activity, ...]:
    return activities_of(body, number, source=ME, label="Elective list")


@pytest.mark.parametrize("form", ["path", "query"])
def test_entries_come_through_as_they_are_held(form: str, stub: StubServer) -> None:
    lists = at(stub.address, form=form)
    for number in (JANE, BSL, NEW):
        assert lists.activity(number).items == HELD[number]
    (undated,) = lists.activity(DEAD).items
    assert undated.clock_start is None
    assert stub.requests[ROUTES[0 if form == "path" else 1]] == 4


def test_a_base_address_without_the_lists_name_has_it_in_the_path(keep: Keep[Replies]) -> None:
    path = "GET /elective-waiting-list/patient"
    server = keep(Replies({path: StubReply(200, ENTRY)}))
    assert [i.id for i in at(server.address, form="query").activity(JANE).items] == ["EBY23435667509"]


@pytest.mark.parametrize("midnight", ["", "T00:00:00.0000000", " 00:00:00", "T00:00:00+01:00"])
def test_a_day_may_have_any_midnight_behind_it(midnight: str) -> None:
    (item,) = mapped(ENTRY | {"derWeekEnding": f"2023-03-05{midnight}"})
    assert item.as_at == date(2023, 3, 5)


def test_the_week_is_the_census_and_the_list_is_old_later_than_others() -> None:
    (item,) = mapped(ENTRY)
    assert item.as_at == date(2023, 3, 5)
    assert ElectiveWaitingListSettings(base_url="http://127.0.0.1:1").stale_after_hours == 240


def test_the_published_example_is_one_wait() -> None:
    wait = Activity(
        JANE,
        ActivityKind.WAITING,
        ActivityStatus.ACTIVE,
        "EBY23435667509",
        OdsCode("RXE"),
        mapped(ENTRY)[0].specialty,
        local_id="EBY23435667509",
        clock_start=date(2020, 4, 4),
        source=ME,
        as_at=date(2023, 3, 5),
    )
    assert mapped(ENTRY) == mapped([ENTRY]) == mapped([ENTRY, dict(ENTRY)]) == (wait,)
    assert wait.specialty.code == "314"
    assert wait.pathway_id is None


@pytest.mark.parametrize("number", [MINIMAL, NOBODY])
def test_no_entry_is_never_nothing_held(number: NhsNumber, stub: StubServer) -> None:
    with pytest.raises(ConnectorUnavailable, match="does not say") as caught:
        at(stub.address).activity(number)
    assert state_of(caught.value)[0] is SourceState.UNAVAILABLE


@pytest.mark.parametrize("nobody", [[], {}, [{}], {"result": "success"}])
def test_every_form_of_no_entry_is_the_same(nobody: Any) -> None:
    with pytest.raises(ConnectorUnavailable, match="does not say"):
        mapped(nobody)


def test_the_connection_can_be_tried_without_a_patient(stub: StubServer) -> None:
    at(stub.address).check()
    connect(ElectiveWaitingListSettings(base_url=stub.address, form="query"), asking(ME, "", SetClock(NOW))).check()
    stub.stop()
    with pytest.raises(ConnectorError):
        at(stub.address).check()


def test_an_entry_of_somebody_else_throws_the_answer_away() -> None:
    assert mapped([ENTRY | {"NHS_NUMBER": str(JANE)}])
    with pytest.raises(ConnectorUnavailable):
        mapped([ENTRY, ENTRY | {"NHS_NUMBER": str(NEW)}])


HOSTILE: dict[str, Any] = {
    "null": None,
    "a text": "EBY23435667509",
    "a number": 1,
    "null in the list": [None],
    "an empty one among others": [ENTRY, {}],
    "an error in a 200": {"code": "error.forbidden", "data": "x"},
    "no pathway": {k: v for k, v in ENTRY.items() if k != "PATIENT_PATHWAY_IDENTIFIER"},
    "lower-case keys": {k.lower(): v for k, v in ENTRY.items()},
    "no organisation": {k: v for k, v in ENTRY.items() if k != "ReportingOrganisation"},
    "an organisation that is none": ENTRY | {"ReportingOrganisation": "../RXE"},
    "no week": {k: v for k, v in ENTRY.items() if k != "derWeekEnding"},
    "a week that is missing": ENTRY | {"derWeekEnding": "1900-01-01T00:00:00"},
    "a week of another form": ENTRY | {"derWeekEnding": "05/03/2023"},
    "a start that is no date": ENTRY | {"REFERRAL_TO_TREATMENT_PERIOD_START_DATE": "2020-13-04T00:00:00"},
    "a start that is a number": ENTRY | {"REFERRAL_TO_TREATMENT_PERIOD_START_DATE": 20200404},
    "a start with more behind it": ENTRY | {"REFERRAL_TO_TREATMENT_PERIOD_START_DATE": "2020-04-04T00:00:00,"},
    "a start of another alphabet": ENTRY | {"REFERRAL_TO_TREATMENT_PERIOD_START_DATE": "٢٠٢٠-٠٤-٠٤"},
    "a code that is a list": ENTRY | {"ACTIVITY_TREATMENT_FUNCTION_CODE": ["110"]},
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_wrong_shape_is_an_unavailable_source(body: Any, keep: Keep[OneReply]) -> None:
    server = keep(OneReply(StubReply(200, b"null" if body is None else body, content_type="application/json"), *ROUTES))
    with pytest.raises(ConnectorUnavailable) as caught:
        at(server.address).activity(JANE)
    assert str(JANE) not in caught.value.message
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("status", "code", "state"),
    [
        (400, "error.bad-request", SourceState.UNAVAILABLE),
        (401, "error.unauthorized", SourceState.UNAVAILABLE),
        (403, "error.forbidden", SourceState.NOT_PERMITTED),
        (404, "error.not-found", SourceState.UNAVAILABLE),
    ],
)
def test_its_errors_are_the_states_of_the_table(status: int, code: str, state: SourceState, keep: Keep[OneReply]) -> None:
    server = keep(OneReply(StubReply(status, {"code": code}, content_type="application/json"), *ROUTES))
    with pytest.raises(HelpdeskError) as caught:
        at(server.address).activity(JANE)
    assert state_of(caught.value)[0] is state


def test_the_stub_refuses_what_is_no_nhs_number(stub: StubServer) -> None:
    lists = at(stub.address)
    for path in ("/elective-waiting-list/9000000000", "/patient?patient.identifier=9000000009"):
        reply = lists._transport.get_json(path)  # a request the client never makes
        assert (reply.status, reply.body) == (400, {"code": "error.bad-request", "data": "The request is invalid"})


def test_another_form_of_the_address_is_refused() -> None:
    with pytest.raises(ValidationError):
        ElectiveWaitingListSettings(base_url="http://127.0.0.1:1", form="body")  # type: ignore[arg-type]  # on purpose


def test_a_whole_area_comes_through(keep: Keep[StubServer]) -> None:
    area = make_area(200, 7, NOW.date())
    instance = next(s.instance for s in systems() if s.kind == ME)
    lists = at(keep(serve(area, instance=instance)).address)
    unwell = {p.patient.nhs_number for p in area.people if instance in p.faults}
    held = {n: items for n, items in area.activity_of(instance).items() if items and n not in unwell}
    assert held
    for number, items in held.items():
        named = tuple(replace(item, source=ME, specialty=specialty(item.specialty.code)) for item in items)
        assert lists.activity(number).items == named

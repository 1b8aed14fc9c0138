"""What only one service has a word for, and the state that the table gives it by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from connectors.stub_routes import StubReply
from connectors.stub_server import StubServer
from helpdesk.desk.model import GateState
from helpdesk.errors import NumberNoLongerUsed, TooManyMatches
from helpdesk.practice.model import Area
from tests.connectors.tiny_area import JANE
from tests.faults.doors import DOORS, GOVUK_ID, NOTIFY_ID, Door
from tests.faults.fault_area import HOSPITAL, fault_area
from tests.faults.fault_matrix import SHORT_S, Cell, Seen, seen_of
from tests.faults.fault_table import unplain
from tests.faults.ground import HEALTHY_S, Ground, gatekeeper, ground, stopped

BY_NAME = {door.name: door for door in DOORS}


@pytest.fixture(scope="module")
def on() -> Iterator[Ground]:
    with ground() as made:
        yield made


@pytest.fixture
def connected(on: Ground) -> Iterator[Callable[..., tuple[Any, StubServer]]]:
    """That door on a stub of this area, and the stub."""
    with ExitStack() as stack:

        def make(door: Door, area: Area) -> tuple[Any, StubServer]:
            server = stack.enter_context(stopped(door.serve(area)))
            return door.connect(server.address, {"timeout_s": HEALTHY_S}, on.beside), server

        yield make


@pytest.mark.parametrize(
    ("name", "fault", "state", "remedy", "shows"),
    [
        ("e-RS", "no_relationship", "not_permitted", "", False),
        ("e-RS", "404", "nothing_held", "", False),
        ("e-RS", "patient_error", "unavailable", "report", False),
        ("GP Connect", "patient_not_found", "unavailable", "try again", False),
        ("GP Connect", "no_consent", "not_permitted", "", False),
        ("BaRS", "REC_NOT_FOUND", "nothing_held", "", False),
        ("BaRS", "PROXY_NOT_FOUND", "unavailable", "try again", False),
        ("BaRS", "REC_TIMEOUT", "unavailable", "try again", False),
        ("BaRS", "foreign", "unavailable", "try again", False),
        ("BaRS", "no_bookings_now", "unavailable", "try again", True),
        ("FHIR R4", "partial", "unavailable", "try again", True),
        ("trust portal", "partial", "unavailable", "try again", True),
        ("portal aggregator", "partial", "unavailable", "try again", True),
        ("validated relationships", "GP_PRACTICE_NOT_FOUND", "unavailable", "try again", False),
        ("validated relationships", "THROTTLED", "unavailable", "try again", False),
        ("validated relationships", "foreign_consent", "unavailable", "try again", False),
        ("NHS Notify, sending", "too_early", "retry later", "", False),
        ("NHS Notify, sending", "quota", "retry later", "", False),
    ],
)
def test_a_documented_word_has_its_own_state(
    name: str, fault: str, state: str, remedy: str, shows: bool, on: Ground, connected: Callable[..., tuple[Any, StubServer]]
) -> None:
    door = BY_NAME[name]
    connector, _server = connected(door, fault_area(door.connector, fault))
    seen = seen_of(Cell(door, fault), connector, on)
    assert (seen.state, seen.remedy) == (state, remedy)
    assert bool(seen.value) is shows
    assert not unplain(seen.message, sentences=2)


def told(seen: Seen) -> tuple[str, str]:
    return seen.state, seen.remedy


@pytest.mark.parametrize("fault", ["500", "403", "404", "broken", "reset", "hang"])
@pytest.mark.parametrize(
    ("name", "route"), [("FHIR R4", "GET /Appointment"), ("trust portal", "GET /Task"), ("BaRS", "GET /Appointment")], ids=lambda v: v
)
def test_what_fails_beside_is_named_and_the_rest_is_shown(name: str, route: str, fault: str, on: Ground) -> None:
    door = replace(BY_NAME[name], only_person=False, only_route=route)
    with ExitStack() as stack:
        address, _trusts, _server = on.faulty(door, fault, stack)
        connector = door.connect(address, {"timeout_s": SHORT_S if fault == "hang" else HEALTHY_S}, on.beside)
        seen = seen_of(Cell(door, fault), connector, on)
    assert told(seen) == ("unavailable", "try again")
    assert seen.value
    assert "could not answer, so there may be more than is shown." in seen.message
    assert not unplain(seen.message)


def without_jane(area: Area) -> Area:
    return replace(
        area,
        people=tuple(p for p in area.people if p.patient.nhs_number != JANE),
        prescriptions={},
        appointments={},
        proxies={},
        activity={name: {} for name in area.activity},
    )


@pytest.mark.parametrize("name", ["FHIR R4", "BaRS", "prescription tracker", "validated relationships"])
def test_a_documented_nobody_is_nothing_held(name: str, on: Ground, connected: Callable[..., tuple[Any, StubServer]]) -> None:
    door = BY_NAME[name]
    connector, _server = connected(door, without_jane(fault_area()))
    assert seen_of(Cell(door, "nobody"), connector, on).state == "nothing_held"


def test_an_unknown_organisation_is_nothing_held(on: Ground, connected: Callable[..., tuple[Any, StubServer]]) -> None:
    door = BY_NAME["ODS, one organisation"]
    area = fault_area()
    connector, _server = connected(door, replace(area, organisations=tuple(o for o in area.organisations if o.ods != HOSPITAL)))
    assert told(seen_of(Cell(door, "nobody"), connector, on)) == ("nothing_held", "")


def test_silence_of_a_portal_or_a_national_list_is_not_nothing_held_without_saying_so(
    on: Ground, connected: Callable[..., tuple[Any, StubServer]]
) -> None:
    """A portal leaves people and clinics out, and says so; the list's bare success says nothing at all."""
    portal, _server = connected(BY_NAME["trust portal"], without_jane(fault_area()))
    assert "does not mean none" in seen_of(Cell(BY_NAME["trust portal"], "nobody"), portal, on).message
    elective, _server = connected(BY_NAME["Elective Waiting List"], without_jane(fault_area()))
    assert seen_of(Cell(BY_NAME["Elective Waiting List"], "nobody"), elective, on).state == "unavailable"


def test_a_withdrawn_number_has_no_state_and_opens_no_gate(connected: Callable[..., tuple[Any, StubServer]]) -> None:
    connector, _server = connected(BY_NAME["PDS, one person"], fault_area("pds", "invalidated"))
    for kept in (False, True):
        with pytest.raises(NumberNoLongerUsed) as caught:
            gatekeeper(connector, kept=kept).look(JANE)
        assert not unplain(caught.value.message)


def test_a_number_that_pds_does_not_know_closes_the_gate(connected: Callable[..., tuple[Any, StubServer]]) -> None:
    connector, _server = connected(BY_NAME["PDS, one person"], without_jane(fault_area()))
    looked = gatekeeper(connector, kept=True).look(JANE)
    assert looked.gate.state is GateState.UNCONFIRMED


def test_too_many_matches_have_no_state(connected: Callable[..., tuple[Any, StubServer]]) -> None:
    area = fault_area()
    jane = next(p for p in area.people if p.patient.nhs_number == JANE)
    crowd = [replace(jane, patient=replace(jane.patient, nhs_number=p.patient.nhs_number)) for p in area.people[-60:]]
    door = BY_NAME["PDS, search"]
    connector, _server = connected(door, replace(area, people=tuple(crowd)))
    with pytest.raises(TooManyMatches) as caught:
        door.value(connector)
    assert not unplain(caught.value.message, sentences=2)


def test_a_message_that_is_there_already_counts_as_accepted(on: Ground, connected: Callable[..., tuple[Any, StubServer]]) -> None:
    for name in ("NHS Notify, sending", "GOV.UK Notify, looking before"):
        connector, server = connected(BY_NAME[name], fault_area())
        for _ in range(2):
            assert seen_of(Cell(BY_NAME[name], "again"), connector, on).state == "accepted"
        assert len(server.messages) == 1  # type: ignore[attr-defined]  # both stubs keep what they took
    assert NOTIFY_ID != GOVUK_ID


def test_a_wrong_key_of_govuk_notify_is_a_sign_in_and_the_message_waits(on: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    door = BY_NAME["GOV.UK Notify, looking before"]
    body = {"status_code": 403, "errors": [{"error": "AuthError", "message": "Invalid token: API key not found"}]}
    with stopped(door.serve(fault_area())) as server:
        for route in server._routes:
            object.__setattr__(route, "answer", lambda _request: StubReply(403, body))
        connector = door.connect(server.address, {"timeout_s": HEALTHY_S}, on.beside)
        assert seen_of(Cell(door, "403 AuthError"), connector, on).state == "retry later"

"""What is taken from GP Connect's documents, and what is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from connectors.gp_connect.documents import appointment, bundle, location
from connectors.gp_connect.mapping import appointments, location_name
from connectors.gp_connect.token import Requester
from helpdesk.errors import ConnectorUnavailable
from helpdesk.identifiers import NhsNumber
from helpdesk.primary_care.model import PracticeAppointment

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
NUMBER = NhsNumber("9990000018")
BST = timezone(timedelta(hours=1))
WHO = Requester("https://x.example.org", "d", "Desk", "1", "XICB", "Desk", "u", "Handler", "Ann")


def held(**changes: Any) -> dict[str, Any]:
    start = datetime(2026, 7, 3, 10, 20, tzinfo=BST)
    return {**appointment("148", "2", "17", PracticeAppointment(start, "Larkmead Surgery", "booked")), **changes}


def read(*resources: dict[str, Any], now: datetime = NOW, patient: str = "2") -> list[Any]:
    return appointments(bundle(resources), patient, now, "GP Connect")


def test_only_when_where_and_whether_it_stands_are_taken() -> None:
    (found,) = read(held(reason=[{"text": "A reason"}], serviceType=[{"text": "A clinic"}]))
    assert found.appointment == PracticeAppointment(datetime(2026, 7, 3, 10, 20, tzinfo=BST), "", "booked")
    assert found.location_id == "17"
    for word in ("not for this desk", "A reason", "A clinic", "booked, which is not the place"):
        assert word not in repr(found)


def test_who_booked_is_never_the_place() -> None:
    (found,) = read(held(participant=[{"actor": {"reference": "Patient/2"}}]))
    assert (found.appointment.place, found.location_id) == ("", "")


@pytest.mark.parametrize(
    ("actor", "contained"),
    [
        ({"reference": "Location/17"}, []),
        ({"reference": "https://practice.example.org/STU3/Location/17/_history/3"}, []),
        ({"reference": "#place"}, [{"resourceType": "Location", "id": "place", "name": "Larkmead Surgery"}]),
        ({"reference": "Location/99", "display": "Larkmead Surgery"}, []),
    ],
)
def test_the_place_is_named_where_the_reply_names_it(actor: dict[str, Any], contained: list[dict[str, Any]]) -> None:
    others = [{"actor": {"reference": "Patient/2"}}, {"actor": {"reference": "#1"}}, {"actor": {"reference": "Practitioner/2"}}]
    booked = held(participant=[*others, {"actor": actor}], contained=[{"resourceType": "Organization", "id": "1"}, *contained])
    (found,) = read(booked, location("17", "Larkmead Surgery"))
    assert (found.appointment.place, found.location_id) == ("Larkmead Surgery", "")


@pytest.mark.parametrize("reference", ["Location/..", "Location/a b", "Location/", "Location/17?x=1", "#unknown"])
def test_a_place_with_a_strange_id_is_not_asked_for(reference: str) -> None:
    (found,) = read(held(participant=[{"actor": {"reference": "Patient/2"}}, {"actor": {"reference": reference}}]))
    assert (found.appointment.place, found.location_id) == ("", "")


def test_a_cancelled_one_is_kept_and_one_made_in_error_never_was() -> None:
    found = read(held(status="cancelled"), held(status="entered-in-error"), held(status="a status of next year"))
    assert [f.appointment.status for f in found] == ["cancelled", "unknown"]


@pytest.mark.parametrize(
    "participant", [[{"actor": {"reference": "Patient/3"}}], [], [{"actor": {"reference": f"Patient/{i}"}} for i in (2, 3)]]
)
def test_an_appointment_that_is_not_this_patients_spoils_the_list(participant: list[dict[str, Any]]) -> None:
    with pytest.raises(ConnectorUnavailable):
        read(held(), held(participant=participant))


@pytest.mark.parametrize("start", ["2026-07-03", "2026-07-03T10:20:00", "", "tomorrow", None, 1])
def test_a_start_without_its_offset_is_not_guessed(start: Any) -> None:
    with pytest.raises(ConnectorUnavailable):
        read(held(start=start))


def test_the_first_moment_still_to_come_counts() -> None:
    assert len(read(held(start="2026-07-01T10:00:00+01:00"))) == 1
    assert read(held(start="2026-07-01T09:59:59+01:00")) == []


def test_a_location_must_be_the_one_asked_for() -> None:
    assert location_name(location("17", "Larkmead\u202e\nSurgery"), "17", "GP Connect") == "Larkmead Surgery"
    with pytest.raises(ConnectorUnavailable):
        location_name(location("18", "Elsewhere"), "17", "GP Connect")


@pytest.mark.parametrize(
    "resources", [[{"resourceType": "Slot", "id": "1"}], [held(), {"resourceType": "OperationOutcome", "issue": []}], [{"id": "no kind"}]]
)
def test_a_bundle_of_other_things_or_with_an_error_is_no_list_of_appointments(resources: list[dict[str, Any]]) -> None:
    body = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": r} for r in resources]}
    with pytest.raises(ConnectorUnavailable):
        appointments(body, "2", NOW, "GP Connect")

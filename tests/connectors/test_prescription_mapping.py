"""What is taken from the tracker's documents, what is not, and about whom."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors.prescription_tracker.codes import DISPLAYS, EPS, FOR_PATIENTS, coding_of, status_of
from connectors.prescription_tracker.documents import bundle, detailed, request_group
from connectors.prescription_tracker.mapping import prescriptions, with_since
from helpdesk.errors import ConnectorUnavailable
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Patient, Sensitivity
from helpdesk.primary_care.model import Prescription, PrescriptionStatus

NUMBER, OTHER = NhsNumber("9990000018"), NhsNumber("9990000026")
JANE, ANOTHER = (Patient(n, n, Sensitivity.UNRESTRICTED, "pds", datetime(2026, 7, 1, tzinfo=UTC)) for n in (NUMBER, OTHER))
DAY = date(2026, 6, 29)
HELD = Prescription(PrescriptionStatus.WITH_PHARMACY, DAY, "2 of 6")


def group(held: Prescription = HELD, **changes: Any) -> dict[str, Any]:
    made = {**request_group(held, "B57FE1-X00000-19600+", JANE), **changes}
    return {name: value for name, value in made.items() if value is not None}


def read(*groups: dict[str, Any]) -> list[Prescription]:
    return [tracked.prescription for tracked in prescriptions(bundle(JANE, (), groups), NUMBER, "Tracker")]


def coded(system: str, code: Any, url: str = "Extension-EPS-PrescriptionStatusHistory") -> dict[str, Any]:
    status = {"url": "status", "valueCoding": {"system": system, "code": code}}
    return {"extension": [{"url": f"https://fhir.nhs.uk/StructureDefinition/{url}", "extension": [status]}]}


@pytest.mark.parametrize("code", list(DISPLAYS))
def test_every_code_of_the_prescription_service_has_its_words(code: str) -> None:
    assert status_of(EPS, code) is not PrescriptionStatus.UNKNOWN
    assert read(group(**coded(EPS, code)))[0].status == status_of(EPS, code)


@pytest.mark.parametrize(
    "status", [s for s in PrescriptionStatus if s not in (PrescriptionStatus.UNKNOWN, PrescriptionStatus.BEING_CANCELLED)]
)
def test_every_status_goes_out_and_comes_back(status: PrescriptionStatus) -> None:
    coding = coding_of(status)
    assert status_of(coding["system"], coding["code"]) is status
    assert read(group(Prescription(status, DAY)))[0].status == status


@pytest.mark.parametrize(
    "changes",
    [
        coded(EPS, "0099"),
        coded(FOR_PATIENTS, "Teleported"),
        coded("https://another.example.org", "0001"),
        coded(EPS, "0001", "Extension-Another"),
        coded(EPS, ""),
        {"extension": []},
        {"extension": None},
        {"extension": coded(EPS, "0001")["extension"] + coded(EPS, "0006")["extension"]},
    ],
)
def test_a_status_that_is_not_known_is_said_to_be_so(changes: dict[str, Any]) -> None:
    assert read(group(**changes))[0].status == "Status not known"


def test_the_words_for_patients_are_known_in_either_case() -> None:
    assert status_of(FOR_PATIENTS, "Ready to Collect - Partial") is PrescriptionStatus.READY_TO_COLLECT_PARTIAL
    assert read(group(**coded(FOR_PATIENTS, "With Pharmacy", "Extension-DM-PrescriptionStatusHistory")))[0].status == "With pharmacy"


def test_a_prescription_that_is_about_to_be_cancelled() -> None:
    assert read(group(Prescription(PrescriptionStatus.BEING_CANCELLED, DAY)))[0].status == PrescriptionStatus.BEING_CANCELLED


def issues(issued: Any, allowed: Any, key: str = "valueInteger") -> dict[str, Any]:
    parts = [{"url": "numberOfRepeatsIssued", key: issued}, {"url": "numberOfRepeatsAllowed", key: allowed}]
    return {"extension": [{"url": "https://fhir.nhs.uk/StructureDefinition/Extension-EPS-RepeatInformation", "extension": parts}]}


@pytest.mark.parametrize(
    ("changes", "issue"),
    [
        (issues(2, 6), "2 of 6"),
        (issues(2, 6, "valueUnsignedInt"), "2 of 6"),
        (issues(1, 1), ""),
        (issues(0, 6), ""),
        (issues(7, 6), ""),
        (issues(-1, 6), ""),
        (issues(2, 10**6), ""),
        ({"extension": []}, ""),
    ],
)
def test_which_issue_of_a_repeating_one(changes: dict[str, Any], issue: str) -> None:
    assert read(group(**changes))[0].issue == issue


@pytest.mark.parametrize(
    ("authored", "day"),
    [("2026-02-27T00:00:00.000Z", date(2026, 2, 27)), ("2026-06-29T23:30:00Z", date(2026, 6, 30)), (None, None)],
)
def test_the_day_is_the_day_in_london(authored: str | None, day: date | None) -> None:
    assert read(group(authoredOn=authored))[0].day == day


def test_issues_on_their_way_come_before_those_due_later() -> None:
    def one(number: int, status: PrescriptionStatus) -> dict[str, Any]:
        return group(Prescription(status, DAY, f"{number} of 4"))

    later = PrescriptionStatus.LATER
    given = [one(1, PrescriptionStatus.DISPENSED), one(2, PrescriptionStatus.WITH_PHARMACY), one(3, later), one(4, later)]
    newer = group(Prescription(PrescriptionStatus.APPROVED, date(2026, 6, 30)))
    assert [p.issue for p in read(*given, newer)] == ["", "2 of 4", "1 of 4", "3 of 4", "4 of 4"]


def spoilt(change: Any) -> dict[str, Any]:
    body = deepcopy(bundle(JANE, (), [group(), group()]))
    change(body)
    return body


def _put(body: dict[str, Any], entry: int, **fields: Any) -> None:
    body["entry"][entry]["resource"].update(fields)


ABOUT_ANOTHER = [
    lambda b: _put(b, 0, identifier=[{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": OTHER.value}]),
    lambda b: _put(b, 0, identifier=[]),
    lambda b: b["entry"].append({"resource": bundle(ANOTHER, (), [group()])["entry"][0]["resource"]}),
    lambda b: b["entry"].pop(0),
    lambda b: _put(b, 2, subject={"reference": "urn:uuid:00000000-0000-0000-0000-000000000000"}),
    lambda b: _put(b, 1, subject={"reference": "Patient/elsewhere"}),
    lambda b: _put(b, 2, subject={"identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": OTHER.value}}),
]
WRONG_SHAPE = [
    lambda b: _put(b, 1, subject={}),
    lambda b: b["entry"][1]["resource"].pop("subject"),
    lambda b: _put(b, 1, extension={}),
    lambda b: _put(b, 1, **coded(EPS, 1)),
    lambda b: _put(b, 1, **issues("2", "6")),
    lambda b: _put(b, 1, authoredOn="yesterday"),
    lambda b: _put(b, 1, authoredOn="2026-02-27"),
    lambda b: _put(b, 1, authoredOn=None),
    lambda b: b["entry"].append(None),
    lambda b: b["entry"].append({"resource": {"resourceType": "OperationOutcome", "issue": []}}),
    lambda b: b.update(total=3),
    lambda b: b.update(entry={}),
    lambda b: b.update(entry=b["entry"][:1]),
    lambda b: b.update(resourceType="List"),
]


@pytest.mark.parametrize("change", ABOUT_ANOTHER)
def test_a_word_about_anybody_else_spoils_the_whole_answer(change: Any) -> None:
    with pytest.raises(ConnectorUnavailable) as caught:
        prescriptions(spoilt(change), NUMBER, "Tracker")
    assert caught.value.message == "Tracker answered about a different person, so its answer is not used."


@pytest.mark.parametrize("change", WRONG_SHAPE)
def test_another_shape_is_never_an_empty_answer(change: Any) -> None:
    with pytest.raises(ConnectorUnavailable):
        prescriptions(spoilt(change), NUMBER, "Tracker")


def test_a_subject_told_by_number_is_enough() -> None:
    subject = {"identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": NUMBER.value}}
    assert read(group(subject=subject)) == [HELD]


def test_nothing_of_the_medicine_is_kept() -> None:
    whole = detailed(HELD, "B57FE1-X00000-19600+", JANE)
    (known,) = prescriptions(bundle(JANE, (), [group()]), NUMBER, "Tracker")
    told = with_since(known, whole, NUMBER, "Tracker")
    assert told.prescription == Prescription(HELD.status, DAY, HELD.issue, DAY)
    assert "medicine" not in repr(prescriptions(whole, NUMBER, "Tracker")).lower()


def test_a_day_of_another_status_is_not_taken() -> None:
    """The prescription moved on between the two questions."""
    (known,) = prescriptions(bundle(JANE, (), [group()]), NUMBER, "Tracker")
    moved = Prescription(PrescriptionStatus.DISPENSED, DAY, HELD.issue, date(2026, 7, 1))
    assert with_since(known, detailed(moved, "B57FE1-X00000-19600+", JANE), NUMBER, "Tracker") == known
    with pytest.raises(ConnectorUnavailable):
        with_since(known, detailed(Prescription(HELD.status, DAY, "3 of 6"), "B57FE1-X00000-19600+", JANE), NUMBER, "Tracker")

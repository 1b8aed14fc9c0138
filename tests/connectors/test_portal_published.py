"""The portal's mapping beside the published examples: every one of them is understood, and none says more than it may."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from loopback import OneReply, SetClock, asking, published
from openapi_schema_validator import OAS30Validator

from connectors.stub_routes import StubReply
from connectors.trust_portal import connect
from connectors.trust_portal.settings import TrustPortalSettings
from connectors.trust_portal.stub_documents import appointment, is_shown, plans, task
from helpdesk.errors import ConnectorAuthFailed, ConnectorError, ConnectorNotPermitted, ConnectorRejected, ConnectorUnavailable
from helpdesk.identifiers import NhsNumber, OdsCode, PathwayId, Ubrn
from helpdesk.pathways.activity import ActivityFound, ActivityKind, ActivityStatus
from tests.connectors.activity_area import JANES
from tests.connectors.tiny_area import JANE, NOW

CONSUMER = "patient-care-aggregator/consumer-openapi.json"
PRODUCER = "patient-care-aggregator/producer-openapi.json"
_NUMBER = re.compile(r'("system": "https://fhir\.nhs\.uk/Id/nhs-number", "value": ")[0-9]{10}"')


def examples(path: str) -> dict[str, Any]:
    """Every example, each about our own test patient: the published numbers are not all valid."""
    held = published(path)["components"]["examples"]
    return {name: json.loads(_NUMBER.sub(rf'\g<1>{JANE}"', json.dumps(example["value"]))) for name, example in held.items()}


def told(body: Any, status: int = 200, shape: str = "aggregator", route: str = "/aggregator/events") -> ActivityFound:
    server = OneReply(StubReply(status, body), f"GET {route}")
    try:
        paths = {"task_path": ""} if route == "/Appointment" else {"appointment_path": ""} if route == "/Task" else {}
        settings = TrustPortalSettings(base_url=server.address, shape=shape, **paths)
        return connect(settings, asking("portal", "The portal", SetClock(NOW))).activity(NhsNumber(JANE.value))
    finally:
        server.stop()


def _bundles(held: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The whole answers, and each fragment made into one."""
    for name, value in held.items():
        kind = value.get("resourceType", "")
        if kind == "Bundle":
            yield name, value
        elif "resource" in value:
            yield name, {"resourceType": "Bundle", "type": "searchset", "entry": [value]}
        elif "detail" in value:
            subject = {"identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": JANE.value}}
            plan = {"resourceType": "CarePlan", "status": "active", "intent": "order", "subject": subject, "activity": [value]}
            yield name, {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": plan}]}


def _shown(body: Any) -> set[str]:
    """Everything that is not a document, each once in each plan."""
    plans = [entry["resource"] for entry in body.get("entry", [])]
    details = [(plan.get("identifier"), held["detail"]) for plan in plans for held in plan.get("activity", [])]
    return {json.dumps(d, sort_keys=True) for d in details if d[1]["kind"] != "DocumentReference"}


def test_every_answer_of_the_aggregator_is_understood() -> None:
    seen: Counter[str] = Counter()
    for name, body in _bundles(examples(CONSUMER)):
        outcomes = [e["resource"] for e in body.get("entry", []) if e["resource"]["resourceType"] == "OperationOutcome"]
        errors = [i for o in outcomes for i in o.get("issue", []) if i["severity"] == "error"]
        failed = {i["extension"][0]["valueCode"] for i in errors}
        if name == "upstreamFailedValidation":  # its outcome has lost its issue, and with it the source's name
            failed = {"one of the systems behind it"}
        found = told(body, 207 if failed else 200)
        waits = [e for e in body.get("entry", []) if e["resource"].get("identifier")]
        assert len(found.items) == len({e["resource"]["identifier"][0]["value"] for e in waits}) + len(_shown(body)), name
        assert set(found.missing) == failed, name
        assert not any(item.status is ActivityStatus.UNKNOWN for item in found.items), name
        seen["answers"] += 1
        seen["items"] += len(found.items)
    assert seen["answers"] > 90
    assert seen["items"] > 150


def test_the_states_of_the_aggregator() -> None:
    held = examples(CONSUMER)
    (waiting, *others) = told(dict(_bundles(held))["pathwayActiveReferralUpcomingAppointment"]).items
    assert (waiting.kind, waiting.status, waiting.pathway_id) == (
        ActivityKind.WAITING,
        ActivityStatus.ACTIVE,
        PathwayId("ABC220939220X", "RTD"),
    )
    assert (waiting.as_at, waiting.clock_start, waiting.provider) == (date(2023, 6, 25), date(2022, 6, 22), OdsCode("R1F"))
    assert waiting.specialty.name == "Ophthalmology"
    assert [(o.kind, o.status, o.pathway_id) for o in others] == [
        (ActivityKind.REFERRAL, ActivityStatus.TO_BOOK, waiting.pathway_id),
        (ActivityKind.APPOINTMENT, ActivityStatus.BOOKED, waiting.pathway_id),
    ]
    assert others[0].ubrn == Ubrn("808993698001")
    assert others[1].place == "Chapel Allerton Hospital, Dentistry Dept, 2nd Floor"


@pytest.mark.parametrize(
    ("name", "kind", "status", "start"),
    [
        ("appointmentFuturePepBookedPendingReschedule", ActivityKind.APPOINTMENT, ActivityStatus.PENDING, True),
        ("appointmentFuturePepCancelledPendingReschedule", ActivityKind.APPOINTMENT, ActivityStatus.CANCELLED, True),
        ("appointmentHistoricSusDNA", ActivityKind.APPOINTMENT, ActivityStatus.MISSED, True),
        ("appointmentFutureErsIndirectBooking", ActivityKind.APPOINTMENT, ActivityStatus.BOOKED, False),
        ("daycaseFuturePepBooked", ActivityKind.ADMISSION, ActivityStatus.BOOKED, True),
        ("referralActiveInReviewWithDueDate", ActivityKind.REFERRAL, ActivityStatus.ACTIVE, False),
        ("questionnaireIncompleteLinked", ActivityKind.TASK, ActivityStatus.ACTIVE, True),
    ],
)
def test_a_state(name: str, kind: ActivityKind, status: ActivityStatus, start: bool) -> None:
    (item,) = told(dict(_bundles(examples(CONSUMER)))[name]).items
    assert (item.kind, item.status, item.start is not None) == (kind, status, start)
    assert item.due == (date(2024, 8, 19) if name.endswith("DueDate") else None)


def test_a_suspected_cancer_is_for_its_team_and_why_is_not_kept() -> None:
    (item,) = told(dict(_bundles(examples(CONSUMER)))["referralActive2WW"]).items
    assert item.ask_team
    assert "cancer" not in repr(item).casefold()


def test_documents_are_not_read() -> None:
    assert told(examples(CONSUMER)["allDocumentStates"]).items == ()


def test_the_published_outpatient_appointment() -> None:
    (item,) = told(examples(PRODUCER)["outpatientAppointment"], shape="producer", route="/Appointment").items
    assert (item.kind, item.status, item.medium) == (ActivityKind.APPOINTMENT, ActivityStatus.PENDING, "by video")
    assert (item.provider, item.specialty.code, item.ubrn, item.local_id) == (OdsCode("RFF"), "330", Ubrn("000000000001"), "RBH5644312231")
    assert item.start == datetime.fromisoformat("2021-06-13T12:30:00+00:00")
    assert item.place == "Chapel Allerton Hospital, Dentistry Dept, 2nd Floor"


def test_the_published_admission_and_questionnaire() -> None:
    before, stay = told(examples(PRODUCER)["inpatientAdmission"], shape="producer", route="/Appointment").items
    assert [i.kind for i in (before, stay)] == [ActivityKind.APPOINTMENT, ActivityKind.ADMISSION]
    (task,) = told(examples(PRODUCER)["questionnaire"], shape="producer", route="/Task").items
    assert (task.kind, task.status, task.specialty.code) == (ActivityKind.TASK, ActivityStatus.ACTIVE, "330")
    assert "Survey" not in repr(task)


def test_the_published_empty_answer() -> None:
    assert told(examples(PRODUCER)["emptyBundle"], shape="producer", route="/Appointment").items == ()
    assert told(examples(CONSUMER)["emptyBundle"]).items == ()


@pytest.mark.parametrize(
    ("name", "status", "error"),
    [
        ("missingNhsNumber", 400, ConnectorRejected),
        ("invalidNhsNumber", 400, ConnectorRejected),
        ("mismatchNhsNumber", 401, ConnectorAuthFailed),
        ("invalidAuthToken", 401, ConnectorAuthFailed),
        ("under16", 403, ConnectorNotPermitted),
        ("missingNhsdTargetIdentifier", 404, ConnectorRejected),
        ("rateLimit", 429, ConnectorUnavailable),
        ("gatewayTimeout", 504, ConnectorUnavailable),
    ],
)
def test_every_published_refusal(name: str, status: int, error: type[ConnectorError]) -> None:
    with pytest.raises(error):
        told(examples(PRODUCER)[name], status, shape="producer", route="/Appointment")


def _valid(shape: str, name: str, value: Any) -> None:
    document = published(CONSUMER if shape == "aggregator" else PRODUCER)
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    OAS30Validator(schema).validate(value)


def test_what_the_stub_shows_is_as_published() -> None:
    for item in JANES:
        if is_shown(item):
            _valid("producer", *(("Task", task(item)) if item.kind is ActivityKind.TASK else ("Appointment", appointment(item))))
    shown = plans(JANES)
    assert len(shown) == 2
    for plan in shown:
        _valid("aggregator", "CarePlan", plan)

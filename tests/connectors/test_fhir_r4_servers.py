"""Servers of different makers, each fitted by its settings alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from loopback import SetClock, asking, keeping
from pydantic import ValidationError

from connectors.fhir_r4 import connect
from connectors.fhir_r4.settings import FhirR4Settings
from connectors.stub_routes import StubReply, StubRequest
from helpdesk.errors import ConnectorRejected, NotFound
from helpdesk.identifiers import OdsCode, PathwayId, Ubrn
from helpdesk.pathways.activity import Activity, ActivityFound, ActivityKind, ActivityStatus
from tests.connectors.r4_server import NHS, R4Server, appointment, patient, searchset, statement, subject_of
from tests.connectors.tiny_area import JANE, NOW

EPIC: dict[str, Any] = {
    "patient_by": "patient",
    "nhs_number_system": "urn:oid:2.16.840.1.113883.2.1.4.1",
    "resources": ["Appointment", "ServiceRequest", "Encounter"],
    "search": {"Appointment": "status=booked,pending&date=ge{today-30}", "ServiceRequest": "status=active"},
    "include": [],
    "page_size": 10,
    "provider": "XFEN1",
    "specialty_systems": ["urn:oid:1.2.840.114350.1.13.99.2.7.2.686980"],
    "ubrn_systems": ["urn:oid:1.2.840.114350.1.13.99.2.7.2.798268"],
    "headers": {"Epic-Client-ID": "9f0c1d1e-0000-4000-8000-000000000001"},
}
ORACLE: dict[str, Any] = {
    "patient_by": "patient:identifier",
    "resources": ["Appointment", "ServiceRequest", "Encounter", "Task"],
    "include": ["Appointment:location"],
    "page_size": 0,
    "provider": "XTHO1",
    "specialty_systems": ["https://fhir.example.org/specialties"],
    "pathway_issuer": "XTHO1",
    "task_codes": ["patient-form"],
}
SHARED: dict[str, Any] = {
    "patient_by": "patient.identifier",
    "resources": ["Appointment", "CarePlan"],
    "include": ["Appointment:location", "Appointment:patient"],
    "waiting_list_codes": ["waiting"],
    "dated_by": "last_changed",
    "limits": "Mental health services do not share their appointments.",
}
TREATMENT = {"system": "https://fhir.nhs.uk/CodeSystem/Specialty-1", "code": "110", "display": "Trauma & Orthopaedics"}


@pytest.fixture
def keep() -> Iterator[Callable[[R4Server], R4Server]]:
    yield from keeping()


def ask(server: R4Server, **settings: Any) -> ActivityFound:
    whole = FhirR4Settings(**({"base_url": server.address} | settings))
    return connect(whole, asking("fenmoor", "Fenmoor", SetClock(NOW))).activity(JANE)


def by_id(found: ActivityFound) -> dict[str, Activity]:
    return {item.id: item for item in found.items}


def epic() -> R4Server:
    """Long opaque ids, absolute next links with a session of their own, an outcome with warnings in every bundle, the
    patient's local number first, and a priority that the desk must not tell."""
    oid = "urn:oid:2.16.840.1.113883.2.1.4.1"
    jane = "eJzh8s1l-K2x.9zQfA3"
    local = {"system": "urn:oid:1.2.840.114350.1.13.99", "value": "E1234", "use": "usual"}
    person = patient(jane, JANE, identifier=[local, {"system": oid, "value": str(JANE), "use": "official"}])
    warning = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "informational", "details": {"text": "?"}}]}
    whose = {"reference": f"Patient/{jane}", "display": "SMITH, JANE"}
    clinic = {"actor": {"reference": "Location/eLoc", "display": "Fracture clinic"}, "status": "accepted"}
    department = [{"coding": [{"system": EPIC["specialty_systems"][0], "code": "110", "display": "Orthopaedics"}], "text": "Ortho"}]
    made = [
        appointment(f"eApp{i}", whose, specialty=department, participant=[{"actor": whose, "status": "accepted"}, clinic]) for i in range(3)
    ]
    made[0]["reasonCode"] = [{"text": "Fracture of wrist"}]
    made[0]["comment"] = "Bring the notes"

    def appointments(request: StubRequest) -> dict[str, Any]:
        session = dict(request.params).get("sessionID")
        here = made[:2] if session is None else made[2:]
        onward = "" if session else f"http://{request.headers['Host']}/api/FHIR/R4/Appointment?sessionID=27-88D%2BA%2F%3D&_p=2"
        bundle = searchset(*here, next_url=onward)
        bundle["entry"].append({"resource": warning, "search": {"mode": "outcome"}})
        return bundle

    request = {
        "resourceType": "ServiceRequest",
        "id": "eReq1",
        "status": "active",
        "priority": "urgent",
        "identifier": [{"system": EPIC["ubrn_systems"][0], "value": "000012345678"}],
        "category": [{"text": "Urgent suspected cancer referral"}],
        "subject": {"reference": f"Patient/{jane}"},
        "authoredOn": "2026-10-02T23:30:00Z",
        "reasonCode": [{"text": "?"}],
    }
    none = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "not-found", "details": {"text": "No results"}}]}
    nothing = searchset(total=0) | {"entry": [{"resource": none, "search": {"mode": "outcome"}}]}
    return R4Server(
        {
            "/metadata": statement("Patient", "Appointment", "ServiceRequest", "Encounter"),
            "/Patient": searchset(person),
            "/Appointment": appointments,
            "/ServiceRequest": searchset(request),
            "/Encounter": nothing,
        },
        base_path="/api/FHIR/R4",
    )


def test_an_epic_shaped_server(keep: Callable[[R4Server], R4Server]) -> None:
    server = keep(epic())
    found = ask(server, **EPIC)
    held = by_id(found)
    assert list(held) == ["eApp0", "eApp1", "eApp2", "eReq1"]
    assert found.missing == ()
    first = held["eApp0"]
    assert (first.kind, first.status, first.place) == (ActivityKind.APPOINTMENT, ActivityStatus.BOOKED, "Fracture clinic")
    assert (first.specialty.code, first.provider) == ("110", OdsCode("XFEN1"))
    assert (held["eReq1"].ubrn, held["eReq1"].referred, held["eReq1"].ask_team) == (Ubrn("000012345678"), date(2026, 10, 3), True)
    for kept in ("wrist", "notes", "cancer", "urgent"):
        assert kept not in repr(found).casefold()


def test_what_an_epic_shaped_server_is_asked(keep: Callable[[R4Server], R4Server]) -> None:
    server = keep(epic())
    ask(server, **EPIC)
    assert server.asked("/Patient") == [[("identifier", f"{EPIC['nhs_number_system']}|{JANE}")]]
    first, second = server.asked("/Appointment")
    assert first == [("patient", "eJzh8s1l-K2x.9zQfA3"), ("status", "booked,pending"), ("date", "ge2026-10-22"), ("_count", "10")]
    assert second == [("sessionID", "27-88D+A/="), ("_p", "2")]
    assert {request.headers["Epic-Client-ID"] for request in server.seen} == {EPIC["headers"]["Epic-Client-ID"]}


def oracle() -> R4Server:
    """Whole-number ids, a page of the base address itself, references by whole address, contained places, no Task at all."""
    placed = {"contained": [{"resourceType": "Location", "id": "7", "name": "Outpatients 2"}]}

    def appointments(request: StubRequest) -> dict[str, Any]:
        base = f"http://{request.headers['Host']}/r4/tenant"
        whose = {"reference": f"{base}/Patient/12742399"}
        at = {"actor": {"reference": "#7"}, "status": "accepted"}
        first = appointment("4817508", whose, participant=[{"actor": whose, "status": "accepted"}, at], **placed)
        return searchset(first, next_url=f"{base}?_getpages=0f1c&_getpagesoffset=1&_bundletype=searchset")

    def pages(request: StubRequest) -> dict[str, Any]:
        assert dict(request.params)["_getpages"] == "0f1c"
        second = appointment("4817509", {"reference": "Patient/12742399/_history/3"}, status="noshow")
        second["basedOn"] = [{"reference": "ServiceRequest/55"}]
        return searchset(second)

    request = {
        "resourceType": "ServiceRequest",
        "id": "55",
        "status": "completed",
        "identifier": [{"system": "https://fhir.nhs.uk/Id/PathwayId", "value": "XTHO100077"}],
        "category": [{"coding": [{"system": "https://fhir.example.org/specialties", "code": "130", "display": "Ophthalmology"}]}],
        "subject": subject_of(JANE),
    }
    encounter = {
        "resourceType": "Encounter",
        "id": "901",
        "status": "planned",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
        "subject": {"reference": "Patient/12742399"},
        "appointment": [{"reference": "Appointment/4817508"}],
        "period": {"start": "2026-12-01T09:00:00Z"},
    }
    return R4Server(
        {
            "/metadata": statement("Patient", "Appointment", "ServiceRequest", "Encounter"),
            "/Patient/12742399": patient("12742399", JANE),
            "/Appointment": appointments,
            "": pages,
            "/ServiceRequest": searchset(request),
            "/Encounter": searchset(encounter),
        },
        base_path="/r4/tenant",
    )


def test_an_oracle_shaped_server(keep: Callable[[R4Server], R4Server]) -> None:
    server = keep(oracle())
    found = ask(server, **ORACLE)
    held = by_id(found)
    assert set(held) == {"4817508", "4817509", "55"}
    assert held["4817508"].place == "Outpatients 2"
    assert (held["4817509"].status, held["4817509"].pathway_id) == (ActivityStatus.MISSED, PathwayId("XTHO100077", "XTHO1"))
    assert held["55"].specialty.name == "Ophthalmology"
    assert found.missing == ("its tasks for the patient",)


def test_what_an_oracle_shaped_server_is_asked(keep: Callable[[R4Server], R4Server]) -> None:
    server = keep(oracle())
    ask(server, **ORACLE)
    assert server.asked("/Appointment") == [[("patient:identifier", f"{NHS}|{JANE}"), ("_include", "Appointment:location")]]
    assert len(server.asked("/Patient/12742399")) == 1
    assert server.asked("/Task") == []


def shared() -> R4Server:
    """A patient for each organisation, names and patients sent along, relative next links, lists copied every week."""
    person, again = patient("XFEN1-1", JANE), patient("XTHO1-9", JANE)
    ward = {"resourceType": "Location", "id": "L1", "name": "Ward 4"}
    trust = {
        "resourceType": "Organization",
        "id": "O1",
        "name": "Fenmoor",
        "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "XFEN1"}],
    }
    stay = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"}]}
    at = {"actor": {"reference": "Location/L1"}, "status": "accepted"}
    named = {"reference": "Patient/XFEN1-1"}
    first = appointment("a1", named, appointmentType=stay, participant=[{"actor": named, "status": "accepted"}, at])
    second = appointment("a2", {"reference": "Patient/XTHO1-9"}, status="waitlist")

    def appointments(request: StubRequest) -> dict[str, Any]:
        if dict(request.params).get("page"):
            return searchset(second, along=(again,))
        return searchset(first, along=(person, ward), next_url="Appointment?page=2&snapshot=a%7Cb")

    plan = {
        "resourceType": "CarePlan",
        "id": "w1",
        "meta": {"lastUpdated": "2026-11-15T01:00:00Z"},
        "status": "active",
        "category": [{"coding": [{"system": "https://scr.example.org/plans", "code": "waiting"}]}, {"coding": [TREATMENT]}],
        "subject": subject_of(JANE),
        "period": {"start": "2026-03-03"},
        "author": {"reference": "Organization/O1"},
        "description": "Total hip replacement",
    }
    clinical = plan | {"id": "c1", "category": [{"text": "Diabetes care plan"}]}
    return R4Server({"/Appointment": appointments, "/CarePlan": searchset(plan, clinical, along=(trust,))}, base_path="/fhir")


def test_a_server_shaped_like_a_shared_care_record(keep: Callable[[R4Server], R4Server]) -> None:
    found = ask(keep(shared()), **SHARED)
    held = by_id(found)
    assert set(held) == {"a1", "a2", "w1"}
    assert (held["a1"].kind, held["a1"].place) == (ActivityKind.ADMISSION, "Ward 4")
    assert (held["a2"].status, held["a2"].start) == (ActivityStatus.TO_BOOK, None)
    waiting = held["w1"]
    assert (waiting.kind, waiting.clock_start, waiting.provider) == (ActivityKind.WAITING, date(2026, 3, 3), OdsCode("XFEN1"))
    assert waiting.as_at == datetime.fromisoformat("2026-11-15T01:00:00+00:00")
    assert (found.missing, found.limits) == ((), SHARED["limits"])
    assert "hip" not in repr(found)


def test_a_person_held_once_for_each_organisation_is_asked_for_by_all_ids(keep: Callable[[R4Server], R4Server]) -> None:
    people = searchset(patient("1", JANE), patient("2", JANE))
    server = keep(R4Server({"/Patient": people, "/Appointment": searchset(appointment("a", {"reference": "Patient/2"}))}))
    assert list(by_id(ask(server, resources=["Appointment"], include=[], page_size=0))) == ["a"]
    assert server.asked("/Appointment") == [[("patient", "1,2")]]


def test_check_names_what_is_not_offered(keep: Callable[[R4Server], R4Server]) -> None:
    offered = statement("Patient", "Appointment", parameters={"Patient": ("name",), "Appointment": ("patient", "date")})
    server = keep(R4Server({"/metadata": offered}))
    settings = FhirR4Settings(base_url=server.address, resources=["Appointment", "Task"], search={"Appointment": "status=booked"})
    client = connect(settings, asking("fenmoor", "Fenmoor", SetClock(NOW)))
    with pytest.raises(ConnectorRejected) as caught:
        client.check()  # type: ignore[attr-defined]  # every client has it, though the port does not say so
    assert caught.value.message == "Fenmoor does not offer: Task, Appointment by status, Patient by identifier."


def test_check_says_that_the_server_speaks_another_version(keep: Callable[[R4Server], R4Server]) -> None:
    server = keep(R4Server({"/metadata": statement("Patient", version="3.0.2")}))
    with pytest.raises(ConnectorRejected, match=r"another version of FHIR than R4\.$"):
        connect(FhirR4Settings(base_url=server.address), asking("f", "Fenmoor", SetClock(NOW))).check()  # type: ignore[attr-defined]  # as above


def test_what_is_offered_is_asked_once(keep: Callable[[R4Server], R4Server]) -> None:
    server = keep(R4Server({"/metadata": StubReply(404), "/Patient": searchset()}))
    client = connect(FhirR4Settings(base_url=server.address), asking("f", "Fenmoor", SetClock(NOW)))
    for _ in range(3):
        with pytest.raises(NotFound):
            client.activity(JANE)
    assert len(server.asked("/metadata")) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"headers": {"Authorization": "Bearer x"}},
        {"headers": {"authorization": "x"}},
        {"headers": {"Cookie": "x"}},
        {"headers": {"X-Odd": "a\r\nAuthorization: b"}},
        {"headers": {"X Odd": "a"}},
        {"search": {"Appointment": "patient=Patient/1"}},
        {"search": {"Appointment": "patient.identifier=x"}},
        {"search": {"Appointment": "date=ge{yesterday}"}},
        {"search": {"Appointment": "status"}},
        {"search": {"Observation": "status=final"}},
        {"include": ["Observation:subject"]},
        {"resources": []},
        {"resources": ["Observation"]},
        {"provider": "not a code"},
        {"patient_by": "name"},
        {"base_url": "http://fenmoor.invalid/fhir"},
    ],
)
def test_settings_that_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        FhirR4Settings(**({"base_url": "http://127.0.0.1:1"} | wrong))

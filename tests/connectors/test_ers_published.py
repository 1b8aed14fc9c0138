"""e-RS beside its published specification: who may ask what, what we send, what the stub answers, what we read."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache

import pytest
from ers_published import Published
from ers_referral import BOOKED, NOW, UBRN
from loopback import Keep, SetClock, asking, keeping

from connectors.errors_http import codes_of
from connectors.ers import documents
from connectors.ers.advice import NOT_KNOWN, advice_from, words_of
from connectors.ers.contact_days import contact_by, contact_days_from
from connectors.ers.documents_apart import ADVICE_STATES
from connectors.ers.documents_lists import ON_LIST
from connectors.ers.functions import call_rule
from connectors.ers.mapping import event_from, referral_of
from connectors.ers.resource import read_referral
from connectors.ers.service import service_from
from connectors.ers.settings import ErsSettings
from connectors.ers.stub import serve
from connectors.ers.worklist_mapping import entries_from
from connectors.ers.worklists import OF_PROVIDERS, question
from connectors.http import Reply, Transport
from connectors.stub_server import StubServer
from helpdesk.identifiers import NhsNumber, Ubrn
from helpdesk.pathways.model import Referral, ReferralState, WorklistKind
from helpdesk.practice.model import Area

PATHS = {
    "A004": "/STU3/CodeSystem/{codeSystemType}",
    "A005": "/STU3/ReferralRequest/{ubrn}",
    "A008": "/STU3/ReferralRequest/$ers.fetchworklist",
    "A024": "/STU3/CommunicationRequest/{ubrn}",
    "A033": "/R4/HealthcareService/{id}",
    "A038": "/STU3/Appointment/{id}",
}
AT_THE_TIME = datetime(2021, 6, 1, tzinfo=UTC)
DEFERRED = dataclasses.replace(BOOKED, state=ReferralState.DEFERRED_TO_PROVIDER, next_event=None, advice=words_of(ADVICE_STATES[2]))
ADVICE = Referral(
    Ubrn("000000070002"), BOOKED.nhs_number, ReferralState.UNKNOWN, "Cardiology", "Cardiology advice", advice=words_of(ADVICE_STATES[0])
)


@cache
def _spec() -> Published:
    return Published()


@pytest.fixture
def spec() -> Published:
    return _spec()


@pytest.fixture
def keep() -> Iterator[Keep[StubServer]]:
    yield from keeping()


def area(*referrals: Referral) -> Area:
    return Area(1, NOW.date(), (), (), (), referrals, {}, ())


def roles_in(text: str) -> set[str]:
    return set(re.findall(r"- `([A-Z_]+)`", text))


@pytest.mark.parametrize("call", [c for c in PATHS if c != "A008"])
def test_each_call_is_open_to_the_published_roles(spec: Published, call: str) -> None:
    needed = spec.operation(PATHS[call])["description"].split("## Pre-requisites")[1].split("## Use case")[0]
    rule = call_rule(call)
    assert rule.user == roles_in(needed)
    contexts = {"provider": "Service Provider", "practice": "Referring Organisation"}
    application = needed.split("### Healthcare worker")[0].split("## Healthcare worker")[0] if "calling application" in needed else ""
    assert rule.application == {name for name, words in contexts.items() if words in application}
    assert rule.on_behalf_of == ("NHSD-eRS-On-Behalf-Of-User-ID" in spec.parameters(PATHS[call]))


@pytest.mark.parametrize("kind", list(WorklistKind))
def test_each_worklist_is_open_to_the_published_roles(spec: Published, kind: WorklistKind) -> None:
    practice, provider = spec.operation(PATHS["A008"])["description"].split("## Service Providing Organisations")
    part = provider if kind in OF_PROVIDERS else practice
    assert call_rule(kind.value).user == roles_in(part.split("## Pre-requisites")[1])
    assert call_rule(kind.value).application == ({"provider"} if kind in OF_PROVIDERS else set())


def test_every_business_function_can_be_set(spec: Published) -> None:
    published = set(spec.parameters(PATHS["A005"])["NHSD-eRS-Business-Function"]["schema"]["enum"])
    assert set(ErsSettings.model_json_schema()["properties"]["business_function"]["enum"]) == published | {""}


@pytest.mark.parametrize("kind", list(WorklistKind))
@pytest.mark.parametrize("service", ["", "11002"])
def test_what_is_asked_of_a_worklist_is_as_published(spec: Published, kind: WorklistKind, service: str) -> None:
    assert not spec.request_problems(PATHS["A008"], question(kind, service))
    assert spec.request_problems(PATHS["A008"], question(kind, service) | {"parameter": [{"name": "list"}]})


REFERRER = {"NHSD-End-User-Organisation-ODS": "XPR01", "NHSD-eRS-Business-Function": "REFERRING_CLINICIAN_ADMIN"}


def asked(server: StubServer, path: str, role: dict[str, str] | None = None) -> Reply:
    context = asking("ers", "e-RS", SetClock(NOW))
    headers = {"Accept": "application/fhir+json", **(REFERRER if role is None else role)}
    return Transport(ErsSettings(base_url=server.address), context).get_json(path, headers=headers)


@pytest.mark.parametrize(
    ("call", "path", "status"),
    [
        ("A004", "/STU3/CodeSystem/PRIORITY", 200),
        ("A005", "/STU3/ReferralRequest/000000070001", 200),
        ("A005", "/STU3/ReferralRequest/000000070002", 422),
        ("A024", "/STU3/CommunicationRequest/000000070001", 200),
        ("A024", "/STU3/CommunicationRequest/000000070002", 200),
        ("A033", f"/R4/HealthcareService/{documents.service_id(DEFERRED)}", 200),
        ("A033", "/R4/HealthcareService/1", 404),
        ("A038", "/STU3/Appointment/70001", 200),
    ],
)
@pytest.mark.parametrize(
    "held", [BOOKED, DEFERRED, dataclasses.replace(DEFERRED, contact_by=date(2026, 8, 3), service_phone="01632 960001")]
)
def test_the_stub_answers_as_published(spec: Published, keep: Keep[StubServer], call: str, path: str, status: int, held: Referral) -> None:
    held = dataclasses.replace(held, advice=DEFERRED.advice)
    reply = asked(keep(serve(area(held, ADVICE))), path)
    assert reply.status == status
    assert spec.reply_problems(PATHS[call], status, reply.body) == []


@pytest.mark.parametrize("state", [s for s in ReferralState if s is not ReferralState.UNKNOWN])
def test_every_state_of_the_stub_is_as_published(spec: Published, state: ReferralState) -> None:
    body = documents.referral_request(dataclasses.replace(BOOKED, state=state, next_event=None))
    assert spec.reply_problems(PATHS["A005"], 200, body) == []


@pytest.mark.parametrize(
    ("call", "path", "role"),
    [
        ("A004", "/STU3/CodeSystem/PRIORITY", {"NHSD-End-User-Organisation-ODS": "XICB", "NHSD-eRS-Business-Function": "COMMISSIONER"}),
        ("A005", "/STU3/ReferralRequest/000000070001", {"NHSD-eRS-Business-Function": "REFERRING_CLINICIAN"}),
        ("A024", "/STU3/CommunicationRequest/000000070001", REFERRER | {"NHSD-eRS-On-Behalf-Of-User-ID": "021600556514"}),
        ("A033", "/R4/HealthcareService/1", REFERRER | {"NHSD-eRS-Business-Function": "SERVICE_PROVIDER_CLINICIAN"}),
        ("A038", "/STU3/Appointment/70001", {}),
    ],
)
def test_the_stub_refuses_as_published(spec: Published, keep: Keep[StubServer], call: str, path: str, role: dict[str, str]) -> None:
    reply = asked(keep(serve(area(BOOKED))), path, role)
    assert reply.status == 403
    assert spec.reply_problems(PATHS[call], 403, reply.body) == []


@pytest.mark.parametrize("kind", list(WorklistKind))
def test_the_stubs_worklists_are_as_published(spec: Published, keep: Keep[StubServer], kind: WorklistKind) -> None:
    held = [
        dataclasses.replace(BOOKED, ubrn=Ubrn(f"{70100 + i:012}"), state=state, next_event=None) for i, state in enumerate(ON_LIST[kind])
    ]
    role = "SERVICE_PROVIDER_ADMIN" if kind in OF_PROVIDERS else "REFERRING_ADMIN"
    headers = {"Accept": "application/fhir+json", "Content-Type": "application/fhir+json"}
    headers |= {"NHSD-End-User-Organisation-ODS": "XFC01", "NHSD-eRS-Business-Function": role}
    server = keep(serve(area(*held)))
    transport = Transport(ErsSettings(base_url=server.address), asking("ers", "e-RS", SetClock(NOW)))
    reply = transport.post_json(PATHS["A008"], question(kind, ""), headers)
    assert reply.status == 200
    assert spec.reply_problems(PATHS["A008"], 200, reply.body) == []
    assert len(reply.body["entry"]) == len(held)  # type: ignore[index]  # a list, as the line before has shown


def test_contact_days_of_the_published_codes(spec: Published) -> None:
    days = contact_days_from(spec.examples(PATHS["A004"])["priority"], "e-RS")
    assert days["ROUTINE"] == {"deferToProviderContactDays": 40, "triageContactDays": 40}
    referrals = spec.examples(PATHS["A005"])
    by = {name: contact_by(read_referral(e, Ubrn(e["id"]), "e-RS"), days, "e-RS") for name, e in referrals.items()}
    # Made on Friday 11 June 2021, ten working days.
    assert by.pop("deferred-to-provider") == date(2021, 6, 25)
    assert set(by.values()) == {None}


def test_every_published_code_system_is_read(spec: Published) -> None:
    for example in spec.examples(PATHS["A004"]).values():
        assert all(isinstance(held, dict) for held in contact_days_from(example, "e-RS").values())


def test_every_published_request_for_advice_is_read(spec: Published) -> None:
    for example in spec.examples(PATHS["A024"]).values():
        advice = advice_from(example, asked=Ubrn(example["id"]), label="e-RS")
        assert (advice.nhs_number, advice.words) == (NhsNumber("9912003888"), "the specialist has not answered yet")
        assert (advice.specialty, advice.service) == ("Cardiology", "Cardiology Advice Service")


def test_every_published_state_of_advice_has_words(spec: Published) -> None:
    schema = str(spec.reply_problems(PATHS["A024"], 200, {"category": [{"coding": [{"system": "", "code": "?"}]}]}))
    published = set(re.findall(r"[A-Z]+(?:_[A-Z]+)+", schema))
    assert published >= set(ADVICE_STATES)
    assert NOT_KNOWN not in {words_of(code) for code in published}


def test_the_published_services_are_read(spec: Published) -> None:
    read = {n: service_from(e, asked=e["id"], label="e-RS") for n, e in spec.examples(PATHS["A033"]).items()}
    assert (read["single-service"].name, read["single-service"].phone) == ("Direct SVC 1", "01234567890")
    assert read["single-service-minimal"].phone == ""


def test_the_published_appointments_are_read(spec: Published) -> None:
    for name, example in spec.examples(PATHS["A038"]).items():
        ubrn = Ubrn(example["incomingReferral"][0]["reference"].split("/")[1])
        patient = next(p["actor"]["identifier"]["value"] for p in example["participant"] if "nhs-number" in str(p))
        held = dataclasses.replace(BOOKED, ubrn=ubrn, nhs_number=_Odd(patient))
        event = event_from(example, of=held, now=AT_THE_TIME, label="e-RS")
        assert (event is not None) == ("booked" in name), name


class _Odd:
    """The number of the published examples, which is none."""

    def __init__(self, value: str) -> None:
        self.value = value


def test_the_published_worklists_are_read(spec: Published) -> None:
    kinds = {kind.value.lower().replace("_", "-"): kind for kind in WorklistKind} | {
        "rejected-triage-responses": WorklistKind.REJECTED_TRIAGE_RESPONSE
    }
    read = {}
    for name, example in spec.examples(PATHS["A008"]).items():
        kind = kinds.get(name, WorklistKind.REFERRALS_FOR_REVIEW)
        read[name] = entries_from(example, kind=kind, source="ers", now=NOW, label="e-RS")
    slots = read["appointment-slot-issues"][0]
    assert (slots.since, slots.contact_by, slots.state) == (date(2021, 9, 3), date(2021, 9, 7), ReferralState.DEFERRED_TO_PROVIDER)
    assert (slots.service, slots.specialty) == ("Excellent Cardiology Business Service 13", "Cardiology")
    assert [e.state for e in read["referrals-for-review"]] == [ReferralState.AWAITING_TRIAGE, ReferralState.BOOKED]
    assert read["referrals-for-review"][0].nhs_number == NhsNumber("9462979626")
    assert [e.state for e in read["awaiting-booking"]] == [ReferralState.NOT_BOOKED, ReferralState.APPT_CANCELLED_BY_PATIENT]
    assert read["letters-outstanding"][1].specialty == "Ear nose throat"
    text = repr(read)
    for word in ("ROUTINE", "KNEE", "INTEND_PRIVATE", "PATIENT_HOLIDAY", "FURTHER_INFORMATION", "021600556514", "NO_SLOTS"):
        assert word not in text


def test_the_published_booking_needs_no_second_call(spec: Published) -> None:
    example = spec.examples(PATHS["A005"])["booked-dbs"]
    resource = read_referral(example, UBRN, "e-RS")
    referral = referral_of(resource, asked=UBRN, source="ers", now=AT_THE_TIME, label="e-RS")
    assert referral.next_event is not None
    assert resource.appointment_id == "70009"
    assert not resource.came_from_advice(UBRN)


@pytest.mark.parametrize("call", PATHS)
@pytest.mark.parametrize("status", [401, 403, 404, 422, 503])
def test_every_published_error_has_a_code_that_we_read(spec: Published, call: str, status: int) -> None:
    for body in spec.errors(PATHS[call], status):
        assert codes_of(body)

"""The proxy service: only an active consent in its period, about this patient, is an authority."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from loopback import Keep, OneReply, SetClock, asking, keeping, published

from connectors.fhir import NHS_NUMBER
from connectors.stub_routes import StubReply
from connectors.stub_server import StubServer
from connectors.validated_relationships import connect
from connectors.validated_relationships.client import ValidatedRelationships
from connectors.validated_relationships.mapping import proxies_of
from connectors.validated_relationships.settings import ValidatedRelationshipsSettings
from connectors.validated_relationships.stub import serve
from connectors.validated_relationships.stub_bundle import Held, bundle
from helpdesk.answers import SourceState, state_of
from helpdesk.callers.ports import Authorities, Proxy
from helpdesk.errors import ConnectorError, ConnectorUnavailable, HelpdeskError, NotFound
from helpdesk.identifiers import NhsNumber
from helpdesk.registry.contract import ConnectorContext
from tests.connectors.tiny_area import BSL, CROWD, DEAD, JANE, MINIMAL, NEW, NOBODY, NOW, OLD, SMYTHE, tiny_area

ME = "validated_relationships"
TODAY = NOW.date()
MUM = Proxy("O'Neill", ("Mary", "Ann"), SMYTHE, date(1985, 3, 22), "mother", TODAY + timedelta(days=400), ("parental-responsibility",))
FRIEND = Proxy("Crowd", ("Kim",), CROWD[0], date(1980, 1, 1), "personal relationship", None, ("consent",))
SPOILT = ("expired_consent", "future_consent", "proposed_consent", "inactive_consent", "denied_consent")
FAULTS = dict(zip(CROWD[1:6], SPOILT, strict=True)) | {NEW: "foreign_consent"}


@pytest.fixture
def keep() -> Iterator[Keep[Any]]:
    yield from keeping()


@pytest.fixture
def stub(keep: Keep[StubServer]) -> StubServer:
    area = tiny_area()
    faults = {**FAULTS, DEAD: "INVALIDATED_RESOURCE", BSL: "GP_PRACTICE_NOT_FOUND", OLD: "THROTTLED"}
    people = tuple(replace(p, faults={ME: faults[n]}) if (n := p.patient.nhs_number) in faults else p for p in area.people)
    proxies = {JANE: (MUM, FRIEND)} | dict.fromkeys(FAULTS, (MUM,))
    return keep(serve(replace(area, people=people, proxies=proxies)))


def context() -> ConnectorContext:
    return asking(ME, "NHS proxy service", SetClock(NOW))


def at(address: str) -> Authorities:
    return connect(ValidatedRelationshipsSettings(base_url=address), context())


def client(address: str) -> ValidatedRelationships:
    return ValidatedRelationships(ValidatedRelationshipsSettings(base_url=address), context())


def mapped(body: Any, about: NhsNumber | str = JANE, moment: datetime = NOW) -> tuple[Proxy, ...]:
    return proxies_of(body, about=str(about), at=moment, label="NHS proxy service")


def consent_bundle(*held: Held, spoil: Callable[[dict[str, Any]], None] | None = None) -> dict[str, Any]:
    """The published shape with these consents, the consent of the first spoilt."""
    body = bundle(held or (Held(JANE, MUM),), ["Consent:performer"], "https://example.org/Consent")
    if spoil:
        spoil(next(e["resource"] for e in body["entry"] if e["resource"]["resourceType"] == "Consent"))
    return body


def outcome(severity: str) -> dict[str, Any]:
    return {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": "informational"}]}


def test_those_who_may_speak_come_with_what_can_be_compared(stub: StubServer) -> None:
    assert at(stub.address).proxies(JANE) == (MUM, FRIEND)


def test_nobody_is_an_empty_answer(stub: StubServer) -> None:
    assert at(stub.address).proxies(MINIMAL) == ()
    assert at(stub.address).proxies(NOBODY) == ()


def test_what_is_asked_is_what_the_specification_has(keep: Keep[OneReply]) -> None:
    server = keep(OneReply(StubReply(200, {"resourceType": "Bundle", "total": 0, "entry": []}), "GET /Consent"))
    at(server.address).proxies(JANE)
    (seen,) = server.seen
    assert seen.params == (("patient:identifier", f"{NHS_NUMBER}|{JANE}"), ("status", "active"), ("_include", "Consent:performer"))
    assert seen.headers["X-Request-ID"]


@pytest.mark.parametrize("number", CROWD[1:6], ids=SPOILT)
def test_a_consent_that_is_not_in_force_is_nobodys_authority(number: NhsNumber, stub: StubServer) -> None:
    """The stub takes no notice of `status` here, as a service might."""
    assert at(stub.address).proxies(number) == ()


def test_what_else_is_sent_along_is_not_read(keep: Keep[OneReply]) -> None:
    body = consent_bundle()
    alone = mapped(body)
    body["entry"] += [{"resource": {"resourceType": "Organization", "id": "1"}}, {"resource": outcome("information")}]
    server = keep(OneReply(StubReply(200, body), "GET /Consent"))
    assert at(server.address).proxies(JANE) == alone != ()


@pytest.mark.parametrize("resources", [({"resourceType": "Organization", "id": "1"},), (outcome("error"),), ({"id": "1"},)])
def test_other_things_only_or_an_error_are_never_nobody(resources: tuple[dict[str, Any], ...]) -> None:
    with pytest.raises(ConnectorUnavailable):
        mapped({"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": r} for r in resources]})


def test_an_error_beside_a_consent_throws_the_answer_away() -> None:
    body = consent_bundle()
    body["entry"].append({"resource": outcome("error")})
    with pytest.raises(ConnectorUnavailable):
        mapped(body)


def test_a_consent_about_somebody_else_throws_the_answer_away(stub: StubServer) -> None:
    with pytest.raises(ConnectorUnavailable) as caught:
        at(stub.address).proxies(NEW)
    assert str(NEW) not in caught.value.message


def test_a_consent_about_somebody_else_does_so_also_without_its_people_and_beside_a_right_one() -> None:
    body = consent_bundle(Held(JANE, MUM), Held(OLD, FRIEND))
    body["entry"] = [e for e in body["entry"] if e["resource"]["resourceType"] == "Consent"]
    with pytest.raises(ConnectorUnavailable):
        mapped(body)


@pytest.mark.parametrize(
    ("start", "end", "holds"),
    [
        ("2026-11-21", "2026-11-21", True),
        ("2026-11-20", "2026-11-20", False),
        ("2026-11-22", "", False),
        ("2026-11-21T11:59:59Z", "2026-11-21T12:00:00Z", True),
        ("2026-11-21T12:00:01Z", "", False),
        ("", "2026-11-21T11:59:59Z", False),
        ("", "2026-11", True),
        ("2027", "", False),
        ("", "", True),
    ],
)
def test_both_ends_of_the_period_are_inclusive(start: str, end: str, holds: bool) -> None:
    def spoil(consent: dict[str, Any]) -> None:
        consent["provision"]["period"] = {name: text for name, text in (("start", start), ("end", end)) if text}

    assert bool(mapped(consent_bundle(spoil=spoil))) is holds


@pytest.mark.parametrize("status", ["proposed", "rejected", "inactive", "entered-in-error", "ACTIVE", ""])
def test_only_an_active_consent_counts(status: str) -> None:
    assert mapped(consent_bundle(spoil=lambda c: c.update(status=status))) == ()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda c: c["provision"].update(type="deny"),
        lambda c: c["provision"].update(type="something-new"),
        lambda c: c.update(scope={"coding": [{"system": "https://terminology.hl7.org/CodeSystem/consentscope", "code": "research"}]}),
        lambda c: c["performer"][0]["identifier"].update(value=str(JANE)),
    ],
    ids=["denied", "neither permitted nor denied", "a consent to research", "the patient for themselves"],
)
def test_what_is_no_proxy_role_is_no_authority(spoil: Callable[[dict[str, Any]], None]) -> None:
    body = consent_bundle(spoil=spoil)
    body["entry"] = [e for e in body["entry"] if e["resource"]["resourceType"] == "Consent"]
    assert mapped(body) == ()


def test_the_former_shape_with_the_basis_as_the_actors_role_and_no_type_is_taken_too() -> None:
    def spoil(consent: dict[str, Any]) -> None:
        role = {"role": consent.pop("policyRule"), "reference": {"identifier": consent["performer"][0]["identifier"]}}
        consent["provision"] = {"actor": [role], "period": consent["provision"]["period"]}

    assert mapped(consent_bundle(spoil=spoil)) == (replace(MUM, until=None),)


def test_a_relationship_alone_is_no_authority() -> None:
    body = consent_bundle()
    body["entry"] = [e for e in body["entry"] if e["resource"]["resourceType"] == "RelatedPerson"]
    assert body["entry"]
    assert mapped(body) == ()


def test_a_former_name_is_not_the_name_to_compare_with() -> None:
    body = consent_bundle()
    body["entry"][0]["resource"]["name"] = [
        {"use": "maiden", "family": "Brown", "given": ["Mary"]},
        {"use": "usual", "family": "Green", "given": ["Mary"], "period": {"start": "2000-01-01", "end": "2020-01-01"}},
        {"use": "usual", "family": "Smith", "given": ["Mary"], "period": {"start": "2020-01-02"}},
    ]
    (proxy,) = mapped(body)
    assert (proxy.family, proxy.given) == ("Smith", ("Mary",))


def test_nothing_of_a_proxy_stands_in_its_repr() -> None:
    (proxy,) = mapped(consent_bundle())
    assert repr(proxy) == "Proxy(•••)"


@pytest.fixture(scope="module")
def examples() -> dict[str, Any]:
    answers = published("vrs/openapi.json")["paths"]["/Consent"]["get"]["responses"]
    held = {
        **answers["200"]["content"]["application/fhir+json"]["examples"],
        **answers["4XX"]["content"]["application/fhir+json"]["examples"],
    }
    return {name: example["value"] for name, example in held.items()}


WHILE_THEY_RAN = datetime(2026, 1, 16, 14, 0, tzinfo=UTC)


def test_the_published_mother(examples: dict[str, Any]) -> None:
    body = examples["ConsentSingleAdultChildRelationshipIncludePerformerPatientBundle"]
    (mother,) = mapped(body, "9000000009")
    assert mother == Proxy("Jones", ("Sarah",), None, date(1985, 3, 22), "mother", date(2029, 2, 11), ("parental-responsibility",))


def test_the_published_patient_with_several_proxies(examples: dict[str, Any]) -> None:
    body = examples["ConsentMultipleRelationshipsSinglePatientBundle"]
    found = mapped(body, "9000000100", WHILE_THEY_RAN)
    assert [p.scopes for p in found] == [("parental-responsibility",), ("court-appointed-personal-welfare-deputy",)]
    assert mapped(body, "9000000100") == ()


def test_the_published_adult_and_the_published_nobody(examples: dict[str, Any]) -> None:
    (proxy,) = mapped(examples["ConsentSingleConsentingAdultRelationshipIncludePerformerPatientBundle"], "9000000005")
    assert proxy.born is not None
    assert mapped(examples["ConsentNoRelationshipsEmptyBundle"]) == ()


def test_the_published_answers_about_several_patients_are_thrown_away(examples: dict[str, Any]) -> None:
    for name, body in examples.items():
        patients = {
            e["resource"]["patient"]["identifier"]["value"] for e in body.get("entry", ()) if e["resource"]["resourceType"] == "Consent"
        }
        if len(patients) > 1:
            for patient in patients:
                with pytest.raises(ConnectorUnavailable):
                    mapped(body, patient, WHILE_THEY_RAN)
            assert "Multiple" in name


@pytest.mark.parametrize(
    ("name", "status", "state"),
    [
        ("AccessDeniedError", 401, SourceState.UNAVAILABLE),
        ("ConsentIdentifierMissingError", 400, SourceState.UNAVAILABLE),
        ("ConsentInvalidIdentifierError", 422, SourceState.UNAVAILABLE),
        ("ConsentInvalidIdentifierSystemError", 422, SourceState.UNAVAILABLE),
        ("InvalidatedResourceError", 404, SourceState.NOTHING_HELD),
        ("GPPracticeNotFoundError", 404, SourceState.UNAVAILABLE),
    ],
)
def test_the_published_errors(name: str, status: int, state: SourceState, examples: dict[str, Any], keep: Keep[OneReply]) -> None:
    server = keep(OneReply(StubReply(status, examples[name]), "GET /Consent"))
    with pytest.raises(HelpdeskError) as caught:
        at(server.address).proxies(JANE)
    assert state_of(caught.value)[0] is state


@pytest.mark.parametrize(
    ("status", "code", "state"),
    [
        (403, "FORBIDDEN", SourceState.NOT_PERMITTED),
        (404, "SOMETHING_ELSE", SourceState.UNAVAILABLE),
        (429, "THROTTLED", SourceState.UNAVAILABLE),
        (501, "NOT_IMPLEMENTED", SourceState.UNAVAILABLE),
    ],
)
def test_other_codes(status: int, code: str, state: SourceState, keep: Keep[OneReply]) -> None:
    issue = {"severity": "error", "code": "processing", "details": {"coding": [{"code": code}]}}
    server = keep(OneReply(StubReply(status, {"resourceType": "OperationOutcome", "issue": [issue]}), "GET /Consent"))
    with pytest.raises(HelpdeskError) as caught:
        at(server.address).proxies(JANE)
    assert state_of(caught.value)[0] is state


def test_the_stubs_own_faults(stub: StubServer) -> None:
    with pytest.raises(NotFound):
        at(stub.address).proxies(DEAD)
    with pytest.raises(ConnectorUnavailable, match="practice"):
        at(stub.address).proxies(BSL)


def test_the_connection_can_be_tried_without_a_patient(stub: StubServer) -> None:
    client(stub.address).check()
    stub.stop()
    with pytest.raises(ConnectorError):
        client(stub.address).check()


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 400, "MISSING_IDENTIFIER_VALUE"),
        (f"patient:identifier=https://example.org/id|{JANE}", 422, "INVALID_IDENTIFIER_SYSTEM"),
        ("patient:identifier=900000000", 422, "INVALID_IDENTIFIER_VALUE"),
        (f"patient:identifier={JANE}&status=test", 422, "INVALID_PARAMETER"),
        (f"patient:identifier={JANE}&_include=test", 422, "INVALID_PARAMETER"),
    ],
)
def test_the_stub_refuses_as_the_service_does(query: str, status: int, code: str, stub: StubServer) -> None:
    reply = client(stub.address)._transport.get_json(f"/Consent?{query}")  # a request the client never makes
    assert reply.status == status
    assert reply.body is not None
    assert reply.body["issue"][0]["details"]["coding"][0]["code"] == code


def _without(path: str) -> dict[str, Any]:
    body = copy.deepcopy(consent_bundle())
    *way, last = path.split(".")
    here: Any = next(e["resource"] for e in body["entry"] if e["resource"]["resourceType"] == "Consent")
    for step in way:
        here = here[step]
    del here[last]
    return body


HOSTILE: dict[str, Any] = {
    "an array": [],
    "a person alone": {"resourceType": "Patient", "id": str(JANE)},
    "entries that are no list": {"resourceType": "Bundle", "entry": {}},
    "counted and not there": {"resourceType": "Bundle", "total": 1},
    "another kind of resource": {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Observation"}}]},
    "an outcome among them": {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "OperationOutcome"}}]},
    "no status": _without("status"),
    "no patient": _without("patient"),
    "a patient without a number": _without("patient.identifier"),
    "a status that is a list": consent_bundle(spoil=lambda c: c.update(status=["active"])),
    "a start that is no date": consent_bundle(spoil=lambda c: c["provision"].update(period={"start": "always"})),
    "an end that is no date": consent_bundle(spoil=lambda c: c["provision"].update(period={"end": "tomorrow"})),
    "an end in another alphabet": consent_bundle(spoil=lambda c: c["provision"].update(period={"end": "٢٠٢٧"})),
    "performers that are no list": consent_bundle(spoil=lambda c: c.update(performer={"identifier": {}})),
    "a patient by another system": consent_bundle(spoil=lambda c: c["patient"]["identifier"].update(system="https://example.org")),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_wrong_shape_is_an_unavailable_source(body: Any, keep: Keep[OneReply]) -> None:
    server = keep(OneReply(StubReply(200, body), "GET /Consent"))
    with pytest.raises(ConnectorUnavailable) as caught:
        at(server.address).proxies(JANE)
    assert str(JANE) not in caught.value.message
    assert caught.value.__context__ is None


@pytest.mark.parametrize("kind", ["Patient", "RelatedPerson"])
def test_a_stranger_among_those_included_throws_the_answer_away(kind: str) -> None:
    body = consent_bundle()
    stranger = next(e["resource"] for e in body["entry"] if e["resource"]["resourceType"] == kind)
    where = stranger["identifier"][0] if kind == "Patient" else stranger["patient"]["identifier"]
    where["value"] = str(OLD)
    with pytest.raises(ConnectorUnavailable):
        mapped(body)

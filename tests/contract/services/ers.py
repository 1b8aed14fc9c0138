"""The e-Referral Service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from connectors.ers import connect
from connectors.ers.settings import ErsSettings
from connectors.ers.stub import serve
from helpdesk.errors import ConnectorNotPermitted, ConnectorRejected, HelpdeskError, NotFound
from helpdesk.identifiers import Ubrn
from helpdesk.pathways.model import ReferralState, WorklistKind
from helpdesk.practice.model import Area
from tests.contract.documented import example
from tests.contract.messages import Reply
from tests.contract.service import FEW, QUICK, Call, Direct, Service, asking
from tests.contract.specification import Specification

_A005, _A005_VERSION = "a005-retrieve-referral-request", "a005-retrieve-referral-request-versioned"
_A004, _A008, _A024 = "a004-retrieve-reference-data", "a008-retrieve-worklist", "a024-retrieve-advice-and-guidance"
_A033, _A038 = "a033-retrieve-healthcare-service", "a038-retrieve-appointment"
_PERSON, _EXTENSION = "http://fhir.nhs.net/Id/nhs-number", "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-eRS-"
_BESIDE = (_A004, _A024, _A033, _A038)
_AS_PROVIDER = {"NHSD-End-User-Organisation-ODS": "XICB", "NHSD-eRS-Business-Function": "SERVICE_PROVIDER_CLINICIAN"}
_OF_PRACTICES = ("AWAITING_BOOKING", "REJECTED_TRIAGE_RESPONSE", "ASSESSMENT_RETURNED_CANCELLED_DNA", "LETTERS_OUTSTANDING")


def _connector(address: str) -> Any:
    """e-RS in each of the roles that the desk may have there."""

    def in_role(function: str, **more: Any) -> Any:
        return connect(ErsSettings(base_url=address, business_function=function, services=("11002",), **more, **QUICK), asking("ers"))

    return {
        "provider": in_role("SERVICE_PROVIDER_CLINICIAN"),
        "administrator": in_role("SERVICE_PROVIDER_CLINICIAN_ADMIN", on_behalf_of="021600556514"),
        "practice": in_role("REFERRING_CLINICIAN"),
        "application": in_role(""),
    }


def _is(body: Any, kind: str) -> bool:
    return isinstance(body, dict) and body.get("resourceType") == kind


def _referral_in(body: Any) -> Ubrn | None:
    return Ubrn(body["id"]) if _is(body, "ReferralRequest") else None


def _ubrns(area: Area) -> Iterable[Ubrn]:
    unwell = {person.patient.nhs_number for person in area.people if "ers" in person.faults}
    states: dict[ReferralState, list[Ubrn]] = {}
    for referral in area.referrals:
        if referral.nhs_number not in unwell:
            states.setdefault(referral.state, []).append(referral.ubrn)
    return [ubrn for held in states.values() for ubrn in held[: FEW // 4]]


def _all_ubrns(area: Area) -> Iterable[Ubrn]:
    unwell = {person.patient.nhs_number for person in area.people if "ers" in person.faults}
    return [referral.ubrn for referral in area.referrals if referral.nhs_number not in unwell]


def _with_advice(area: Area) -> Area:
    advice = replace(area.referrals[0], ubrn=Ubrn("000049974915"), state=ReferralState.UNKNOWN, advice="the specialist has answered")
    return replace(area, referrals=(*area.referrals, advice))


def _referral(role: str) -> Call:
    return Call(
        f"referral-asked-by-{role}",
        lambda ers, ubrn: ers[role].referral(ubrn),
        (_A005,),
        Ubrn("000000070000"),
        also=_BESIDE,
        about=_referral_in,
        holds=lambda referral, body: referral.ubrn.value == body["id"],
        others=_beside,
        in_area=_ubrns,
    )


def _beside(operation: str, _ubrn: Any, said: Specification) -> Any:
    """What a referral is completed with: the days to be in touch by; no advice, whose example is of another reference."""
    if operation == _A004:
        return example(said, _A004, "priority")
    return Reply(404, _outcome("REFERENCE_NOT_FOUND")) if operation == _A024 else None


def _worklist(role: str, kind: WorklistKind, service: str = "") -> Call:
    return Call(
        f"{kind.value.lower().replace('_', '-')}-asked-by-{role}",
        lambda ers, subject: ers[role].entries(*subject),
        (_A008,),
        (kind, service),
        holds=lambda entries, body: [e.ubrn.value for e in entries] == [_ubrn_of(entry) for entry in body.get("entry", ())],
        in_area=lambda _area: [(kind, service)],
    )


def _ubrn_of(entry: Any) -> str:
    return str(entry["item"]["reference"].split("/")[1])


def _no_referral(operation: str, subject: Any, said: Specification) -> Any:
    """A005 where the reference is of a request for advice."""
    return Reply(422, _outcome("INVALID_REQUEST_TYPE")) if operation == _A005 else None


@dataclass(frozen=True)
class _Booked:
    """An appointment as it can be asked for by itself, with the referral and the person it is of."""

    ubrn: str
    appointment: str
    patient: str


_BOOKED = _Booked("000000070000", "70000", "9912003888")


def _booked_in(body: Any) -> _Booked | None:
    if not _is(body, "Appointment"):
        return None
    (patient,) = (p["actor"]["identifier"]["value"] for p in body["participant"] if p["actor"]["identifier"]["system"] == _PERSON)
    return _Booked(body["incomingReferral"][0]["reference"].split("/")[1], body["id"], patient)


def _booked_elsewhere(operation: str, subject: Any, said: Specification) -> Any:
    """A booked referral that names its appointment and does not hold it."""
    if operation != _A005:
        return _beside(operation, subject, said)
    body = example(said, _A005, "booked-dbs")
    named = [
        e for e in body["extension"] if not e["url"].endswith(("Extension-eRS-Appointment-1", "Extension-eRS-Appointment-Reference-1"))
    ]
    reference = {"url": f"{_EXTENSION}Appointment-Reference-1", "valueReference": {"reference": f"Appointment/{subject.appointment}"}}
    held = [c for c in body["contained"] if c["resourceType"] not in ("Appointment", "List")]
    whose = {"identifier": {"system": _PERSON, "value": subject.patient}}
    return {**body, "id": subject.ubrn, "subject": whose, "extension": [*named, reference], "contained": held}


def _one_service(operation: str, subject: Any, said: Specification) -> Any:
    """A referral with one service on its shortlist."""
    if operation != _A005:
        return _beside(operation, subject, said)
    body = example(said, _A005, "unbooked")
    entry = {"item": {"identifier": {"system": "http://fhir.nhs.net/Id/ers-service", "value": subject}, "display": "A service"}}
    shortlist = {"resourceType": "List", "id": "shortlist", "status": "current", "mode": "snapshot", "entry": [entry]}
    return {**body, "contained": [*(c for c in body["contained"] if c["resourceType"] != "List"), shortlist]}


def _left_out(_error: type[HelpdeskError]) -> None:
    """What only completes a referral is left out where it does not come."""


def _outcome(code: str) -> bytes:
    coding = f'{{"coding": [{{"system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-APIErrorCode-1", "code": "{code}"}}]}}'
    issue = f'{{"severity": "error", "code": "processing", "details": {coding}}}'
    return f'{{"resourceType": "OperationOutcome", "issue": [{issue}]}}'.encode()


def _refused(_error: type[HelpdeskError]) -> type[HelpdeskError]:
    return ConnectorRejected


def _path_of_an_appointment(area: Area) -> str:
    """Referrals of the area hold their appointment, so that no connector asks for it by itself."""
    booked = next(referral for referral in area.referrals if referral.state is ReferralState.BOOKED)
    return f"/STU3/Appointment/{int(booked.ubrn.value)}"


SERVICE = Service(
    id="ers",
    specification="ers/openapi.json",
    base_path="/referrals/FHIR",
    connect=_connector,
    serve=serve,
    shown=_with_advice,
    calls=(
        *(_referral(role) for role in ("provider", "administrator", "application")),
        Call(
            "version-of-a-referral",
            lambda ers, ubrn: ers["provider"].version(ubrn, 5),
            (_A005_VERSION,),
            Ubrn("000000070000"),
            about=_referral_in,
            holds=lambda referral, body: referral.ubrn.value == body["id"],
            in_area=lambda area: list(_ubrns(area))[:FEW],
        ),
        Call(
            "advice",
            lambda ers, ubrn: ers["provider"].referral(ubrn),
            (_A024,),
            Ubrn("000049974915"),
            also=(_A005,),
            about=lambda body: Ubrn(body["id"]) if _is(body, "CommunicationRequest") else None,
            holds=lambda referral, body: referral.ubrn.value == body["id"] and referral.state is ReferralState.UNKNOWN,
            others=_no_referral,
            failing=_refused,
            in_area=lambda area: [r.ubrn for r in area.referrals if r.advice],
        ),
        Call(
            "appointment",
            lambda ers, booked: ers["provider"].referral(Ubrn(booked.ubrn)),
            (_A038,),
            _BOOKED,
            also=(_A005,),
            about=_booked_in,
            holds=lambda referral, body: referral.ubrn.value == body["incomingReferral"][0]["reference"].split("/")[1],
            others=_booked_elsewhere,
            failing=_left_out,
        ),
        Call(
            "service",
            lambda ers, asked: ers["practice"].referral(asked if isinstance(asked, Ubrn) else Ubrn("000000070000")),
            (_A033,),
            "1",
            also=(_A005, _A004, _A024),
            about=lambda body: body["id"] if _is(body, "HealthcareService") else None,
            holds=lambda referral, _body: referral.service == "A service",
            others=_one_service,
            failing=_left_out,
            in_area=_all_ubrns,
        ),
        Call(
            "list-of-codes",
            lambda ers, _subject: ers["application"].check(),
            (_A004,),
            in_area=lambda _area: [None],
        ),
        *(_worklist("provider", kind, "11002") for kind in (WorklistKind.REFERRALS_FOR_REVIEW, WorklistKind.APPOINTMENT_SLOT_ISSUES)),
        _worklist("application", WorklistKind.APPOINTMENT_SLOT_ISSUES, "11002"),
        *(_worklist("practice", WorklistKind(kind)) for kind in _OF_PRACTICES),
    ),
    documented={
        ("*", 404, "REFERENCE_NOT_FOUND"): NotFound,
        ("*", 404, "REC_NOT_FOUND"): NotFound,
        ("*", 422, "NO_RELATIONSHIP"): ConnectorNotPermitted,
        ("*", 422, "PATIENT_ERROR"): ConnectorRejected,
        ("*", 422, "INVALID_REQUEST_TYPE"): ConnectorRejected,
    },
    direct=(
        Direct("appointment", "GET", _path_of_an_appointment, 200, _AS_PROVIDER),
        Direct("unknown-appointment", "GET", "/STU3/Appointment/1", 404, _AS_PROVIDER),
        Direct("unknown-service", "GET", "/R4/HealthcareService/1", 404),
        Direct("unknown-referral", "GET", "/STU3/ReferralRequest/000000000000", 404),
        Direct(
            "role-that-may-not-read",
            "GET",
            "/STU3/ReferralRequest/000000000000",
            403,
            {"NHSD-End-User-Organisation-ODS": "XICB", "NHSD-eRS-Business-Function": "COMMISSIONER"},
        ),
        Direct("accept-html", "GET", "/STU3/ReferralRequest/000000000000", 406, {"Accept": "text/html"}),
        Direct("no-list", "POST", "/STU3/ReferralRequest/$ers.fetchworklist", 422, {"Content-Type": "application/fhir+json"}, b"{}"),
        Direct("unknown-list-of-codes", "GET", "/STU3/CodeSystem/PRIORITIES", 404),
    ),
)

"""The e-Referral Service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
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
from tests.contract.service import FEW, QUICK, Call, Service, Wrong, asking
from tests.contract.specification import Specification

_A005, _A005_VERSION = "a005-retrieve-referral-request", "a005-retrieve-referral-request-versioned"
_A004, _A008, _A024 = "a004-retrieve-reference-data", "a008-retrieve-worklist", "a024-retrieve-advice-and-guidance"
_A033, _A038 = "a033-retrieve-healthcare-service", "a038-retrieve-appointment"
_BESIDE = (_A004, _A024, _A033, _A038)
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


def _outcome(code: str) -> bytes:
    coding = f'{{"coding": [{{"system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-APIErrorCode-1", "code": "{code}"}}]}}'
    issue = f'{{"severity": "error", "code": "processing", "details": {coding}}}'
    return f'{{"resourceType": "OperationOutcome", "issue": [{issue}]}}'.encode()


def _refused(_error: type[HelpdeskError]) -> type[HelpdeskError]:
    return ConnectorRejected


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
    wrong=(
        Wrong("unknown-referral", "GET", "/STU3/ReferralRequest/000000000000", 404),
        Wrong(
            "role-that-may-not-read",
            "GET",
            "/STU3/ReferralRequest/000000000000",
            403,
            {"NHSD-End-User-Organisation-ODS": "XICB", "NHSD-eRS-Business-Function": "COMMISSIONER"},
        ),
        Wrong("accept-html", "GET", "/STU3/ReferralRequest/000000000000", 406, {"Accept": "text/html"}),
        Wrong("no-list", "POST", "/STU3/ReferralRequest/$ers.fetchworklist", 422, {"Content-Type": "application/fhir+json"}, b"{}"),
        Wrong("unknown-list-of-codes", "GET", "/STU3/CodeSystem/PRIORITIES", 404),
    ),
)

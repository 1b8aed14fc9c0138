"""The Booking and Referral Standard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from connectors.bars import connect
from connectors.bars.settings import BarsSettings
from connectors.bars.stub import serve
from helpdesk.identifiers import NhsNumber
from helpdesk.practice.model import Area
from tests.contract.service import QUICK, Call, Direct, Service, Worker, asking, well
from tests.contract.specification import Specification

_INSTANCE = "urgent_bookings"
_META, _REFERRALS, _BOOKINGS = "getMeta", "getReferralByPatient", "getBookingByPatient"
_NONE = {"resourceType": "Bundle", "type": "searchset", "total": 0, "entry": []}
_BOTH = {
    "resourceType": "CapabilityStatement",
    "rest": [
        {"mode": "server", "resource": [{"type": t, "interaction": [{"code": "search-type"}]} for t in ("ServiceRequest", "Appointment")]}
    ],
}


def _connector(address: str) -> Any:
    """BaRS with a member of staff signed in, whose role goes along, and without."""
    settings = BarsSettings(base_url=address, provider="XAC01", **QUICK)
    return {"desk": connect(settings, asking(_INSTANCE)), "worker": connect(settings, asking(_INSTANCE, Worker()))}


def _numbers(area: Area) -> Iterable[NhsNumber]:
    held = area.activity_of(_INSTANCE)
    return [*[n for n in held if held[n]][:6], *[person.patient.nhs_number for person in well(area, _INSTANCE)][:3]]


def _with_referrals(area: Area) -> Area:
    """What a hospital of the area holds, as if it answered by BaRS: referrals too."""
    return replace(area, activity={**area.activity, _INSTANCE: area.activity_of("fenmoor_system")})


def _others(operation: str, _number: Any, _said: Specification) -> Any:
    """A target that offers both searches; the one not looked at finds nothing."""
    return _BOTH if operation == _META else _NONE


def _holds(found: Any, body: Any) -> bool:
    return bool(len(found.items) == len(body.get("entry", ())) and not found.missing)


def _search(operation: str, who: str) -> Call:
    return Call(
        f"activity-{operation}",
        lambda bars, number: bars[who].activity(number),
        (operation,),
        NhsNumber("9000000009"),
        also=(_META, _REFERRALS, _BOOKINGS),
        holds=_holds,
        others=_others,
        in_area=_numbers,
    )


SERVICE = Service(
    id="bars",
    specification="bars/openapi.json",
    base_path="/booking-and-referral/FHIR/R4",
    connect=_connector,
    serve=lambda area: serve(area, instance=_INSTANCE),
    shown=_with_referrals,
    calls=(
        _search(_REFERRALS, "desk"),
        _search(_BOOKINGS, "worker"),
        Call("check", lambda bars, _subject: bars["desk"].check(), (_META,), in_area=lambda _area: [None]),
    ),
    documented={
        (_REFERRALS, 404, "REC_NOT_FOUND"): None,
        (_BOOKINGS, 404, "REC_NOT_FOUND"): None,
    },
    direct=(Direct("no-headers", "GET", "/ServiceRequest?patient:identifier=https://fhir.nhs.uk/Id/nhs-number%7C9000000009", 400),),
)

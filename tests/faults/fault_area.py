"""The people and things that every stub of the fault matrix serves: one person whom all of them know, and another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from helpdesk.callers.ports import Proxy
from helpdesk.directory.model import CareService
from helpdesk.identifiers import NhsNumber, OdsCode, Ubrn
from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.model import EventKind, NextEvent, Referral, ReferralState
from helpdesk.practice.model import Area, Organisation
from helpdesk.primary_care.model import PracticeAppointment, Prescription, PrescriptionStatus
from tests.connectors.activity_area import JANES
from tests.connectors.tiny_area import JANE, NOW, SMYTHE, tiny_area

PRACTICE = OdsCode("XPR01")
HOSPITAL = OdsCode("XFC01")
POSTCODE = "ZZ99 3CZ"
PEOPLE = (JANE, SMYTHE)
UBRNS = {JANE: tuple(Ubrn(f"0000000710{i:02}") for i in range(1, 9)), SMYTHE: (Ubrn("000000072001"),)}
ACTIVITY = ("fhir_r4", "trust_portal", "bars", "elective_waiting_list")


@cache
def fault_area(connector: str = "", fault: str = "", whose: NhsNumber = JANE) -> Area:
    """`fault` is what that connector's stub shows of one person."""
    area = tiny_area()
    if fault:
        people = [replace(p, faults={connector: fault}) if p.patient.nhs_number == whose else p for p in area.people]
        area = replace(area, people=tuple(people))
    return replace(area, **_held())


def _held() -> dict[str, Any]:
    return {
        "organisations": (Organisation(PRACTICE, "Sluice Gate Surgery", "practice"), Organisation(HOSPITAL, "Fenmoor City", "acute")),
        "referrals": tuple(_referral(n, ubrn) for n, ubrns in UBRNS.items() for ubrn in ubrns),
        "appointments": dict.fromkeys(PEOPLE, (PracticeAppointment(NOW + timedelta(days=4), "Sluice Gate Surgery", "booked"),)),
        "activity": {name: {n: _activity(n) for n in PEOPLE} for name in ACTIVITY},
        "prescriptions": dict.fromkeys(PEOPLE, (Prescription(PrescriptionStatus.WITH_PHARMACY, date(2026, 11, 16)),)),
        "proxies": {n: (Proxy("Crowd", ("Kim",), None, date(1980, 1, 1), "mother", None, ("consent",)),) for n in PEOPLE},
        "services": (CareService("XS1", "Larkmead Pharmacy", "Pharmacy", postcode=POSTCODE, opening=("Monday to Friday 09:00 to 18:00",)),),
    }


def _activity(number: NhsNumber) -> tuple[Activity, ...]:
    dated = (replace(item, nhs_number=number) for item in JANES if item.status is not ActivityStatus.TO_BOOK)
    referred = date(2026, 10, 1)
    return (*dated, Activity(number, ActivityKind.REFERRAL, ActivityStatus.ACTIVE, "r1", HOSPITAL, local_id="L-1", referred=referred))


def _referral(number: NhsNumber, ubrn: Ubrn) -> Referral:
    event = NextEvent(EventKind.OUTPATIENT, date(2026, 12, 14), time(9, 30), "Cardiology clinic")
    return Referral(
        ubrn=ubrn,
        nhs_number=number,
        state=ReferralState.BOOKED,
        specialty="Cardiology",
        service="Cardiology clinic",
        clock_start=date(2026, 3, 29),
        next_event=event,
        source="ers",
        as_at=datetime(2026, 11, 21, tzinfo=UTC),
    )

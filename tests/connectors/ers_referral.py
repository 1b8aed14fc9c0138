"""One e-RS referral as it is held, sent and read, for the tests of its connector."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime, time
from typing import Any

from connectors.ers.documents import referral_request
from helpdesk.identifiers import NhsNumber, Ubrn
from helpdesk.pathways.model import EventKind, NextEvent, Referral, ReferralState

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
NUMBER = NhsNumber("9990000018")
OTHER = NhsNumber("9990000026")
UBRN = Ubrn("000000070001")
BOOKED = Referral(
    ubrn=UBRN,
    nhs_number=NUMBER,
    state=ReferralState.BOOKED,
    specialty="Cardiology",
    service="Cardiology clinic, Fenmoor City",
    clock_start=date(2026, 3, 29),
    next_event=NextEvent(EventKind.OUTPATIENT, date(2026, 7, 14), time(9, 30), "Cardiology clinic, Fenmoor City"),
    source="ers",
    as_at=NOW,
)


def document(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(referral_request(BOOKED)), **changes}


def extension_ending(body: dict[str, Any], name: str) -> dict[str, Any]:
    return next(e for e in body["extension"] if e["url"].endswith(name))


def appointment_of(body: dict[str, Any]) -> dict[str, Any]:
    return next(c for c in body["contained"] if c["resourceType"] == "Appointment")

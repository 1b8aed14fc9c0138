"""List rows and referrals of one invented patient, for the tests of pathways."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from helpdesk.identifiers import NhsNumber, OdsCode, PathwayId, Ubrn
from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.extract_rows import ClockEvent, ClockMove, ReferralRow
from helpdesk.pathways.model import Coded, ListKind, ListRow, Pathway, Referral, ReferralState
from helpdesk.pathways.ports import HeldRows
from helpdesk.pathways.stitching import stitch

TODAY = date(2026, 11, 20)
WEEK = date(2026, 11, 15)
SEEN = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
JANE = NhsNumber("9000000009")
SOMEBODY_ELSE = NhsNumber("9000000017")
UBRN = Ubrn("000000070000")
CITY, GENERAL = OdsCode("XFC01"), OdsCode("XTG01")
NAMES = {"XFC01": "Fenmoor City", "XTG01": "Thornmere General"}


def named(code: str) -> str:
    return NAMES.get(code, code)


def row(**changed: Any) -> ListRow:
    given: dict[str, Any] = {
        "nhs_number": JANE,
        "provider": CITY,
        "week_ending": WEEK,
        "list_kind": ListKind.RTT,
        "local_patient_id": "L1",
        "pathway_id": PathwayId("P1", "XFC01"),
        "ubrn": None,
        "treatment_function": "110",
        "referral_received": date(2026, 3, 3),
        "original_referral_received": None,
        "clock_start": date(2026, 3, 3),
        "clock_stop": None,
        "rtt_status": "20",
        "source": "waiting_lists",
    }
    return ListRow(**(given | changed))


def referral(**changed: Any) -> Referral:
    given: dict[str, Any] = {
        "ubrn": UBRN,
        "nhs_number": JANE,
        "state": ReferralState.NOT_BOOKED,
        "specialty": "Orthopaedics",
        "provider": CITY,
        "source": "ers",
        "as_at": SEEN,
    }
    return Referral(**(given | changed))


def activity(kind: ActivityKind = ActivityKind.APPOINTMENT, status: ActivityStatus = ActivityStatus.BOOKED, **changed: Any) -> Activity:
    given: dict[str, Any] = {
        "nhs_number": JANE,
        "kind": kind,
        "status": status,
        "id": "a1",
        "provider": CITY,
        "specialty": Coded("110", "Orthopaedics"),
        "local_id": "P9",
        "source": "hospital",
        "as_at": SEEN,
    }
    return Activity(**(given | changed))


def clock(day: date, move: ClockMove, rtt_status: str = "20", **changed: Any) -> ClockEvent:
    given: dict[str, Any] = {
        "nhs_number": JANE,
        "provider": CITY,
        "as_at": WEEK,
        "day": day,
        "move": move,
        "rtt_status": rtt_status,
        "local_patient_id": "L1",
        "pathway_id": PathwayId("P1", "XFC01"),
        "ubrn": None,
        "treatment_function": "110",
        "source": "clocks",
    }
    return ClockEvent(**(given | changed))


def sent(**changed: Any) -> ReferralRow:
    given: dict[str, Any] = {
        "nhs_number": JANE,
        "provider": CITY,
        "as_at": WEEK,
        "sent": date(2026, 11, 9),
        "received": None,
        "accepted": None,
        "closed": None,
        "outcome": "",
        "referrer": OdsCode("XGP01"),
        "local_patient_id": "",
        "pathway_id": None,
        "ubrn": UBRN,
        "treatment_function": "110",
        "source": "referral_extract",
    }
    return ReferralRow(**(given | changed))


def stitched(rows: list[ListRow], referrals: list[Referral] | None = None, *, today: date = TODAY, **more: Any) -> tuple[Pathway, ...]:
    held = [HeldRows(provider.value, WEEK, tuple(r for r in rows if r.provider == provider)) for provider in (CITY, GENERAL)]
    return stitch(held, referrals or [], about=JANE, today=today, limit_days=10, organisations=named, **more)


def only(rows: list[ListRow], referrals: list[Referral] | None = None, **more: Any) -> Pathway:
    (pathway,) = stitched(rows, referrals, **more)
    return pathway


def words(pathway: Pathway) -> str:
    return " ".join(s.text for s in pathway.sentences)

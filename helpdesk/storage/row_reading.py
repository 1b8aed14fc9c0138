"""Rows of extracts other than people, read back as the pathways feature knows them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from helpdesk.identifiers import NhsNumber, OdsCode, PathwayId, Ubrn
from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.extract_rows import ClockEvent, ClockMove, ReferralRow
from helpdesk.pathways.model import Coded, ListKind, ListRow

_LIST = (
    *("week_ending", "local_patient_id", "treatment_function", "referral_received", "original_referral_received", "clock_start"),
    *("clock_stop", "rtt_status", "next_outpatient", "next_admission", "last_attended", "last_missed", "cancelled", "due", "ask_team"),
    *("source", "no_range"),
)
_CLOCK = ("as_at", "day", "rtt_status", "local_patient_id", "treatment_function", "source")
_REFERRAL = (*("as_at", "sent", "received", "accepted", "closed", "outcome", "local_patient_id", "treatment_function", "source"),)
_ACTIVITY = ("local_id", "place", "medium", "referred", "clock_start", "due", "ask_team", "source")


def list_row(record: Any) -> ListRow:
    return ListRow(list_kind=ListKind(record.list_kind), **_keys(record), **_plain(record, _LIST))


def clock_event(record: Any) -> ClockEvent:
    return ClockEvent(move=ClockMove(record.move), **_keys(record), **_plain(record, _CLOCK))


def referral_row(record: Any) -> ReferralRow:
    referrer = OdsCode(record.referrer) if record.referrer else None
    return ReferralRow(referrer=referrer, **_keys(record), **_plain(record, _REFERRAL))


def activity(record: Any) -> Activity:
    return Activity(
        kind=ActivityKind(record.kind),
        status=ActivityStatus(record.status),
        id=record.item,
        specialty=Coded(record.specialty_code, record.specialty_name),
        start=_day_or_moment(record.start),
        as_at=_day_or_moment(record.as_at),
        **_keys(record),
        **_plain(record, _ACTIVITY),
    )


def _keys(record: Any) -> dict[str, Any]:
    """What rows are joined by."""
    whole = record.pathway_id is not None and record.pathway_issuer is not None
    return {
        "nhs_number": NhsNumber(record.number),
        "provider": OdsCode(record.provider) if record.provider else None,
        "pathway_id": PathwayId(record.pathway_id or "", record.pathway_issuer or "") if whole else None,
        "ubrn": Ubrn(record.ubrn) if record.ubrn else None,
    }


def _plain(record: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}


def _day_or_moment(text: str | None) -> date | datetime | None:
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)

"""Columns of the area's further extracts: clock stops and referrals."""

from __future__ import annotations

from datetime import date

from helpdesk.pathways.extract_rows import ClockEvent, ReferralRow

_STATES = {"rejected": "rejected", "sent back": "sent back", "withdrawn": "withdrawn"}


def clock_stop_columns(event: ClockEvent, born: str) -> dict[str, str]:
    return {
        "WEEK_ENDING_DATE": event.as_at.isoformat(),
        "NHS_NUMBER": event.nhs_number.value,
        "NHS_NUMBER_STATUS": "01",
        "PERSON_BIRTH_DATE": born,
        "LOCAL_PATIENT_IDENTIFIER": event.local_patient_id,
        "ORGANISATION_IDENTIFIER_CODE_OF_PROVIDER": event.provider.value,
        "PATIENT_PATHWAY_IDENTIFIER": event.pathway_id.value if event.pathway_id else "",
        "ORGANISATION_CODE_PATIENT_PATHWAY_IDENTIFIER_ISSUER": event.pathway_id.issuer if event.pathway_id else "",
        "REFERRAL_TO_TREATMENT_PERIOD_STATUS": event.rtt_status,
        "REFERRAL_TO_TREATMENT_PERIOD_END_DATE": event.day.isoformat(),
        "ACTIVITY_TREATMENT_FUNCTION_CODE": event.treatment_function,
    }


def referral_columns(row: ReferralRow) -> dict[str, str]:
    """Its state is the last thing that happened to it, on that day."""
    state, day = ("received", row.received) if row.received else ("sent", row.sent)
    if row.closed:
        state, day = _STATES[row.outcome], row.closed
    return {
        "ubrn": row.ubrn.value if row.ubrn else "",
        "nhs_number": row.nhs_number.value,
        "nhs_number_status": "01",
        "sent_date": _iso(row.sent),
        "referring_practice_ods": row.referrer.value if row.referrer else "",
        "provider_ods": row.provider.value,
        "treatment_function": row.treatment_function,
        "state": state,
        "state_date": _iso(day),
        "as_at": row.as_at.isoformat(),
    }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""

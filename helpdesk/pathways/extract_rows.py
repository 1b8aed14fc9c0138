"""Facts that extracts bring besides lists: clock starts and stops, and referrals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from helpdesk.identifiers import NhsNumber, OdsCode, PathwayId, Ubrn


class ClockMove(StrEnum):
    START = "start"
    STOP = "stop"
    NULLIFY = "nullify"


@dataclass(frozen=True)
class ClockEvent:
    """One start or stop of a clock, from a provider's extract of clock starts and stops. `rtt_status` as in ListRow."""

    nhs_number: NhsNumber
    provider: OdsCode
    as_at: date
    day: date
    move: ClockMove
    rtt_status: str
    local_patient_id: str
    pathway_id: PathwayId | None
    ubrn: Ubrn | None
    treatment_function: str
    source: str = ""


@dataclass(frozen=True)
class ReferralRow:
    """One row of a referral extract: sent by `referrer` to `provider`, and what has come of it. Dates are None where the
    extract does not say; `closed` is a day on which it was sent back, rejected or withdrawn, `outcome` the word for it."""

    nhs_number: NhsNumber
    provider: OdsCode
    as_at: date
    sent: date | None
    received: date | None
    accepted: date | None
    closed: date | None
    outcome: str
    referrer: OdsCode | None
    local_patient_id: str
    pathway_id: PathwayId | None
    ubrn: Ubrn | None
    treatment_function: str
    source: str = ""

"""Primary-care status as a desk without a clinical role may know it: places and dates only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True)
class PracticeAppointment:
    """One appointment still to come at the practice. `start` carries its offset; `status` is the FHIR status."""

    start: datetime
    place: str
    status: str


class PrescriptionStatus(StrEnum):
    """How far a prescription can have got, in the words that the NHS shows to patients.

    Source: the Electronic Prescription Service's status codes, and those of Prescriptions for Patients."""

    APPROVED = "Prescriber approved"
    WITH_PHARMACY = "With pharmacy"
    PREPARING_REMAINDER = "With pharmacy - preparing remainder"
    READY_TO_COLLECT = "Ready to collect"
    READY_TO_COLLECT_PARTIAL = "Ready to collect - partial"
    READY_TO_DISPATCH = "Ready to dispatch"
    READY_TO_DISPATCH_PARTIAL = "Ready to dispatch - partial"
    DISPATCHED = "Dispatched"
    COLLECTED = "Collected"
    DISPENSED = "Dispensed"
    NOT_DISPENSED = "Not dispensed"
    CANCELLED = "Prescriber cancelled"
    BEING_CANCELLED = "Cancellation requested"
    EXPIRED = "Expired"
    LATER = "Due later"
    NOT_TRACKED = "With pharmacy but tracking not supported"
    NOT_TRACKED_NOW = "Tracking temporarily unavailable"
    UNKNOWN = "Status not known"


@dataclass(frozen=True)
class Prescription:
    """How far one prescription has got: `status` in plain words (a PrescriptionStatus), `day` the day it is dated (the
    tracker's list gives no other), `issue` which of a repeating one it is ("2 of 6") or "", `since` the day of that status
    where the source told it. What is prescribed is never taken."""

    status: str
    day: date | None = None
    issue: str = ""
    since: date | None = None

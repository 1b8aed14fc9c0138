"""What a provider's own system, or a list that can be asked, says of one patient: one fact a piece, joined to pathways later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from helpdesk.identifiers import NhsNumber, OdsCode, PathwayId, Ubrn
from helpdesk.pathways.model import Coded

NO_SPECIALTY = Coded("", "")


class ActivityKind(StrEnum):
    """What kind of fact it is, whatever the system calls it."""

    REFERRAL = "referral"
    """A request that the provider holds (ServiceRequest)."""
    APPOINTMENT = "appointment"
    ADMISSION = "admission"
    """A stay or a day case, planned or past (Encounter or Appointment of an inpatient kind)."""
    ATTENDANCE = "attendance"
    """A visit that took place (Encounter of an outpatient or community kind)."""
    DIAGNOSTIC = "test"
    WAITING = "waiting"
    """An entry of a waiting list (CarePlan, or a list that can be asked)."""
    TASK = "task"
    """Something the provider asked of the patient, such as a form to fill in."""


class ActivityStatus(StrEnum):
    """Where it stands. A status that is not documented is UNKNOWN, never a guess."""

    ACTIVE = "active"
    TO_BOOK = "to be booked"
    PENDING = "change asked for"
    BOOKED = "booked"
    ARRIVED = "arrived"
    ATTENDED = "attended"
    CANCELLED = "cancelled"
    MISSED = "missed"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Activity:
    """One fact. `id` is the source's own name for it, `local_id` the provider's pathway identifier, "" where there is
    none. `start` is a moment with its offset where the source gives one, else a day; for WAITING it is None and
    `clock_start` says since when. `due` is a day by which the provider said it would act. `place` is where, in words.
    Reasons, notes, priority, results and diagnoses are never taken."""

    nhs_number: NhsNumber
    kind: ActivityKind
    status: ActivityStatus
    id: str
    provider: OdsCode | None = None
    specialty: Coded = NO_SPECIALTY
    ubrn: Ubrn | None = None
    pathway_id: PathwayId | None = None
    local_id: str = ""
    start: datetime | date | None = None
    place: str = ""
    medium: str = ""
    """How, in words: "by video", "by telephone", or ""."""
    referred: date | None = None
    clock_start: date | None = None
    due: date | None = None
    ask_team: bool = False
    source: str = ""
    as_at: date | datetime | None = None
    """When it was true: the census date of a list, else when the source last changed it or was asked."""
    kept: datetime | None = None
    """Of a fact read back because its source could not be asked now: when the source was asked."""


@dataclass(frozen=True)
class ActivityFound:
    """`missing` names, for the desk, the parts of the source that could not answer; with any there, what is not in
    `items` is not known to be absent."""

    items: tuple[Activity, ...] = ()
    missing: tuple[str, ...] = ()
    limits: str = ""
    """One sentence on what this source never shows, where an empty answer could be taken for "none"."""

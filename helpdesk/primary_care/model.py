"""Primary-care status as a desk without a clinical role may know it: places and dates only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class PracticeAppointment:
    """One appointment still to come at the practice. `start` carries its offset; `status` is the FHIR status."""

    start: datetime
    place: str
    status: str


@dataclass(frozen=True)
class Prescription:
    """How far one prescription has got: `status` in the tracker's own plain words ("With pharmacy"), `day` the day of
    that status, `issue` which of a repeating one it is ("2 of 6") or "". What is prescribed is never taken."""

    status: str
    day: date | None = None
    issue: str = ""

"""Primary-care status as a desk without a clinical role may know it: places and dates only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PracticeAppointment:
    """One appointment still to come at the practice. `start` carries its offset; `status` is the FHIR status."""

    start: datetime
    place: str
    status: str

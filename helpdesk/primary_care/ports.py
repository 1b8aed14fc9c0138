"""What the primary-care feature needs from the outside."""

from __future__ import annotations

from typing import Protocol

from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.primary_care.model import PracticeAppointment


class PracticeAppointments(Protocol):
    """Future appointments at the patient's practice. Only ever asked with the gate open."""

    def future(self, number: NhsNumber, practice: OdsCode) -> tuple[PracticeAppointment, ...]:
        """Soonest first; an empty tuple means no FUTURE appointment at this practice, nothing more.

        Raises ConnectorError; PATIENT_NOT_FOUND is ConnectorUnavailable ("the practice's system would not say")."""

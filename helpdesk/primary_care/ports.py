"""What the primary-care feature needs from the outside."""

from __future__ import annotations

from typing import Protocol

from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.primary_care.model import PracticeAppointment, Prescription


class PracticeAppointments(Protocol):
    """Future appointments at the patient's practice. Only ever asked with the gate open."""

    def future(self, number: NhsNumber, practice: OdsCode) -> tuple[PracticeAppointment, ...]:
        """Soonest first; an empty tuple means no FUTURE appointment at this practice, nothing more.

        Raises ConnectorError; PATIENT_NOT_FOUND is ConnectorUnavailable ("the practice's system would not say")."""


class Prescriptions(Protocol):
    """How far a patient's prescriptions have got. Only ever asked with the gate open."""

    def prescriptions(self, number: NhsNumber) -> tuple[Prescription, ...]:
        """Latest first; an empty tuple means that the tracker holds none. Raises NotFound or a ConnectorError."""

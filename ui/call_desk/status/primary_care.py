"""Primary care: the practice, and only what is still to come there."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from helpdesk.clock import london_time
from helpdesk.desk.model import PrimaryCare
from helpdesk.primary_care.model import PracticeAppointment, Prescription
from ui.call_desk.status import words
from ui.widgets.arrange import empty, row
from ui.widgets.card import Card
from ui.widgets.icon import Icon
from ui.widgets.label import Elided, KeyValue, Label
from ui.widgets.states import EmptyState

ONLY_FUTURE = "Only future appointments can be shown"


class PrimaryCareCard(Card):
    """Hidden until there is something to say; "none" is said only when the practice's system said so."""

    def __init__(self) -> None:
        super().__init__(around=(12, 16), gap=8)
        self._rows = QVBoxLayout()
        self._shown: PrimaryCare | None = None
        self.add(row(Icon("home"), Label("Primary care", "heading"), (Elided(ONLY_FUTURE), 1), gap=10))
        self.add(self._rows)
        self.hide()

    def show_care(self, care: PrimaryCare | None) -> None:
        self.setVisible(care is not None)
        if care == self._shown:
            return
        self._shown = care
        empty(self._rows)
        if care is None:
            return
        if care.practice_name:
            self._rows.addWidget(KeyValue("Registered at", care.practice_name, value_style="strong"))
        if care.appointments is None:
            self._rows.addWidget(EmptyState("Appointments cannot be seen now", "This does not mean that there are none.", icon="lock"))
        elif not care.appointments:
            self._rows.addWidget(EmptyState("No future appointments at this practice", "Only what is still to come can be seen."))
        else:
            for appointment in care.appointments:
                self._rows.addWidget(_line(appointment))
        for prescription in care.prescriptions or ():
            self._rows.addWidget(_prescription(prescription))


def _prescription(prescription: Prescription) -> KeyValue:
    """How far it has got; what is prescribed is not known here."""
    dated = f" of {words.day(prescription.day)}" if prescription.day is not None else ""
    issue = f", issue {prescription.issue}" if prescription.issue else ""
    since = f" since {words.day(prescription.since)}" if prescription.since is not None else ""
    return KeyValue(f"Prescription{dated}{issue}", f"{prescription.status}{since}", value_style="body")


def _line(appointment: PracticeAppointment) -> KeyValue:
    start = london_time(appointment.start)
    return KeyValue(f"{start:%a} {words.day(start.date())} {start:%H:%M}", f"{appointment.place}, {appointment.status}", value_style="body")

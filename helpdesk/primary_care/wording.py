"""What may be said of appointments at the practice (only future ones can be seen, so nothing is said of others) and of how far
prescriptions have got: never what is prescribed or why, always whom to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from helpdesk.answers import Answer, SourceState
from helpdesk.clock import london_time
from helpdesk.primary_care.model import PracticeAppointment, Prescription, PrescriptionStatus

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_STANDS = frozenset({"booked", "pending", "proposed", "arrived", "checked-in"})
_MOST_SAID = 3

_PRESCRIPTION: dict[str, str] = {
    PrescriptionStatus.APPROVED: "RX01",
    PrescriptionStatus.WITH_PHARMACY: "RX02",
    PrescriptionStatus.PREPARING_REMAINDER: "RX03",
    PrescriptionStatus.READY_TO_COLLECT: "RX04",
    PrescriptionStatus.READY_TO_COLLECT_PARTIAL: "RX05",
    PrescriptionStatus.READY_TO_DISPATCH: "RX06",
    PrescriptionStatus.READY_TO_DISPATCH_PARTIAL: "RX07",
    PrescriptionStatus.DISPATCHED: "RX08",
    PrescriptionStatus.COLLECTED: "RX09",
    PrescriptionStatus.DISPENSED: "RX10",
    PrescriptionStatus.NOT_DISPENSED: "RX11",
    PrescriptionStatus.CANCELLED: "RX12",
    PrescriptionStatus.BEING_CANCELLED: "RX13",
    PrescriptionStatus.EXPIRED: "RX14",
    PrescriptionStatus.NOT_TRACKED: "RX15",
    PrescriptionStatus.NOT_TRACKED_NOW: "RX16",
}
"""The rule for each status: what it means for the patient, and whom to ask."""
_NOT_KNOWN = "RX17"
_OVER = frozenset(
    {
        PrescriptionStatus.COLLECTED,
        PrescriptionStatus.DISPENSED,
        PrescriptionStatus.CANCELLED,
        PrescriptionStatus.EXPIRED,
        PrescriptionStatus.NOT_DISPENSED,
    }
)


class Write(Protocol):
    """The words of a rule, in the version and for the caller at hand; its blanks filled with `values`."""

    def __call__(self, rule: str, values: Mapping[str, str | None]) -> str: ...


@dataclass(frozen=True)
class PracticeWords:
    """One sentence to be said, with the id of the rule that wrote it and the field that it rests on."""

    text: str
    rule: str
    field: str


def practice_words(answer: Answer[tuple[PracticeAppointment, ...]], write: Write) -> tuple[PracticeWords, ...]:
    """The sentences for one answer of the practice's system; their source and time are the answer's own."""
    if answer.state is SourceState.NOT_PERMITTED:
        return (PracticeWords(write("P04", {}), "P04", "state"),)
    if answer.state is SourceState.UNAVAILABLE or (answer.value is None and answer.state is not SourceState.NOTHING_HELD):
        return (PracticeWords(write("P03", {}), "P03", "state"),)
    booked = _booked(answer.value or ())
    if not booked:
        return (PracticeWords(write("P02", {}), "P02", "future_appointments"),)
    return tuple(_appointment(a.start, "P01" if n == 0 else "P05", write) for n, a in enumerate(booked))


def _appointment(start: datetime, rule: str, write: Write) -> PracticeWords:
    return PracticeWords(write(rule, {"gp_day": _said(start)}), rule, "future_appointments")


def _booked(appointments: Sequence[PracticeAppointment]) -> list[PracticeAppointment]:
    """Those that still stand: never one that was cancelled or entered in error."""
    return sorted((a for a in appointments if a.status in _STANDS), key=lambda a: a.start)


def _said(start: datetime) -> str:
    """Wednesday 22 July 2026 at 10:10am, in local time."""
    local = london_time(start)
    return f"{_WEEKDAYS[local.weekday()]} {_day(local.date())} at {_time(local)}"


def _time(local: datetime) -> str:
    if (local.hour, local.minute) == (12, 0):
        return "12 noon"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def prescription_words(answer: Answer[tuple[Prescription, ...]], write: Write) -> tuple[PracticeWords, ...]:
    """The sentences for one answer of the tracker: those on their way, or the last of those that are over."""
    if answer.state is SourceState.NOT_PERMITTED:
        return (PracticeWords(write("RX22", {}), "RX22", "state"),)
    if answer.state is SourceState.UNAVAILABLE or (answer.value is None and answer.state is not SourceState.NOTHING_HELD):
        return (PracticeWords(write("RX21", {}), "RX21", "state"),)
    held = answer.value or ()
    if not held:
        return (PracticeWords(write("RX20", {}), "RX20", "prescriptions"),)
    current = [p for p in held if p.status != PrescriptionStatus.LATER]
    chosen = [p for p in current if p.status not in _OVER] or current[:1]
    said = [_prescription(p, write) for p in chosen[:_MOST_SAID]]
    more = (["RX18"] if len(chosen) > _MOST_SAID else []) + (["RX19"] if len(current) < len(held) else [])
    return (*said, *(PracticeWords(write(rule, {}), rule, "status") for rule in more))


def _prescription(held: Prescription, write: Write) -> PracticeWords:
    rule = _PRESCRIPTION.get(held.status, _NOT_KNOWN)
    values = {"dated": f" dated {_day(held.day)}" if held.day else "", "issue": f" (issue {held.issue})" if held.issue else ""}
    return PracticeWords(write(rule, values), rule, "status")

"""What may be said of appointments at the practice (only future ones can be seen, so nothing is said of others) and of how far
prescriptions have got: never what is prescribed or why, always whom to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from helpdesk.answers import Answer, SourceState
from helpdesk.clock import london_time
from helpdesk.primary_care.model import PracticeAppointment, Prescription, PrescriptionStatus

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_STANDS = frozenset({"booked", "pending", "proposed", "arrived", "checked-in"})
_ASK_PHARMACY = "Ask your pharmacy"
_ASK_PRESCRIBER = "Ask your GP practice, or the service that prescribed it"
_MOST_SAID = 3

_PRESCRIPTION: dict[str, tuple[str, str]] = {
    PrescriptionStatus.APPROVED: ("RX01", f"has been approved, and no pharmacy has taken it yet. {_ASK_PHARMACY} whether they have it."),
    PrescriptionStatus.WITH_PHARMACY: ("RX02", f"is with the pharmacy. {_ASK_PHARMACY} when it will be ready."),
    PrescriptionStatus.PREPARING_REMAINDER: (
        "RX03",
        f"is with the pharmacy, and part of it is still to be got ready. {_ASK_PHARMACY} when the rest will be ready.",
    ),
    PrescriptionStatus.READY_TO_COLLECT: ("RX04", f"is shown as ready to collect. {_ASK_PHARMACY} before you set out."),
    PrescriptionStatus.READY_TO_COLLECT_PARTIAL: (
        "RX05",
        f"is shown as partly ready to collect. {_ASK_PHARMACY} before you set out, and when the rest will be ready.",
    ),
    PrescriptionStatus.READY_TO_DISPATCH: ("RX06", f"is shown as ready to be sent to you. {_ASK_PHARMACY} when it will come."),
    PrescriptionStatus.READY_TO_DISPATCH_PARTIAL: (
        "RX07",
        f"is shown as partly ready to be sent to you. {_ASK_PHARMACY} when it will come, and when the rest will be ready.",
    ),
    PrescriptionStatus.DISPATCHED: ("RX08", f"is shown as sent to you by the pharmacy. {_ASK_PHARMACY} if it has not come."),
    PrescriptionStatus.COLLECTED: ("RX09", f"is shown as collected. {_ASK_PHARMACY} if you do not have it."),
    PrescriptionStatus.DISPENSED: ("RX10", f"is shown as given out by the pharmacy. {_ASK_PHARMACY} if you do not have it."),
    PrescriptionStatus.NOT_DISPENSED: ("RX11", f"is shown as not given out. {_ASK_PHARMACY} why."),
    PrescriptionStatus.CANCELLED: ("RX12", f"is shown as cancelled by the prescriber. {_ASK_PRESCRIBER}."),
    PrescriptionStatus.BEING_CANCELLED: ("RX13", f"is shown as about to be cancelled. {_ASK_PRESCRIBER}."),
    PrescriptionStatus.EXPIRED: ("RX14", f"is shown as out of date, so it can no longer be given out. {_ASK_PRESCRIBER}."),
    PrescriptionStatus.NOT_TRACKED: ("RX15", f"is with a pharmacy that does not report how far it has got. {_ASK_PHARMACY}."),
    PrescriptionStatus.NOT_TRACKED_NOW: ("RX16", f"cannot be tracked at the moment. {_ASK_PHARMACY}."),
}
"""What each status means for the patient, and whom to ask, with the id of its rule."""
_NOT_KNOWN = ("RX17", f"is held, but its status is not known. {_ASK_PHARMACY}.")
_OVER = frozenset(
    {
        PrescriptionStatus.COLLECTED,
        PrescriptionStatus.DISPENSED,
        PrescriptionStatus.CANCELLED,
        PrescriptionStatus.EXPIRED,
        PrescriptionStatus.NOT_DISPENSED,
    }
)


@dataclass(frozen=True)
class PracticeWords:
    """One sentence to be said, with the id of the rule that wrote it and the field that it rests on."""

    text: str
    rule: str
    field: str


def practice_words(answer: Answer[tuple[PracticeAppointment, ...]]) -> tuple[PracticeWords, ...]:
    """The sentences for one answer of the practice's system; their source and time are the answer's own."""
    if answer.state is SourceState.NOT_PERMITTED:
        return (PracticeWords("We may not look at your GP practice's appointments.", "P04", "state"),)
    if answer.state is SourceState.UNAVAILABLE or (answer.value is None and answer.state is not SourceState.NOTHING_HELD):
        return (PracticeWords("We could not ask your GP practice just now.", "P03", "state"),)
    booked = _booked(answer.value or ())
    if not booked:
        words = "We can see no future appointment at this practice. We cannot see past ones."
        return (PracticeWords(words, "P02", "future_appointments"),)
    return tuple(PracticeWords(_said(a.start, first=n == 0), "P01", "future_appointments") for n, a in enumerate(booked))


def _booked(appointments: Sequence[PracticeAppointment]) -> list[PracticeAppointment]:
    """Those that still stand: never one that was cancelled or entered in error."""
    return sorted((a for a in appointments if a.status in _STANDS), key=lambda a: a.start)


def _said(start: datetime, *, first: bool) -> str:
    local = london_time(start)
    day = f"{_WEEKDAYS[local.weekday()]} {_day(local.date())}"
    which = "Your next appointment at your GP practice" if first else "You have another there, which"
    return f"{which} is on {day} at {_time(local)}."


def _time(local: datetime) -> str:
    if (local.hour, local.minute) == (12, 0):
        return "12 noon"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def prescription_words(answer: Answer[tuple[Prescription, ...]]) -> tuple[PracticeWords, ...]:
    """The sentences for one answer of the tracker: those on their way, or the last of those that are over."""
    if answer.state is SourceState.NOT_PERMITTED:
        words = "We may not look at your prescriptions. Ask your pharmacy or your GP practice."
        return (PracticeWords(words, "RX22", "state"),)
    if answer.state is SourceState.UNAVAILABLE or (answer.value is None and answer.state is not SourceState.NOTHING_HELD):
        words = "We could not look at your prescriptions just now. Ask your pharmacy or your GP practice."
        return (PracticeWords(words, "RX21", "state"),)
    held = answer.value or ()
    if not held:
        words = "We can see no electronic prescription for you. We cannot see paper ones. Ask your GP practice or your pharmacy."
        return (PracticeWords(words, "RX20", "prescriptions"),)
    current = [p for p in held if p.status != PrescriptionStatus.LATER]
    chosen = [p for p in current if p.status not in _OVER] or current[:1]
    said = [_prescription(p) for p in chosen[:_MOST_SAID]]
    if len(chosen) > _MOST_SAID:
        said.append(PracticeWords("You have other prescriptions on their way. Ask your pharmacy about them.", "RX18", "status"))
    if len(current) < len(held):
        words = "Later issues of a repeat prescription are due on later dates. Ask your pharmacy when the next one is due."
        said.append(PracticeWords(words, "RX19", "status"))
    return tuple(said)


def _prescription(held: Prescription) -> PracticeWords:
    rule, words = _PRESCRIPTION.get(held.status, _NOT_KNOWN)
    dated = f" dated {_day(held.day)}" if held.day else ""
    issue = f" (issue {held.issue})" if held.issue else ""
    return PracticeWords(f"Your prescription{dated}{issue} {words}", rule, "status")

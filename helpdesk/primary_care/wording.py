"""What may be said of appointments at the practice: only future ones can be seen, so nothing is said of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from helpdesk.answers import Answer, SourceState
from helpdesk.clock import london_time
from helpdesk.primary_care.model import PracticeAppointment

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_STANDS = frozenset({"booked", "pending", "proposed", "arrived", "checked-in"})


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
    day = f"{_WEEKDAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.year}"
    which = "Your next appointment at your GP practice" if first else "You have another there, which"
    return f"{which} is on {day} at {_time(local)}."


def _time(local: datetime) -> str:
    if (local.hour, local.minute) == (12, 0):
        return "12 noon"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"

"""Days as they are said and as they are shown, and working days."""

from __future__ import annotations

import json
from datetime import date, time, timedelta
from functools import cache
from importlib.resources import files

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def said(day: date) -> str:
    """3 March 2026, whatever the computer's language."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def said_with_weekday(day: date) -> str:
    """Friday 4 December 2026."""
    return f"{_WEEKDAYS[day.weekday()]} {said(day)}"


def said_time(moment: time) -> str:
    """9:10am, 12 noon, 2pm."""
    if (moment.hour, moment.minute) == (12, 0):
        return "12 noon"
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def shown(day: date) -> str:
    """03-Mar-2026. Source: NHS Common User Interface, date display."""
    return f"{day.day:02}-{_MONTHS[day.month - 1][:3]}-{day.year}"


@cache
def _bank_holidays() -> frozenset[str]:
    listed = json.loads((files("resources") / "reference" / "bank_holidays.json").read_text(encoding="utf-8"))
    return frozenset(d["date"] for d in listed["days"])


def is_working_day(day: date) -> bool:
    """Monday to Friday and no bank holiday in England."""
    return day.weekday() < 5 and day.isoformat() not in _bank_holidays()


def working_day_after(day: date, days: int) -> date:
    """The first working day at least that many calendar days later."""
    later = day + timedelta(days=days)
    while not is_working_day(later):
        later += timedelta(days=1)
    return later


def working_days_later(day: date, days: int) -> date:
    """That many working days on, counted from the day after; 0 gives the day itself."""
    later = day
    for _ in range(days):
        later = working_day_after(later, 1)
    return later


def working_days_before(day: date, days: int) -> date:
    """The working day from which it is that many working days to `day`."""
    earlier = day
    for _ in range(days):
        earlier -= timedelta(days=1)
        while not is_working_day(earlier):
            earlier -= timedelta(days=1)
    return earlier

"""What time it is, as a thing that can be handed in: UTC for records, Europe/London for days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class Clock(Protocol):
    """Gives the present moment, in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The computer's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def london_day(moment: datetime) -> date:
    """The calendar day at the desk at that moment."""
    return moment.astimezone(LONDON).date()


def london_time(moment: datetime) -> datetime:
    """The same moment as clocks at the desk show it."""
    return moment.astimezone(LONDON)

"""Opening times as lines that can be read aloud: "Monday to Friday 09:00 to 17:30"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from pydantic import Field

from connectors.fhir import Piece

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CLOSED = "closed"
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_DATES = ("%b %d %Y", "%Y-%m-%d", "%d %b %Y", "%d %B %Y")
_AHEAD = timedelta(days=28)


class OpeningTime(Piece):
    """One entry of OpeningTimes. What is null counts as not said."""

    day: str | None = Field(default=None, alias="Weekday")
    opens: str | None = Field(default=None, alias="OpeningTime")
    closes: str | None = Field(default=None, alias="ClosingTime")
    kind: str | None = Field(default=None, alias="OpeningTimeType")
    on: str | None = Field(default=None, alias="AdditionalOpeningDate")
    is_open: bool | None = Field(default=None, alias="IsOpen")

    @property
    def hours(self) -> str:
        """ "09:00 to 17:30", "closed", or "" where it does not say."""
        if self.is_open is False:
            return CLOSED
        if self.opens and self.closes and _CLOCK.fullmatch(self.opens) and _CLOCK.fullmatch(self.closes):
            return f"{self.opens} to {self.closes}"
        return ""


def lines_of(times: Iterable[OpeningTime], today: date) -> tuple[str, ...]:
    """The week, days of the same hours together, then the other days of the next four weeks."""
    held = tuple(times)
    return (*_week([t for t in held if (t.kind or "General") == "General" and not t.on]), *_other_days(held, today))


def _week(times: Sequence[OpeningTime]) -> list[str]:
    by_day = [(day, _joined(t.hours for t in times if t.day == day)) for day in DAYS]
    lines = []
    for hours, run in groupby(by_day, key=lambda pair: pair[1]):
        days = [day for day, _ in run]
        if hours:
            lines.append(f"{_named(days)} {hours}")
    return lines


def _joined(hours: Iterable[str]) -> str:
    found = sorted({h for h in hours if h})
    opened = [h for h in found if h != CLOSED]
    return " and ".join(opened or found)


def _named(days: Sequence[str]) -> str:
    if len(days) == len(DAYS):
        return "Every day"
    return days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"


def _other_days(times: Iterable[OpeningTime], today: date) -> list[str]:
    found: dict[date, list[str]] = {}
    for time in times:
        day = _day(time.on or "")
        if day is not None and today <= day <= today + _AHEAD and time.hours:
            found.setdefault(day, []).append(time.hours)
    return [f"{day:%A} {day.day} {day:%B} {_joined(found[day])}" for day in sorted(found)]


def _day(text: str) -> date | None:
    for form in _DATES:
        try:
            return datetime.strptime(" ".join(text.split()), form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    return None

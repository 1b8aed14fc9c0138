"""Reads a birth date the way people type and say one, day before month."""

from __future__ import annotations

import calendar
import re
from datetime import date

from helpdesk.patients.model import FactKind, PartialDate
from helpdesk.patients.reading import END, Part

FIRST_YEAR = 1900

_MONTH = (
    r"(?P<word>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_ORDINAL = r"(?:st|nd|rd|th)?"
_DAY = r"(?P<day>[0-9]{1,2})"
_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})"
_FLAGS = re.ASCII | re.IGNORECASE
_WRITTEN = (
    re.compile(rf"{_DAY}{_ORDINAL}(?:\s+of)?[\s./-]*{_MONTH}[\s.,/-]*{_YEAR}{END}", _FLAGS),
    re.compile(rf"{_MONTH}\.?\s+{_DAY}{_ORDINAL},?\s+(?P<year>[0-9]{{4}}){END}", _FLAGS),
    re.compile(rf"{_DAY}\s*[/.-]\s*(?P<month>[0-9]{{1,2}})\s*[/.-]\s*{_YEAR}{END}", _FLAGS),
    re.compile(rf"(?P<year>[0-9]{{4}})[/.-](?P<month>[0-9]{{1,2}})[/.-]{_DAY}{END}", _FLAGS),
)
_LOOSE = (
    re.compile(rf"{_DAY}\s+(?P<month>[0-9]{{1,2}})\s+(?P<year>[0-9]{{4}}){END}", _FLAGS),
    re.compile(rf"(?P<day>[0-9]{{2}})\s+(?P<month>[0-9]{{2}})\s+(?P<year>[0-9]{{2}}){END}", _FLAGS),
    re.compile(rf"(?P<day>[0-9]{{2}})(?P<month>[0-9]{{2}})(?P<year>[0-9]{{4}}){END}", _FLAGS),
    re.compile(rf"(?P<year>[0-9]{{4}})(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}}){END}", _FLAGS),
    re.compile(rf"(?P<day>[0-9]{{2}})(?P<month>[0-9]{{2}})(?P<year>[0-9]{{2}}){END}", _FLAGS),
)
_YEAR_ALONE = re.compile(rf"[0-9]{{4}}{END}", _FLAGS)
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def read_date(text: str, start: int, today: date) -> Part | None:
    """A whole birth date. One that is plainly meant and cannot be (31 February) is a part with a problem; digits that
    make no date are None, because they may be something else."""
    for pattern in _WRITTEN:
        if found := pattern.match(text, start):
            return _part(found, today)
    for pattern in _LOOSE:
        found = pattern.match(text, start)
        if found and _plausible(found, today):
            return _part(found, today)
    return None


def read_year(text: str, start: int, today: date) -> Part | None:
    """A year of birth alone, from 1900 to this year."""
    found = _YEAR_ALONE.match(text, start)
    if not found or not FIRST_YEAR <= int(found[0]) <= today.year:
        return None
    return Part(found.end(), FactKind.BORN_YEAR, found[0], f"Born {found[0]}, year only")


def _plausible(found: re.Match[str], today: date) -> bool:
    year = found["year"]
    return (
        int(found["month"]) in range(1, 13)
        and int(found["day"]) in range(1, 32)
        and (len(year) == 2 or FIRST_YEAR <= int(year) <= today.year)
    )


def _part(found: re.Match[str], today: date) -> Part:
    groups = found.groupdict()
    word = groups.get("word")
    month = _month_of(word) if word else int(groups["month"])
    day = int(groups["day"])
    if not 1 <= month <= 12:
        return Part(found.end(), problem=f"There is no month {month}: type the day first, then the month.")
    year = _year_of(groups["year"], month, day, today)
    if not 1 <= day <= _longest(month):
        return Part(found.end(), problem=f"There is no {_nth(day)} of {_MONTHS[month - 1]}.")
    if year < FIRST_YEAR:
        return Part(found.end(), problem="A birth date before 1900 cannot be searched for.")
    if day > calendar.monthrange(year, month)[1]:
        return Part(found.end(), problem=f"There is no {_nth(day)} of {_MONTHS[month - 1]} in {year}.")
    born = date(year, month, day)
    if born > today:
        return Part(found.end(), problem="This birth date is in the future.")
    return Part(found.end(), FactKind.BORN, born.isoformat(), f"Born {PartialDate.of(born).shown}")


def _month_of(word: str) -> int:
    return next(n for n, name in enumerate(_MONTHS, 1) if name.lower().startswith(word[:3].lower()))


def _year_of(digits: str, month: int, day: int, today: date) -> int:
    """Two digits mean this century unless that is still to come."""
    if len(digits) == 4:
        return int(digits)
    century = today.year - today.year % 100
    year = century + int(digits)
    return year - 100 if (year, month, day) > (today.year, today.month, today.day) else year


def _longest(month: int) -> int:
    return 29 if month == 2 else calendar.monthrange(2001, month)[1]


def _nth(day: int) -> str:
    ending = "th" if 11 <= day % 100 <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"

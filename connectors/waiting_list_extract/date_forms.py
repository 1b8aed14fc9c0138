"""Dates as providers write them, told by forms such as DD/MM/YYYY or DD-MON-YYYY hh:mm."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_PARTS = {
    "YYYY": r"(?P<year>\d{4})",
    "MON": r"(?P<name>[A-Za-z]{3,9})",
    "MM": r"(?P<month>\d{2})",
    "DD": r"(?P<day>\d{2})",
    "M": r"(?P<month>\d{1,2})",
    "D": r"(?P<day>\d{1,2})",
    "hh": r"(?P<hour>\d{1,2})",
    "mm": r"(?P<minute>\d{2})",
    "ss": r"(?P<second>\d{2})",
}
_TOKEN = re.compile("|".join(_PARTS))
WANTED = "YYYY, MM or MON, DD, and hh, mm, ss for a time"

KNOWN_FORMS = tuple(
    f"{day}{time}"
    for day in ("YYYY-MM-DD", "YYYYMMDD", "DD/MM/YYYY", "DD-MM-YYYY", "DD.MM.YYYY", "DD-MON-YYYY", "DD MON YYYY", "YYYY/MM/DD", "D/M/YYYY")
    for time in ("", " hh:mm", " hh:mm:ss", "Thh:mm", "Thh:mm:ss")
)
"""What a new file is tried against. A day always comes before its month: no system of the NHS writes MM/DD."""


class DateForm:
    """One form. Raises ValueError where it does not say year, month and day once each."""

    def __init__(self, form: str) -> None:
        self.form = form
        text, place = "", 0
        for token in _TOKEN.finditer(form):
            text += re.escape(form[place : token.start()]) + _PARTS[token.group()]
            place = token.end()
        try:
            self._pattern = re.compile(text + re.escape(form[place:]), re.ASCII)
        except re.error:
            raise ValueError from None
        parts = self._pattern.groupindex
        if not ({"year", "day"} <= set(parts) and ("month" in parts or "name" in parts)):
            raise ValueError

    def read(self, text: str) -> datetime | None:
        """None where the text is no date of this form."""
        found = self._pattern.fullmatch(text)
        if found is None:
            return None
        parts = found.groupdict()
        try:
            month = int(parts["month"]) if parts.get("month") else 1 + _MONTHS.index(parts["name"][:3].upper())
            hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
            return datetime(int(parts["year"]), month, int(parts["day"]), hour, minute, second)  # noqa: DTZ001  # a day by the file's own calendar
        except ValueError:
            return None


def in_iso(text: str, forms: Sequence[DateForm], *, with_time: bool) -> str:
    """The date as YYYY-MM-DD, with its time where that is wanted and it is not midnight. What is of none of the forms
    stays as it is, to be refused where it is read."""
    for form in forms:
        moment = form.read(text)
        if moment is not None:
            has_time = with_time and (moment.hour or moment.minute or moment.second)
            return moment.isoformat() if has_time else moment.date().isoformat()
    return text

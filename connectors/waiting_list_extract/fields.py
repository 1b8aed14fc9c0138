"""One row's values by column, each read strictly, and the problems met on the way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from operator import itemgetter
from typing import TypeVar

from helpdesk.clock import LONDON
from helpdesk.errors import RuleBroken
from helpdesk.extracts.columns import NOT_RECORDED, SEPARATOR
from helpdesk.extracts.model import Problem
from helpdesk.identifiers import NhsNumber, OdsCode, Ubrn

T = TypeVar("T")
_FIRST = 100
_DAY = re.compile(r"(\d{4}-\d\d-\d\d|\d{8})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
"""ISO 8601, written either way. The midnight that databases put behind a day says nothing; another time of day may be another day."""
_NUMBER_STATUSES = {f"{zero}{n}": f"0{n}" for n in range(1, 9) for zero in ("0", "")}
"""With the zero that spreadsheets lose. Source: NHS Data Dictionary, NHS NUMBER STATUS INDICATOR CODE."""
_NOT_THERE = -1
"""The place of a column that the file does not have: behind each record stands an empty value."""
_KEPT_VALUES = 50_000
"""So many different values of a code or date are remembered with what they mean."""


class Problems:
    """The first hundred problems of a file, and how many there are. `names` are what a mapping file calls the columns."""

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self.count = 0
        self._kept: list[Problem] = []
        self._names = names or {}

    @property
    def kept(self) -> tuple[Problem, ...]:
        return tuple(self._kept)

    def add(self, row: int | None, column: str, text: str) -> None:
        """`text` never repeats what stands in the file."""
        self.count += 1
        if len(self._kept) < _FIRST:
            self._kept.append(Problem(row, self._names.get(column, column), text))


class Fields:
    """The values of one row after another. Every reading method returns a value that is right, or records why there is none."""

    def __init__(self, places: Mapping[str, int], problems: Problems) -> None:
        self.row = 0
        self._record: Sequence[str] = ()
        self._places = places
        self._problems = problems
        self._plain = False
        self._days: dict[str, date | None] = {}
        self._organisations: dict[str, OdsCode] = {}

    def take(self, row: int, record: Sequence[str]) -> None:
        """Goes to this row. A row that is plain as a whole need not be looked at value by value."""
        line = "|".join(record)
        self.row, self._record = row, [*record, ""]
        self._plain = line.isprintable() and not ("  " in line or " |" in line or "| " in line or line[:1] == " " or line[-1:] == " ")

    def has(self, column: str) -> bool:
        return column in self._places

    def wrong(self, column: str, text: str) -> None:
        self._problems.add(self.row, column, text)

    def text(self, column: str) -> str:
        """The value without surplus spaces and without invisible characters, which could turn a name round on screen;
        "" where the column is not in the file."""
        value = self._record[self._places.get(column, _NOT_THERE)]
        return value if self._plain else self._cleaned(column, value)

    def places(self, columns: Sequence[str]) -> Callable[[Sequence[str]], tuple[str, ...]]:
        """What takes these columns out of a record at once, for `texts_at`."""
        return itemgetter(*(self._places.get(column, _NOT_THERE) for column in columns))

    def texts_at(self, columns: Sequence[str], places: Callable[[Sequence[str]], tuple[str, ...]]) -> tuple[str, ...]:
        """The values of these columns as `text` gives them."""
        values = places(self._record)
        return values if self._plain else tuple(map(self._cleaned, columns, values))

    def _cleaned(self, column: str, written: str) -> str:
        value = " ".join(written.split())
        if value.isprintable():
            return value
        if any(unicodedata.category(c) == "Cc" for c in value):
            self.wrong(column, "It holds a character that cannot be shown.")
            return ""
        return "".join(c for c in value if unicodedata.category(c) != "Cf").strip()

    def texts(self, column: str) -> tuple[str, ...]:
        return several(self.text(column))

    def day(self, column: str) -> date | None:
        """A date; None where it is blank or written as not recorded."""
        return self.day_of(column, self.text(column))

    def day_of(self, column: str, value: str) -> date | None:
        """The same of a value that was taken out already."""
        if not value:
            return None
        try:
            return self._days[value]
        except KeyError:
            return self._new_day(column, value)

    def _new_day(self, column: str, value: str) -> date | None:
        try:
            day = _day(value)
        except ValueError:
            self.wrong(column, "It is not a date written as YYYY-MM-DD.")
            return None
        return _remembered(self._days, value, day)

    def moment(self, column: str) -> datetime | date | None:
        """A day, or a moment of it; a time without an offset is by the clocks in London."""
        value = self.text(column)
        try:
            moment = datetime.fromisoformat(value) if ":" in value else None
        except ValueError:
            self.wrong(column, "It is not a date, or a date and time, written as YYYY-MM-DDThh:mm.")
            return None
        if moment is None or (moment.tzinfo is None and moment.time() == time()):
            return self.day(column)
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=LONDON)

    def nhs_number(self, column: str) -> NhsNumber | None:
        return self.nhs_number_of(column, self.text(column))

    def nhs_number_of(self, column: str, value: str) -> NhsNumber | None:
        if not value:
            self.wrong(column, "The NHS number is missing.")
            return None
        try:
            return NhsNumber(value) if len(value) == 10 else NhsNumber.parse(value)
        except RuleBroken as refused:
            self.wrong(column, refused.message)
            return None

    def number_status(self, column: str) -> str:
        """01 to 08; a spreadsheet's lost zero is put back. "" where it is wrong."""
        return self.number_status_of(column, self.text(column))

    def number_status_of(self, column: str, value: str) -> str:
        status = _NUMBER_STATUSES.get(value, "")
        if not status:
            self.wrong(column, "It is not one of the NHS number statuses 01 to 08.")
        return status

    def ods(self, column: str) -> OdsCode | None:
        return self.ods_of(column, self.text(column))

    def ods_of(self, column: str, value: str) -> OdsCode | None:
        if not value:
            return None
        known = self._organisations.get(value)
        return known or _remembered_if(self._organisations, value, self._parsed(column, value, OdsCode.parse))

    def ubrn(self, column: str) -> Ubrn | None:
        value = self.text(column)
        return self._parsed(column, value, Ubrn.parse) if value else None

    def _parsed(self, column: str, value: str, parse: Callable[[str], T]) -> T | None:
        try:
            return parse(value)
        except RuleBroken as refused:
            self.wrong(column, refused.message)
            return None


def several(value: str) -> tuple[str, ...]:
    """The values that stand in one field."""
    if SEPARATOR not in value:
        return (value,) if value else ()
    return tuple(part for part in (p.strip() for p in value.split(SEPARATOR)) if part)


def _day(value: str) -> date | None:
    """Raises ValueError."""
    found = _DAY.fullmatch(value)
    if found is None:
        raise ValueError
    day = date.fromisoformat(found[1])
    return None if day.isoformat() == NOT_RECORDED else day


def _remembered(values: dict[str, T], value: str, meaning: T) -> T:
    if len(values) < _KEPT_VALUES:
        values[value] = meaning
    return meaning


def _remembered_if(values: dict[str, T], value: str, meaning: T | None) -> T | None:
    return None if meaning is None else _remembered(values, value, meaning)

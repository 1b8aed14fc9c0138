"""One row's values by column, each read strictly, and the problems met on the way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from connectors.waiting_list_extract.header import Header
from helpdesk.errors import RuleBroken
from helpdesk.extracts.columns import NOT_RECORDED, SEPARATOR
from helpdesk.extracts.model import Problem
from helpdesk.identifiers import NhsNumber, OdsCode

_FIRST = 100
_DAY = re.compile(r"(\d{4}-\d\d-\d\d|\d{8})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
"""ISO 8601, written either way. The midnight that databases put behind a day says nothing; another time of day may be another day."""
_NUMBER_STATUSES = frozenset(f"0{n}" for n in range(1, 9))
"""Source: NHS Data Dictionary, NHS NUMBER STATUS INDICATOR CODE."""


class Problems:
    """The first hundred problems of a file, and how many there are."""

    def __init__(self) -> None:
        self.count = 0
        self._kept: list[Problem] = []

    @property
    def kept(self) -> tuple[Problem, ...]:
        return tuple(self._kept)

    def add(self, row: int | None, column: str, text: str) -> None:
        """`text` never repeats what stands in the file."""
        self.count += 1
        if len(self._kept) < _FIRST:
            self._kept.append(Problem(row, column, text))


class Fields:
    """The values of one row. Every reading method returns a value that is right, or records why there is none."""

    def __init__(self, row: int, record: Sequence[str], header: Header, problems: Problems) -> None:
        self.row = row
        self._record = record
        self._places = header.places
        self._problems = problems

    def wrong(self, column: str, text: str) -> None:
        self._problems.add(self.row, column, text)

    def text(self, column: str) -> str:
        """The value without surplus spaces and without invisible characters, which could turn a name round on screen;
        "" where the column is not in the file."""
        place = self._places.get(column)
        if place is None:
            return ""
        value = " ".join(self._record[place].split())
        if value.isprintable():
            return value
        if any(unicodedata.category(c) == "Cc" for c in value):
            self.wrong(column, "It holds a character that cannot be shown.")
            return ""
        return "".join(c for c in value if unicodedata.category(c) != "Cf").strip()

    def texts(self, column: str) -> tuple[str, ...]:
        """Several values of one field."""
        return tuple(part for part in (p.strip() for p in self.text(column).split(SEPARATOR)) if part)

    def day(self, column: str) -> date | None:
        """A date; None where it is blank or written as not recorded."""
        value = self.text(column)
        if not value:
            return None
        try:
            found = _DAY.fullmatch(value)
            if found is None:
                raise ValueError
            day = date.fromisoformat(found[1])
        except ValueError:
            self.wrong(column, "It is not a date written as YYYY-MM-DD.")
            return None
        return None if day.isoformat() == NOT_RECORDED else day

    def nhs_number(self, column: str) -> NhsNumber | None:
        value = self.text(column)
        if not value:
            self.wrong(column, "The NHS number is missing.")
            return None
        try:
            return NhsNumber.parse(value)
        except RuleBroken as refused:
            self.wrong(column, refused.message)
            return None

    def number_status(self, column: str) -> str:
        """01 to 08; a spreadsheet's lost zero is put back. "" where it is wrong."""
        value = self.text(column).rjust(2, "0")
        if value not in _NUMBER_STATUSES:
            self.wrong(column, "It is not one of the NHS number statuses 01 to 08.")
            return ""
        return value

    def ods(self, column: str) -> OdsCode | None:
        value = self.text(column)
        if not value:
            return None
        try:
            return OdsCode.parse(value)
        except RuleBroken as refused:
            self.wrong(column, refused.message)
            return None

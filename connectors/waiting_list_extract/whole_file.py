"""What must hold over all rows of a file: one provider, one week, nothing twice."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date

from connectors.waiting_list_extract.fields import Fields
from helpdesk.identifiers import OdsCode


class OneProvider:
    """The provider of a file of a national form: set by its first row, the same in every other.
    `said` is whom the file was said to be from, "" where nobody said."""

    def __init__(self, column: str, said: str) -> None:
        self._column = column
        self._said = said.strip().upper()
        self._provider: OdsCode | None = None

    @property
    def name(self) -> str:
        return self._provider.value if self._provider else ""

    def of(self, fields: Fields) -> OdsCode | None:
        """The row's provider; None, with the reason in the problems, where there is none."""
        provider = fields.ods(self._column)
        if not fields.text(self._column):
            fields.wrong(self._column, "The provider is missing.")
        if provider is None or provider == self._provider:
            return provider
        if self._provider is not None:
            fields.wrong(self._column, "The file holds rows of more than one provider.")
            return provider
        self._provider = provider
        if self._said and provider.value != self._said:
            fields.wrong(self._column, "The file is from another provider than the one it was said to be from.")
        return provider


class AnyProvider:
    """The providers of a file that a practice or an area may send about several: its name is what was said, else the one
    provider of all its rows, else ""."""

    def __init__(self, column: str, said: str) -> None:
        self._column = column
        self._said = said.strip().upper()
        self._first: OdsCode | None = None
        self._several = False

    @property
    def name(self) -> str:
        return self._said or (self._first.value if self._first and not self._several else "")

    def of(self, fields: Fields) -> OdsCode | None:
        provider = fields.ods(self._column)
        if not fields.text(self._column):
            fields.wrong(self._column, "The provider is missing.")
        if self._first is None:
            self._first = provider
        elif provider is not None and provider != self._first:
            self._several = True
        return provider


class OneDay:
    """The day that a file is for: in every row the same, or said with the file where it has no such column."""

    def __init__(self, column: str, said: date | None, today: date) -> None:
        self._column = column
        self._said = said
        self._today = today
        self._found: date | None = None

    @property
    def day(self) -> date | None:
        return self._found or self._said

    def of(self, fields: Fields) -> date | None:
        """The row's day; None, with the reason in the problems, where there is none. Where the file has no such column
        it is the day said, or today for the moment."""
        if not fields.has(self._column):
            return self._said or self._today
        day = fields.day(self._column)
        if day is None:
            if not fields.text(self._column):
                fields.wrong(self._column, "The day that the file is for is missing.")
            return None
        if day != self._found:
            self._check(fields, day)
        return day

    def _check(self, fields: Fields, day: date) -> None:
        if self._found is not None:
            fields.wrong(self._column, "The file holds rows of more than one week.")
            return
        self._found = day
        if day > self._today:
            fields.wrong(self._column, "The day that the file is for is in the future.")
        if self._said and day != self._said:
            fields.wrong(self._column, "The file is for another week than the one it was said to be for.")


class EachOnce:
    """Nothing stands in a file twice."""

    def __init__(self) -> None:
        self._keys: set[int] = set()

    def check(self, fields: Fields, key: Hashable, column: str, what: str) -> None:
        marked = hash(key)
        if marked in self._keys:
            fields.wrong(column, f"The same {what} stands in the file twice.")
        self._keys.add(marked)

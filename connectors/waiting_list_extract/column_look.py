"""What one column of a new file holds, gathered value by value and told without telling a value of anybody's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from connectors.waiting_list_extract.date_forms import KNOWN_FORMS, DateForm
from connectors.waiting_list_extract.national import rtt_statuses
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber, OdsCode, Ubrn
from helpdesk.pathways.reference import treatment_functions

MOST_DISTINCT = 40
"""A column with more different values than that is not one of codes."""
_SHARED_BY = 3
"""A word that so many rows share is no one's name, in a column whose heading is that of a code."""
_WORD = re.compile(r"[A-Za-z][A-Za-z /&()-]{0,29}|[A-Za-z]{0,3}[0-9]{1,3}", re.ASCII)
_MOST = 0.9
_LOOKED_AT = 2_000
_FORMS = tuple(DateForm(form) for form in KNOWN_FORMS)


class ColumnLook:
    """One column. Its form is told from the first 2,000 values that are filled in."""

    def __init__(self) -> None:
        self.filled = 0
        self._looked_at = 0
        self._values: Counter[str] | None = Counter()
        self._dates: Counter[str] = Counter()
        self._looks: Counter[str] = Counter()

    def see(self, written: str) -> None:
        value = " ".join(written.split())
        if not value:
            return
        self.filled += 1
        if self._values is not None:
            self._values[value] += 1
            if len(self._values) > MOST_DISTINCT:
                self._values = None
        if self._looked_at < _LOOKED_AT:
            self._looked_at += 1
            self._look(value)

    def _look(self, value: str) -> None:
        for name, fits in _LOOKS.items():
            if fits(value):
                self._looks[name] += 1
        form = next((f.form for f in _FORMS if f.read(value) is not None), None)
        if form is not None:
            self._dates[form] += 1

    @property
    def distinct(self) -> int | None:
        return None if self._values is None else len(self._values)

    @property
    def dates(self) -> tuple[tuple[str, int], ...]:
        """The forms of its dates, the most frequent first; none where most values are not dates."""
        return tuple(self._dates.most_common()) if self._looked_at and self._dates.total() > self._looked_at / 2 else ()

    @property
    def looks(self) -> str:
        if self.dates:
            return "date"
        likely = [name for name in _LOOKS if self._looked_at and self._looks[name] >= _MOST * self._looked_at]
        return likely[0] if likely else ""

    def has(self, value: str) -> bool:
        return self._values is not None and value in self._values

    def words(self, is_known: Callable[[str], bool]) -> tuple[tuple[str, int], ...]:
        """The words of a column of codes that may be shown: those the desk knows, and those that several rows share."""
        counted = self._values.most_common() if self._values is not None else []
        return tuple((word, n) for word, n in counted if is_known(word) or (n >= _SHARED_BY and _WORD.fullmatch(word)))


def _parses(parse: Callable[[str], object]) -> Callable[[str], bool]:
    def fits(value: str) -> bool:
        try:
            parse(value)
        except RuleBroken:
            return False
        return True

    return fits


_LOOKS: dict[str, Callable[[str], bool]] = {
    "NHS number": _parses(NhsNumber.parse),
    "booking reference": _parses(Ubrn.parse),
    "RTT status": lambda value: value in rtt_statuses(),
    "treatment function": lambda value: value.upper().removeprefix("C_") in treatment_functions(),
    "organisation code": lambda value: value.upper() == value and any(c.isalpha() for c in value) and _parses(OdsCode)(value),
}
"""The first that fits most values is told."""

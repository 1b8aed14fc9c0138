"""Reads the numbers that people are found by: NHS number, booking reference and telephone, however they are grouped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise

from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber, Ubrn
from helpdesk.patients.model import FactKind
from helpdesk.patients.reading import Part

_RUN = re.compile(r"\+?\(?[0-9][0-9() ./-]*")
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True)
class _Run:
    """Groups of digits that follow each other, and where each ends in the text."""

    groups: tuple[str, ...]
    ends: tuple[int, ...]
    spaced: tuple[bool, ...]
    """Whether a space stands before the group."""
    international: bool

    def taking(self, total: int) -> int | None:
        """How many of the first groups hold exactly that many digits."""
        sums = list(accumulate(len(g) for g in self.groups))
        return sums.index(total) + 1 if total in sums else None

    def one_word(self, count: int) -> bool:
        return not any(self.spaced[1:count])

    def lengths(self, count: int, start: int = 0) -> list[int]:
        return [len(g) for g in self.groups[start : start + count]]

    def digits(self, count: int) -> str:
        return "".join(self.groups[:count])


def _run(text: str, start: int) -> _Run | None:
    found = _RUN.match(text, start)
    if not found:
        return None
    groups = list(_DIGITS.finditer(text, start, found.end()))
    if groups and text[groups[-1].end() : groups[-1].end() + 1].isalnum():
        groups.pop()
    if not groups:
        return None
    spaced = (False, *(" " in text[a.end() : b.start()] for a, b in pairwise(groups)))
    return _Run(tuple(g[0] for g in groups), tuple(g.end() for g in groups), spaced, text[start] == "+")


def read_nhs_number(text: str, start: int, _today: date) -> Part | None:
    """Ten digits together or grouped 3-3-4, whatever their check digit; grouped in another way only when they are valid,
    because a year may stand before a telephone number."""
    run = _run(text, start)
    count = run.taking(10) if run else None
    if run is None or count is None or run.international or run.groups[0].startswith("0"):
        return None
    part = _nhs_part(run.digits(count), run.ends[count - 1])
    if run.one_word(count) or run.lengths(count) == [3, 3, 4]:
        return part
    later = any(run.lengths(3, start=at) == [3, 3, 4] for at in range(1, len(run.groups)))
    return None if part.problem or later else part


def forced_nhs_number(text: str, start: int, _today: date) -> Part | None:
    """What follows `nhs:`, right or wrong."""
    run = _run(text, start)
    if run is None:
        return None
    count = run.taking(10) or len(run.groups)
    return _nhs_part(run.digits(count), run.ends[count - 1])


def _nhs_part(digits: str, end: int) -> Part:
    try:
        number = NhsNumber(digits)
    except RuleBroken as wrong:
        return Part(end, problem=wrong.message)
    return Part(end, FactKind.NHS_NUMBER, number.value, f"NHS No. {number.spaced}")


def read_ubrn(text: str, start: int, _today: date) -> Part | None:
    """Twelve digits together or grouped 4-4-4."""
    run = _run(text, start)
    count = run.taking(12) if run else None
    if run is None or count is None or run.international:
        return None
    if not run.one_word(count) and run.lengths(count) != [4, 4, 4]:
        return None
    return _ubrn_part(run.digits(count), run.ends[count - 1])


def forced_ubrn(text: str, start: int, _today: date) -> Part | None:
    """What follows `ubrn:`, right or wrong."""
    run = _run(text, start)
    if run is None:
        return None
    count = run.taking(12) or len(run.groups)
    return _ubrn_part(run.digits(count), run.ends[count - 1])


def _ubrn_part(digits: str, end: int) -> Part:
    try:
        reference = Ubrn.parse(digits)
    except RuleBroken as wrong:
        return Part(end, problem=wrong.message)
    return Part(end, FactKind.UBRN, reference.value, f"UBRN {reference.spaced}")


def read_phone(text: str, start: int, _today: date) -> Part | None:
    """A whole UK number: 11 digits, or 10 where the area still has such numbers; +44 and 0044 are read as 0."""
    run = _run(text, start)
    if run is None:
        return None
    for count in range(len(run.groups), 0, -1):
        number = national(("+" if run.international else "") + run.digits(count))
        if _whole(number):
            return Part(run.ends[count - 1], FactKind.PHONE, number, f"Phone {spaced_phone(number)}")
    return None


def national(number: str) -> str:
    """The digits of a UK number as dialled here, or "" when it is no UK number."""
    digits = "".join(_DIGITS.findall(number))
    if number.lstrip().startswith("+") or digits.startswith("00"):
        code = digits.removeprefix("00")
        return "0" + code[2:].removeprefix("0") if code.startswith("44") else ""
    return digits if digits.startswith("0") else ""


def _whole(number: str) -> bool:
    return len(number) == 11 or (len(number) == 10 and number.startswith(("01", "0800", "0500")))


def spaced_phone(number: str) -> str:
    """A national number grouped as it is spoken. Source: Ofcom, National Telephone Numbering Plan."""
    if number.startswith("02"):
        return f"{number[:3]} {number[3:7]} {number[7:]}"
    if number.startswith(("03", "08", "09")) or re.match(r"011|01[0-9]1", number):
        return f"{number[:4]} {number[4:7]} {number[7:]}"
    return f"{number[:5]} {number[5:]}"

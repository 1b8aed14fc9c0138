"""The identifiers of the field, each a value that cannot exist in a wrong form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Self

from helpdesk.errors import RuleBroken

_SEPARATORS = re.compile("[\\s\\-\u00a0\u2007\u202f\u2010-\u2015\u2212]+")


def without_separators(text: str) -> str:
    """The text with the spaces and dashes that people type or paste into numbers taken out (NBSP and the Unicode dashes too)."""
    return _SEPARATORS.sub("", text)


_WEIGHED = tuple(
    {f"{n:03}": n // 100 * weight + n // 10 % 10 * (weight - 1) + n % 10 * (weight - 2) for n in range(1000)} for weight in (10, 7, 4)
)
"""Three digits at a time by what they weigh: an import checks a million numbers."""
_CHECK_DIGITS = ("0", None, "9", "8", "7", "6", "5", "4", "3", "2", "1")


@dataclass(frozen=True, order=True, repr=False)
class NhsNumber:
    """An NHS number: ten ASCII digits whose last is the Modulus 11 check digit.

    Source: NHS Data Dictionary, NHS NUMBER (weights 10 to 2; remainder 11 counts as 0, 10 is never issued).
    Its `repr` shows no digits, so that a stray log line cannot leak one; `str` gives the ten digits.
    """

    value: str

    def __post_init__(self) -> None:
        if not (self.value.isascii() and self.value.isdigit()):
            raise RuleBroken("An NHS number has only the digits 0 to 9.", field="nhs_number")
        if len(self.value) != 10:
            raise RuleBroken(f"An NHS number has 10 digits; this has {len(self.value)}.", field="nhs_number")
        if self.check_digit(self.value[:9]) != self.value[9]:
            raise RuleBroken("This is not a valid NHS number: a digit is wrong or two are swapped.", field="nhs_number")

    @classmethod
    def parse(cls, text: str) -> Self:
        """What a person typed, spaces and dashes allowed. Raises RuleBroken with the reason, `field` "nhs_number"."""
        return cls(without_separators(text))

    @staticmethod
    def check_digit(nine: str) -> str | None:
        """The tenth digit for the first nine, or None where none is issued."""
        first, second, third = _WEIGHED
        return _CHECK_DIGITS[(first[nine[:3]] + second[nine[3:6]] + third[nine[6:9]]) % 11]

    @property
    def spaced(self) -> str:
        """Grouped 3-3-4 as it is shown. Source: NHS Common User Interface, NHS Number display."""
        return f"{self.value[:3]} {self.value[3:6]} {self.value[6:]}"

    def __str__(self) -> str:
        return self.value

    def __repr__(self) -> str:
        return "NhsNumber(•••)"


@dataclass(frozen=True, order=True)
class OdsCode:
    """The code of an organisation or site in the Organisation Data Service: 3 to 12 capital letters and digits."""

    value: str
    _FORM: ClassVar[re.Pattern[str]] = re.compile(r"[A-Z0-9]{3,12}")

    def __post_init__(self) -> None:
        if not self._FORM.fullmatch(self.value):
            raise RuleBroken("An organisation code has 3 to 12 letters and digits.", field="ods_code")

    @classmethod
    def parse(cls, text: str) -> Self:
        """What a person or a file wrote, in either case. Raises RuleBroken, `field` "ods_code"."""
        return cls(text.strip().upper())

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, order=True, repr=False)
class Ubrn:
    """The unique booking reference number of an e-RS referral: 12 digits, shown 4-4-4."""

    value: str

    def __post_init__(self) -> None:
        if not (self.value.isascii() and self.value.isdigit() and len(self.value) == 12):
            raise RuleBroken("A booking reference (UBRN) has 12 digits.", field="ubrn")

    @classmethod
    def parse(cls, text: str) -> Self:
        """What a person typed, or a pathway identifier padded on the left with zeros to 20. Raises RuleBroken, `field` "ubrn"."""
        bare = without_separators(text)
        if len(bare) == 20 and bare.startswith("0" * 8):
            bare = bare[8:]
        return cls(bare)

    @property
    def spaced(self) -> str:
        return f"{self.value[:4]} {self.value[4:8]} {self.value[8:]}"

    def __str__(self) -> str:
        return self.value

    def __repr__(self) -> str:
        return "Ubrn(•••)"


@dataclass(frozen=True, order=True)
class PathwayId:
    """A patient pathway identifier, unique only together with the organisation that issued it.

    Source: NHS Data Dictionary, PATIENT PATHWAY IDENTIFIER (an20) with its issuer; the issuer X09 means e-RS.
    """

    value: str
    issuer: str

    @property
    def ubrn(self) -> Ubrn | None:
        """The booking reference, when e-RS issued this pathway; else None."""
        if self.issuer != "X09":
            return None
        try:
            return Ubrn.parse(self.value)
        except RuleBroken:
            return None

"""Identifiers that were never issued: NHS numbers, booking references, pathway and hospital numbers, telephone numbers."""

from __future__ import annotations

import random
from collections.abc import Iterator

from helpdesk.identifiers import NhsNumber, OdsCode, PathwayId, Ubrn

ERS = "X09"
"""Who issues a pathway identifier that is a booking reference. Source: NHS Data Dictionary, PATIENT PATHWAY IDENTIFIER."""

_STORY_PREFIX = "99930"
_AREA_PREFIXES = ("9991", "9992", "9994", "9995", "9996", "9997", "9998", *(f"998{n}" for n in range(10)))
"""None of the published test people has a number under these."""
_SPREAD = 61_417
"""Shares no factor with 10, so that multiplying by it visits every number of a prefix once, in no visible order."""
_STORY_SERIALS = 100_000_000


def story_number(serial: int) -> NhsNumber:
    """The number of a story patient: the same in every area. Raises ValueError for a serial that has no check digit."""
    nine = f"{_STORY_PREFIX}{serial:04}"
    digit = NhsNumber.check_digit(nine)
    if digit is None:
        raise ValueError("this serial has no check digit: take the next one")
    return NhsNumber(nine + digit)


def area_numbers() -> Iterator[NhsNumber]:
    """Numbers for everybody else, about one and a half million, always in the same order."""
    for prefix in _AREA_PREFIXES:
        for count in range(100_000):
            nine = f"{prefix}{count * _SPREAD % 100_000:05}"
            digit = NhsNumber.check_digit(nine)
            if digit is not None:
                yield NhsNumber(nine + digit)


def story_serial(story: int, pathway: int) -> int:
    """The serial of a story's pathway; those of other people count from 1 and stay below it."""
    return _STORY_SERIALS + story * 100 + pathway


def booking_reference(serial: int) -> Ubrn:
    return Ubrn(f"{9_800_000_000 + serial:012}")


def pathway_id(serial: int, provider: OdsCode, *, from_ers: bool) -> PathwayId:
    """Issued by e-RS, where it is the booking reference padded to 20, or by the provider itself."""
    if from_ers:
        return PathwayId(booking_reference(serial).value.zfill(20), ERS)
    return PathwayId(f"{provider}{serial:012}", provider.value)


def hospital_number(serial: int, provider: OdsCode) -> str:
    """The provider's own number for a person: a letter and seven digits."""
    return f"{provider.value[1]}{(serial * 7_919 + 104_729) % 10_000_000:07}"


def mobile(draw: random.Random) -> str:
    """Source: Ofcom, telephone numbers for drama: 07700 900000 to 900999."""
    return f"07700900{draw.randrange(1000):03}"


def landline(draw: random.Random) -> str:
    """Source: Ofcom, telephone numbers for drama: 01632 960000 to 960999."""
    return f"01632960{draw.randrange(1000):03}"

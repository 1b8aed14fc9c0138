"""Compares what a caller said with what is true, forgiving the form and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from helpdesk.callers.address import doors, same_door, words_of
from helpdesk.callers.model import Item

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(
    r"(?<![a-z])(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)
_DIGITS = re.compile(r"[0-9]+")
_ANY_PRACTICE = frozenset(
    {"surgery", "surgeries", "practice", "medical", "health", "centre", "center", "clinic", "group", "partnership", "doctors", "doctor"}
    | {"drs", "and", "gp", "family", "community", "rd", "st", "ave", "ln", "cl", "dr"}
)
"""Words, as words_of writes them, that tell no practice or street from another."""


def is_said(said: str) -> bool:
    """Whether anything was said at all: spaces and points are nothing."""
    return any(c.isalnum() for c in said)


def matches(item: Item, said: str, answers: tuple[str, ...]) -> bool:
    """Whether what was said is one of the true answers of this item. Never raises, so that no answer can get out in a
    message."""
    same = _SAME[item]
    return is_said(said) and any(can_be_asked(item, answer) and same(said, answer) for answer in answers)


def can_be_asked(item: Item, answer: str) -> bool:
    """Whether this true answer is whole enough to be compared with: a birth year alone or an address without a street
    proves nothing."""
    match item:
        case Item.DATE_OF_BIRTH:
            return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", answer))
        case Item.ADDRESS:
            return bool(doors(answer))
        case Item.GP_PRACTICE:
            return bool(_practice(answer))
        case Item.PHONE:
            return len(_phone(answer)) >= 10
        case _:
            return len(_code(answer)) >= 4


def _same_day(said: str, answer: str) -> bool:
    """`answer` is ISO. Day before month, or year first; the month in words or digits; two digits of the year do."""
    year, month, day = (int(part) for part in answer.split("-"))
    return any((d, m) == (day, month) and y in (f"{year:04}", f"{year % 100:02}") for d, m, y in _readings(said))


def _readings(said: str) -> list[tuple[int, int, str]]:
    text = said.casefold()
    words = _MONTH.findall(text)
    numbers = _DIGITS.findall(text)
    if any(len(number) > 8 for number in numbers):
        return []
    if len(words) == 1 and len(numbers) == 2:
        month = _MONTHS.index(words[0][:3]) + 1
        year_first = len(numbers[0]) == 4
        day, year = (numbers[1], numbers[0]) if year_first else (numbers[0], numbers[1])
        return [(int(day), month, year)]
    if words:
        return []
    if len(numbers) == 3 and len(numbers[0]) == 4:
        return [(int(numbers[2]), int(numbers[1]), numbers[0])]
    if len(numbers) == 3:
        return [(int(numbers[0]), int(numbers[1]), numbers[2])]
    return _together(numbers[0]) if len(numbers) == 1 else []


def _together(digits: str) -> list[tuple[int, int, str]]:
    if len(digits) == 6:
        return [(int(digits[:2]), int(digits[2:4]), digits[4:])]
    if len(digits) == 8:
        return [(int(digits[:2]), int(digits[2:4]), digits[4:]), (int(digits[6:]), int(digits[4:6]), digits[:4])]
    return []


def _code(text: str) -> str:
    """Letters and digits only, in capitals: how postcodes and reference numbers are compared."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def _same_code(said: str, answer: str) -> bool:
    return _code(said) == _code(answer) != ""


def _same_nhs_number(said: str, answer: str) -> bool:
    return len(_digits(said)) == 10 and _digits(said) == _digits(answer)


def _same_ubrn(said: str, answer: str) -> bool:
    """Systems write it padded with zeros to 20."""
    return _code(said)[-12:] == _code(answer)[-12:] and 12 <= len(_code(said)) <= 20 and not _code(said)[:-12].strip("0")


def _digits(text: str) -> str:
    return "".join(_DIGITS.findall(text))


def _phone(text: str) -> str:
    """The digits as dialled in the UK: +44, 0044 and a 0 in brackets behind them are one 0."""
    digits = _digits(text)
    if text.strip().startswith("+") or digits.startswith("00"):
        return "0" + digits.removeprefix("00").removeprefix("44").removeprefix("0")
    return digits


def _same_phone(said: str, answer: str) -> bool:
    return _phone(said) == _phone(answer) and len(_phone(said)) >= 10


def _practice(text: str) -> frozenset[str]:
    """The words that tell one practice from another."""
    return frozenset(word for word in words_of(text) if word not in _ANY_PRACTICE)


def _same_practice(said: str, answer: str) -> bool:
    return bool(_practice(answer)) and _practice(said) == _practice(answer)


_SAME: Mapping[Item, Callable[[str, str], bool]] = {
    Item.DATE_OF_BIRTH: _same_day,
    Item.ADDRESS: same_door,
    Item.POSTCODE: _same_code,
    Item.PHONE: _same_phone,
    Item.HOSPITAL_NUMBER: _same_code,
    Item.NHS_NUMBER: _same_nhs_number,
    Item.GP_PRACTICE: _same_practice,
    Item.UBRN: _same_ubrn,
}

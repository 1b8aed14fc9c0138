"""The files of `bench extract`: as many people and pathways as wanted, nobody of them real, the same at each run."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from helpdesk.extracts.columns import OPEN_PATHWAYS, PERSONS
from helpdesk.identifiers import NhsNumber

PERSONS_FILE, LISTS_FILE = "persons.csv", "open_pathways.csv"
_SEED = 26
_PROVIDER = "XFC01"
_SYLLABLES = ("ba", "den", "for", "gar", "hol", "kin", "lar", "mer", "nor", "pen", "rus", "sel", "tam", "ver", "wick", "yar")
_FUNCTIONS = ("100", "101", "110", "120", "130", "160", "300", "301", "320", "330", "400", "410", "502")


def write_files(folder: Path, people: int, pathways: int, today: date) -> None:
    chance = Random(_SEED)  # noqa: S311  # people who are not there need no secrecy
    numbers = list(_numbers(chance, max(people, pathways)))
    persons, lists = folder / PERSONS_FILE, folder / LISTS_FILE
    _write(persons, PERSONS, (_person(chance, number, n) for n, number in enumerate(numbers[:people])))
    chance.shuffle(numbers)
    week = today - timedelta(days=7)
    _write(lists, OPEN_PATHWAYS, (_pathway(chance, number, n, week) for n, number in enumerate(numbers[:pathways])))


def _write(path: Path, columns: tuple[str, ...], rows: Iterator[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def _numbers(chance: Random, count: int) -> Iterator[str]:
    """Different ones of the test range, in no order."""
    for nine in chance.sample(range(900_000_000, 1_000_000_000), count + count // 5 + 10):
        digit = NhsNumber.check_digit(str(nine))
        if digit is not None:
            yield f"{nine}{digit}"


def _name(chance: Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=3)).title()


def _person(chance: Random, number: str, n: int) -> dict[str, str]:
    born = date(1930, 1, 1) + timedelta(days=chance.randrange(34_000))
    return {
        "nhs_number": number,
        "nhs_number_status": "01",
        "family_name": _name(chance),
        "given_names": f"{_name(chance)};{_name(chance)}",
        "title": "Mx",
        "date_of_birth": born.isoformat(),
        "gender": "9",
        "address_line_1": f"{chance.randrange(1, 400)} {_name(chance)} Lane",
        "address_line_2": "Fenmoor",
        "postcode": f"ZZ99 {chance.randrange(10)}{chr(65 + n % 26)}{chr(65 + chance.randrange(26))}",
        "phone_mobile": f"07700900{chance.randrange(1000):03}",
        "email": f"person{n}@example.org",
        "gp_practice_ods": f"XGP{chance.randrange(120):03}",
        "hospital_numbers": f"F{n:07}",
        "sensitivity": "U" if n % 200 else "R",
    }


def _pathway(chance: Random, number: str, n: int, week: date) -> dict[str, str]:
    start = week - timedelta(days=chance.randrange(1, 500))
    values = (
        week.isoformat(),
        "ORTT",
        number,
        "01",
        "1950-01-01",
        f"F{n:07}",
        _PROVIDER,
        f"{_PROVIDER}{n:012}",
        _PROVIDER,
        chance.choice(_FUNCTIONS),
        start.isoformat(),
        start.isoformat(),
        "20",
    )
    return dict(zip(OPEN_PATHWAYS, values, strict=True))

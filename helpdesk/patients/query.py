"""Understands the one search box: anything the caller says, in any order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from helpdesk.patients.birth_dates import read_date, read_year
from helpdesk.patients.model import Fact, FactKind, Query
from helpdesk.patients.numbers import forced_nhs_number, forced_ubrn, read_nhs_number, read_phone, read_ubrn
from helpdesk.patients.reading import Part, Reader, plain
from helpdesk.patients.words import (
    forced_hospital_number,
    is_title,
    read_email,
    read_gender,
    read_hospital_number,
    read_name,
    read_postcode,
)

LONGEST = 300
"""Characters that are read; nobody says more than this, and a pasted letter must not stop the window."""

_FLAGS = re.ASCII | re.IGNORECASE
_LABELS: tuple[tuple[re.Pattern[str], tuple[Reader, ...]], ...] = (
    (re.compile(r"nhs(?: *(?:no|number)\b\.?)? *[:#]? *(?=[0-9])", _FLAGS), (forced_nhs_number,)),
    (re.compile(r"ubrn *[:#]? *(?=[0-9])", _FLAGS), (forced_ubrn,)),
    (re.compile(r"hosp(?:ital)?(?: *(?:no|number)\b\.?)? *[:#]? *(?=[a-z]*[0-9])", _FLAGS), (forced_hospital_number,)),
    (re.compile(r"(?:dob|d\.o\.b\.?|date of birth|born)(?: +on\b)? *:? *", _FLAGS), (read_date, read_year)),
    (re.compile(r"(?:telephone|tel|phone|mobile|mob)\b\.? *:? *", _FLAGS), (read_phone,)),
    (re.compile(r"post ?code(?: +starts\b)? *:? *", _FLAGS), (read_postcode,)),
    (re.compile(r"e-?mail *:? *", _FLAGS), (read_email,)),
)
_READERS: tuple[Reader, ...] = (
    read_email,
    read_date,
    read_ubrn,
    read_phone,
    read_nhs_number,
    read_year,
    read_postcode,
    read_hospital_number,
    read_gender,
    read_name,
)
_BETWEEN = re.compile(r"[\s,;\"'()\[\]]*")
_WORD = re.compile(r"[^\s,;]+")


def understand(text: str, today: date) -> Query:
    """What the words mean. Never raises: what cannot be is `problem`, what means nothing is `unread`."""
    words = plain(text[:LONGEST])
    facts: list[Fact] = []
    unread: list[str] = []
    problem = ""
    at = _skip(words, 0)
    while at < len(words):
        part = _part_at(words, at, today)
        typed = words[at : part.end]
        if part.kind is None:
            unread.append(typed)
            problem = problem or part.problem
        else:
            facts.append(Fact(part.kind, part.value, part.shown, typed))
        at = _skip(words, part.end)
    return Query(text, _tidied(facts), problem, tuple(unread))


def without(query: Query, fact: Fact, today: date) -> str:
    """The words for the box once that chip is taken away: they are understood as all the other facts, unchanged."""
    left = [f for f in query.facts if f != fact]
    words = [*(f.typed or f.value for f in left), *query.unread]
    joined = " ".join(words)
    again = understand(joined, today)
    return joined if list(again.facts) == left and again.unread == query.unread else ", ".join(words)


def _skip(words: str, at: int) -> int:
    between = _BETWEEN.match(words, at)
    return between.end() if between else at


def _part_at(words: str, at: int, today: date) -> Part:
    for label, readers in _LABELS:
        if (found := label.match(words, at)) and (part := _first(readers, words, found.end(), today)):
            return part
    part = _first(_READERS, words, at, today)
    if part:
        return part
    word = _WORD.match(words, at)
    return Part(word.end() if word else at + 1)


def _first(readers: Iterable[Reader], words: str, at: int, today: date) -> Part | None:
    return next((part for reader in readers if (part := reader(words, at, today))), None)


def _tidied(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """Each fact once; "Mrs" is left out beside a name, because no index holds it. Without a name, "male" is one: there
    are people called so."""
    once = list(dict.fromkeys(facts))
    if not any(f.kind is FactKind.NAME and not is_title(f.value) for f in once):
        once = [Fact(FactKind.NAME, f.value, f"Name {f.typed}", f.typed) if f.kind is FactKind.GENDER else f for f in once]
    names = [f for f in once if f.kind is FactKind.NAME and not is_title(f.value)]
    return tuple(f for f in once if not (names and f.kind is FactKind.NAME and is_title(f.value)))

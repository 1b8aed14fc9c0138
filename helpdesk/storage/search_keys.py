"""How people are found: the keys kept of each person, and what the words of a search ask of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from helpdesk.patients.model import FactKind, Patient, Query


class KeyKind(StrEnum):
    FAMILY = "family"
    GIVEN = "given"
    FORMER = "former"
    PHONE = "phone"
    POSTCODE = "postcode"
    EMAIL = "email"
    HOSPITAL = "hospital"


NAMES = (KeyKind.FAMILY, KeyKind.GIVEN, KeyKind.FORMER)
LOCATION = (KeyKind.PHONE, KeyKind.POSTCODE, KeyKind.EMAIL)
"""Keys that say where a person is: never kept of a restricted person, never followed to one."""
_BETWEEN_WORDS = re.compile(r"[\s\-'’`.,\u2010-\u2015]+")
_WHOLE_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")


def folded(text: str) -> str:
    """A name as it is compared: no case, no accents, no space, hyphen or apostrophe."""
    return _BETWEEN_WORDS.sub("", _plain(text))


@lru_cache(maxsize=20_000)
def words_of(name: str) -> frozenset[str]:
    """The words a name can be typed by: O'Brien-Smith gives o, brien, smith and obriensmith."""
    plain = _plain(name)
    if plain.isalpha():
        return frozenset((plain,))
    return frozenset(word for word in (*_BETWEEN_WORDS.split(plain), _BETWEEN_WORDS.sub("", plain)) if word)


def phone_digits(number: str) -> str:
    """The digits as dialled in the United Kingdom: +44 and 0044 become 0."""
    if number.isascii() and number.isdigit() and not number.startswith("00"):
        return number
    digits = "".join(character for character in number if character in "0123456789+")
    return re.sub(r"^(?:\+44|0044)0?", "0", digits).replace("+", "00")


def compact(text: str) -> str:
    """A postcode or hospital number without spaces, in capitals."""
    return "".join(text.split()).upper()


MARK = "\x1f"
"""Stands before, between and behind the keys of a person kept as one text; nobody types it."""
_FOLLOWS_A_KEY = str.maketrans("", "", MARK)


def identity_keys(patient: Patient) -> str:
    """The keys of a person that say nothing of where they are, as one text; "" where there are none."""
    found = [f"family={word}" for word in words_of(patient.name.family)]
    found += [f"given={word}" for name in patient.name.given for word in words_of(name)]
    found += [f"former={word}" for name in patient.former_family_names for word in words_of(name)]
    found += [f"hospital={number}" for raw in patient.hospital_numbers if (number := compact(raw))]
    return _as_text(found)


def location_keys(patient: Patient) -> str:
    """The keys that say where a person is, as one text; "" where there are none, and so for whoever is restricted."""
    found = [f"phone={digits}" for phone in patient.phones if (digits := phone_digits(phone.number))]
    found += [f"email={address}" for email in patient.emails if (address := email.strip().casefold())]
    if patient.address and (postcode := compact(patient.address.postcode)):
        found.append(f"postcode={postcode}")
    return _as_text(found)


def keys_in(text: str) -> list[tuple[str, str]]:
    """Kind and value of each key in such a text."""
    return [(kind, value) for kind, _, value in (entry.partition("=") for entry in text.split(MARK) if entry)]


def _as_text(entries: list[str]) -> str:
    if not entries:
        return ""
    kept = [entry.translate(_FOLLOWS_A_KEY) if MARK in entry else entry for entry in dict.fromkeys(entries)]
    return f"{MARK}{MARK.join(kept)}{MARK}"


@dataclass(frozen=True)
class Wanted:
    """One thing a search asks of a person's keys: a key of one of these kinds that is, or begins with, `value`.
    `cost` orders the wants by how many people they leave, fewest first."""

    kinds: tuple[KeyKind, ...]
    value: str
    prefix: bool
    cost: int

    @property
    def in_text(self) -> tuple[str, ...]:
        """What a person's keys as one text must hold one of."""
        return tuple(f"{MARK}{kind}={self.value}{'' if self.prefix else MARK}" for kind in self.kinds)

    @property
    def behind(self) -> str:
        """The first value behind all that begin with `value`."""
        return self.value[:-1] + chr(ord(self.value[-1]) + 1)


def wanted_by(query: Query, *, exact: bool) -> tuple[Wanted, ...]:
    """What the words typed ask, the narrowest first. With `exact` names must be whole."""
    return tuple(sorted(_wants(query, exact), key=lambda want: want.cost))


def name_words(query: Query) -> tuple[str, ...]:
    typed = (folded(word) for value in query.of(FactKind.NAME) for word in value.split())
    return tuple(dict.fromkeys(word for word in typed if word))


def is_whole_postcode(text: str) -> bool:
    return _WHOLE_POSTCODE.fullmatch(compact(text)) is not None


def _wants(query: Query, exact: bool) -> Iterator[Wanted]:
    yield from _equal(KeyKind.HOSPITAL, map(compact, query.of(FactKind.HOSPITAL_NUMBER)))
    yield from _equal(KeyKind.EMAIL, (email.strip().casefold() for email in query.of(FactKind.EMAIL)))
    yield from _equal(KeyKind.PHONE, map(phone_digits, query.of(FactKind.PHONE)))
    for postcode in filter(None, map(compact, query.of(FactKind.POSTCODE))):
        whole = is_whole_postcode(postcode)
        yield Wanted((KeyKind.POSTCODE,), postcode, prefix=not whole, cost=1 if whole else 20)
    for word in name_words(query):
        yield Wanted(NAMES, word, prefix=not exact, cost=max(10, 30 - 2 * len(word)))


def _equal(kind: KeyKind, values: Iterable[str]) -> Iterator[Wanted]:
    return (Wanted((kind,), value, prefix=False, cost=0) for value in values if value)


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))

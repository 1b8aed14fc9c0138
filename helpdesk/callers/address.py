"""Whether two people mean the same front door: a house and its street, however they are said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_SHORT = {
    "road": "rd",
    "street": "st",
    "saint": "st",
    "avenue": "ave",
    "av": "ave",
    "lane": "ln",
    "close": "cl",
    "drive": "dr",
    "court": "ct",
    "crescent": "cres",
    "cresent": "cres",
    "gardens": "gdns",
    "garden": "gdns",
    "place": "pl",
    "square": "sq",
    "terrace": "ter",
    "terr": "ter",
    "park": "pk",
    "grove": "gr",
    "grv": "gr",
    "green": "grn",
    "hill": "hl",
    "house": "ho",
    "hse": "ho",
    "cottage": "cott",
    "cottages": "cott",
    "buildings": "bldgs",
    "building": "bldgs",
    "north": "n",
    "south": "s",
    "mount": "mt",
    "way": "wy",
}
_FILLER = frozenset({"the", "no", "number", "at", "of"})
_UNIT = re.compile(r"\b(?:flat|apartment|apt|unit|room)\s+(?:no\s+|number\s+)?([0-9]+[a-z]?|[a-z])\b")
_LETTERED = re.compile(r"\b([0-9]+)\s+([a-z])\b(?!\s*$)")
_POSTCODE = re.compile(r"[a-z]{1,2}[0-9][0-9a-z]?\s*[0-9][a-z]{2}", re.IGNORECASE)
_TOKEN = re.compile(r"[a-z0-9]+")


def words_of(text: str) -> frozenset[str]:
    """The words of a spoken address in one spelling: lower case, without accents, points and filler; Road is Rd; a flat
    and its number are one word, so that it does not matter where it stands."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    plain = re.sub(r"['\u2019.]", "", bare)
    plain = _LETTERED.sub(r"\1\2", re.sub(r"[^a-z0-9]+", " ", plain))
    joined = _UNIT.sub(r"0flat\1", plain)
    return frozenset(_SHORT.get(word, word) for word in _TOKEN.findall(joined) if word not in _FILLER)


def same_door(said: str, address: str) -> bool:
    """Whether what was said names the house and the street of this address (its lines joined with commas). The town and
    postcode may be said too; a number alone, a street alone or any word that is not of the address is no match."""
    heard = words_of(said)
    allowed = frozenset(word for line in address.split(",") for word in (*words_of(line), line.replace(" ", "").lower()))
    return any(door <= heard <= allowed for door in doors(address))


def doors(address: str) -> tuple[frozenset[str], ...]:
    """Every set of words that is enough for this address; empty when the address has no house or no street."""
    return tuple(door for door in _doors([words_of(line) for line in _lines(address)][:4]) if _names_a_house(door))


def _lines(address: str) -> list[str]:
    """Without the postcode, which is an item of its own."""
    return [line.strip() for line in address.split(",") if line.strip() and not _POSTCODE.fullmatch(line.strip())]


def _doors(lines: list[frozenset[str]]) -> Iterator[frozenset[str]]:
    numbers: frozenset[str] = frozenset()
    for place, line in enumerate(lines):
        here = frozenset(word for word in line if _is_number(word))
        if here and _street(line):
            yield numbers | line
        elif here and place + 1 < len(lines) and _street(lines[place + 1]) and not any(map(_is_number, lines[place + 1])):
            yield numbers | line | lines[place + 1]
        numbers |= here
    if not numbers and len(lines) > 1:
        yield lines[0] | lines[1]


def _is_number(word: str) -> bool:
    return word[0].isdigit()


def _street(line: frozenset[str]) -> bool:
    return any(word.isalpha() and len(word) > 1 for word in line)


def _names_a_house(door: frozenset[str]) -> bool:
    return len(door) > 1 and _street(door)

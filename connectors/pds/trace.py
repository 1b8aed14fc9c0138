"""What PDS is asked when a handler searches, and the least that it must be given.

Telephone and e-mail are never asked: PDS would find restricted people by them. The practice is not, because PDS then leaves
restricted people out; a postcode does the same and is asked only where the handler typed one, who is told so.
Source: PDS FHIR R4, search-patient.
"""

from __future__ import annotations

import calendar
import re
from typing import TypeAlias

from connectors.pds.names import Split, alike, names_of, splits
from helpdesk.errors import RuleBroken
from helpdesk.patients.model import FactKind, PartialDate, Query

Parameters: TypeAlias = tuple[tuple[str, str], ...]

MAX_RESULTS = 50
_WHOLE_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}")
_FUZZY_NEEDS = "To look for names that sound alike, type a first name too, or the gender and the whole postcode."
_FUZZY_STAR = "A star cannot be used to look for names that sound alike: type the whole name."


def traces(query: Query, *, fuzzy: bool, one_match: bool = False) -> tuple[Parameters, ...]:
    """The searches to make, in order, until one finds somebody. `one_match`: as PDS asks of an application without a member
    of staff. Raises RuleBroken, `field` "name" or "born", saying what is missing or not taken."""
    words = names_of(query)
    if not words:
        raise RuleBroken("To search PDS, type the family name.", field="name")
    born = _born(query)
    rest = (*born, *_gender(query), *_postcode(query, fuzzy=fuzzy), *((("_max-results", "1"),) if one_match else ()))
    if fuzzy:
        return tuple((*name, *rest, ("_fuzzy-match", "true")) for name in _fuzzy_names(words, query))
    return tuple(_names(split) + rest for split in splits(words))


def _names(split: Split) -> Parameters:
    return (("family", split[0]), *(("given", name) for name in split[1:]))


def _fuzzy_names(words: Split, query: Query) -> list[Parameters]:
    """Two names with the birth date are enough; one is only with gender and whole postcode, whichever name it is."""
    if any("*" in word for word in words):
        raise RuleBroken(_FUZZY_STAR, field="name")
    ways = alike(words)
    if len(ways[0]) > 1:
        return [_names(way) for way in ways]
    if not (_gender(query) and _postcode(query, fuzzy=True)):
        raise RuleBroken(_FUZZY_NEEDS, field="name")
    (name,) = ways[0]
    return [(("family", name),), (("given", name),)]


def _born(query: Query) -> Parameters:
    """A whole date is asked as it is, a year or a month as the range of its days."""
    texts = query.of(FactKind.BORN) or query.of(FactKind.BORN_YEAR)
    if not texts:
        raise RuleBroken("To search PDS, type the date of birth, or its year.", field="born")
    if len(texts) > 1:
        raise RuleBroken("Two dates of birth are typed: take one away.", field="born")
    born = PartialDate.from_iso(texts[0])
    if born.whole is not None:
        return (("birthdate", f"eq{born.iso}"),)
    last_month = born.month or 12
    last_day = calendar.monthrange(born.year, last_month)[1]
    first = f"{born.year:04}-{born.month or 1:02}-01"
    return (("birthdate", f"ge{first}"), ("birthdate", f"le{born.year:04}-{last_month:02}-{last_day:02}"))


def _gender(query: Query) -> Parameters:
    """Only where it was typed: PDS advises against it, because what it holds need not be what a person says."""
    said = query.of(FactKind.GENDER)
    return (("gender", said[0]),) if len(said) == 1 else ()


def _postcode(query: Query, *, fuzzy: bool) -> Parameters:
    """The first part of a postcode alone is asked with a wildcard, which a fuzzy search does not take: then not at all."""
    texts = query.of(FactKind.POSTCODE)
    if not texts:
        return ()
    text = texts[0].upper()
    if _WHOLE_POSTCODE.fullmatch(text):
        return (("address-postalcode", text),)
    return () if fuzzy or len(text) < 2 else (("address-postalcode", f"{text}*"),)

"""What PDS is asked when a handler searches: which words are the family name, and the least that PDS must be given."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from typing import TypeAlias

from helpdesk.errors import RuleBroken
from helpdesk.patients.model import FactKind, PartialDate, Query

Parameters: TypeAlias = tuple[tuple[str, str], ...]

MAX_RESULTS = 50
_LONGEST_NAME = 35
_WHOLE_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}")


def traces(query: Query, *, fuzzy: bool) -> tuple[Parameters, ...]:
    """The searches to make, in order, until one finds somebody: one or two.

    Names come in the order typed and nothing says which is the family name. The desk types it first ("smith jane"), so
    that is asked first, and the other way round ("jane smith") second. A fuzzy search turns names round by itself and is
    asked once. Raises RuleBroken, `field` "name" or "born", saying what is missing."""
    names = _names(query)
    born = _born(query)
    if not names:
        raise RuleBroken("To search PDS, type the family name.", field="name")
    if not born:
        raise RuleBroken("To search PDS, type the date of birth, or its year.", field="born")
    if fuzzy and len(names) < 2:
        raise RuleBroken("To look for similar names, type a first name too.", field="name")
    orders = [names] if fuzzy or len(names) == 1 else [names, (names[-1], *names[:-1])]
    rest = (*born, *_postcode(query, fuzzy=fuzzy), *((("_fuzzy-match", "true"),) if fuzzy else ()), ("_max-results", str(MAX_RESULTS)))
    return tuple(_name_parameters(order) + rest for order in orders)


def _names(query: Query) -> tuple[str, ...]:
    """The names in typed order. One part of several words is taken apart; a star would be a wildcard to PDS."""
    parts = [part.replace("*", "").strip() for part in query.of(FactKind.NAME)]
    if len(parts) == 1:
        parts = parts[0].split()
    if any(len(part) > _LONGEST_NAME for part in parts):
        raise RuleBroken(f"PDS takes names of at most {_LONGEST_NAME} letters.", field="name")
    return tuple(part for part in parts if part)


def _name_parameters(order: Sequence[str]) -> Parameters:
    return (("family", order[0]), *(("given", name) for name in order[1:]))


def _born(query: Query) -> Parameters:
    """A whole date is asked as it is, a year or a month as the range of its days."""
    texts = query.of(FactKind.BORN) or query.of(FactKind.BORN_YEAR)
    if not texts:
        return ()
    born = PartialDate.from_iso(texts[0])
    if born.whole is not None:
        return (("birthdate", f"eq{born.iso}"),)
    last_month = born.month or 12
    last_day = calendar.monthrange(born.year, last_month)[1]
    first = f"{born.year:04}-{born.month or 1:02}-01"
    return (("birthdate", f"ge{first}"), ("birthdate", f"le{born.year:04}-{last_month:02}-{last_day:02}"))


def _postcode(query: Query, *, fuzzy: bool) -> Parameters:
    """The first part of a postcode alone is asked with a wildcard, which a fuzzy search does not take: then not at all."""
    texts = query.of(FactKind.POSTCODE)
    if not texts:
        return ()
    text = texts[0].upper()
    if _WHOLE_POSTCODE.fullmatch(text):
        return (("address-postalcode", text),)
    return () if fuzzy or len(text) < 2 else (("address-postalcode", f"{text}*"),)

"""From the words of a search to the parameters of the directory, so that no word is taken for an instruction.

Source: Directory of Healthcare Services API, GET /; Azure Cognitive Search, simple query syntax and OData expressions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

Params: TypeAlias = list[tuple[str, str]]

_RESERVED = re.compile(r'([+\-&|!(){}\[\]^"~*?:\\/])')
_CODE = re.compile(r"(?=.*[0-9])[A-Z0-9]{3,6}")
_WORTH = re.compile(r"\w")
_LONGEST = 100
_FIELDS = (
    "SearchKey,ODSCode,OrganisationName,OrganisationTypeId,OrganisationType,OrganisationStatus,"
    "Address1,Address2,Address3,City,County,Postcode,Latitude,Longitude,OpeningTimes,Contacts"
)


@dataclass(frozen=True)
class Place:
    """A point on the map, in degrees."""

    latitude: float
    longitude: float


@cache
def types() -> Mapping[str, Mapping[str, Any]]:
    """What each OrganisationTypeId is called, and the words that ask for it."""
    text = files("resources").joinpath("reference", "service_types.json").read_text(encoding="utf-8")
    held: Mapping[str, Mapping[str, Any]] = json.loads(text)["types"]
    return held


def wanted(words: str, place: Place | None, limit: int, *, by_code: bool = False) -> Params:
    """The services that these words ask for: a word that names a kind of organisation is asked for as that kind, the rest
    must all be found. With a place the nearest come first."""
    terms = words.split()
    kind = "" if by_code else next((k for term in terms for k, held in types().items() if term.lower() in held["asked"]), "")
    if kind:
        terms = [term for term in terms if term.lower() not in types()[kind]["asked"]]
    params: Params = [("search", escaped(" ".join(terms))), ("searchMode", "all"), ("$select", _FIELDS), ("$top", str(limit))]
    if by_code:
        params.append(("searchFields", "ODSCode"))
    if kind:
        params.append(("$filter", f"OrganisationTypeId eq {quoted(kind)}"))
    if place is not None:
        point = f"{place.longitude:.6f} {place.latitude:.6f}"
        params.append(("$orderby", f"geo.distance(Geocode, geography'POINT({point})')"))
    return params


def at_postcode(postcode: str) -> Params:
    """What lies at a postcode, for where on the map it is."""
    phrase = f'"{postcode}"' if " " in postcode else postcode
    return [
        ("search", "*"),
        ("$filter", f"search.ismatch({quoted(phrase)}, 'Postcode')"),
        ("$select", "Postcode,Latitude,Longitude"),
        ("$top", "10"),
    ]


def is_code(words: str) -> bool:
    return _CODE.fullmatch(words.strip().upper()) is not None


def escaped(words: str) -> str:
    """Each word as itself, whatever signs it holds; "*" (everything) where none is left."""
    terms = [term for term in words[:_LONGEST].split() if _WORTH.search(term)]
    return " ".join(_RESERVED.sub(r"\\\1", term) for term in terms) or "*"


def quoted(text: str) -> str:
    """An OData string literal."""
    return "'" + text.replace("'", "''") + "'"

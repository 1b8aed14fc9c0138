"""From the words of a search to the parameters of the Organisation Data Service."""

from __future__ import annotations

import re

from connectors.postcodes import postcode_of
from helpdesk.errors import RuleBroken

_CODE = re.compile(r"(?=.*[0-9])[A-Z0-9]{3,12}")
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9 &()+\-_./:@]+")
BY_NAME = "name:contains"
_LEAST, _MOST = 3, 100


def searches_for(words: str) -> tuple[tuple[str, str], ...]:
    """What may be meant, the likelier first: (parameter, value). Raises RuleBroken for words that cannot be searched for.
    An apostrophe may not be sent: the longest part of the name without one is.

    Source: ODS FHIR API, GET /Organization: a name has 3 to 100 characters of a set, a postcode at least 2."""
    text = " ".join(words.split())
    found = []
    if _CODE.fullmatch(text.upper()):
        found.append(("_id", text.upper()))
    if postcode := postcode_of(text):
        found.append(("address-postalcode", postcode))
    name = max((part.strip() for part in _NOT_IN_A_NAME.split(text)), key=len)[:_MOST].strip()
    if len(name) >= _LEAST:
        found.append((BY_NAME, name))
    if not found:
        raise RuleBroken("Type at least three letters of a name, a postcode or a code.", field="text")
    return tuple(found)

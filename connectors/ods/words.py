"""The words of the Organisation Data Service as a person writes them: it keeps everything in capitals."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from connectors.text import plain

_STAY = frozenset({"NHS", "GP", "ICB", "PCN", "UK", "CCG", "CIC", "LLP", "PLC", "ENT", "HQ", "II", "III", "IV", "A&E", "HMP", "YOI", "BMI"})
_SMALL = frozenset({"and", "of", "the", "for", "at", "in", "on", "by", "upon", "with"})
_WORD = re.compile(r"[^\s\-/(]+")
_FIRST_LETTER = re.compile(r"[^\W\d_]")


def written(text: str) -> str:
    """LEEDS TEACHING HOSPITALS NHS TRUST as Leeds Teaching Hospitals NHS Trust; what has small letters stays as it is."""
    line = plain(text)
    if line != line.upper():
        return line
    return _WORD.sub(lambda found: _word(found[0], first=found.start() == 0), line)


def _word(word: str, *, first: bool) -> str:
    bare = word.strip(".,;:)'\"")
    if bare in _STAY or any(c.isdigit() for c in bare):
        return word
    small = word.lower()
    if small in _SMALL and not first:
        return small
    return _FIRST_LETTER.sub(lambda found: found[0].upper(), small, count=1)


@cache
def _roles() -> Mapping[str, tuple[int, str]]:
    text = files("resources").joinpath("reference", "organisation_roles.json").read_text(encoding="utf-8")
    return {code: (order, words) for order, (code, words) in enumerate(json.loads(text)["roles"])}


def kind_of(roles: Iterable[tuple[str, str]]) -> str:
    """What it is, from (role, the service's own words) of its roles; "" where it has none."""
    held = tuple(roles)
    known = sorted(_roles()[code] for code, _ in held if code in _roles())
    if known:
        return known[0][1]
    own = next((words for _, words in held if words), "")
    return plain(own).capitalize() if own == own.upper() else plain(own)

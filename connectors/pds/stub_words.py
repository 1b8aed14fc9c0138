"""How the PDS stub compares names, postcodes and dates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from helpdesk.patients.model import PartialDate

_SOUNDS = {
    letter: digit
    for letters, digit in (("bfpv", "1"), ("cgjkqsxz", "2"), ("dt", "3"), ("l", "4"), ("mn", "5"), ("r", "6"))
    for letter in letters
}


def matches(asked: str, held: str) -> bool:
    """In either case; accents count, because PDS says nothing of them. A star stands for anything, from the start on."""
    asked, held = asked.casefold(), held.casefold()
    if "*" not in asked:
        return bool(held) and held == asked
    return re.match(".*".join(re.escape(part) for part in asked.split("*")), held) is not None


def same_day(held: PartialDate | None, asked: Sequence[str]) -> bool:
    """Whether a date fits every `eq`, `ge` and `le` asked; a date not wholly known counts as its first day."""
    if not asked:
        return True
    if held is None:
        return False
    day = f"{held.year:04}-{held.month or 1:02}-{held.day or 1:02}"
    compare = {"eq": day.__eq__, "ge": day.__ge__, "le": day.__le__}
    return all(compare[text[:2]](text[2:]) for text in asked)


def soundex(name: str) -> str:
    """American Soundex: the first letter and three digits; "" for a name without letters. Source: US National Archives."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    letters = [c for c in bare if c.isascii() and c.isalpha()]
    if not letters:
        return ""
    code, last = letters[0].upper(), _SOUNDS.get(letters[0], "")
    for letter in letters[1:]:
        sound = _SOUNDS.get(letter, "")
        if sound and sound != last:
            code += sound
        if letter not in "hw":
            last = sound
    return f"{code}000"[:4]

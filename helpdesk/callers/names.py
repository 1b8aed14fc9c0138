"""Whether a caller's name is the name of somebody who is known: the form is forgiven and nothing else."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr"})
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "'": "", "\u2019": ""})


def words_of_name(text: str) -> tuple[str, ...]:
    """Its words in one spelling: lower case, without accents and apostrophes, a hyphen parting two words."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return tuple(letters.split())


def same_name(said: str, family: str, given: Sequence[str]) -> bool:
    """Whether the whole family name and, where any is known, at least one given name was said, in any order, with or
    without a title, and no word that is not theirs."""
    families, others = words_of_name(family), words_of_name(" ".join(given))
    heard = list(words_of_name(said))
    for word in families:
        if word not in heard:
            return False
        heard.remove(word)
    named = [word for word in heard if word in others]
    strange = [word for word in heard if word not in others and word not in _TITLES]
    return bool(families) and not strange and (bool(named) or not others)

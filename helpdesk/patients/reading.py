"""What every reader of the search box shares: one part read from the words typed, and where such a part may end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from helpdesk.patients.model import FactKind

END = r"(?=[.)\]?!:\"']*(?:[\s,;]|$))"
"""A part ends before a space, a comma or the end; a full stop or bracket may stand between."""

_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\u205f\u3000\ufeff\t\n\r\x0b\x0c"
_DASHES = "\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_APOSTROPHES = "\u2018\u2019\u201b\u02bc\u02bb\u00b4`"
_PLAIN = str.maketrans({**dict.fromkeys(_SPACES, " "), **dict.fromkeys(_DASHES, "-"), **dict.fromkeys(_APOSTROPHES, "'")})


@dataclass(frozen=True)
class Part:
    """One part of the words: it ends at `end` in the plain text. Either a kind, value and chip words, or a problem."""

    end: int
    kind: FactKind | None = None
    value: str = ""
    shown: str = ""
    problem: str = ""


Reader = Callable[[str, int, date], Part | None]
"""Reads one part that starts at a place of the plain text, on a given day; None when nothing of its kind starts there."""


def plain(text: str) -> str:
    """The text with the spaces, dashes and apostrophes that are pasted from documents made plain, each place kept."""
    return text.translate(_PLAIN)

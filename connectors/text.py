"""Text from outside, made safe to stand in a line on screen."""

from __future__ import annotations

import unicodedata

LONGEST = 200


def plain(text: str) -> str:
    """The text in one line, without control, invisible or direction-changing characters, at most 200 characters."""
    kept = "".join(" " if c.isspace() else c for c in text[: 4 * LONGEST] if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join(kept.split())[:LONGEST]

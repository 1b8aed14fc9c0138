"""Postcodes as people type them."""

from __future__ import annotations

import re

_FORM = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)(?: ?([0-9][A-Z]{0,2}))?")


def postcode_of(text: str) -> str:
    """A whole postcode, its first part, or what lies between, as it is written; "" where it is none."""
    found = _FORM.fullmatch(" ".join(text.upper().split()))
    if found is None:
        return ""
    return f"{found[1]} {found[2]}" if found[2] else found[1]

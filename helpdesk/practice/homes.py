"""Addresses that do not exist: invented streets, and postcodes of the pseudo area ZZ99."""

from __future__ import annotations

import random

from helpdesk.patients.model import Address
from helpdesk.practice.content import content

_POSTCODE_LETTERS = "ABDEFGHJLNPQRSTUWXY"
"""Without the letters that no postcode ends in, and without those of the pseudo codes with a meaning (ZZ99 3VZ and the like)."""


def address(draw: random.Random) -> Address:
    held = content("places")
    street = f"{draw.choice(held['first'])} {draw.choice(held['second'])}"
    number = draw.randrange(1, 160)
    lines = [f"{number} {street}"]
    if draw.random() < 0.08:
        lines.insert(0, f"Flat {draw.randrange(1, 30)}")
    elif draw.random() < 0.04:
        lines = [draw.choice(held["houses"]), street]
    district = draw.choice(held["districts"])
    towns = held["towns"]
    town = draw.choices([t[0] for t in towns], [t[1] for t in towns])[0]
    return Address((*lines, *([district] if district else []), town), postcode(draw))


def postcode(draw: random.Random) -> str:
    first, second = draw.choice(_POSTCODE_LETTERS), draw.choice(_POSTCODE_LETTERS)
    return f"ZZ99 {draw.randrange(10)}{first}{second}"

"""Draws names as they occur in an English city of several communities."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any

from helpdesk.practice.content import content

FEMALE, MALE = "Female", "Male"


class Frequent:
    """Words in order of frequency, drawn accordingly."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = tuple(words)
        self._weights = tuple(accumulate(1 / (place + 5) for place in range(len(words))))

    def draw(self, draw: random.Random) -> str:
        return draw.choices(self._words, cum_weights=self._weights)[0]


@dataclass(frozen=True)
class Community:
    """Who shares a stock of names. `interpreter_percent` is how many of its adults need one."""

    key: str
    language: str
    interpreter_percent: int
    families: Frequent
    given: Mapping[tuple[str, bool], Frequent]
    female_endings: Mapping[str, str]

    def family(self, draw: random.Random) -> str:
        return self.families.draw(draw)

    def family_of(self, family: str, gender: str) -> str:
        """The family name as this person bears it: in some languages a woman's has its own ending."""
        if gender == FEMALE:
            for ending, feminine in self.female_endings.items():
                if family.endswith(ending):
                    return family.removesuffix(ending) + feminine
        return family

    def given_names(self, draw: random.Random, gender: str, born: int) -> tuple[str, ...]:
        names = self.given[gender, born < content("names")["born_older"]]
        first = names.draw(draw)
        if draw.random() > 0.45:
            return (first,)
        second = names.draw(draw)
        return (first,) if second == first else (first, second)


@cache
def _communities() -> tuple[tuple[Community, ...], tuple[int, ...]]:
    held = content("names")["communities"]
    return tuple(_community(c) for c in held), tuple(accumulate(c["share"] for c in held))


def _community(held: Mapping[str, Any]) -> Community:
    given = {
        (g, older): Frequent(held[f"{g.lower()}_{age}"]) for g in (FEMALE, MALE) for older, age in ((True, "older"), (False, "younger"))
    }
    return Community(
        key=held["key"],
        language=held["language"],
        interpreter_percent=held.get("interpreter", 0),
        families=Frequent(held["family"]),
        given=given,
        female_endings=held.get("female_endings", {}),
    )


def community(draw: random.Random) -> Community:
    """One community, as often as its people live here."""
    all_of_them, weights = _communities()
    return draw.choices(all_of_them, cum_weights=weights)[0]


def title(draw: random.Random, gender: str, age: int, *, married: bool) -> str:
    if age < 16:
        return "Miss" if gender == FEMALE else ""
    if draw.random() < 0.01:
        return "Dr"
    if gender == MALE:
        return "Mr"
    return "Mrs" if married else draw.choice(("Miss", "Ms", "Ms"))

"""Who lives together: ages, genders and names of the people of one home, before each becomes a patient."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from helpdesk.patients.model import Address
from helpdesk.practice.homes import address
from helpdesk.practice.names import FEMALE, MALE, Community, community

REFERENCE_DAY = date(2026, 1, 1)
"""Ages are drawn as on this day, so that nobody's birth date moves when an area is made again on a later day."""

_KINDS = ("alone", "couple", "family", "one parent", "shared")
_SHARES = (28, 27, 28, 9, 8)


@dataclass(frozen=True)
class Member:
    """One person of a home. `family` is borne in its form for a man; `landline` belongs to the home."""

    community: Community
    family: str
    gender: str
    born: date
    address: Address
    married: bool = False

    @property
    def age(self) -> int:
        return age_of(self.born)


def age_of(born: date) -> int:
    day = REFERENCE_DAY
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def homes(draw: random.Random) -> Iterator[tuple[Member, ...]]:
    """Homes without end."""
    makers = {"alone": _alone, "couple": _couple, "family": _with_children, "one parent": _one_parent, "shared": _shared}
    while True:
        kind = draw.choices(_KINDS, _SHARES)[0]
        yield makers[kind](draw)


def _member(draw: random.Random, age: int, gender: str = "", like: Member | None = None) -> Member:
    people = like.community if like else community(draw)
    return Member(
        community=people,
        family=like.family if like else people.family(draw),
        gender=gender or draw.choice((FEMALE, MALE)),
        born=_born(draw, age, people),
        address=like.address if like else address(draw),
    )


def _born(draw: random.Random, age: int, people: Community) -> date:
    """A birth date for that age. Some people have 1 January because their day of birth was never registered."""
    born = REFERENCE_DAY - timedelta(days=int(age * 365.25) + draw.randrange(1, 365))
    unregistered = 0.08 if people.key in {"pakistani", "bengali", "kurdish_arabic", "west_african"} and age > 30 else 0.003
    return born.replace(month=1, day=1) if draw.random() < unregistered else born


def _adult_age(draw: random.Random) -> int:
    return draw.randrange(64, 97) if draw.random() < 0.38 else draw.randrange(19, 64)


def _alone(draw: random.Random) -> tuple[Member, ...]:
    return (replace(_member(draw, _adult_age(draw)), married=draw.random() < 0.3),)


def _couple(draw: random.Random) -> tuple[Member, ...]:
    return _pair(draw, _adult_age(draw))


def _pair(draw: random.Random, age: int) -> tuple[Member, Member]:
    one = replace(_member(draw, age, MALE), married=draw.random() < 0.75)
    other = replace(_member(draw, max(18, age + draw.randrange(-6, 5)), FEMALE, one), married=one.married)
    if not one.married:
        other = replace(other, family=other.community.family(draw))
    return one, other


def _with_children(draw: random.Random) -> tuple[Member, ...]:
    parents = _pair(draw, draw.randrange(24, 52))
    return (*parents, *_children(draw, parents[0], min(p.age for p in parents)))


def _one_parent(draw: random.Random) -> tuple[Member, ...]:
    parent = _member(draw, draw.randrange(20, 50), FEMALE if draw.random() < 0.85 else MALE)
    return (parent, *_children(draw, parent, parent.age))


def _children(draw: random.Random, parent: Member, youngest_parent: int) -> tuple[Member, ...]:
    """Two years or more apart, so that brothers and sisters can be; twins share a birth date."""
    ages = range(0, max(1, min(18, youngest_parent - 18)), 2)
    count = min(len(ages), draw.choices((1, 2, 3, 4), (40, 38, 16, 6))[0])
    children = [_member(draw, age + draw.randrange(2) * (count == 1), like=parent) for age in draw.sample(ages, count)]
    if draw.random() < 0.06:
        children.append(replace(children[0], gender=draw.choice((FEMALE, MALE))))
    return tuple(children)


def _shared(draw: random.Random) -> tuple[Member, ...]:
    first = _member(draw, draw.randrange(19, 40))
    others = [replace(_member(draw, draw.randrange(19, 40)), address=first.address) for _ in range(draw.randrange(1, 4))]
    return (first, *others)

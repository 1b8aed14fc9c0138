"""Which of the words of a name is the family name: the ways in which PDS is asked, the likeliest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from helpdesk.errors import RuleBroken
from helpdesk.patients.model import FactKind, Query
from helpdesk.patients.words import STAR, as_typed, folded

Split: TypeAlias = tuple[str, ...]
"""The family name, then the given names."""

LONGEST = 35
MOST = 6
"""Every ask counts against the rate limit, and somebody is waiting."""

_JOINING = frozenset(
    "ab abu al ap bin bint da de del della den der des di do dos du el ibn la le mac o st ten ter van von".split()  # noqa: SIM905  # read as words
)


def names_of(query: Query) -> Split:
    """The words of names as they were typed, accents and stars too: PDS does not say that it takes accents off.

    Raises RuleBroken, `field` "name", for what PDS does not take."""
    words = tuple(
        word
        for fact in query.facts
        if fact.kind is FactKind.NAME
        for part in (fact.typed or fact.value).split()
        if (word := as_typed(part))
    )
    if any("*" in word[:2] for word in words):
        raise RuleBroken(STAR, field="name")
    return words


def splits(words: Split) -> tuple[Split, ...]:
    """The ways to ask, at most six. "van der berg jan" is asked with "van der berg" as one name, then as words; a name
    with accents as typed, then without."""
    joined = _joined(words)
    found = [*_orders(joined), *(_orders(words)[:2] if joined != words else ())]
    if without := _without_accents(joined):
        found = [*found[:3], *_orders(without)[:3]]
    return _fitting(found)


def alike(words: Split) -> tuple[Split, ...]:
    """The ways to ask for names that sound alike, one given name each: PDS turns two names round by itself."""
    names = _joined(words)
    names = words if len(names) == 1 else names
    if len(names) == 1:
        return _fitting([names])
    return _fitting([names[:2], *([(names[-1], names[0])] if len(names) > 2 else [])])


def _fitting(found: Sequence[Split]) -> tuple[Split, ...]:
    fits = [split for split in dict.fromkeys(found) if all(len(name) <= LONGEST for name in split)]
    if found and not fits:
        raise RuleBroken(f"PDS takes names of at most {LONGEST} letters.", field="name")
    return tuple(fits[:MOST])


def _orders(names: Split) -> list[Split]:
    """Nothing says which word is the family name. The desk types it first ("smith jane"), so that comes first, then the
    other way round; then two family names; then the first given name alone, which PDS may be all that holds."""
    if len(names) == 1:
        return [names]
    if len(names) == 2:
        return [names, names[::-1], (" ".join(names),)]
    last = names[-1]
    return [
        names,
        (last, *names[:-1]),
        (" ".join(names[:2]), *names[2:]),
        (" ".join(names[-2:]), *names[:-2]),
        names[:2],
        (last, names[0]),
    ]


def _joined(words: Split) -> Split:
    """Small words that belong to the name behind them, with it: de souza, van der berg."""
    names: list[str] = []
    before: list[str] = []
    for word in words:
        before.append(word)
        if folded(word) not in _JOINING:
            names.append(" ".join(before))
            before = []
    return (*names, *before)


def _without_accents(names: Split) -> Split:
    """Empty where there are none."""
    plain = tuple(" ".join(folded(word) for word in name.split()) for name in names)
    return plain if any(not name.isascii() for name in names) else ()

"""Which pathways of one patient may be the same one, with the reasons; they are listed and never merged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations

from helpdesk.pathways.course import alike_days, same_specialty
from helpdesk.pathways.days import shown
from helpdesk.pathways.model import Alike, Pathway


def with_alike(pathways: Sequence[Pathway], today: date) -> tuple[Pathway, ...]:
    """Each pathway with the others that it may be one with."""
    found: dict[str, list[Alike]] = {p.key: [] for p in pathways}
    for one, other in combinations(pathways, 2):
        if one.key != other.key and (reasons := tuple(reasons_alike(one, other, today))):
            found[one.key].append(Alike(other.key, reasons))
            found[other.key].append(Alike(one.key, reasons))
    return tuple(replace(p, may_be_same=tuple(found[p.key])) if found[p.key] else p for p in pathways)


def reasons_alike(one: Pathway, other: Pathway, today: date) -> Iterable[str]:
    """Why two may be one: the same specialty together with the same provider, or with dates that fit; or one event booked
    for both. Nothing where they are of different specialties and share no event."""
    provider = one.provider.code if one.provider.code and one.provider.code == other.provider.code else ""
    if _same_specialty(one, other, today):
        reasons = [*_same_days(one, other), *_near_days(one, other)]
        if provider or reasons:
            yield f"same specialty ({one.specialty.name or one.specialty.code})"
            if provider:
                yield f"same provider ({one.provider.name or provider})"
            yield from reasons
    booked, theirs = one.next_event, other.next_event
    if provider and booked is not None and theirs is not None and (booked.kind, booked.day) == (theirs.kind, theirs.day):
        yield f"the same {booked.kind.value} on {shown(booked.day)}"


def _same_specialty(one: Pathway, other: Pathway, today: date) -> bool:
    return bool(one.specialty.code) and same_specialty(one.specialty.code, other.specialty.code, today)


def _same_days(one: Pathway, other: Pathway) -> Iterable[str]:
    if one.clock_start is not None and one.clock_start == other.clock_start:
        yield f"same clock start ({shown(one.clock_start)})"


def _near_days(one: Pathway, other: Pathway) -> Iterable[str]:
    first, second = _referred(one), _referred(other)
    if first is None or second is None:
        return
    apart = abs((first - second).days)
    if apart <= alike_days():
        yield f"referred on {shown(first)} and on {shown(second)}" if apart else f"both referred on {shown(first)}"


def _referred(pathway: Pathway) -> date | None:
    """The day of the referral; where no source says it, the day its clock started."""
    return pathway.referred or pathway.clock_start

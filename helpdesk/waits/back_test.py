"""How the same reckoning did on months that are over: each month's figures against who was still waiting later."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from helpdesk.waits.counts import CellCounts, Month
from helpdesk.waits.curve import Curve
from helpdesk.waits.flows import Flow
from helpdesk.waits.model import BackTest
from helpdesk.waits.reckoning import HALF, THREE_QUARTERS, Figure, Reckoned, figure, reckon
from helpdesk.waits.rules import Rules

WAITED = (0, 4, 8, 12, 18, 26, 39, 52, 65)
WIDTH = 4
"""People are followed by four weeks of waiting together, from each of these."""
_FEWEST = 40


@dataclass(frozen=True)
class Followed:
    """People who had waited `waited` to `waited` + 4 weeks at one month's end, and how they went on: `off` by (weeks
    later, share that came off by then), as far as the months loaded go."""

    waited: int
    people: int
    off: tuple[tuple[float, float], ...]

    def off_by(self, weeks: float) -> float | None:
        """None beyond the months loaded. Between two months people come off at an even rate."""
        at, share = 0.0, 0.0
        for later, gone in self.off:
            if weeks <= later:
                start, end = 1 - share, max(1e-9, 1 - gone)
                return 1 - start * math.exp((weeks - at) / (later - at) * math.log(end / start)) if start > 0 else 1.0
            at, share = later, gone
        return None


@dataclass(frozen=True)
class Checked:
    """One figure that would have been shown, beside what happened: the shares that came off by the half figure, by the
    three-quarters figure, and between a quarter and three quarters; None where the months do not reach."""

    month: Month
    waited: int
    people: int
    by_half: float | None
    by_three_quarters: float | None
    middle: float | None
    later: tuple[tuple[float, float, float], ...]
    """(weeks later, share expected off, share off) for each later month."""


def follow(months: Sequence[Month], counts: Sequence[CellCounts | None], waited: int) -> Followed | None:
    """From the first of these months on, until one is missing or somebody of them could be in the open last column. None
    with too few people."""
    first = counts[0]
    if first is None or first.waiting is None:
        return None
    people = sum(first.waiting[waited : waited + WIDTH]) if waited + WIDTH < len(first.waiting) else 0
    if people < _FEWEST:
        return None
    off: list[tuple[float, float]] = []
    later, gone = 0.0, 0.0
    for before, month, held in zip(months, months[1:], counts[1:], strict=False):
        if held is None or held.waiting is None or before.plus(1) != month:
            break
        later += month.weeks
        if waited + later + WIDTH >= len(held.waiting) - 1:
            break
        gone = max(gone, 1 - _between(held.waiting, waited + later, waited + later + WIDTH) / people)
        off.append((later, gone))
    return Followed(waited, people, tuple(off))


def _between(bands: Sequence[int], low: float, high: float) -> float:
    """People between two waits, a week's people being spread evenly over it."""
    return sum(bands[k] * (min(high, k + 1) - max(low, k)) for k in range(int(low), min(math.ceil(high), len(bands) - 1)))


def check_list(
    months: Sequence[Month],
    counts: Sequence[CellCounts | None],
    flows: Sequence[Flow | None],
    everybody: Mapping[Month, Curve],
    rules: Rules,
) -> tuple[Checked, ...]:
    """Every figure that one list would have shown at the end of each month but the last. `flows` are those of months[1:],
    `everybody` the curve of all lists as it was known at each month's end."""
    found: list[Checked] = []
    for place in range(1, len(months) - 1):
        if months[place] not in everybody:
            continue
        known = reckon(flows[:place], everybody[months[place]], rules)
        if known is None or known.last != months[place]:
            continue
        for waited in WAITED:
            shown = figure(known, waited + WIDTH / 2, rules)
            if isinstance(shown, Figure) and (went := follow(months[place:], counts[place:], waited)) is not None and went.off:
                found.append(_beside(known, shown, went))
    return tuple(found)


def _beside(known: Reckoned, shown: Figure, went: Followed) -> Checked:
    at, pace = went.waited + WIDTH / 2, known.pace or 1.0
    most = went.off_by(shown.three_quarters)
    least = went.off_by(shown.quarter)
    return Checked(
        month=known.last,
        waited=went.waited,
        people=went.people,
        by_half=went.off_by(shown.shown_half),
        by_three_quarters=went.off_by(shown.shown_three_quarters),
        middle=None if most is None or least is None else most - least,
        later=tuple((weeks, known.curve.off(at, weeks, pace), share) for weeks, share in went.off),
    )


def summed(checked: Sequence[Checked]) -> BackTest | None:
    """The shares of all people followed as far as the figure shown; None where no month reaches so far."""
    most = [(c.people, c.by_three_quarters) for c in checked if c.by_three_quarters is not None]
    if not most:
        return None
    half = [(c.people, c.by_half) for c in checked if c.by_half is not None]
    months = {c.month for c in checked if c.by_three_quarters is not None}
    return BackTest(len(months), round(_mean(most), 3), sum(n for n, _ in most), round(_mean(half), 3) if half else None)


def _mean(weighed: Sequence[tuple[int, float]]) -> float:
    return sum(n * share for n, share in weighed) / sum(n for n, _ in weighed)


def failed(test: BackTest | None, rules: Rules) -> bool:
    """Whether the figures were so far out that the list must show none. One that could not be tested has not failed."""
    if test is None or test.people < rules.number("tested_people"):
        return False
    half = 0.0 if test.within_half is None else abs(test.within_half - HALF)
    return half > rules.number("off_half") or abs(test.inside - THREE_QUARTERS) > rules.number("off_three_quarters")


def withheld(known: Reckoned, test: BackTest | None, rules: Rules) -> Reckoned:
    return replace(known, failed=failed(test, rules))

"""The curve of a list: how fast people come off it by how long they have waited, and what follows for the rest of a wait.

Source: period life table from census and completions, Armstrong, Stat Med 2000;19:2037 and J Health Serv Res Policy
2000;5:117. S(k) = exp(-sum of the hazards to k); for somebody who has waited a weeks, G(t) = 1 - S(a+t)/S(a)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from helpdesk.waits.flows import Flow

LONGEST_WEEKS = 520.0
_ENOUGH = 30
"""Weeks are taken together until so many people were seen in them."""
_WIDEST = 8
_CALM = 2
"""Who left unseen is the small difference of large counts: so many weeks on both sides are taken together."""
_OWN_COUNTS = 6.0
"""What the other lists' curve weighs in each week, as people seen."""
_LEVEL_COUNTS = 30.0
_OTHERWISE_COUNTS = 20.0


@dataclass(frozen=True)
class Curve:
    """`seen` and `otherwise` are hazards a week of being seen and of leaving in another way, by whole weeks waited; the last
    stands for all beyond."""

    seen: tuple[float, ...]
    otherwise: tuple[float, ...]

    @cached_property
    def _sums(self) -> tuple[float, ...]:
        return tuple(accumulate(self._both[:-1], initial=0.0))

    @cached_property
    def _both(self) -> tuple[float, ...]:
        return tuple(a + b for a, b in zip(self.seen, self.otherwise, strict=True))

    def hazard(self, weeks: float) -> float:
        """The sum of the hazards to so many weeks."""
        whole = min(int(weeks), len(self.seen) - 1)
        return self._sums[whole] + (weeks - whole) * self._both[whole]

    def survival(self, weeks: float) -> float:
        """The share still waiting after so many weeks; 1 at 0, never growing."""
        return math.exp(-self.hazard(weeks))

    def off(self, waited: float, more: float, pace: float = 1.0) -> float:
        """G(t): the share of those who have waited so long that came off within so many more weeks."""
        return 1 - math.exp(-pace * (self.hazard(waited + more) - self.hazard(waited)))

    def seen_within(self, waited: float, more: float) -> float:
        """The share that is seen within so many more weeks, the others having left or still waiting."""
        total, at, still = 0.0, waited, 1.0
        while at < waited + more - 1e-9:
            upto = min(math.floor(at) + 1.0, waited + more)
            whole = min(int(at), len(self.seen) - 1)
            seen, both = self.seen[whole], self._both[whole]
            gone = still * (1 - math.exp(-both * (upto - at)))
            total += gone * seen / both if both else 0.0
            still, at = still - gone, upto
        return total

    def quantile(self, waited: float, share: float, pace: float = 1.0) -> float | None:
        """The fewest more weeks within which that share came off; None where it takes longer than ten years."""
        left = -math.log(1 - share) / pace
        at = waited
        while at - waited < LONGEST_WEEKS:
            whole = min(int(at), len(self.seen) - 1)
            both = self._both[whole]
            step = LONGEST_WEEKS if whole == len(self.seen) - 1 else math.floor(at) + 1.0 - at
            if both * step >= left:
                found = at + left / both - waited
                return found if found <= LONGEST_WEEKS else None
            left -= both * step
            at += step
        return None


def everybodys(pool: Flow) -> Curve:
    """The curve of all lists of one treatment function together, weeks taken together with those beside them until enough
    people were seen in them."""
    last = pool.open_from
    people, weeks = (tuple(accumulate(of, initial=0)) for of in (pool.seen, pool.exposure))
    left = tuple(accumulate(pool.otherwise, initial=0.0))
    seen: list[float] = []
    otherwise: list[float] = []
    for k in range(last + 1):
        low, high = k, k + 1
        while people[high] - people[low] < _ENOUGH and high - low <= 2 * _WIDEST and high - low <= last:
            low, high = max(0, low - 1), min(last + 1, high + 1)
        exposure = weeks[high] - weeks[low]
        seen.append((people[high] - people[low]) / exposure if exposure else (seen[-1] if seen else 0.0))
        low, high = max(0, min(low, k - _CALM)), min(last + 1, max(high, k + _CALM + 1))
        exposure = weeks[high] - weeks[low]
        otherwise.append(max(0.0, left[high] - left[low]) / exposure if exposure else 0.0)
    return Curve(tuple(seen), tuple(otherwise))


def own_curve(pool: Flow, everybody: Curve) -> Curve:
    """One list's own curve. Each week borrows from the curve of all lists as much as a few people seen would weigh, at the
    list's own level, so that a thin week does not make the curve jump. Who left in another way is all lists' at its own
    level."""
    if len(everybody.seen) != len(pool.seen):
        everybody = Curve(_cut(everybody.seen, pool.open_from), _cut(everybody.otherwise, pool.open_from))
    expected = sum(e * h for e, h in zip(pool.exposure, everybody.seen, strict=True))
    level = (sum(pool.seen) + _LEVEL_COUNTS) / (expected + _LEVEL_COUNTS)
    seen = []
    for count, weeks, hazard in zip(pool.seen, pool.exposure, everybody.seen, strict=True):
        lent = _OWN_COUNTS / hazard if hazard else 0.0
        seen.append((count + (_OWN_COUNTS * level if hazard else 0.0)) / (weeks + lent) if weeks + lent else 0.0)
    due = sum(e * h for e, h in zip(pool.exposure, everybody.otherwise, strict=True))
    level = (max(0.0, sum(pool.otherwise)) + _OTHERWISE_COUNTS) / (due + _OTHERWISE_COUNTS)
    return Curve(tuple(seen), tuple(h * level for h in everybody.otherwise))


def borrowed_share(pool: Flow, curve: Curve, waited: float, weeks: int) -> float:
    """How much of the curve over the next weeks comes from the other lists, 0 to 1."""
    span = range(min(int(waited), pool.open_from), min(int(waited) + weeks, pool.open_from) + 1)
    own = sum(pool.exposure[k] * curve.seen[k] for k in span)
    return _OWN_COUNTS * len(span) / (own + _OWN_COUNTS * len(span))


def _cut(hazards: Sequence[float], open_from: int) -> tuple[float, ...]:
    return tuple(hazards[: open_from + 1]) if len(hazards) > open_from else (*hazards, *[hazards[-1]] * (open_from + 1 - len(hazards)))


def own_weeks(pool: Flow, waited: float, weeks: int) -> tuple[float, int]:
    """Person-weeks and people seen over the next so many weeks of waiting."""
    first = min(int(waited), pool.open_from)
    until = max(first + 1, min(int(waited) + weeks, pool.open_from + 1))
    return sum(pool.exposure[first:until]), sum(pool.seen[first:until])

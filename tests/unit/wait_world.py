"""A list whose hazard is known: people come, wait, and are seen or leave; its months are counted as they are published."""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from helpdesk.waits.back_test import WIDTH
from helpdesk.waits.counts import CellCounts, Month
from helpdesk.waits.curve import everybodys
from helpdesk.waits.flows import flows, latest, pooled
from helpdesk.waits.reckoning import Reckoned, reckon
from helpdesk.waits.rules import Rules

OPEN = 104
FIRST = Month(2026, 1)


def steps(*held: tuple[int, float]) -> tuple[float, ...]:
    """A hazard a week from (week, hazard) on."""
    return tuple(next(h for since, h in reversed(held) if since <= week) for week in range(OPEN + 1))


USUAL = steps((0, 0.05), (2, 0.028), (8, 0.024), (14, 0.035), (18, 0.026), (30, 0.03), (52, 0.045))


@dataclass(frozen=True)
class Person:
    """Weeks from the beginning of the first month: when the clock started and ended."""

    came: float
    went: float
    seen: bool


@dataclass
class World:
    """`pace` multiplies the hazard of being seen by the week of the calendar (0: the beginning of the first month)."""

    weekly: float
    months: int
    seed: int
    seen: tuple[float, ...] = USUAL
    leaving: float = 0.006
    pace: Callable[[float], float] = lambda _week: 1.0
    steady: bool = True

    def __post_init__(self) -> None:
        self.ends = list(accumulate((self.month(n).weeks for n in range(self.months)), initial=0.0))[1:]
        self._sums = list(accumulate((h + self.leaving for h in self.seen), initial=0.0))
        draw = random.Random(self.seed)
        self.people = list(self._people(draw))

    @staticmethod
    def month(n: int) -> Month:
        return FIRST.plus(n)

    def survival(self, weeks: float) -> float:
        whole = min(int(weeks), OPEN)
        return math.exp(-self._sums[whole] - (weeks - whole) * (self.seen[whole] + self.leaving))

    def true_quantile(self, waited: float, share: float) -> float:
        """The further weeks within which that share of people goes, from the hazard itself."""
        low, high = 0.0, 500.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if 1 - self.survival(waited + middle) / self.survival(waited) < share else (low, middle)
        return high

    def _people(self, draw: random.Random) -> Sequence[Person]:
        found, at = [], -2.2 * OPEN
        while at < self.ends[-1]:
            at += draw.expovariate(self.weekly)
            found.append(self._at_once(draw, at) if self.steady else self._step_by_step(draw, at))
        return found

    def _at_once(self, draw: random.Random, came: float) -> Person:
        due = draw.expovariate(1.0)
        week = min(bisect_right(self._sums, due) - 1, OPEN)
        both = self.seen[week] + self.leaving
        return Person(came, came + week + (due - self._sums[week]) / both, draw.random() < self.seen[week] / both)

    def _step_by_step(self, draw: random.Random, came: float) -> Person:
        waited = 0
        while True:
            seen = self.seen[min(waited, OPEN)] * self.pace(came + waited)
            both = seen + self.leaving
            after = draw.expovariate(both)
            if after < 1:
                return Person(came, came + waited + after, draw.random() < seen / both)
            waited += 1

    def counts(self) -> list[CellCounts]:
        waiting = [[0] * (OPEN + 1) for _ in self.ends]
        seen = [[0] * (OPEN + 1) for _ in self.ends]
        started = [0] * len(self.ends)
        for person in self.people:
            came_in, went_in = bisect_right(self.ends, person.came), bisect_right(self.ends, person.went)
            if person.came >= 0 and came_in < len(self.ends):
                started[came_in] += 1
            for n in range(came_in, min(went_in, len(self.ends))):
                waiting[n][min(int(self.ends[n] - person.came), OPEN)] += 1
            if person.seen and person.went >= 0 and went_in < len(self.ends):
                seen[went_in][min(int(person.went - person.came), OPEN)] += 1
        return [
            CellCounts(waiting=tuple(w), admitted=(0,) * (OPEN + 1), not_admitted=tuple(s), started=n)
            for w, s, n in zip(waiting, seen, started, strict=True)
        ]

    def reckoned(self, rules: Rules) -> Reckoned:
        """As it stands at the end of the last month, nobody else's counts being known."""
        months = [self.month(n) for n in range(self.months)]
        run = flows(months, self.counts())
        known = reckon(run, everybodys(pooled(latest(run, 3))), rules)
        assert known is not None
        return known

    def remaining(self, waited: float) -> list[float]:
        """How much longer those of the last month's end went on who had waited about so long."""
        end, low = self.ends[-1], waited - WIDTH / 2
        return [p.went - end for p in self.people if p.came <= end < p.went and max(0.0, low) <= end - p.came < waited + WIDTH / 2]

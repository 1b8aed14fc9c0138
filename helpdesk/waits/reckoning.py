"""What the months of one list say: its curve, how far its own counts carry, and whether its pace holds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.waits.counts import Month
from helpdesk.waits.curve import Curve, borrowed_share, own_curve, own_weeks
from helpdesk.waits.flows import Flow, latest, pooled
from helpdesk.waits.rules import Rules

QUARTER, HALF, THREE_QUARTERS = 0.25, 0.5, 0.75
_Z_80 = 1.2816


class Why(StrEnum):
    """Why a list has no reliable figure, in plain words for whoever is at the desk."""

    NO_MONTHS = "the published counts do not hold two months that follow each other"
    TOO_FEW_WAITING = "too few people waited as long as this"
    TOO_FEW_SEEN = "too few people who had waited as long as this were seen"
    OTHERWISE = "too many people left this list in ways that are not counted apart"
    PACE = "this list has lately moved much faster or slower than before"
    UNSURE = "the counts are too uneven from month to month"
    TOO_LONG = "the wait may be longer than the counts tell apart"
    FAILED = "figures for this list were too far out in months that are over"
    OLD = "the published counts are more than three months old"


@dataclass(frozen=True)
class Figure:
    """More weeks until a quarter, half and three quarters came off: as reckoned, and rounded as shown."""

    quarter: float
    half: float
    three_quarters: float
    shown_quarter: int
    shown_half: int
    shown_three_quarters: int
    borrowed: bool


@dataclass(frozen=True)
class Reckoned:
    """One list's curve and its limits. `pace` is below 1 where the list has slowed and the curve must be stretched; None
    where it has changed so much that nothing can be said. `spread` is how much more the months differ than chance (1: no
    more). `failed`: its figures were too far out in the back-test."""

    pool: Flow
    curve: Curve
    pace: float | None
    spread: float
    failed: bool = False

    @property
    def last(self) -> Month:
        return self.pool.last


def reckon(months: Sequence[Flow | None], everybody: Curve, rules: Rules) -> Reckoned | None:
    """`months` are one list's flows, the earliest first. None with fewer months of stock than the rules ask for."""
    run = latest(months, rules.whole("pooled_months"))
    if len(run) < rules.whole("stock_months") - 1 or not run:
        return None
    pool = pooled(run)
    curve = own_curve(pool, everybody)
    history = latest(months, rules.whole("pace_months"))
    return Reckoned(pool, curve, pace(history, curve, rules), _spread(run, curve))


def figure(list_: Reckoned, waited: float, rules: Rules) -> Figure | Why:
    """The quartiles for somebody who has waited so many weeks, or why not."""
    if waited >= list_.pool.open_from:
        return Why.TOO_LONG
    window = rules.whole("window_weeks")
    weeks, seen = own_weeks(list_.pool, waited, window)
    if weeks < rules.number("person_weeks"):
        return Why.TOO_FEW_WAITING
    if seen < rules.number("seen"):
        return Why.TOO_FEW_SEEN
    if abs(sum(list_.pool.otherwise)) >= rules.number("otherwise_share") * sum(list_.pool.seen):
        return Why.OTHERWISE
    if list_.pace is None:
        return Why.PACE
    quarter, half, most = (list_.curve.quantile(waited, share, list_.pace) for share in (QUARTER, HALF, THREE_QUARTERS))
    if quarter is None or half is None or most is None or most > rules.number("longest_weeks"):
        return Why.TOO_LONG
    if _error(list_, waited, most) > rules.number("widest_error"):
        return Why.UNSURE
    if list_.failed:
        return Why.FAILED
    borrowed = borrowed_share(list_.pool, list_.curve, waited, window) >= rules.number("borrowed_share")
    return Figure(quarter, half, most, min(rounded(quarter, rules), rounded(half, rules)), *_shown(half, most, rules), borrowed)


def _shown(half: float, most: float, rules: Rules) -> tuple[int, int]:
    """Both rounded; the second is never shown as short as the first."""
    first, second = rounded(half, rules), rounded(most, rules)
    if second <= first:
        second = first + (
            rules.whole("round_fine_weeks") if first < rules.whole("round_coarse_from") else rules.whole("round_coarse_weeks")
        )
    return first, second


def rounded(weeks: float, rules: Rules) -> int:
    step = rules.whole("round_fine_weeks") if weeks < rules.number("round_coarse_from") else rules.whole("round_coarse_weeks")
    return max(step, step * math.floor(weeks / step + 0.5))


def _error(list_: Reckoned, waited: float, more: float) -> float:
    """Half the width of the 80% interval of the three-quarters figure, as a share of it.

    Source: Greenwood's variance of log S, sum of d/n^2, enlarged by how much more the months differ than chance."""
    first, last = int(min(waited, list_.pool.open_from)), int(min(waited + more, list_.pool.open_from))
    both = zip(list_.pool.exposure[first : last + 1], list_.curve.seen[first : last + 1], strict=True)
    variance = sum(h / e for e, h in both if e > 0) * list_.spread
    return _Z_80 * math.sqrt(variance) / -math.log(1 - THREE_QUARTERS)


def _spread(run: Sequence[Flow], curve: Curve) -> float:
    """Pearson's chi-squared over its degrees of freedom, of people seen in each month against the curve."""
    if len(run) < 2:
        return 1.0
    expected = [_expected(f, curve) for f in run]
    scale = sum(sum(f.seen) for f in run) / sum(expected) if sum(expected) else 0.0
    if not scale:
        return 1.0
    parts = ((sum(f.seen) - scale * e) ** 2 / (scale * e) for f, e in zip(run, expected, strict=True) if e > 0)
    return max(1.0, sum(parts) / (len(run) - 1))


def _expected(flow: Flow, curve: Curve) -> float:
    return sum(e * h for e, h in zip(flow.exposure, curve.seen, strict=False))


def pace(history: Sequence[Flow], curve: Curve, rules: Rules) -> float | None:
    """1 where the list moves as it did; the ratio of the later months to the earlier where it has slowed, as if it slowed
    once more as much; None where either the halves or the last month differ too much. A list that moves faster keeps its
    curve: the cautious figure."""
    half = len(history) // 2
    if half == 0:
        return 1.0
    between = _change(history[-2 * half : -half], history[-half:], curve)
    lately = _change(history[:-1], history[-1:], curve)
    for change, error in (between, lately):
        if abs(change) > rules.number("pace_withheld") and abs(change) > rules.number("z_withheld") * error:
            return None
    change, error = between
    if change < -rules.number("pace_slower") and -change > rules.number("z_slower") * error:
        return math.exp(change)
    return 1.0


def _change(earlier: Sequence[Flow], later: Sequence[Flow], curve: Curve) -> tuple[float, float]:
    """The logarithm of how much faster people were seen later, for the same waits, and its standard error."""
    before, after = sum(sum(f.seen) for f in earlier), sum(sum(f.seen) for f in later)
    due_before, due_after = sum(_expected(f, curve) for f in earlier), sum(_expected(f, curve) for f in later)
    if not (due_before and due_after):
        return 0.0, math.inf
    change = math.log((after + 0.5) / due_after) - math.log((before + 0.5) / due_before)
    return change, math.sqrt(1 / (before + 0.5) + 1 / (after + 0.5))

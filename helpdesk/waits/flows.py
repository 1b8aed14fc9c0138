"""What happened to a list from one month's end to the next: person-weeks waited, people seen, people gone otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from helpdesk.waits.counts import Bands, CellCounts, Month, added, collapsed


@dataclass(frozen=True)
class Flow:
    """One or more months of one list. `exposure` are person-weeks and `seen` the people whose clock stopped by treatment
    or decision, `otherwise` those who left in another way (validated away, transferred, missed the first appointment), all by
    whole weeks waited. `months` is how many were pooled, `last` the latest."""

    last: Month
    months: int
    exposure: tuple[float, ...]
    seen: Bands
    otherwise: tuple[float, ...]

    @property
    def open_from(self) -> int:
        return len(self.seen) - 1


def flow(last: Month, before: CellCounts, now: CellCounts, *, decided: bool = False) -> Flow | None:
    """The month `last`, from the stock at its beginning to the one at its end; None where either was not published.
    `decided`: only those with a decision to admit, who come onto that list late. Those who left it in another way are not
    counted apart: `otherwise` is 0 there."""
    first, second = (before.decided, now.decided) if decided else (before.waiting, now.waiting)
    if first is None or second is None:
        return None
    seen = now.admitted if decided else added(now.admitted, now.not_admitted)
    open_from = min(len(first), len(second)) - 1
    start, end = collapsed(first, open_from), collapsed(second, open_from)
    done = tuple(collapsed(seen, open_from)) if seen is not None else (0,) * (open_from + 1)
    weeks = last.weeks / 2
    exposure = tuple(weeks * (a + b) for a, b in zip(start, end, strict=True))
    otherwise = (0.0,) * (open_from + 1) if decided else _otherwise(last, start, end, done, now.started)
    return Flow(last, 1, exposure, done, otherwise)


def _otherwise(month: Month, start: Sequence[int], end: Sequence[int], seen: Sequence[int], started: int | None) -> tuple[float, ...]:
    """Who left unseen, by weeks waited, counted along the cohorts: those waiting k weeks at the beginning, less those of
    them who were seen, less those who at the end have waited a month longer. Together with the people who came new and
    left within the month it makes stock before + new clocks - seen - stock after; where new clocks were not published
    nothing is known of those. One list's numbers are rough; it is their sum over lists and months that is used."""
    weeks = month.weeks
    last = len(start) - 1
    from_start = _weights(month.days)
    whole, part = int(weeks), weeks - int(weeks)
    padded_end = (*end, *[0] * (whole + 2))
    padded_seen = (*seen, *[0] * len(from_start))
    gone = [
        n - (1 - part) * here - part * further
        for n, here, further in zip(start[:last], padded_end[whole:], padded_end[whole + 1 :], strict=False)
    ]
    for n, w in enumerate(from_start):
        gone = [g - w * s for g, s in zip(gone, padded_seen[n:], strict=False)]
    # the open last column also holds who came into it in the month: what is left over there
    in_last = sum(start) - sum(gone) - _still(end, weeks) - _seen_of_old(seen, weeks)
    left = [0.0] * (last + len(from_start))
    for n, w in enumerate(from_start):
        left[n : n + last] = [here + w * people for here, people in zip(left[n : n + last], gone, strict=True)]
    left[last:] = [sum(left[last:]) + in_last]
    if started is not None:
        new = sum(start) + started - sum(seen) - sum(end) - sum(left)
        for k in range(whole):
            left[min(k, last)] += new / whole
    return tuple(left)


def _still(end: Sequence[int], weeks: float) -> float:
    """Those at the end who were waiting at the beginning."""
    return sum(n * min(1.0, max(0.0, k + 1 - weeks)) for k, n in enumerate(end[: int(weeks) + 2])) + sum(end[int(weeks) + 2 :])


def _seen_of_old(seen: Sequence[int], weeks: float) -> float:
    """Those seen in the month who were waiting at its beginning, people being seen at an even rate."""
    return sum(n * min(1.0, (k + 0.5) / weeks) for k, n in enumerate(seen))


@cache
def _weights(days: int) -> tuple[float, ...]:
    """Of people seen n whole weeks later than they had waited at the beginning of the month, how many began in the week
    meant: the overlap of a month that ends n and a half weeks later with that week."""
    weeks = days / 7
    overlaps = (max(0.0, min(n + 0.5, 1.0) - max(n + 0.5 - weeks, 0.0)) for n in range(int(weeks) + 3))
    return tuple(o / weeks for o in overlaps)


def flows(months: Sequence[Month], counts: Sequence[CellCounts | None], *, decided: bool = False) -> tuple[Flow | None, ...]:
    """One for each month but the first: None where it or the month before is missing, or not the month before."""
    found = []
    for (earlier, before), (month, now) in pairwise(zip(months, counts, strict=True)):
        known = before is not None and now is not None and earlier.plus(1) == month
        found.append(flow(month, before, now, decided=decided) if known and before is not None and now is not None else None)
    return tuple(found)


def latest(found: Sequence[Flow | None], months: int) -> tuple[Flow, ...]:
    """The flows at the end that follow each other without a hole, at most so many, the earliest first."""
    run: list[Flow] = []
    for each in reversed(found):
        if each is None or len(run) == months:
            break
        run.append(each)
    return tuple(reversed(run))


def pooled(run: Sequence[Flow]) -> Flow:
    """Several months, or several lists in one month, as one. Raises ValueError for none."""
    if not run:
        raise ValueError("nothing to pool")
    open_from = min(f.open_from for f in run)
    return Flow(
        max(f.last for f in run),
        len({f.last for f in run}),
        _summed([collapsed_weeks(f.exposure, open_from) for f in run]),
        tuple(map(sum, zip(*(collapsed(f.seen, open_from) for f in run), strict=True))),
        _summed([collapsed_weeks(f.otherwise, open_from) for f in run]),
    )


def _summed(rows: Sequence[Sequence[float]]) -> tuple[float, ...]:
    return tuple(map(sum, zip(*rows, strict=True)))


def collapsed_weeks(exposure: Sequence[float], open_from: int) -> Sequence[float]:
    if len(exposure) <= open_from + 1:
        return exposure
    return (*exposure[:open_from], sum(exposure[open_from:]))

"""Makes the practice area's own published counts of waiting: 24 months of files as NHS England publishes them, from a
hazard that is known."""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from operator import add, mul
from pathlib import Path
from typing import Any

from helpdesk.practice.content import content
from helpdesk.practice.organisations import providers
from helpdesk.waits.counts import Month

OPEN_FROM = 104
_PARTS = {
    "Part_1A": "Completed Pathways For Admitted Patients",
    "Part_1B": "Completed Pathways For Non-Admitted Patients",
    "Part_2": "Incomplete Pathways",
    "Part_2A": "Incomplete Pathways with DTA",
    "Part_3": "New RTT Periods - All Patients",
}
_HEAD = [
    "Period",
    *(f"Provider {what}" for what in ("Parent Org Code", "Parent Name", "Org Code", "Org Name")),
    *(f"Commissioner {what}" for what in ("Parent Org Code", "Parent Name", "Org Code", "Org Name")),
    *("RTT Part Type", "RTT Part Description", "Treatment Function Code", "Treatment Function Name"),
]
_TAIL = ["Total", "Patients with unknown clock start date", "Total All"]
_WEEKS = [f"Gt {k:02} To {k + 1:02} Weeks SUM 1" for k in range(OPEN_FROM)] + [f"Gt {OPEN_FROM} Weeks SUM 1"]
HEADER = (*_HEAD, *_WEEKS, *_TAIL)
_ADMITTED, _DECIDED = 0.33, 0.3
_HALF_A_MONTH = 4.35 / 2
_YEAR_WEEKS = 52.18


@dataclass(frozen=True)
class KnownList:
    """One list whose hazards are known: `seen` a week by whole weeks waited, `leaving` the same at all of them; `weekly`
    new clocks."""

    provider: str
    function: str
    name: str
    surgical: bool
    weekly: float
    seen: tuple[float, ...]
    leaving: float

    def survival(self, weeks: float) -> float:
        """The share still waiting after so many weeks."""
        whole = min(int(weeks), OPEN_FROM)
        done = sum(self.seen[:whole]) + (weeks - whole) * self.seen[whole]
        return math.exp(-done - self.leaving * weeks)


def known_lists() -> tuple[KnownList, ...]:
    held = content("waits")
    hazard = _by_week(held["hazard"])
    return tuple(
        KnownList(
            provider, of["function"], of["name"], of["surgical"], weekly, tuple(h * of["pace"] for h in hazard), float(held["leaving"])
        )
        for of in held["lists"]
        for provider, weekly in of["weekly"].items()
    )


def _by_week(steps: Sequence[Sequence[float]]) -> list[float]:
    found = []
    for week in range(OPEN_FROM + 1):
        found.append(next(h for since, h in reversed(steps) if since <= week))
    return found


def months(today: date) -> tuple[Month, ...]:
    """The months that are out by that day, the earliest first."""
    held = content("waits")
    last = Month(today.year, today.month).plus(-int(held["published_months_ago"]))
    return tuple(last.plus(-back) for back in reversed(range(int(held["months"]))))


def write_published(folder: Path, today: date) -> tuple[Path, ...]:
    """One file for each month, the earliest first; the same day gives the same files."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lists = [(known, _stocks(known)) for known in known_lists()]
    written = []
    for month in months(today):
        path = folder / f"{month}-RTT-full-extract.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(HEADER)
            out.writerows(_month(month, lists))
        written.append(path)
    return tuple(written)


Inflow = Callable[[float], float]
Stocks = tuple[list[float], float]


def _stocks(known: KnownList) -> Stocks:
    """People in each week of waiting for one new clock a week, and those beyond."""
    sums = list(accumulate((h + known.leaving for h in known.seen), initial=0.0))
    still = [math.exp(-s) for s in sums]
    both = [h + known.leaving for h in known.seen]
    return [(still[k] - still[k + 1]) / both[k] for k in range(OPEN_FROM)], still[OPEN_FROM] / both[OPEN_FROM]


def _month(month: Month, lists: Sequence[tuple[KnownList, Stocks]]) -> Iterator[list[Any]]:
    for provider in sorted({known.provider for known, _ in lists}):
        totals: dict[tuple[str, str], list[int]] = {}
        for known, stocks in lists:
            if known.provider != provider:
                continue
            for part, counts in _counts(known, stocks, month).items():
                for commissioner, own in _split(counts, known, month).items():
                    held = totals.get((part, commissioner))
                    totals[part, commissioner] = own if held is None else list(map(add, held, own))
                    yield _row(month, provider, commissioner, part, known.function, known.name, own)
        for (part, commissioner), counts in totals.items():
            yield _row(month, provider, commissioner, part, "C_999", "Total", counts)


def _counts(known: KnownList, stocks: Stocks, month: Month) -> dict[str, list[int]]:
    """People by part, the last entry those beyond; of new clocks the number alone."""
    end = (month.end - date(2000, 1, 1)).days / 7
    draw = random.Random(f"{known.provider}{known.function}{month}")  # noqa: S311  # invented counts, nothing secret
    now, before = _waiting(known, stocks, end), _waiting(known, stocks, end - month.weeks)
    middle = _waiting(known, stocks, end - month.weeks / 2)
    seen = [month.weeks * h * (a + 4 * m + b) / 6 for h, a, m, b in zip(known.seen, before, middle, now, strict=True)]
    admitted = _ADMITTED if known.surgical else 0.0
    waiting = _whole(now, draw)
    done = _whole(seen, draw)
    by_admission = _whole([n * admitted for n in done], draw)
    counts = {
        "Part_1B": [a - b for a, b in zip(done, by_admission, strict=True)],
        "Part_2": waiting,
        "Part_3": [round(month.weeks * known.weekly * _season(end - _HALF_A_MONTH))],
    }
    if known.surgical:
        counts |= {"Part_1A": by_admission, "Part_2A": _whole([n * _DECIDED if k > 6 else 0 for k, n in enumerate(waiting)], draw)}
    return counts


def _waiting(known: KnownList, stocks: Stocks, at: float) -> list[float]:
    each, beyond = stocks
    swing = float(content("waits")["season"])
    turn = 2 * math.pi / _YEAR_WEEKS
    begun = [known.weekly * (1 + swing * math.sin((at - k - 0.5) * turn)) for k in range(OPEN_FROM)]
    return [*map(mul, begun, each), known.weekly * beyond]


def _season(week: float) -> float:
    """New clocks go up and down over the year."""
    return 1 + float(content("waits")["season"]) * math.sin(week / _YEAR_WEEKS * 2 * math.pi)


def _whole(values: Sequence[float], draw: random.Random) -> list[int]:
    return [int(v + draw.random()) for v in values]


def _split(counts: list[int], known: KnownList, month: Month) -> Mapping[str, list[int]]:
    """The board's own people, and the few who are nobody's in England (NONC)."""
    draw = random.Random(f"{known.provider}{known.function}{month}NONC")  # noqa: S311  # invented counts, nothing secret
    share = float(content("waits")["abroad"])
    away = [min(n, int(n * share + draw.random() * 0.5)) for n in counts]
    return {content("organisations")["icb"]["ods"]: [n - a for n, a in zip(counts, away, strict=True)], "NONC": away}


def _row(month: Month, provider: str, commissioner: str, part: str, function: str, name: str, counts: list[int]) -> list[Any]:
    """With the names; X codes stand after blanks, as published."""
    board = content("organisations")["icb"]
    named = next(p.name for p in providers() if p.ods.value == provider)
    row = counted_row(month, provider, commissioner, part, function.removeprefix("C_"), counts)
    row[1:5] = [board["ods"], board["name"].upper(), provider, named.upper()]
    own = commissioner == board["ods"]
    row[5:9] = [board["ods"], board["name"].upper(), commissioner, board["name"].upper()] if own else ["", "", commissioner, "NON-ENGLISH"]
    row[12] = name
    return row


def counted_row(month: Month, provider: str, commissioner: str, part: str, function: str, counts: Sequence[int]) -> list[Any]:
    """One row without names: no weeks for new clocks, the total and the unknown clock starts only for who came off."""
    code = f"   {function}" if function.startswith("X") else f"C_{function}"
    head = [f"RTT-{month.name.replace(' ', '-')}", "", "", provider, "", "", "", commissioner, "", part, _PARTS[part], code, ""]
    total = sum(counts)
    if part == "Part_3":
        return [*head, *[""] * len(_WEEKS), "", "", total]
    return [*head, *counts, *((total, 0) if part.startswith("Part_1") else ("", "")), total]

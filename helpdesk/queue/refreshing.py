"""What an evaluation changes on the list of gaps: which are raised, refreshed, raised again and closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk.queue.gaps import Change, FoundGap, GapItem

AGAIN_AFTER = timedelta(days=14)
"""A gap on which something was done is left alone for so long; found still there afterwards, it is on the list again."""


@dataclass(frozen=True)
class Plan:
    """`refreshed` and `again` are items with what was found of them now; `again` are open anew and nobody's. `settled`
    were done by somebody and are now gone too: should they come back, they are raised again at once."""

    raised: tuple[FoundGap, ...] = ()
    refreshed: tuple[tuple[GapItem, FoundGap], ...] = ()
    again: tuple[tuple[GapItem, FoundGap], ...] = ()
    gone: tuple[GapItem, ...] = ()
    settled: tuple[GapItem, ...] = ()

    @property
    def nothing(self) -> bool:
        return not (self.raised or self.refreshed or self.again or self.gone or self.settled)

    @property
    def change(self) -> Change:
        return Change(len(self.raised) + len(self.again), len(self.refreshed), len(self.gone))


def plan(known: Iterable[GapItem], found: Iterable[FoundGap], now: datetime) -> Plan:
    """`known` are all items, open or not, of the people whose gaps were `found`."""
    now_there = {gap.key: gap for gap in found}
    refreshed, again, gone, settled = [], [], [], []
    for item in known:
        gap = now_there.pop(item.found.key, None)
        if gap is None:
            (gone.append(item) if item.done is None else settled.append(item) if item.gone is None else None)
        elif item.done is None:
            refreshed += [(item, gap)] if gap != item.found else []
        elif item.gone is not None or now - item.done >= AGAIN_AFTER:
            again.append((item, gap))
    return Plan(tuple(now_there.values()), tuple(refreshed), tuple(again), tuple(gone), tuple(settled))

"""Reckons every list anew from the months held: all lists' curves first, then each list's own with its back-test."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from helpdesk.waits.back_test import Checked, check_list, failed, summed
from helpdesk.waits.counts import CellCounts, Month
from helpdesk.waits.curve import Curve, everybodys
from helpdesk.waits.flows import Flow, flows, pooled
from helpdesk.waits.model import BackTest
from helpdesk.waits.packing import Kept, pack_curves
from helpdesk.waits.ports import ByFunction, WaitStore
from helpdesk.waits.reckoning import Reckoned, reckon
from helpdesk.waits.rules import Rules

DECIDED = "/decided"
"""After a treatment function: those of the list with a decision to admit."""

Progress = Callable[[int, int], None]
Runs = Sequence[tuple[str, tuple[Flow | None, ...]]]
_AT_HAND = 50
"""So many providers' flows are not reckoned twice; more would take much memory."""


@dataclass
class Tested:
    """One list's back-test."""

    provider: str
    function: str
    test: BackTest
    withheld: bool
    checked: tuple[Checked, ...] = field(default=(), repr=False)


@dataclass
class Reckoning:
    """One run over everything held. `tested` and `lists` are whole once `curves` has been drawn to its end."""

    store: WaitStore
    rules: Rules
    progress: Progress | None = None
    tested: list[Tested] = field(default_factory=list)
    lists: int = 0
    _kept: dict[str, Runs] = field(default_factory=dict, repr=False)

    def curves(self) -> Iterator[tuple[str, bytes]]:
        """Each provider's curves, packed."""
        months = [held.month for held in self.store.months()]
        providers = self.store.providers()
        everybody = self._everybody(months, providers)
        for done, provider in enumerate(providers, 1):
            found = dict(self._lists(provider, self.store.counts(provider, months), months, everybody))
            if found:
                yield provider, pack_curves(found)
            self._tell(len(providers) + done, 2 * len(providers))

    def _everybody(self, months: Sequence[Month], providers: Sequence[str]) -> dict[str, dict[Month, Curve]]:
        sums: dict[str, dict[Month, Flow]] = defaultdict(dict)
        for done, provider in enumerate(providers, 1):
            for name, run in self._runs(provider, self.store.counts(provider, months), months):
                for flow in run:
                    if flow is not None:
                        held = sums[name].get(flow.last)
                        sums[name][flow.last] = flow if held is None else pooled((held, flow))
            self._tell(done, 2 * len(providers))
        return {name: _curves(by_month, self.rules) for name, by_month in sums.items()}

    def _lists(
        self, provider: str, counts: ByFunction, months: Sequence[Month], everybody: Mapping[str, Mapping[Month, Curve]]
    ) -> Iterator[tuple[str, Kept]]:
        whole: dict[str, Reckoned] = {}
        for name, run in self._runs(provider, counts, months):
            curves = everybody.get(name, {})
            known = reckon(run, curves[months[-1]], self.rules) if months and months[-1] in curves else None
            if name.endswith(DECIDED):
                base = whole.get(name.removesuffix(DECIDED))
                if known is not None and base is not None:
                    yield name, (_leaving_as(known, base), None)
                continue
            test = self._test(provider, name, _in_order(counts[name], months), run, curves, months)
            if known is not None:
                self.lists += 1
                whole[name] = known
                yield name, (replace(known, failed=failed(test, self.rules)), test)

    def _test(
        self,
        provider: str,
        function: str,
        counts: Sequence[CellCounts | None],
        run: Sequence[Flow | None],
        curves: Mapping[Month, Curve],
        months: Sequence[Month],
    ) -> BackTest | None:
        checked = check_list(months, counts, run, curves, self.rules)
        test = summed(checked)
        if test is not None:
            self.tested.append(Tested(provider, function, test, failed(test, self.rules), checked))
        return test

    def _runs(self, provider: str, counts: ByFunction, months: Sequence[Month]) -> Runs:
        """The flows of each list, twice wanted; those with a decision to admit after the list they belong to, and of them
        only what today's figures need."""
        if provider in self._kept:
            return self._kept[provider]
        found: list[tuple[str, tuple[Flow | None, ...]]] = []
        recent = months[-self.rules.whole("pace_months") - 1 :]
        for function, held in counts.items():
            found.append((function, flows(months, _in_order(held, months))))
            found.append((function + DECIDED, flows(recent, _in_order(held, recent), decided=True)))
        if len(self._kept) < _AT_HAND:
            self._kept[provider] = found
        return found

    def _tell(self, done: int, of: int) -> None:
        if self.progress is not None:
            self.progress(done, of)


def _in_order(held: Mapping[Month, CellCounts], months: Sequence[Month]) -> list[CellCounts | None]:
    return [held.get(month) for month in months]


def _curves(by_month: Mapping[Month, Flow], rules: Rules) -> dict[Month, Curve]:
    """All lists' curve as it was known at each month's end."""
    found = {}
    for month in by_month:
        recent = (by_month.get(month.plus(-back)) for back in range(rules.whole("pooled_months")))
        found[month] = everybodys(pooled([flow for flow in recent if flow is not None]))
    return found


def _leaving_as(decided: Reckoned, base: Reckoned) -> Reckoned:
    """Who leaves unseen is not counted apart for those with a decision to admit: as on the whole list, by its rules."""
    last = decided.pool.open_from
    curve = Curve(decided.curve.seen, (*base.curve.otherwise[:last], base.curve.otherwise[-1]))
    scale = sum(decided.pool.seen) / sum(base.pool.seen) if sum(base.pool.seen) else 0.0
    otherwise = tuple(n * scale for n in (*base.pool.otherwise[:last], sum(base.pool.otherwise[last:])))
    return replace(decided, pool=replace(decided.pool, otherwise=otherwise), curve=curve, pace=None if base.pace is None else decided.pace)

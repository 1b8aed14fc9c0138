"""Measures `bench pathways`: one patient's pathways, gaps and words from what is held, and a look through the whole area."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from helpdesk.clock import london_day
from helpdesk.composition.bench_area import BenchArea, filled
from helpdesk.composition.processes import spread
from helpdesk.desk.evaluating import HeldOfPerson, Measure, pathways_of
from helpdesk.desk.evaluation import AreaEvaluation, Evaluated
from helpdesk.desk.kept_referrals import referrals_of
from helpdesk.desk.status import LIST_LIMIT_DAYS
from helpdesk.identifiers import NhsNumber
from helpdesk.queue.gaps import Change, FoundGap
from helpdesk.storage.area_rows import SqlAreaRows
from helpdesk.storage.audit import SqlAuditTrail
from helpdesk.storage.gaps import SqlGaps
from helpdesk.storage.people import SqlPeople
from helpdesk.storage.waiting_lists import SqlWaitingLists

__all__ = ["PathwaysMeasured", "filled", "measure"]


@dataclass(frozen=True)
class PathwaysMeasured:
    """`looks_s` one patient each; `first` is a look through an area whose list of gaps is empty, `again` the next, which
    finds the same; `puts_s` how long each write of the first took, transaction and all."""

    looks_s: tuple[float, ...]
    sentences: int
    gaps_seen: int
    first: Evaluated
    first_s: float
    again_s: float
    puts_s: tuple[float, ...]


def measure(area: BenchArea, patients: int, tell: Callable[[int, int], None]) -> PathwaysMeasured:
    """`tell` is told people done and in all of the first look."""
    looks, sentences, gaps = _one_by_one(area, patients)
    queue = _Timed(area)
    began = time.perf_counter()
    first = _evaluation(area, queue).run(tell, lambda: False)
    between = time.perf_counter()
    _evaluation(area, SqlGaps(area.database, area.session, area.clock)).run(lambda _done, _total: None, lambda: False)
    return PathwaysMeasured(looks, sentences, gaps, first, between - began, time.perf_counter() - between, tuple(queue.puts_s))


def _one_by_one(area: BenchArea, patients: int) -> tuple[tuple[float, ...], int, int]:
    """As a call asks: the lists of every provider and what e-RS was seen to say, then pathways, gaps and words."""
    lists, rows = SqlWaitingLists(area.database), SqlAreaRows(area.database)
    by = Measure(london_day(area.clock.now()), LIST_LIMIT_DAYS, words=True)
    chosen = random.Random(7).sample(area.people, min(patients, len(area.people)))  # noqa: S311 - a sample, no secret
    took, sentences, gaps = [], 0, 0
    for number in chosen:
        began = time.perf_counter()
        kept = rows.observations([number]).get(number, ())
        found = pathways_of(HeldOfPerson(number, tuple(lists.rows_for(number)), referrals_of(number, kept)), by)
        took.append(time.perf_counter() - began)
        sentences += sum(len(pathway.sentences) for pathway in found)
        gaps += sum(len(pathway.gaps) for pathway in found)
    return tuple(took), sentences, gaps


def _evaluation(area: BenchArea, queue: SqlGaps) -> AreaEvaluation:
    trail, index = SqlAuditTrail(area.database, area.session, area.clock), SqlPeople(area.database, area.clock)
    return AreaEvaluation(SqlAreaRows(area.database), index, queue, trail, area.clock, {}, lambda code: code, spread)


class _Timed(SqlGaps):
    """The queue, each `put` with the time it took."""

    def __init__(self, area: BenchArea) -> None:
        super().__init__(area.database, area.session, area.clock)
        self.puts_s: list[float] = []

    def put(self, people: Collection[NhsNumber], found: Sequence[FoundGap]) -> Change:
        began = time.perf_counter()
        change = super().put(people, found)
        self.puts_s.append(time.perf_counter() - began)
        return change

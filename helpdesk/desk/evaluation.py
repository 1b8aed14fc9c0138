"""Looks through the whole area for pathways that are stuck, and brings the list of gaps up to date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Protocol

from helpdesk.audit import AuditAction, AuditEvent, AuditTrail
from helpdesk.clock import Clock, london_day
from helpdesk.desk.evaluating import Batch, Found, HeldOfPerson, Measure, gaps_of
from helpdesk.desk.kept_activity import activities_of
from helpdesk.desk.kept_referrals import referrals_of
from helpdesk.desk.status import LIST_LIMIT_DAYS
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.ports import HeldRows
from helpdesk.patients.model import Sensitivity
from helpdesk.patients.ports import PersonIndex
from helpdesk.queue.gaps import Change
from helpdesk.queue.ports import GapQueue

AT_ONCE = 400
"""People at a time: few enough that the write transaction of one lot is short."""
Observation = tuple[str, str, str, str]
"""Source, key, as_at and payload, the newest of each key."""


class AreaRows(Protocol):
    """Everything held from extracts and sources, person by person."""

    def count(self) -> int:
        """About how many people anything is held of."""

    def batches(self, size: int) -> Iterator[Mapping[NhsNumber, tuple[HeldRows, ...]]]:
        """Everybody once, so many at a time, with every provider's lists as `WaitingLists` gives them, each lot as one state of
        the database; nothing is held open in between."""

    def observations(self, numbers: Sequence[NhsNumber]) -> Mapping[NhsNumber, Sequence[Observation]]:
        """What sources were seen to say of these people."""

    def state(self) -> str:
        """Another text whenever other extracts are in use."""


Spread = Callable[[Callable[[Batch], Found], Iterable[Batch]], Iterator[tuple[Batch, Found]]]
"""Has the work done for each batch, here or in other processes, and gives each back with what was found."""


def in_turn(work: Callable[[Batch], Found], batches: Iterable[Batch]) -> Iterator[tuple[Batch, Found]]:
    for batch in batches:
        yield batch, work(batch)


@dataclass(frozen=True)
class Evaluated:
    """What one evaluation came to. `stopped` where it was cancelled: what it had done until then stands, and nothing is
    closed for having left every list."""

    people: int = 0
    pathways: int = 0
    gaps: int = 0
    left_out: int = 0
    change: Change = field(default_factory=Change)
    stopped: bool = False


class AreaEvaluation:
    """One pass over everybody with held rows, through the same rules as the call desk. `list_days` are the limits of lists
    by source, `names` names an organisation by its code."""

    def __init__(
        self,
        rows: AreaRows,
        index: PersonIndex,
        queue: GapQueue,
        audit: AuditTrail,
        clock: Clock,
        list_days: Mapping[str, int],
        names: Callable[[str], str],
        spread: Spread = in_turn,
    ) -> None:
        self._rows, self._index, self._queue, self._audit, self._clock = rows, index, queue, audit, clock
        self._list_days, self._names, self._spread = list_days, names, spread

    def run(self, progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> Evaluated:
        """`progress` is told people done and about how many there are. Raises StorageError."""
        total = self._rows.count()
        seen: set[NhsNumber] = set()
        so_far = Evaluated()
        progress(0, total)
        for batch, found in self._spread(gaps_of, self._people(cancelled)):
            if cancelled():
                break
            numbers = [person.number for person in batch.people]
            so_far = self._put(so_far, numbers, found)
            seen.update(numbers)
            progress(len(seen), max(total, len(seen)))
        so_far = replace(so_far, stopped=True) if cancelled() else self._close_others(so_far, seen)
        self._record(so_far)
        return so_far

    def _people(self, cancelled: Callable[[], bool]) -> Iterator[Batch]:
        """Of a restricted person nothing is worked out: whatever was on the list of theirs is closed."""
        for held in self._rows.batches(AT_ONCE):
            if cancelled():
                return
            known = self._index.known_sensitivities(held)
            kept = self._rows.observations(tuple(held))
            people = (
                HeldOfPerson(number, ())
                if known.get(number) is Sensitivity.RESTRICTED
                else HeldOfPerson(number, theirs, referrals_of(number, kept.get(number, ())), activities_of(number, kept.get(number, ())))
                for number, theirs in held.items()
            )
            yield Batch(tuple(people), self._measure(held.values()))

    def _measure(self, held: Iterable[tuple[HeldRows, ...]]) -> Measure:
        codes = {one.provider for theirs in held for one in theirs}
        today = london_day(self._clock.now())
        return Measure(today, LIST_LIMIT_DAYS, self._list_days, {code: self._names(code) for code in codes})

    def _put(self, so_far: Evaluated, people: Sequence[NhsNumber], found: Found) -> Evaluated:
        change = self._queue.put(people, found.gaps)
        return Evaluated(
            so_far.people + len(people),
            so_far.pathways + found.pathways,
            so_far.gaps + len(found.gaps),
            so_far.left_out + found.left_out,
            so_far.change + change,
        )

    def _close_others(self, so_far: Evaluated, seen: set[NhsNumber]) -> Evaluated:
        """Of whoever nothing is held any more, nothing is stuck."""
        gone = iter(self._queue.subjects() - seen)
        while some := list(islice(gone, AT_ONCE)):
            so_far = replace(so_far, change=so_far.change + self._queue.put(some, ()))
        return so_far

    def _record(self, done: Evaluated) -> None:
        facts = {"people": done.people, "gaps": done.gaps, "raised": done.change.raised, "closed": done.change.closed}
        details = {name: str(value) for name, value in facts.items()} | ({"stopped": "yes"} if done.stopped else {})
        self._audit.record(AuditEvent(AuditAction.GAPS_EVALUATED, "stuck pathways", details=details))

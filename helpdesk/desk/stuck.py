"""The list of stuck pathways without a caller: who may see it, who works on what, and a call straight from a row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from helpdesk.access.model import Action, Session
from helpdesk.access.service import may, require
from helpdesk.audit import AuditAction, AuditEvent, AuditTrail
from helpdesk.clock import Clock, london_day
from helpdesk.desk.evaluation import AreaEvaluation, Evaluated
from helpdesk.desk.looking import Looking, Standing
from helpdesk.errors import NotFound, RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Sensitivity
from helpdesk.patients.ports import PersonIndex
from helpdesk.queue.gaps import GapCount, GapFilter, GapItem, Whose
from helpdesk.queue.ports import GapQueue

PURPOSE = "stuck pathways"
MOST = 5000
NOT_LISTED = "This person may not be listed: their record is restricted, or nothing here says that it is not."
NOTE_NEEDED = "Say in a few words what was done."
LONGEST_NOTE = 2000


@dataclass(frozen=True)
class StuckRow:
    """One row, without anybody's name: `days` since it counts, `waited_days` on the running clock, None without one."""

    item: GapItem
    provider: str
    specialty: str
    days: int
    waited_days: int | None
    mine: bool

    @property
    def id(self) -> str:
        return self.item.id


@dataclass(frozen=True)
class Choice:
    """One value a list can be narrowed to: its key, its words, and how many gaps it has."""

    key: str
    words: str
    count: int


@dataclass(frozen=True)
class StuckList:
    """`total` under the filter, `everything` without it; `withheld` are not listed because of whom they are about."""

    rows: tuple[StuckRow, ...]
    total: int
    everything: int
    withheld: int
    kinds: tuple[Choice, ...]
    providers: tuple[Choice, ...]
    specialties: tuple[Choice, ...]
    severities: Mapping[int, int]
    today: date


@dataclass(frozen=True)
class Wanted:
    """What is looked for; an empty value narrows nothing. `days` are how long it has been so at least."""

    kind: str = ""
    provider: str = ""
    specialty: str = ""
    severity: int = 0
    days: int = 0
    whose: Whose = Whose.ALL


@dataclass(frozen=True)
class Person:
    """Who a row is about, as staff may see it without a caller: the name alone. Whatever a caller can be asked for to prove
    who they are is not on the list."""

    name: str
    died: bool = False


@dataclass(frozen=True)
class CallStart:
    """A call about somebody on the list: their record is opened in it, and whoever answers is checked as any caller."""

    item: GapItem
    number: NhsNumber


class StuckDesk:
    """Every method but `standing`, `again` and `stop` blocks, and raises RuleBroken where the role may not or the rule says
    no, StorageError where the record cannot be kept."""

    def __init__(
        self,
        queue: GapQueue,
        index: PersonIndex,
        audit: AuditTrail,
        session: Session,
        clock: Clock,
        names: Callable[[str], str],
        evaluation: AreaEvaluation,
        looking: Looking,
    ) -> None:
        self._queue, self._index, self._audit, self._session, self._clock = queue, index, audit, session, clock
        self._names, self._evaluation, self._looking = names, evaluation, looking

    # the area

    def evaluate(self, progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> Evaluated:
        """Goes through everybody with held rows and brings the list up to date."""
        require(self._session, Action.WORK_GAPS)
        return self._evaluation.run(progress, cancelled)

    @property
    def standing(self) -> Standing:
        """How far the look through the area behind the desk is; asks nobody."""
        return self._looking.standing

    def again(self) -> None:
        """Asks for a new look through the area, behind the desk."""
        self._looking.ask()

    def stop(self) -> None:
        """Ends the look under way; what it found until then stands."""
        self._looking.stop()

    # the list

    def look(self, wanted: Wanted) -> StuckList:
        require(self._session, Action.WORK_GAPS)
        today = london_day(self._clock.now())
        page = self._queue.listed(self._filter(wanted, today), MOST)
        counts = self._queue.counts()
        severities = {severity: sum(c.count for c in counts if c.severity == severity) for severity in sorted({c.severity for c in counts})}
        return StuckList(
            rows=tuple(self._row(item, today) for item in page.items),
            total=page.total,
            everything=sum(c.count for c in counts),
            withheld=page.withheld,
            kinds=_choices(counts, lambda c: (c.kind, c.kind)),
            providers=_choices(counts, lambda c: (c.provider, self._names(c.provider))),
            specialties=_choices(counts, lambda c: (c.specialty, c.specialty_name or c.specialty)),
            severities=severities,
            today=today,
        )

    def people(self, ids: Collection[str], list_id: str) -> Mapping[str, Person]:
        """The names for these rows of one list, by item; one audit row for all of them is committed first. Whoever may not
        be listed any more is left out."""
        require(self._session, Action.WORK_GAPS)
        items = self._queue.items(ids)
        known = self._index.known_sensitivities(item.found.subject for item in items)
        shown = [item for item in items if known.get(item.found.subject) is Sensitivity.UNRESTRICTED]
        subjects = tuple(dict.fromkeys(item.found.subject for item in shown))
        if not shown:
            return {}
        details = {"list_id": list_id, "count": str(len(subjects))}
        self._audit.record(AuditEvent(AuditAction.GAPS_LISTED, PURPOSE, subjects, None, details))
        held = {number: self._index.person(number) for number in subjects}
        named = {
            number: Person(one.name.shown, one.death is not None) for number, one in held.items() if one is not None and not one.restricted
        }
        return {item.id: named[item.found.subject] for item in shown if item.found.subject in named}

    # work on one

    def claim(self, item_id: str) -> StuckRow:
        """This member of staff's from now on. Raises RuleBroken that says who has it, where somebody else was first."""
        require(self._session, Action.WORK_GAPS)
        item = self._queue.claim(item_id)
        if item.claimed_by != self._session.staff.id:
            raise RuleBroken(f"{item.claimed_name or 'Somebody else'} was first and has this one.")
        return self._row(item)

    def release(self, item_id: str) -> StuckRow:
        """Back on the list for everybody; a supervisor may release what somebody else has."""
        require(self._session, Action.WORK_GAPS)
        return self._row(self._queue.release(item_id, anybodys=may(self._session, Action.RELEASE_GAPS)))

    def finish(self, item_id: str, note: str) -> StuckRow:
        """Done, with what was done; should it still be so in two weeks, it comes back with the note."""
        require(self._session, Action.WORK_GAPS)
        words = " ".join(note.split())
        if len(words.split()) < 2:
            raise RuleBroken(NOTE_NEEDED, field="note")
        if len(words) > LONGEST_NOTE:
            raise RuleBroken(f"The note is too long: {LONGEST_NOTE} characters at most.", field="note")
        return self._row(self._queue.finish(item_id, words))

    def open_from(self, item_id: str) -> CallStart:
        """Begins work on a row by a call: it is claimed, so that nobody else rings the same person, and the call desk is told
        whose record to open. Nothing of the pathway goes along: until the caller is checked it is not on the call desk."""
        require(self._session, Action.WORK_GAPS)
        require(self._session, Action.TAKE_CALLS)
        items = self._queue.items([item_id])
        if not items:
            raise NotFound("There is no such item.")
        number = items[0].found.subject
        if self._index.known_sensitivity(number) is not Sensitivity.UNRESTRICTED:
            raise RuleBroken(NOT_LISTED)
        item = self.claim(item_id).item
        self._audit.record(AuditEvent(AuditAction.GAP_OPENED, PURPOSE, (number,), None, {"item": item_id, "kind": item.found.kind}))
        return CallStart(item, number)

    # inside

    def _filter(self, wanted: Wanted, today: date) -> GapFilter:
        narrowed = GapFilter(wanted.kind, wanted.provider, wanted.specialty, wanted.severity, None, wanted.whose, self._session.staff.id)
        return replace(narrowed, since_before=today - timedelta(days=wanted.days)) if wanted.days else narrowed

    def _row(self, item: GapItem, today: date | None = None) -> StuckRow:
        found = item.found
        day = today or london_day(self._clock.now())
        return StuckRow(
            item=item,
            provider=self._names(found.provider) if found.provider else "",
            specialty=found.specialty_name or found.specialty,
            days=max(0, (day - found.since).days),
            waited_days=max(0, (day - found.waiting_since).days) if found.waiting_since is not None else None,
            mine=item.claimed_by == self._session.staff.id,
        )


def _choices(counts: Collection[GapCount], of: Callable[[GapCount], tuple[str, str]]) -> tuple[Choice, ...]:
    """Each value with how many there are, the most first."""
    sums: dict[tuple[str, str], int] = {}
    for count in counts:
        key = of(count)
        sums[key] = sums.get(key, 0) + count.count
    return tuple(Choice(key, words, n) for (key, words), n in sorted(sums.items(), key=lambda one: (-one[1], one[0][1])))

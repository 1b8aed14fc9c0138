"""Stuck pathways held in memory: a queue, an index that knows who is restricted, and rows of an area."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from helpdesk.access.model import Role, Session, Staff
from helpdesk.audit import AuditEvent
from helpdesk.errors import NotFound, RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.model import Coded, Course, Gap, GapKind, ListKind, Pathway, Severity, Turn
from helpdesk.pathways.ports import HeldRows
from helpdesk.patients.model import Death, DeathStatus, Patient, PersonName, Sensitivity
from helpdesk.queue.gaps import MEDIUM, Change, FoundGap, GapCount, GapFilter, GapItem, GapPage, Whose
from helpdesk.queue.refreshing import plan

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def number(n: int) -> NhsNumber:
    """The n-th NHS number of the test range that has a check digit."""
    nine = 900_000_000 + 11 * n
    while (digit := NhsNumber.check_digit(str(nine))) is None:
        nine += 1
    return NhsNumber(f"{nine}{digit}")


def session(role: Role = Role.NAVIGATOR, who: int = 1) -> Session:
    staff = Staff(f"staff-{who}", f"nav{who}", f"N. Avigator{who}", frozenset({role}))
    return Session("session", staff, role, "desk-1", "XICB", NOON)


def gap(n: int, **more: Any) -> FoundGap:
    facts: dict[str, Any] = {
        "subject": number(n),
        "pathway": f"1:pathway:XFC01:P{n}",
        "kind": "not_booked",
        "severity": MEDIUM,
        "since": date(2026, 10, 1),
        "evidence": "No date is booked on the list of 15-Nov-2026.",
        "turn": Turn.PROVIDER.value,
        "hand_off": "Ask Fenmoor City to book a date.",
        "provider": "XFC01",
        "specialty": "110",
        "specialty_name": "Trauma and orthopaedics",
        "waiting_since": date(2026, 3, 3),
    }
    return FoundGap(**(facts | more))


def pathway(n: int, *gaps: Gap) -> Pathway:
    """One pathway as it would be stitched, with its gaps."""
    return Pathway(
        key=f"1:pathway:XFC01:P{n}",
        nhs_number=number(n),
        specialty=Coded("110", "Trauma and orthopaedics"),
        provider=Coded("XFC01", "Fenmoor City"),
        list_kind=ListKind.RTT,
        clock_start=date(2026, 3, 3),
        clock_running=True,
        days_waited=262,
        weeks_band="37",
        waited_to=TODAY,
        mark_18_weeks=date(2026, 7, 7),
        referred=date(2026, 3, 1),
        next_event=None,
        standing="on the list, no appointment",
        sensitive=False,
        ask_team=False,
        sources=("lists",),
        as_at=date(2026, 11, 15),
        gaps=gaps,
        course=Course.RTT,
    )


def stuck(kind: GapKind = GapKind.NOT_BOOKED, severity: Severity = Severity.MEDIUM) -> Gap:
    return Gap(kind, severity, date(2026, 10, 1), 50, "No date is booked on the list of 15-Nov-2026.", Turn.PROVIDER, "Ask for a date.")


class MemoryQueue:
    """The GapQueue of one desk, in memory. `stolen` is somebody who claims first."""

    def __init__(self, who: Session, restricted: Collection[NhsNumber] = ()) -> None:
        self.who, self.restricted = who, set(restricted)
        self.held: dict[str, GapItem] = {}
        self.lots: list[int] = []
        self.now = NOON

    def put(self, people: Collection[NhsNumber], found: Sequence[FoundGap]) -> Change:
        asked = set(people)
        assert all(f.subject in asked for f in found)
        self.lots.append(len(asked))
        made = plan([i for i in self.held.values() if i.found.subject in asked], found, self.now)
        for new in made.raised:
            self.add(new)
        for item, now in (*made.refreshed, *made.again):
            self.held[item.id] = replace(item, found=now, done=None, gone=None)
        for item in (*made.gone, *made.settled):
            self.held[item.id] = replace(item, done=item.done or self.now, gone=self.now)
        return made.change

    def add(self, found: FoundGap, **more: Any) -> GapItem:
        item = GapItem(str(uuid5(NAMESPACE_OID, repr(found.key))), found, self.now, **more)
        self.held[item.id] = item
        return item

    def subjects(self) -> frozenset[NhsNumber]:
        return frozenset(i.found.subject for i in self.held.values() if i.gone is None)

    def _listable(self) -> list[GapItem]:
        return [i for i in self.held.values() if i.done is None and i.found.subject not in self.restricted]

    def listed(self, wanted: GapFilter, limit: int = 5000) -> GapPage:
        them = [i for i in self._listable() if _meets(i, wanted)]
        them.sort(key=lambda i: (-i.found.severity, i.found.since, i.id))
        everything = sum(i.done is None for i in self.held.values())
        return GapPage(tuple(them[:limit]), len(them), everything - len(self._listable()))

    def counts(self) -> Sequence[GapCount]:
        them = Counter(
            (i.found.kind, i.found.provider, i.found.specialty, i.found.specialty_name, i.found.severity) for i in self._listable()
        )
        return tuple(GapCount(*key, count) for key, count in sorted(them.items()))

    def items(self, ids: Collection[str]) -> Sequence[GapItem]:
        return tuple(self.held[i] for i in ids if i in self.held)

    def _open(self, item_id: str) -> GapItem:
        if item_id not in self.held:
            raise NotFound("There is no such item.")
        if self.held[item_id].done is not None:
            raise RuleBroken("This is no longer on the list.")
        return self.held[item_id]

    def _mine(self, item_id: str, *, anybodys: bool = False) -> GapItem:
        item = self._open(item_id)
        if item.claimed_by not in (None, self.who.staff.id) and not anybodys:
            raise RuleBroken(f"{item.claimed_name} has this one.")
        return item

    def claim(self, item_id: str) -> GapItem:
        item = self._open(item_id)
        if item.claimed_by is None:
            item = self.held[item_id] = replace(item, claimed_by=self.who.staff.id, claimed_name=self.who.staff.name, claimed=self.now)
        return item

    def release(self, item_id: str, *, anybodys: bool = False) -> GapItem:
        item = self._mine(item_id, anybodys=anybodys)
        self.held[item_id] = replace(item, claimed_by=None, claimed_name="", claimed=None)
        return self.held[item_id]

    def finish(self, item_id: str, note: str) -> GapItem:
        item = self._mine(item_id)
        self.held[item_id] = replace(item, done=self.now, note=note, noted_by=self.who.staff.name, noted=self.now)
        return self.held[item_id]


def _meets(item: GapItem, wanted: GapFilter) -> bool:
    found = item.found
    return (
        wanted.kind in ("", found.kind)
        and wanted.provider in ("", found.provider)
        and wanted.specialty in ("", found.specialty)
        and found.severity >= wanted.severity
        and (wanted.since_before is None or found.since <= wanted.since_before)
        and (wanted.whose is not Whose.MINE or item.claimed_by == wanted.staff_id)
        and (wanted.whose is not Whose.UNCLAIMED or item.claimed_by is None)
    )


class MemoryIndex:
    """People by number; those it has never heard of have no flag."""

    def __init__(self, people: Iterable[int], restricted: Iterable[int] = (), dead: Iterable[int] = ()) -> None:
        flags = {number(n): Sensitivity.UNRESTRICTED for n in people} | {number(n): Sensitivity.RESTRICTED for n in restricted}
        self.flags, self.dead = flags, {number(n) for n in dead}

    def known_sensitivity(self, asked: NhsNumber) -> Sensitivity | None:
        return self.flags.get(asked)

    def known_sensitivities(self, asked: Iterable[NhsNumber]) -> dict[NhsNumber, Sensitivity]:
        return {n: self.flags[n] for n in asked if n in self.flags}

    def person(self, asked: NhsNumber) -> Patient | None:
        if asked not in self.flags:
            return None
        died = Death(DeathStatus.REPORTED) if asked in self.dead else None
        name = PersonName("Smith", (f"Jane{asked.value[-4:]}",), "Mrs")
        return Patient(nhs_number=asked, asked_for=asked, sensitivity=self.flags[asked], source="pds", as_at=NOON, name=name, death=died)


class MemoryTrail:
    def __init__(self) -> None:
        self.events: list[AuditEvent] = []
        self.error: Exception | None = None

    def record(self, event: AuditEvent) -> None:
        if self.error is not None:
            raise self.error
        self.events.append(event)


class MemoryRows:
    """Rows of an area: so many people, each with one list row's worth of nothing; the gaps come from what stands in for the
    stitching."""

    def __init__(self, people: Sequence[NhsNumber]) -> None:
        self.people = list(people)
        self.text = "1"

    def count(self) -> int:
        return len(self.people)

    def batches(self, size: int) -> Iterator[Mapping[NhsNumber, tuple[HeldRows, ...]]]:
        source = iter(self.people)
        while some := list(islice(source, size)):
            yield {one: (HeldRows("XFC01", date(2026, 11, 15), (), "lists"),) for one in some}

    def observations(self, numbers: Sequence[NhsNumber]) -> Mapping[NhsNumber, Sequence[tuple[str, str, str, str]]]:  # the port's
        return {}

    def state(self) -> str:
        return self.text

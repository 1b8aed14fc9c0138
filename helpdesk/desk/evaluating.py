"""Which gaps some people have, worked out from what is held of them; nothing here asks anybody or is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.activity import Activity
from helpdesk.pathways.model import Gap, Pathway, Referral, Severity
from helpdesk.pathways.ports import HeldRows
from helpdesk.pathways.speaking import Speaking
from helpdesk.pathways.stitching import stitch
from helpdesk.queue.gaps import HIGH, LOW, MEDIUM, FoundGap

RANK = {Severity.LOW: LOW, Severity.MEDIUM: MEDIUM, Severity.HIGH: HIGH}


@dataclass(frozen=True)
class Measure:
    """What pathways are measured by: the day, the limits of lists in days by source, and organisations' names by code.
    Plain values, so that another process can be handed it."""

    today: date
    limit_days: int
    limits: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    words: bool = False
    """Whether what to say is worked out too; the list of gaps needs none of it."""

    def organisation(self, code: str) -> str:
        return self.names.get(code, code)


@dataclass(frozen=True, repr=False)
class HeldOfPerson:
    """All that is held of one person's waits."""

    number: NhsNumber
    held: tuple[HeldRows, ...]
    referrals: tuple[Referral, ...] = ()
    activities: tuple[Activity, ...] = ()


@dataclass(frozen=True, repr=False)
class Batch:
    """Some people, and what their pathways are measured by."""

    people: tuple[HeldOfPerson, ...]
    by: Measure


@dataclass(frozen=True, repr=False)
class Found:
    """The gaps of some people, how many pathways they have, and how many people could not be worked out: two sources hold
    facts of theirs that cannot be one person's."""

    gaps: tuple[FoundGap, ...] = ()
    pathways: int = 0
    left_out: int = 0


def pathways_of(person: HeldOfPerson, by: Measure) -> tuple[Pathway, ...]:
    """Raises RuleBroken where a fact is about somebody else."""
    return stitch(
        person.held,
        person.referrals,
        about=person.number,
        today=by.today,
        limit_days=by.limit_days,
        limits=by.limits,
        organisations=by.organisation,
        speaking=Speaking(silent=not by.words),
        activities=person.activities,
    )


def gaps_of(batch: Batch) -> Found:
    gaps: list[FoundGap] = []
    pathways = left_out = 0
    for person in batch.people:
        try:
            theirs = pathways_of(person, batch.by)
        except RuleBroken:
            left_out += 1
            continue
        pathways += len(theirs)
        gaps += [found_gap(pathway, gap) for pathway in theirs for gap in pathway.gaps]
    return Found(tuple(gaps), pathways, left_out)


def found_gap(pathway: Pathway, gap: Gap) -> FoundGap:
    """A gap as the queue keeps it."""
    return FoundGap(
        subject=pathway.nhs_number,
        pathway=pathway.key,
        kind=gap.kind.value,
        severity=RANK[gap.severity],
        since=gap.since,
        evidence=gap.evidence,
        turn=gap.turn.value,
        hand_off=gap.hand_off,
        provider=pathway.provider.code,
        specialty=pathway.specialty.code,
        specialty_name=pathway.specialty.name,
        waiting_since=pathway.clock_start if pathway.clock_running else pathway.referred,
    )

"""Stuck pathways as pieces of work: what an evaluation found, who works on it, and what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from helpdesk.identifiers import NhsNumber

LOW, MEDIUM, HIGH = 1, 2, 3


@dataclass(frozen=True)
class FoundGap:
    """One gap as an evaluation found it. Whose it is, the pathway's key and the kind together are its name from one
    evaluation to the next. `severity` is 1 (low) to 3 (high), `since` the day from which it counts, `waiting_since` the
    start of the pathway's running clock. No text in it names anybody."""

    subject: NhsNumber
    pathway: str
    kind: str
    severity: int
    since: date
    evidence: str
    turn: str
    hand_off: str
    provider: str
    specialty: str
    specialty_name: str
    waiting_since: date | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        return str(self.subject), self.pathway, self.kind


@dataclass(frozen=True)
class GapItem:
    """A gap on the list. `claimed_by` is a member of staff's id, `claimed_name` their name; `note` is what was done last,
    also before the gap came back; `gone` when an evaluation no longer found it. An item that is done or gone has `done`."""

    id: str
    found: FoundGap
    raised: datetime
    claimed_by: str | None = None
    claimed_name: str = ""
    claimed: datetime | None = None
    note: str = ""
    noted_by: str = ""
    noted: datetime | None = None
    done: datetime | None = None
    gone: datetime | None = None


class Whose(StrEnum):
    ALL = "all"
    MINE = "mine"
    UNCLAIMED = "unclaimed"


@dataclass(frozen=True)
class GapFilter:
    """What the list is narrowed to; an empty value narrows nothing. `since_before` leaves those that count from that day
    or earlier, `severity` those at least so severe, `staff_id` says who "mine" is."""

    kind: str = ""
    provider: str = ""
    specialty: str = ""
    severity: int = 0
    since_before: date | None = None
    whose: Whose = Whose.ALL
    staff_id: str = ""


@dataclass(frozen=True)
class GapPage:
    """The most severe first, then the oldest. `total` is how many there are in all under this filter, `withheld` how many
    open gaps of the whole area are not listed: the person is restricted, or nothing held says that they are not."""

    items: tuple[GapItem, ...]
    total: int
    withheld: int = 0


@dataclass(frozen=True)
class GapCount:
    """How many gaps of one kind there are at one provider in one specialty."""

    kind: str
    provider: str
    specialty: str
    specialty_name: str
    severity: int
    count: int


@dataclass(frozen=True)
class Change:
    """What one evaluation changed on the list."""

    raised: int = 0
    refreshed: int = 0
    closed: int = 0

    def __add__(self, other: Change) -> Change:
        return Change(self.raised + other.raised, self.refreshed + other.refreshed, self.closed + other.closed)

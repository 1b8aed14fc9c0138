"""One row of the list, and one in full, as they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.clock import london_day
from helpdesk.desk.stuck import Person, StuckRow
from ui.stuck import words


@dataclass(frozen=True)
class Row:
    """`name` is "" until it is on record that it is shown. `marks` are where the line of the wait begins, where nothing
    happens since, and today, in days; None where no clock is known."""

    id: str
    severity: int
    name: str
    where: str
    what: str
    since: str
    waited: str
    owner: str
    mine: bool
    claimed: bool
    marks: tuple[int, int] | None
    """Days waited in all, and the last so many of them stuck."""
    died: bool = False

    @property
    def spoken(self) -> str:
        """The row as it is read out."""
        waited = f"waited {self.waited}" if self.waited else ""
        died = "reported or confirmed dead" if self.died else ""
        parts = (
            self.name or "name not shown yet",
            died,
            self.where,
            self.what,
            self.since,
            words.SEVERITIES[self.severity],
            waited,
            self.owner,
        )
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class Detail:
    """One row in full."""

    row: Row
    since: str
    evidence: str
    turn: str
    hand_off: str
    before: str
    """What was done before, by whom and when; "" if nothing was."""


def row_of(one: StuckRow, person: Person | None) -> Row:
    found = one.item.found
    waited = one.waited_days
    return Row(
        id=one.id,
        severity=found.severity,
        name=person.name if person is not None else "",
        where=", ".join(part for part in (one.specialty, one.provider) if part) or "Place not recorded",
        what=words.kind(found.kind),
        since=f"for {words.span(one.days)}" if one.days else "since today",
        waited="" if waited is None else f"{waited // 7} w",
        owner=words.owner(one),
        mine=one.mine,
        claimed=one.item.claimed_by is not None,
        marks=None if waited is None else (waited, min(one.days, waited)),
        died=person is not None and person.died,
    )


def detail_of(one: StuckRow, person: Person | None) -> Detail:
    item = one.item
    before = ""
    if item.note and item.noted is not None:
        before = words.bound(f"{words.day(london_day(item.noted))}, {item.noted_by}: {item.note}")
    return Detail(
        row=row_of(one, person),
        since=words.bound(f"Since {words.day(item.found.since)}"),
        evidence=words.bound(item.found.evidence),
        turn=f"It is the turn of {item.found.turn}.",
        hand_off=words.bound(item.found.hand_off),
        before=before,
    )

"""What the pathways feature needs from the outside: lists held from extracts, and e-RS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from helpdesk.identifiers import NhsNumber, Ubrn
from helpdesk.pathways.activity import Activity, ActivityFound
from helpdesk.pathways.extract_rows import ClockEvent, ReferralRow
from helpdesk.pathways.model import ListRow, Referral, WorklistEntry, WorklistKind


@dataclass(frozen=True)
class HeldRows:
    """Rows of one provider's live snapshot for one patient; `week_ending` and `source` (the instance whose folder it came
    from) stand also where there are none. `former` are this patient's rows in the provider's earlier lists, the newest
    first, `former_weeks` those lists' dates; the others come from its other extracts. `clocks_as_at` is the date up to
    which clock stops of this provider are held, also where none is this patient's; None where it sends none."""

    provider: str
    week_ending: date
    rows: tuple[ListRow, ...]
    source: str = ""
    former: tuple[ListRow, ...] = ()
    former_weeks: tuple[date, ...] = ()
    clock_events: tuple[ClockEvent, ...] = ()
    referrals: tuple[ReferralRow, ...] = ()
    activities: tuple[Activity, ...] = ()
    clocks_as_at: date | None = None
    has_list: bool = True
    """Whether a list of open pathways is live; without one `week_ending` is that of the newest other extract, and that
    `rows` are empty says nothing."""


class WaitingLists(Protocol):
    """The live snapshots of open pathways, answered from the desk's own database."""

    def rows_for(self, number: NhsNumber) -> Sequence[HeldRows]:
        """One entry for each provider whose snapshot is live, also when it holds nothing for this patient."""


class Referrals(Protocol):
    """e-RS. Asked only for booking references that an extract or the caller gave."""

    def referral(self, ubrn: Ubrn) -> Referral:
        """One referral as it stands now. Raises NotFound or a ConnectorError."""


class Worklists(Protocol):
    """e-RS worklists of one service or organisation: signals that a referral is stuck. Asked by a paced background
    task, never for a caller."""

    def worklists(self) -> tuple[tuple[WorklistKind, str], ...]:
        """The lists this instance is set up for, each with the service's identifier ("" for the whole organisation)."""

    def entries(self, kind: WorklistKind, service: str) -> tuple[WorklistEntry, ...]:
        """The list as it stands now. Raises ConnectorNotPermitted once the day's two calls of that service are used up,
        or where this role may not ask; else a ConnectorError."""


class HospitalActivity(Protocol):
    """Whoever can be asked by NHS number what a provider holds of a patient: a hospital's or community provider's own
    system, a trust's portal, a referral system by provider, a waiting list that can be asked. Only ever asked with the
    gate open."""

    def activity(self, number: NhsNumber) -> ActivityFound:
        """All that is held now, every item about this person. Raises NotFound (a documented "nobody of that number
        here") or a ConnectorError."""

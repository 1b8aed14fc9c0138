"""What the pathways feature needs from the outside: lists held from extracts, and e-RS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from helpdesk.identifiers import NhsNumber, Ubrn
from helpdesk.pathways.model import ListRow, Referral


@dataclass(frozen=True)
class HeldRows:
    """Rows of one provider's live snapshot for one patient; `week_ending` and `source` (the instance whose folder it came
    from) stand also where there are none."""

    provider: str
    week_ending: date
    rows: tuple[ListRow, ...]
    source: str = ""


class WaitingLists(Protocol):
    """The live snapshots of open pathways, answered from the desk's own database."""

    def rows_for(self, number: NhsNumber) -> Sequence[HeldRows]:
        """One entry for each provider whose snapshot is live, also when it holds nothing for this patient."""


class Referrals(Protocol):
    """e-RS. Asked only for booking references that an extract or the caller gave."""

    def referral(self, ubrn: Ubrn) -> Referral:
        """One referral as it stands now. Raises NotFound or a ConnectorError."""

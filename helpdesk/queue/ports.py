"""What work on gaps needs from the outside: one list that the whole desk shares, or many desks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from helpdesk.identifiers import NhsNumber
from helpdesk.queue.gaps import Change, FoundGap, GapCount, GapFilter, GapItem, GapPage


class GapQueue(Protocol):
    """The gaps of the area, for one session. Every method returns only after its commit, with the audit row of what was
    done to an item in the same transaction; raises StorageError."""

    def put(self, people: Collection[NhsNumber], found: Sequence[FoundGap]) -> Change:
        """Brings the list to what was found of these people, of all of them together: new gaps are raised, known ones
        refreshed, those no longer found closed. One short transaction, and none where nothing changed."""

    def subjects(self) -> frozenset[NhsNumber]:
        """Everybody with an item that was not found to be gone."""

    def listed(self, wanted: GapFilter, limit: int = 5000) -> GapPage:
        """The open items that a list without a caller may show: of people last known to be unrestricted."""

    def counts(self) -> Sequence[GapCount]:
        """How the items that may be listed are spread over kinds, providers and specialties."""

    def items(self, ids: Collection[str]) -> Sequence[GapItem]:
        """Those of these ids that are there, open or not."""

    def claim(self, item_id: str) -> GapItem:
        """Compare and set: the item is this member of staff's if nobody had it. The item as it stands then; whoever has
        it is in it. Raises NotFound, or RuleBroken for one that is done or gone."""

    def release(self, item_id: str, *, anybodys: bool = False) -> GapItem:
        """Back on the list for everybody. Raises RuleBroken for one that somebody else has, unless `anybodys`."""

    def finish(self, item_id: str, note: str) -> GapItem:
        """Done, with what was done. Raises RuleBroken for one that somebody else has, or that is done or gone."""

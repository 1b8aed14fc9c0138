"""What is held from extracts of pathways, answered patient by patient."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.ports import HeldRows
from helpdesk.storage import numbers
from helpdesk.storage.database import Database
from helpdesk.storage.held_rows import held_of


class SqlWaitingLists:
    """Rows of the live snapshots, and of the lists before them (WaitingLists). `former_weeks` is how far back, None for as
    far as they are kept."""

    def __init__(self, database: Database, former_weeks: int | None = None) -> None:
        self._database, self._former_weeks = database, former_weeks

    def rows_for(self, number: NhsNumber) -> Sequence[HeldRows]:
        with self._database.read() as transaction:
            now = numbers.current(transaction, number)
            return held_of(transaction, [now], self._former_weeks)[now]

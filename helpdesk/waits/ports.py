"""Where published counts, the curves made of them and the back-test are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpdesk.audit import AuditEvent
from helpdesk.waits.counts import CellCounts, Month, MonthCounts


@dataclass(frozen=True)
class HeldMonth:
    """One month that is held. `waiting` is everybody on the lists in it, `source` as "command line"."""

    month: Month
    sha256: str
    rows: int
    providers: int
    waiting: int
    source: str
    imported: datetime
    imported_by: str


ByFunction = Mapping[str, Mapping[Month, CellCounts]]
"""One provider's counts, by treatment function."""


class WaitStore(Protocol):
    """Months come in whole or not at all, and a month read again takes the place of the former one."""

    def put(self, counts: MonthCounts, sha256: str, source: str, imported_by: str, event: AuditEvent) -> None:
        """Returns once the month is the one that is read. Raises StorageError, and then nothing changed."""

    def months(self) -> Sequence[HeldMonth]:
        """The earliest first."""

    def providers(self) -> Sequence[str]: ...

    def counts(self, provider: str, months: Sequence[Month]) -> ByFunction: ...

    def keep_run(self, curves: Iterable[tuple[str, bytes]], report: str) -> None:
        """The curves by provider, packed, and the back-test's report; they take the place of the former at once."""

    def run(self) -> tuple[Mapping[str, bytes], str]:
        """What `keep_run` last kept; nothing and "" before the first."""

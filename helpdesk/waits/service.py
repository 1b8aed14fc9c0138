"""Takes in published months and tells how the figures made of them did, for a member of staff who may import."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpdesk.access.model import Action, Session
from helpdesk.access.service import require
from helpdesk.audit import AuditAction, AuditEvent, AuditTrail
from helpdesk.clock import Clock, london_day
from helpdesk.errors import RuleBroken
from helpdesk.waits.counts import MonthCounts
from helpdesk.waits.ports import HeldMonth, WaitStore
from helpdesk.waits.published import read_month
from helpdesk.waits.report import report_of
from helpdesk.waits.rules import rules_on
from helpdesk.waits.run import Progress, Reckoning
from helpdesk.waits.tables import WaitTables

_SHORT = 12
_KIND = "waits"


@dataclass(frozen=True)
class TakenIn:
    """One file that was taken in, or was there already (`changed` False). `totals` are people by part, as its treatment
    functions add up and as its own totals say."""

    held: HeldMonth
    changed: bool
    replaced: bool
    totals: dict[str, int]


class WaitImport:
    """The import of published counts of waiting by one member of staff."""

    def __init__(self, store: WaitStore, tables: WaitTables, audit: AuditTrail, session: Session, clock: Clock) -> None:
        self._store, self._tables, self._audit, self._session, self._clock = store, tables, audit, session, clock

    def take_in(self, path: Path, source: str, progress: Callable[[int], None] | None = None) -> TakenIn:
        """One month's file, whole or not at all; a month that is held already is replaced, for revisions come every half
        year. The figures are as before until `reckon`. Raises RuleBroken with what is wrong with the file, or where this
        role may not import; StorageError where it cannot be kept."""
        require(self._session, Action.IMPORT_EXTRACTS)
        try:
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            counts = read_month(path, progress)
            self._not_to_come(counts)
        except OSError:
            raise RuleBroken("There is no such file, or it cannot be read.", field="file") from None
        except RuleBroken:
            self._audit.record(AuditEvent(AuditAction.EXTRACT_REFUSED, details={"kind": _KIND}))
            raise
        return self._keep(counts, sha256, source)

    def _not_to_come(self, counts: MonthCounts) -> None:
        if counts.month.end >= london_day(self._clock.now()):
            raise RuleBroken("The file was refused and nothing changed: its month is not over yet.", field="file")

    def _keep(self, counts: MonthCounts, sha256: str, source: str) -> TakenIn:
        former = next((held for held in self._store.months() if held.month == counts.month), None)
        if former is not None and former.sha256 == sha256:
            return TakenIn(former, changed=False, replaced=False, totals=dict(counts.totals))
        facts = {"kind": _KIND, "sha256": sha256[:_SHORT], "rows": str(counts.rows), "month": str(counts.month)}
        self._store.put(counts, sha256, source, self._session.staff.name, AuditEvent(AuditAction.EXTRACT_IMPORTED, details=facts))
        held = next(held for held in self._store.months() if held.month == counts.month)
        return TakenIn(held, changed=True, replaced=former is not None, totals=dict(counts.totals))

    def reckon(self, progress: Progress | None = None) -> dict[str, Any]:
        """Makes every list's curve anew and tries the same way on the months that are over; the report of that, which is
        kept with the curves. Lists whose figures were too far out show none from now on. Raises as `take_in`."""
        require(self._session, Action.IMPORT_EXTRACTS)
        run = Reckoning(self._store, rules_on(london_day(self._clock.now())), progress)
        curves = list(run.curves())
        report = report_of([held.month for held in self._store.months()], run.tested, run.lists)
        self._store.keep_run(curves, json.dumps(report))
        self._tables.read()
        return report

    def months(self) -> tuple[HeldMonth, ...]:
        return tuple(self._store.months())

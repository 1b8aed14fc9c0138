"""Reads e-RS worklists behind the desk: which referrals wait for somebody, kept as observations since e-RS forgets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

from helpdesk.audit import AuditAction, AuditEvent, AuditTrail
from helpdesk.clock import Clock
from helpdesk.desk.ports import Observations
from helpdesk.directory.ports import Kept
from helpdesk.errors import ConnectorError, NotFound
from helpdesk.pathways.model import WorklistEntry, WorklistKind
from helpdesk.pathways.ports import Worklists

EVERY = timedelta(hours=12)
"""Two looks a day: an application may read a service's lists no oftener. Source: e-RS, A008 in application mode."""
SUBJECT = "worklist:"
_READ = "worklists read"


class WorklistReader:
    """Run by whoever holds the data folder's lock. When each list was read last is kept, so that a restart reads none of
    them again too soon."""

    def __init__(
        self, lists: Sequence[tuple[str, Worklists]], observations: Observations, kept: Kept, audit: AuditTrail, clock: Clock
    ) -> None:
        self._lists = lists
        self._observations = observations
        self._kept = kept
        self._audit = audit
        self._clock = clock

    def pass_once(self) -> int:
        """Reads the lists whose time has come; returns how many entries were kept. A list that cannot be read is tried
        again at the next pass. Raises StorageError."""
        return sum(
            self._read(name, worklists, kind, service)
            for name, worklists in self._lists
            for kind, service in _named(worklists)
            if self._is_due(f"{name}:{kind.value}:{service}")
        )

    def _is_due(self, key: str) -> bool:
        read = self._kept.get(_READ, key)
        return read is None or self._clock.now() - read[1] >= EVERY

    def _read(self, name: str, worklists: Worklists, kind: WorklistKind, service: str) -> int:
        try:
            entries = worklists.entries(kind, service)
        except (ConnectorError, NotFound):
            return 0
        known = [(e, e.nhs_number) for e in entries if e.nhs_number is not None]
        details = {"source": name, "list": kind.value, "count": str(len(entries))}
        self._audit.record(AuditEvent(AuditAction.WORKLIST_READ, "worklist", tuple(n for _, n in known), details=details))
        for entry, number in known:
            as_at = (entry.as_at or self._clock.now()).isoformat()
            self._observations.keep(name, number, f"{SUBJECT}{kind.value}:{entry.ubrn}", as_at, _written(entry))
        self._kept.put(_READ, f"{name}:{kind.value}:{service}", str(len(entries)))
        return len(known)


def _named(worklists: Worklists) -> Sequence[tuple[WorklistKind, str]]:
    """None of a connector that cannot be used."""
    try:
        return worklists.worklists()
    except ConnectorError:
        return ()


def _written(entry: WorklistEntry) -> str:
    return json.dumps(
        {
            "state": entry.state.value,
            "service": entry.service,
            "specialty": entry.specialty,
            "since": entry.since.isoformat() if entry.since else None,
            "contact_by": entry.contact_by.isoformat() if entry.contact_by else None,
        }
    )

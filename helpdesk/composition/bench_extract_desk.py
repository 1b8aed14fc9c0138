"""A desk that works while an import runs: it commits audit rows and drafts and takes the time of each."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

from helpdesk.access.model import Role
from helpdesk.audit import AuditAction, AuditEvent
from helpdesk.calls.model import CallDraft
from helpdesk.clock import SystemClock
from helpdesk.composition import accounts
from helpdesk.errors import ConnectorUnavailable
from helpdesk.storage.audit import SqlAuditTrail
from helpdesk.storage.calls import SqlCalls
from helpdesk.storage.database import Database

_EVERY_S = 0.05
_ENDS_IN_S = 20.0


@dataclass
class Waits:
    """The longest commits, in seconds, and how many there were."""

    audit_s: float = 0.0
    draft_s: float = 0.0
    commits: int = 0


class DeskAtWork:
    def __init__(self, pipe: Any) -> None:
        self._pipe = pipe

    def waits(self) -> Waits:
        """Ends the desk's work."""
        self._pipe.send("end")
        if not self._pipe.poll(_ENDS_IN_S):
            raise ConnectorUnavailable("The desk of the measurement did not answer.")
        found: Waits = self._pipe.recv()
        return found


@contextmanager
def desk_at_work(path: Path, key: bytes) -> Iterator[DeskAtWork]:
    apart = multiprocessing.get_context("spawn")
    here, there = apart.Pipe()
    process = apart.Process(target=_work, args=(there, path, key), name="bench-desk", daemon=True)
    process.start()
    there.close()
    try:
        # it says so once it is at work
        if not here.poll(_ENDS_IN_S):
            raise ConnectorUnavailable("The desk of the measurement did not start.")
        here.recv()
        yield DeskAtWork(here)
    finally:
        here.close()
        process.join(_ENDS_IN_S)
        if process.is_alive():
            process.terminate()


def _work(pipe: Any, path: Path, key: bytes) -> None:
    clock, waits = SystemClock(), Waits()
    session = accounts.program_session(Role.HANDLER, "bench", "XICB", clock)
    database = Database.open(path, key, "sandbox")
    audit, calls = SqlAuditTrail(database, session, clock), SqlCalls(database, session, clock)
    draft = CallDraft(id=str(uuid4()), started=clock.now(), notes="")
    pipe.send("ready")
    try:
        while not pipe.poll(_EVERY_S):
            began = perf_counter()
            audit.record(AuditEvent(AuditAction.EXTRACT_REFUSED, details={"why": "bench"}))
            between = perf_counter()
            draft = replace(draft, notes=draft.notes[-200:] + "x")
            calls.put_draft(draft)
            waits.audit_s = max(waits.audit_s, between - began)
            waits.draft_s = max(waits.draft_s, perf_counter() - between)
            waits.commits += 2
        pipe.send(waits)
    except (EOFError, OSError):
        return
    finally:
        database.close()

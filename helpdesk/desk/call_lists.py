"""Saved calls as lists without a caller: a restricted person's calls are for a supervisor only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from helpdesk.access.model import Action, Session
from helpdesk.access.service import require
from helpdesk.audit import AuditAction, AuditEvent, AuditTrail
from helpdesk.calls.model import SavedCall
from helpdesk.desk.ports import CallStore
from helpdesk.patients.model import Sensitivity
from helpdesk.patients.ports import PersonIndex

SUPERVISOR_ONLY = "Restricted person, supervisor only"


class CallLists:
    """The calls of every desk on this database, audited before they are returned. A call about somebody whose last known
    flag is not "unrestricted" is listed without who and what. Source: design, section 2.4."""

    def __init__(self, store: CallStore, index: PersonIndex, audit: AuditTrail, session: Session) -> None:
        self._store = store
        self._index = index
        self._audit = audit
        self._session = session

    def recent(self, limit: int, purpose: str) -> Sequence[SavedCall]:
        require(self._session, Action.SEE_CALLS)
        return self._seen(self._store.recent(limit, every_desk=True), purpose)

    def one(self, call_id: str, purpose: str) -> SavedCall | None:
        require(self._session, Action.SEE_CALLS)
        found = self._store.call(call_id)
        return self._seen([found], purpose)[0] if found is not None else None

    def _seen(self, calls: Sequence[SavedCall], purpose: str) -> Sequence[SavedCall]:
        people = tuple(dict.fromkeys(c.patient for c in calls if c.patient is not None))
        known = self._index.known_sensitivities(people)
        shown = [c if c.patient is None or known.get(c.patient) is Sensitivity.UNRESTRICTED else _covered(c) for c in calls]
        subjects = tuple(dict.fromkeys(c.patient for c in shown if c.patient is not None))
        self._audit.record(AuditEvent(AuditAction.HISTORY_SHOWN, purpose, subjects, None, {"count": str(len(shown))}))
        return shown


def _covered(call: SavedCall) -> SavedCall:
    return replace(call, patient=None, phone="", notes=SUPERVISOR_ONLY, said=(), signposts=(), safety=())

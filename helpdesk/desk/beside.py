"""What stands beside the status of one call: other systems to open, and the people PDS holds as related."""

from __future__ import annotations

from helpdesk.access.model import Action, Session
from helpdesk.access.service import require
from helpdesk.audit import AuditAction, AuditEvent, AuditTrail
from helpdesk.clock import Clock
from helpdesk.desk.links import DeepLinks, LinkOffer
from helpdesk.desk.open_calls import OpenCalls
from helpdesk.errors import NotFound, NumberNoLongerUsed, RuleBroken
from helpdesk.patients.ports import Demographics
from helpdesk.patients.related import Related


class Beside:
    """Every method may be called on any thread and returns only after its audit row is committed."""

    def __init__(
        self,
        calls: OpenCalls,
        links: DeepLinks | None,
        demographics: Demographics | None,
        audit: AuditTrail,
        session: Session,
        clock: Clock,
    ) -> None:
        self._calls = calls
        self._links = links
        self._demographics = demographics
        self._audit = audit
        self._session = session
        self._clock = clock

    def links(self, call_id: str) -> tuple[LinkOffer, ...]:
        """Other systems that can be opened for this call, and why one cannot."""
        return self._links.offers(self._calls.current(call_id)) if self._links is not None else ()

    def open_link(self, call_id: str, name: str) -> str:
        """The address for the browser; on record before it is given. Raises RuleBroken with the reason why not."""
        if self._links is None:
            raise RuleBroken("There is no such link on this desk.")
        return self._links.open(call_id, self._calls.current(call_id), name)

    def related(self, call_id: str) -> tuple[Related, ...]:
        """Those PDS holds as related to the patient or as their contacts: for staff to know, and no consent to tell them
        anything. Raises RuleBroken until the status may be seen or while the gate is not open, and what PDS raises."""
        require(self._session, Action.SEE_STATUS)
        opened = self._calls.must(call_id)
        opened.ticket(self._clock.now())
        if not opened.gate.open:
            raise RuleBroken(opened.gate.message)
        if self._demographics is None:
            raise RuleBroken("PDS is not set up on this desk.")
        self._audit.record(AuditEvent(AuditAction.RELATED_ASKED, "call", (opened.number,), call_id))
        try:
            found = self._demographics.related(opened.number)
        except NumberNoLongerUsed:
            raise  # who is related is not known then, and nobody may be taken to be
        except NotFound:
            found = ()
        return self._calls.seen(opened, lambda _one: found)

"""Asks each source about one patient, behind the gate, and says what its answer is worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from helpdesk.answers import Answer, SourceState, state_of
from helpdesk.audit import AuditAction, AuditEvent, AuditTrail
from helpdesk.clock import Clock
from helpdesk.desk.ask_activity import ActivityAsker
from helpdesk.desk.ask_lists import ListAsker
from helpdesk.desk.ask_primary_care import PracticeAsker, PrescriptionAsker
from helpdesk.desk.ask_referrals import ReferralAsker
from helpdesk.desk.health import HealthNotes
from helpdesk.desk.kept_activity import KeptActivity
from helpdesk.desk.kept_referrals import KeptReferrals
from helpdesk.desk.model import GateState, Port, SourceInfo
from helpdesk.desk.ticket import Source, Ticket, answer
from helpdesk.errors import HelpdeskError
from helpdesk.pathways.ports import WaitingLists

__all__ = ["Enquiry", "Source", "Ticket"]

RESTRICTED = "Not asked: the record is restricted."
UNCONFIRMED = "Not asked: PDS could not confirm today that the record is unrestricted."


class _Asker(Protocol):
    def ask(self, ticket: Ticket, source: Source) -> Answer[Any]: ...

    def held(self, ticket: Ticket, source: Source, why: str) -> Answer[Any] | None: ...


class Enquiry:
    """The sources of the desk. `ask` blocks for at most the source's time-out; any number may run side by side."""

    def __init__(
        self,
        sources: Sequence[Source],
        lists: WaitingLists,
        kept: KeptReferrals,
        audit: AuditTrail,
        clock: Clock,
        kept_activity: KeptActivity | None = None,
        health: HealthNotes | None = None,
    ) -> None:
        self._sources = {s.info.name: s for s in sources}
        self._audit = audit
        self._health = health
        self._askers: dict[Port, _Asker] = {
            Port.WAITING_LISTS: ListAsker(lists, clock),
            Port.REFERRALS: ReferralAsker(lists, kept),
            Port.HOSPITAL_ACTIVITY: ActivityAsker(kept_activity or KeptActivity(None), clock),
            Port.PRACTICE_APPOINTMENTS: PracticeAsker(clock),
            Port.PRESCRIPTIONS: PrescriptionAsker(clock),
        }

    @property
    def sources(self) -> tuple[SourceInfo, ...]:
        return tuple(s.info for s in self._sources.values())

    def ask(self, ticket: Ticket, info: SourceInfo) -> Answer[Any]:
        """One source's answer. It never raises for what a source does; its audit row is committed before it returns."""
        source = self._sources[info.name]
        given = self._closed(ticket, source) or self._asked(ticket, source)
        self._audit.record(
            AuditEvent(
                AuditAction.STATUS_SHOWN,
                ticket.purpose,
                (ticket.number,),
                ticket.call_id,
                {"source": info.name, "state": given.state.value},
            )
        )
        return given

    def _closed(self, ticket: Ticket, source: Source) -> Answer[Any] | None:
        """The answer that a closed gate gives in the source's place, or None where it may be asked."""
        gate = ticket.gate
        if gate.number != ticket.number:
            return answer(ticket, source, SourceState.NOT_PERMITTED, UNCONFIRMED)
        if gate.open:
            return None
        if gate.state is GateState.RESTRICTED:
            return answer(ticket, source, SourceState.NOT_PERMITTED, RESTRICTED)
        held = self._askers[source.info.port].held(ticket, source, UNCONFIRMED) if gate.may_show_held else None
        return held or answer(ticket, source, SourceState.NOT_PERMITTED, UNCONFIRMED)

    def _asked(self, ticket: Ticket, source: Source) -> Answer[Any]:
        try:
            given = self._askers[source.info.port].ask(ticket, source)
        except HelpdeskError as error:
            state, remedy = state_of(error)
            given = answer(ticket, source, state, error.message, remedy=remedy)
        if self._health is not None and source.asks is not None:
            self._health.note(given)
        return given

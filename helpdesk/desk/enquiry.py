"""Asks each source about one patient, behind the gate, and says what its answer is worth."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from helpdesk.answers import Answer, Remedy, SourceState, is_older_than, state_of
from helpdesk.audit import AuditAction, AuditEvent, AuditTrail
from helpdesk.clock import Clock
from helpdesk.desk.deadline import within
from helpdesk.desk.kept_referrals import KeptReferrals
from helpdesk.desk.model import Gate, GateState, Port, SourceInfo
from helpdesk.errors import ConnectorUnavailable, HelpdeskError, NotFound
from helpdesk.identifiers import NhsNumber, OdsCode, Ubrn
from helpdesk.pathways.model import Referral
from helpdesk.pathways.ports import HeldRows, Referrals, WaitingLists
from helpdesk.primary_care.ports import PracticeAppointments

RESTRICTED = "Not asked: the record is restricted."
UNCONFIRMED = "Not asked: PDS could not confirm today that the record is unrestricted."
T = TypeVar("T")
_GRACE_S = 0.5
"""A connector ends by itself at its time-out and says what happened; this is for one whose look-up takes several requests."""


@dataclass(frozen=True)
class Source:
    """One instance that can be asked, for at most `timeout_s` in all. `asks` is the connector object of its port, None
    for lists held from extracts. Of these `providers` are the only ones it speaks for where any are named,
    `not_providers` are others' to speak for; `only_from` and `not_from` say the same by the instance whose folder a
    list came from."""

    info: SourceInfo
    asks: Referrals | PracticeAppointments | None
    stale_after: timedelta
    providers: frozenset[str] = frozenset()
    not_providers: frozenset[str] = frozenset()
    only_from: frozenset[str] = frozenset()
    not_from: frozenset[str] = frozenset()
    timeout_s: float = 60

    def speaks_for(self, held: HeldRows) -> bool:
        if self.providers:
            return held.provider in self.providers
        if held.provider in self.not_providers or held.source in self.not_from:
            return False
        return not self.only_from or held.source in self.only_from


@dataclass(frozen=True)
class Ticket:
    """Leave to ask about one person, made only after the gate was drawn and, in a call, the caller's level reached.
    `may_tell` is False for break-glass and for the command line on a live profile; `proxy` hides sensitive services
    unless `sensitive` includes them. `ubrns` are booking references that the caller gave."""

    number: NhsNumber
    gate: Gate
    practice: OdsCode | None
    purpose: str
    call_id: str | None = None
    may_tell: bool = True
    proxy: bool = False
    sensitive: bool = False
    ubrns: tuple[Ubrn, ...] = ()
    former: tuple[NhsNumber, ...] = ()
    """Numbers that PDS says were replaced by this one; e-RS may still hold a referral under them."""


class Enquiry:
    """The sources of the desk. `ask` blocks for at most the source's time-out; any number may run side by side."""

    def __init__(self, sources: Sequence[Source], lists: WaitingLists, kept: KeptReferrals, audit: AuditTrail, clock: Clock) -> None:
        self._sources = {s.info.name: s for s in sources}
        self._lists = lists
        self._kept = kept
        self._audit = audit
        self._clock = clock

    @property
    def sources(self) -> tuple[SourceInfo, ...]:
        return tuple(s.info for s in self._sources.values())

    def ask(self, ticket: Ticket, info: SourceInfo) -> Answer[Any]:
        """One source's answer. It never raises for what a source does; its audit row is committed before it returns."""
        source = self._sources[info.name]
        answer = self._closed(ticket, source) or self._asked(ticket, source)
        self._audit.record(
            AuditEvent(
                AuditAction.STATUS_SHOWN,
                ticket.purpose,
                (ticket.number,),
                ticket.call_id,
                {"source": info.name, "state": answer.state.value},
            )
        )
        return answer

    def _closed(self, ticket: Ticket, source: Source) -> Answer[Any] | None:
        """The answer that a closed gate gives in the source's place, or None where it may be asked."""
        gate = ticket.gate
        if gate.number != ticket.number:
            return self._answer(ticket, source, SourceState.NOT_PERMITTED, UNCONFIRMED)
        if gate.open:
            return None
        if gate.state is GateState.RESTRICTED:
            return self._answer(ticket, source, SourceState.NOT_PERMITTED, RESTRICTED)
        if not gate.may_show_held or source.info.port is Port.PRACTICE_APPOINTMENTS:
            return self._answer(ticket, source, SourceState.NOT_PERMITTED, UNCONFIRMED)
        if source.info.port is Port.REFERRALS:
            return self._kept_answer(ticket, source, UNCONFIRMED) or self._answer(ticket, source, SourceState.NOT_PERMITTED, UNCONFIRMED)
        return None

    def _asked(self, ticket: Ticket, source: Source) -> Answer[Any]:
        try:
            if source.info.port is Port.WAITING_LISTS:
                return self._ask_lists(ticket, source)
            if source.info.port is Port.REFERRALS:
                return self._ask_referrals(ticket, source)
            return self._ask_practice(ticket, source)
        except HelpdeskError as error:
            state, remedy = state_of(error)
            return self._answer(ticket, source, state, error.message, remedy=remedy)

    def _ask_lists(self, ticket: Ticket, source: Source) -> Answer[Any]:
        held = [h for h in self._lists.rows_for(ticket.number) if source.speaks_for(h)]
        if not held:
            return self._answer(ticket, source, SourceState.UNAVAILABLE, "No list has been received yet.", remedy=Remedy.REPORT)
        rows = tuple(h for h in held if h.rows)
        weighed = rows or held
        old = [h for h in weighed if is_older_than(h.week_ending, source.stale_after, self._clock.now())]
        as_at = min(h.week_ending for h in (old or weighed))
        if old:
            words = f"The newest list is for the week ending {_day(as_at)}" + ("." if rows else " and holds nothing for this person.")
            return self._answer(ticket, source, SourceState.STALE, words, as_at=as_at, value=rows)
        if not rows:
            return self._answer(ticket, source, SourceState.NOTHING_HELD, "Nothing on this list.", as_at=as_at, value=())
        return self._answer(ticket, source, SourceState.FRESH, "", as_at=as_at, value=rows)

    def _ubrns(self, ticket: Ticket) -> tuple[Ubrn, ...]:
        held: Sequence[HeldRows] = self._lists.rows_for(ticket.number)
        found = [row.ubrn for h in held for row in h.rows if row.ubrn is not None]
        return tuple(dict.fromkeys([*ticket.ubrns, *found]))

    def _ask_referrals(self, ticket: Ticket, source: Source) -> Answer[Any]:
        ubrns = self._ubrns(ticket)
        if not ubrns:
            words = "e-RS can only be asked by booking reference, and none is known for this person."
            return self._answer(ticket, source, SourceState.NOT_PERMITTED, words)
        found: list[Referral] = []
        failure: HelpdeskError | None = None
        for future in within(source.timeout_s + _GRACE_S, [partial(self._referral, ticket, source, ubrn) for ubrn in ubrns]):
            try:
                found.append(self._kept_now(_in_time(future, source)))
            except NotFound:
                continue
            except HelpdeskError as error:
                failure = error
        if failure is not None:
            return self._partly(ticket, source, tuple(found), failure)
        if not found:
            return self._answer(ticket, source, SourceState.NOTHING_HELD, "e-RS holds no such booking reference.", value=())
        return self._answer(ticket, source, SourceState.FRESH, "", as_at=found[0].as_at, value=tuple(found))

    def _referral(self, ticket: Ticket, source: Source, ubrn: Ubrn) -> Referral:
        referral: Referral = source.asks.referral(ubrn)  # type: ignore[union-attr]  # the port says which connector it is
        if referral.nhs_number not in (ticket.number, *ticket.former):
            raise ConnectorUnavailable("e-RS answered about somebody else; the answer was thrown away.")
        return replace(referral, nhs_number=ticket.number)

    def _kept_now(self, referral: Referral) -> Referral:
        self._kept.keep(referral)
        return referral

    def _partly(self, ticket: Ticket, source: Source, found: tuple[Referral, ...], failure: HelpdeskError) -> Answer[Any]:
        state, remedy = state_of(failure)
        if state is SourceState.UNAVAILABLE and not found:
            kept = self._kept_answer(ticket, source, failure.message)
            if kept is not None:
                return kept
        return self._answer(ticket, source, state, failure.message, value=found or None, remedy=remedy)

    def _kept_answer(self, ticket: Ticket, source: Source, why: str) -> Answer[Any] | None:
        kept = self._kept.latest(source.info.name, ticket.number)
        if not kept:
            return None
        as_at = min(r.as_at for r in kept if r.as_at is not None)
        return self._answer(ticket, source, SourceState.STALE, f"{why} Held from {_day(as_at.date())}.", as_at=as_at, value=kept)

    def _ask_practice(self, ticket: Ticket, source: Source) -> Answer[Any]:
        if ticket.practice is None:
            return self._answer(ticket, source, SourceState.NOT_PERMITTED, "Not asked: no registered practice is known.")
        asks: PracticeAppointments = source.asks  # type: ignore[assignment]  # the port says which connector it is
        (asked,) = within(source.timeout_s + _GRACE_S, [partial(asks.future, ticket.number, ticket.practice)])
        coming = _in_time(asked, source)
        now = self._clock.now()
        if not coming:
            return self._answer(ticket, source, SourceState.NOTHING_HELD, "No future appointment at this practice.", as_at=now, value=())
        return self._answer(ticket, source, SourceState.FRESH, "Only future appointments can be shown.", as_at=now, value=coming)

    def _answer(
        self,
        ticket: Ticket,
        source: Source,
        state: SourceState,
        message: str,
        *,
        as_at: Any = None,
        value: Any = None,
        remedy: Remedy = Remedy.NONE,
    ) -> Answer[Any]:
        return Answer(source.info.name, source.info.label, ticket.number, state, as_at, message, remedy, value)


def _in_time(future: Future[T], source: Source) -> T:
    """What was answered. Raises what the source raised, and ConnectorUnavailable where it is late."""
    if not future.done():
        raise ConnectorUnavailable(f"{source.info.label} did not answer in time.")
    return future.result()


def _day(day: Any) -> str:
    return f"{day.day} {day:%B %Y}"

"""e-RS: each booking reference that is known of the person, one by one, and what was kept where it cannot answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from helpdesk.answers import Answer, SourceState, state_of
from helpdesk.desk.deadline import within
from helpdesk.desk.kept_referrals import KeptReferrals
from helpdesk.desk.ticket import GRACE_S, Source, Ticket, answer, held_words, in_time
from helpdesk.errors import ConnectorUnavailable, HelpdeskError, NotFound
from helpdesk.identifiers import Ubrn
from helpdesk.pathways.model import Referral
from helpdesk.pathways.ports import HeldRows, WaitingLists


class ReferralAsker:
    def __init__(self, lists: WaitingLists, kept: KeptReferrals) -> None:
        self._lists = lists
        self._kept = kept

    def ask(self, ticket: Ticket, source: Source) -> Answer[Any]:
        ubrns = self._ubrns(ticket, source)
        if not ubrns:
            words = "e-RS can only be asked by booking reference, and none is known for this person."
            return answer(ticket, source, SourceState.NOT_PERMITTED, words)
        found: list[Referral] = []
        failure: HelpdeskError | None = None
        for future in within(source.timeout_s + GRACE_S, [partial(self._referral, ticket, source, ubrn) for ubrn in ubrns]):
            try:
                found.append(self._kept_now(in_time(future, source)))
            except NotFound:
                continue
            except HelpdeskError as error:
                failure = error
        if failure is not None:
            return self._partly(ticket, source, tuple(found), failure)
        if not found:
            return answer(ticket, source, SourceState.NOTHING_HELD, "e-RS holds no such booking reference.", value=())
        return answer(ticket, source, SourceState.FRESH, "", as_at=found[0].as_at, value=tuple(found))

    def held(self, ticket: Ticket, source: Source, why: str) -> Answer[Any] | None:
        """What was kept from earlier looks, shown as old; None where nothing was."""
        kept = self._kept.latest(source.info.name, ticket.number)
        if not kept:
            return None
        as_at = min(r.as_at for r in kept if r.as_at is not None)
        return answer(ticket, source, SourceState.STALE, held_words(why, as_at.date()), as_at=as_at, value=kept)

    def _ubrns(self, ticket: Ticket, source: Source) -> tuple[Ubrn, ...]:
        """Those that the caller gave, that lists hold, and that this source was seen to hold."""
        held: Sequence[HeldRows] = self._lists.rows_for(ticket.number)
        found = [row.ubrn for h in held for row in h.rows if row.ubrn is not None]
        return tuple(dict.fromkeys([*ticket.ubrns, *found, *self._kept.references(source.info.name, ticket.number)]))

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
            kept = self.held(ticket, source, failure.message)
            if kept is not None:
                return replace(kept, remedy=remedy)
        return answer(ticket, source, state, failure.message, value=found or None, remedy=remedy)

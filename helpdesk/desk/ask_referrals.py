"""e-RS: each booking reference that is known of the person, one by one, and what was kept where it cannot answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from helpdesk.answers import Answer, SourceState, state_of
from helpdesk.desk.deadline import within
from helpdesk.desk.kept_referrals import KeptReferrals
from helpdesk.desk.ticket import GRACE_S, AboutSomebodyElse, Source, Ticket, answer, held_words, in_time
from helpdesk.errors import HelpdeskError, NotFound
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
        failed: dict[Ubrn, HelpdeskError] = {}
        asked = within(source.timeout_s + GRACE_S, [partial(self._referral, ticket, source, ubrn) for ubrn in ubrns])
        for ubrn, future in zip(ubrns, asked, strict=True):
            try:
                found.append(self._kept_now(in_time(future, source)))
            except NotFound:
                continue
            except HelpdeskError as error:
                failed[ubrn] = error
        if failed:
            return self._partly(ticket, source, tuple(found), failed)
        if not found:
            return answer(ticket, source, SourceState.NOTHING_HELD, "e-RS holds no such booking reference.", value=())
        return answer(ticket, source, SourceState.FRESH, "", as_at=found[0].as_at, value=tuple(found))

    def held(self, ticket: Ticket, source: Source, why: str) -> Answer[Any] | None:
        """What was kept from earlier looks, shown as old; None where nothing was."""
        return self._held(ticket, source, why, self._kept.latest(source.info.name, ticket.number))

    def _held(self, ticket: Ticket, source: Source, why: str, kept: tuple[Referral, ...]) -> Answer[Any] | None:
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
            raise AboutSomebodyElse("e-RS answered about somebody else; the answer was thrown away.")
        return replace(referral, nhs_number=ticket.number)

    def _kept_now(self, referral: Referral) -> Referral:
        self._kept.keep(referral)
        return referral

    def _partly(self, ticket: Ticket, source: Source, found: tuple[Referral, ...], failed: dict[Ubrn, HelpdeskError]) -> Answer[Any]:
        """Where none could be asked about, what was kept of all; beside those that could, what was kept of the others."""
        failure = list(failed.values())[-1]
        state, remedy = state_of(failure)
        kept = tuple(r for r in self._kept.latest(source.info.name, ticket.number) if not isinstance(failed.get(r.ubrn), AboutSomebodyElse))
        if state is SourceState.UNAVAILABLE and not found:
            held = self._held(ticket, source, failure.message, kept)
            if held is not None:
                return replace(held, remedy=remedy)
        silent = {ubrn for ubrn, error in failed.items() if state_of(error)[0] is SourceState.UNAVAILABLE} if found else set()
        beside = tuple(r for r in kept if r.ubrn in silent)
        return answer(ticket, source, state, failure.message, value=(*found, *beside) or None, remedy=remedy)

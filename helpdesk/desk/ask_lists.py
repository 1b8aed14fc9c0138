"""Lists held from extracts: what they hold of one person, and whether they still speak for today."""

from __future__ import annotations

from typing import Any

from helpdesk.answers import Answer, Remedy, SourceState, is_older_than
from helpdesk.clock import Clock
from helpdesk.desk.ticket import Source, Ticket, answer, day_words
from helpdesk.pathways.ports import WaitingLists


class ListAsker:
    """Nobody is asked: the lists are in the desk's own database."""

    def __init__(self, lists: WaitingLists, clock: Clock) -> None:
        self._lists = lists
        self._clock = clock

    def ask(self, ticket: Ticket, source: Source) -> Answer[Any]:
        # what lists without a row of this person held before, and what other extracts tell, is a fact too
        known = tuple(h for h in self._lists.rows_for(ticket.number) if source.speaks_for(h))
        held = [h for h in known if h.has_list]
        if not held:
            return answer(ticket, source, SourceState.UNAVAILABLE, "No list has been received yet.", remedy=Remedy.REPORT, value=known)
        rows = tuple(h for h in held if h.rows)
        weighed = rows or held
        old = [h for h in weighed if is_older_than(h.week_ending, source.stale_after, self._clock.now())]
        as_at = min(h.week_ending for h in (old or weighed))
        if old:
            words = f"The newest list is for the week ending {day_words(as_at)}" + ("." if rows else " and holds nothing for this person.")
            return answer(ticket, source, SourceState.STALE, words, as_at=as_at, value=known)
        if not rows:
            return answer(ticket, source, SourceState.NOTHING_HELD, "Nothing on this list.", as_at=as_at, value=known)
        return answer(ticket, source, SourceState.FRESH, "", as_at=as_at, value=known)

    def held(self, ticket: Ticket, source: Source, why: str) -> Answer[Any] | None:  # noqa: ARG002  # every asker is asked alike
        """What may be shown without asking anybody: the lists are held here."""
        return self.ask(ticket, source)

"""Whoever can be asked by NHS number what a provider holds: an answer may be partial, old, or limited in what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from helpdesk.answers import Answer, Remedy, SourceState, is_older_than, state_of
from helpdesk.clock import Clock
from helpdesk.desk.deadline import within
from helpdesk.desk.kept_activity import KeptActivity
from helpdesk.desk.ticket import GRACE_S, AboutSomebodyElse, Source, Ticket, answer, day_words, held_words, in_time
from helpdesk.errors import HelpdeskError, NotFound
from helpdesk.pathways.activity import Activity, ActivityFound, ActivityKind

LIST_AGE = timedelta(days=10)
"""How long a waiting list's census speaks for today, from whatever source. Source: design, section 5."""


class ActivityAsker:
    def __init__(self, kept: KeptActivity, clock: Clock) -> None:
        self._kept = kept
        self._clock = clock

    def ask(self, ticket: Ticket, source: Source) -> Answer[Any]:
        try:
            found = self._found(ticket, source)
        except NotFound as error:
            return answer(ticket, source, SourceState.NOTHING_HELD, error.message, as_at=self._clock.now(), value=())
        except HelpdeskError as error:
            return self._failed(ticket, source, error)
        if found.missing:
            words = f"{source.info.label}: {_listed(found.missing)} could not answer, so there may be more than is shown."
            words = words[0].upper() + words[1:]
            return answer(ticket, source, SourceState.UNAVAILABLE, words, value=found.items or None, remedy=Remedy.RETRY)
        self._kept.keep(source.info.name, ticket.number, found.items, self._clock.now())
        return self._whole(ticket, source, found)

    def held(self, ticket: Ticket, source: Source, why: str) -> Answer[Any] | None:
        """What was kept from the last whole answer, shown as old: as of its census where all of it was counted on one, else
        as of when it was given. None where nothing was kept."""
        kept = self._kept.latest(source.info.name, ticket.number)
        if kept is None:
            return None
        held, given = kept
        items = tuple(replace(item, kept=given) for item in held)
        as_at = _counted(held) or given
        return answer(ticket, source, SourceState.STALE, held_words(why, _day_of(as_at)), as_at=as_at, value=items)

    def _found(self, ticket: Ticket, source: Source) -> ActivityFound:
        (asked,) = within(source.timeout_s + GRACE_S, [partial(source.asks.activity, ticket.number)])  # type: ignore[union-attr]  # the port says which connector it is
        found: ActivityFound = in_time(asked, source)
        if any(item.nhs_number not in (ticket.number, *ticket.former) for item in found.items):
            raise AboutSomebodyElse(f"{source.info.label} answered about somebody else; the answer was thrown away.")
        return replace(found, items=tuple(replace(i, nhs_number=ticket.number, source=source.info.name) for i in found.items))

    def _whole(self, ticket: Ticket, source: Source, found: ActivityFound) -> Answer[Any]:
        now = self._clock.now()
        if not found.items:
            words = found.limits or "Nothing is held for this person."
            return answer(ticket, source, SourceState.NOTHING_HELD, words, as_at=now, value=())
        if old := self._old(source, found.items):
            words = f"The list it shows was counted on {day_words(old)}."
            return answer(ticket, source, SourceState.STALE, words, as_at=old, value=found.items)
        return answer(ticket, source, SourceState.FRESH, found.limits, as_at=_counted(found.items) or now, value=found.items)

    def _old(self, source: Source, items: Sequence[Activity]) -> date | datetime | None:
        """The oldest census among entries of waiting lists that is past its limit."""
        limit = max(source.stale_after, LIST_AGE)
        old = [
            i.as_at
            for i in items
            if i.kind is ActivityKind.WAITING and i.as_at is not None and is_older_than(i.as_at, limit, self._clock.now())
        ]
        return min(old, key=_day_of, default=None)

    def _failed(self, ticket: Ticket, source: Source, error: HelpdeskError) -> Answer[Any]:
        state, remedy = state_of(error)
        may_be_kept = state is SourceState.UNAVAILABLE and not isinstance(error, AboutSomebodyElse)
        kept = self.held(ticket, source, error.message) if may_be_kept else None
        return replace(kept, remedy=remedy) if kept else answer(ticket, source, state, error.message, remedy=remedy)


def _counted(items: Sequence[Activity]) -> date | datetime | None:
    """The day of the oldest census, where every item is an entry of a list; else the answer is of when it was given."""
    days = [i.as_at for i in items if i.kind is ActivityKind.WAITING and i.as_at is not None]
    return min(days, key=_day_of) if days and len(days) == len(items) else None


def _day_of(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

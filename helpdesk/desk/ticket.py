"""Leave to ask about one person, whom it may be asked of, and what an answer is made from."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from helpdesk.answers import Answer, Remedy, SourceState
from helpdesk.desk.model import Gate, SourceInfo
from helpdesk.errors import ConnectorUnavailable
from helpdesk.identifiers import NhsNumber, OdsCode, Ubrn
from helpdesk.pathways.audience import Audience
from helpdesk.pathways.ports import HeldRows, HospitalActivity, Referrals
from helpdesk.primary_care.ports import PracticeAppointments, Prescriptions

T = TypeVar("T")
GRACE_S = 0.5
"""A connector ends by itself at its time-out and says what happened; this is for one whose look-up takes several requests."""


class AboutSomebodyElse(ConnectorUnavailable):
    """What was asked for is another person's. Nothing kept from an earlier answer is shown in its place: it may be theirs too."""


@dataclass(frozen=True)
class Source:
    """One instance that can be asked, for at most `timeout_s` in all. `asks` is the connector object of its port, None
    for lists held from extracts. Of these `providers` are the only ones it speaks for where any are named,
    `not_providers` are others' to speak for; `only_from` and `not_from` say the same by the instance whose folder a
    list came from."""

    info: SourceInfo
    asks: Referrals | PracticeAppointments | HospitalActivity | Prescriptions | None
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
    unless `sensitive` includes them; `audience` is to whom the words are said. `ubrns` are booking references that the caller gave."""

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
    """Numbers that PDS says were replaced by this one; a source may still hold something under them."""
    audience: Audience = Audience.PATIENT


def answer(
    ticket: Ticket,
    source: Source,
    state: SourceState,
    message: str,
    *,
    as_at: Any = None,
    value: Any = None,
    remedy: Remedy = Remedy.NONE,
) -> Answer[Any]:
    """This source's answer about the person on the ticket."""
    return Answer(source.info.name, source.info.label, ticket.number, state, as_at, message, remedy, value)


def in_time(future: Future[T], source: Source) -> T:
    """What was answered. Raises what the source raised, and ConnectorUnavailable where it is late."""
    if not future.done():
        raise ConnectorUnavailable(f"{source.info.label} did not answer in time.")
    return future.result()


HELD_FROM = " Held from "


def held_words(why: str, day: date) -> str:
    """Of what was kept: why its source did not answer now, and of which day it is."""
    return f"{why}{HELD_FROM}{day_words(day)}."


def day_words(day: Any) -> str:
    return f"{day.day} {day:%B %Y}"

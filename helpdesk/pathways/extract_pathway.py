"""A pathway that only an extract of referrals or of clock starts and stops knows of, and that nothing shows to be stuck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum

from helpdesk.pathways.activity_pathway import ActivityStanding
from helpdesk.pathways.bookings import NamesOf
from helpdesk.pathways.clock import days_between, mark_18_weeks, weeks_band
from helpdesk.pathways.clock_history import ClockState
from helpdesk.pathways.clock_reading import Reading, read_clock
from helpdesk.pathways.days import said
from helpdesk.pathways.extract_rows import ClockEvent, ReferralRow
from helpdesk.pathways.joining import Joined
from helpdesk.pathways.model import Coded, ListKind, Part, Pathway, Saying
from helpdesk.pathways.reference import asks_team, is_sensitive, specialty
from helpdesk.pathways.sentences import Book, Fact
from helpdesk.pathways.speaking import Speaking


class ExtractStanding(StrEnum):
    """Where it stands as far as the extracts show."""

    SENT = "referral sent, nothing more known yet"
    CLOSED = "referral closed"


_CLOSED_IS_NEWS = timedelta(weeks=12)
_ON_A_LIST_WITHIN = timedelta(days=14)
"""How long after a provider received a referral its list shows it, if anybody waits."""
_OPEN_FOR = timedelta(days=728)
"""An older referral that no list holds and no clock counts is taken for ended: extracts keep them for ever."""


def is_open(joined: Joined, today: date, weeks: Mapping[str, date]) -> bool:
    """Whether somebody still waits on it as far as extracts show, or it was closed lately. `weeks` are the dates of the
    lists held, by provider: what such a list should hold by now and does not is not waited for."""
    reading = read_clock(joined, today)
    if reading.running:
        return True
    if not joined.sent or reading.history.state is ClockState.STOPPED:
        return False
    sent = joined.sent[0]
    if sent.closed is not None:
        return sent.closed >= today - _CLOSED_IS_NEWS
    begun = sent.received or sent.accepted or sent.sent
    if begun is None or begun < today - _OPEN_FOR:
        return False
    listed = weeks.get(sent.provider.value)
    return not _has_arrived(sent) or listed is None or listed < begun + _ON_A_LIST_WITHIN


def pathway_of_extracts(joined: Joined, today: date, limit_days: int, organisations: NamesOf, speaking: Speaking) -> Pathway:
    """As the newest of its extracts shows it."""
    fact = _leading(joined)
    fresh = days_between(fact.as_at, today) <= limit_days
    until = today if fresh else fact.as_at
    reading = read_clock(joined, until)
    days = days_between(reading.start, until) if reading.running and reading.start is not None else None
    provider, function = fact.provider.value, fact.treatment_function
    pathway = Pathway(
        key=joined.key,
        nhs_number=fact.nhs_number,
        specialty=specialty(function) if function.strip() else Coded("", ""),
        provider=Coded(provider, organisations(provider)),
        list_kind=ListKind.UNKNOWN,
        clock_start=reading.start,
        clock_running=reading.running,
        days_waited=days,
        weeks_band=None if days is None else weeks_band(days),
        waited_to=until,
        mark_18_weeks=mark_18_weeks(reading.start) if days is not None and reading.start is not None else None,
        referred=next((s.received or s.sent for s in joined.sent if s.received or s.sent), None),
        next_event=None,
        standing=_standing(joined, reading),
        sensitive=any(not f.treatment_function.strip() or is_sensitive(f.treatment_function, f.provider) for f in _facts(joined)),
        ask_team=any(asks_team(f.treatment_function) for f in _facts(joined)),
        sources=tuple(dict.fromkeys(f.source for f in _facts(joined))),
        as_at=fact.as_at,
    )
    return replace(pathway, sayings=_say(pathway, joined, today, fresh=fresh, speaking=speaking))


def _facts(joined: Joined) -> tuple[ReferralRow | ClockEvent, ...]:
    return (*joined.sent, *joined.clock_events)


def _leading(joined: Joined) -> ReferralRow | ClockEvent:
    """The newest extract; of two of one day that of the referrals."""
    return max(_facts(joined), key=lambda f: (f.as_at, isinstance(f, ReferralRow)))


def _has_arrived(sent: ReferralRow) -> bool:
    return sent.received is not None or sent.accepted is not None


def _standing(joined: Joined, reading: Reading) -> str:
    if joined.sent and joined.sent[0].closed is not None and not reading.running:
        return ExtractStanding.CLOSED.value
    if reading.running or any(_has_arrived(s) for s in joined.sent):
        return ActivityStanding.REFERRED.value
    return ExtractStanding.SENT.value


def _say(pathway: Pathway, joined: Joined, today: date, *, fresh: bool, speaking: Speaking) -> tuple[Saying, ...]:
    pages = speaking.pages
    values: dict[str, str | None] = {
        "start": said(pathway.clock_start) if pathway.clock_start else None,
        "weeks": (pathway.weeks_band or "").rstrip("+") or None,
        "waited_to": said(pathway.waited_to),
        "counted": said(pathway.waited_to),
    }
    values |= speaking.ring_values(today) | speaking.provider_values(pathway.provider)
    fact = Fact(_leading(joined).source, pathway.as_at)
    facts = {"general": pages.general} | dict.fromkeys(("fact", "referral", "activity"), fact)
    known, following, ring = _rules(pathway, pages, fresh=fresh)
    parts = ((Part.KNOWN, known), (Part.NEXT, following), (Part.RING_BACK, ring))
    written = (Saying(part, tuple(s for r in rules if (s := pages.sentence(r, values, facts)) is not None)) for part, rules in parts)
    return (*written, speaking.worse())


def _rules(pathway: Pathway, pages: Book, *, fresh: bool) -> tuple[list[str], list[str], list[str]]:
    old = [] if fresh else ["K45"]
    if pathway.ask_team:
        page = pages.page("ask_team")
        return [*page["known"], *old], page["next"], page["ring"]
    if pathway.standing == ExtractStanding.CLOSED.value:
        return ["K32", *old], ["N24"], ["R09"]
    if pathway.standing == ExtractStanding.SENT.value:
        return ["K32", *old], ["N10"], ["R01"]
    wait = []
    if pathway.weeks_band is not None:
        short = pathway.weeks_band == "0"
        wait = [("K04" if short else "K03") if fresh else ("K06" if short else "K05")]
    return ["K11", *wait, *old], ["N10", "N11"], ["R01"]

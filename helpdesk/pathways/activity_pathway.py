"""A pathway that only a provider's own system, or a list that can be asked, knows of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from helpdesk.clock import london_day
from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.bookings import Booking, Bookings, NamesOf
from helpdesk.pathways.clock import days_between, mark_18_weeks, weeks_band
from helpdesk.pathways.days import said
from helpdesk.pathways.joining import Joined
from helpdesk.pathways.live_bookings import day_of, to_come
from helpdesk.pathways.model import Coded, EventKind, ListKind, Part, Pathway, Saying
from helpdesk.pathways.reference import asks_team, is_sensitive, specialty
from helpdesk.pathways.sentences import Book, Fact
from helpdesk.pathways.speaking import Speaking
from helpdesk.pathways.standing import Standing
from helpdesk.pathways.wording import event_values

_OVER = frozenset({ActivityStatus.ATTENDED, ActivityStatus.CANCELLED, ActivityStatus.MISSED, ActivityStatus.ENDED, ActivityStatus.UNKNOWN})
_EVENT_RULE = {EventKind.OUTPATIENT: "N01", EventKind.ADMISSION: "N02", EventKind.DIAGNOSTIC: "N03"}
_WRONG_IS_NEWS = timedelta(weeks=12)
"""How long a cancelled or missed event with nothing after it makes a row of its own."""
_TOLD_FOR_DAYS = 1
"""For how long what a system told of appointments and referrals speaks for today. Source: design, section 5."""
_WENT_WRONG = {ActivityStatus.CANCELLED: "K43", ActivityStatus.MISSED: "K44"}


_STATUS_RULES = ("K49", "K48", "K46", "K50", "K47")
"""Said of whatever status is among the facts; each is left out where there is none."""


class ActivityStanding(StrEnum):
    """Where it stands where no list and no e-RS referral says more."""

    TO_BOOK = "waiting to be booked"
    ON_LIST = "on the provider's list, no appointment"
    REFERRED = "referral with the provider, no appointment"


@dataclass(frozen=True)
class _Group:
    """The facts of one pathway in the order they are weighed."""

    items: tuple[Activity, ...]
    today: date

    @property
    def waiting(self) -> Activity | None:
        return next((a for a in self.items if a.kind is ActivityKind.WAITING and a.status not in _OVER), None)

    @property
    def referral(self) -> Activity | None:
        return next((a for a in self.items if a.kind is ActivityKind.REFERRAL and a.status not in _OVER), None)

    @property
    def last_wrong(self) -> Activity | None:
        """A cancelled or missed event after which nothing took place and nothing is booked."""
        happened = [a for a in self.items if a.start is not None and a.kind not in (ActivityKind.WAITING, ActivityKind.REFERRAL)]
        last = max(happened, key=lambda a: day_of(a.start or date.min), default=None)
        return last if last is not None and last.status in _WENT_WRONG else None

    @property
    def last_seen(self) -> Activity | None:
        """The last of them that took place."""
        took_place = [
            a for a in self.items if a.status is ActivityStatus.ATTENDED and a.start is not None and day_of(a.start) <= self.today
        ]
        return max(took_place, key=lambda a: day_of(a.start or date.min), default=None)

    @property
    def here_now(self) -> Activity | None:
        arrived = (a for a in self.items if a.status is ActivityStatus.ARRIVED and a.start is not None)
        return next((a for a in arrived if day_of(a.start or date.min) == self.today), None)

    def first_of(self, status: ActivityStatus) -> Activity | None:
        return next((a for a in self.items if a.status is status), None)

    @property
    def counted(self) -> date:
        """The day its wait counts to: of a list, its census; of what was kept, the day it was told."""
        as_at = self.waiting.as_at or self.waiting.kept if self.waiting is not None else self._told
        if as_at is None:
            return self.today
        return london_day(as_at) if isinstance(as_at, datetime) else as_at

    @property
    def _told(self) -> datetime | None:
        """When the oldest of it was told, where all of it was kept."""
        told = [a.kept for a in self.items if a.kept is not None]
        return min(told) if len(told) == len(self.items) else None

    def is_fresh(self, limit_days: int) -> bool:
        """Whether a list is within its limit, and what is no list was told today or yesterday."""
        return days_between(self.counted, self.today) <= (limit_days if self.waiting is not None else _TOLD_FOR_DAYS)


def is_live(joined: Joined, today: date) -> bool:
    """Whether anything of it is still to come or still waited for; what is over makes no row of its own."""
    group = _Group(joined.activities, today)
    if group.waiting is not None or group.referral is not None or to_come(joined.activities, today):
        return True
    wrong = group.last_wrong
    return wrong is not None and day_of(wrong.start or date.min) >= today - _WRONG_IS_NEWS


def pathway_of(joined: Joined, today: date, limit_days: int, organisations: NamesOf, speaking: Speaking) -> Pathway:
    group = _Group(joined.activities, today)
    first = group.items[0]
    waiting = group.waiting
    provider = next((a.provider.value for a in group.items if a.provider is not None), "")
    start = waiting.clock_start if waiting is not None else None
    fresh = group.is_fresh(limit_days)
    days = days_between(start, today if fresh else group.counted) if start is not None else None
    coming = to_come(group.items, today)
    booked = Bookings(coming[0] if coming else None, None, False, ())
    pathway = Pathway(
        key=joined.key,
        nhs_number=first.nhs_number,
        specialty=_specialty(group.items),
        provider=Coded(provider, organisations(provider) if provider else ""),
        list_kind=ListKind.UNKNOWN,
        clock_start=start,
        clock_running=start is not None,
        days_waited=days,
        weeks_band=None if days is None else weeks_band(days),
        waited_to=today if fresh else group.counted,
        mark_18_weeks=mark_18_weeks(start) if start is not None else None,
        referred=next((a.referred for a in group.items if a.referred is not None), None),
        next_event=booked.next.event if booked.next else None,
        standing=_standing(group, booked.next),
        sensitive=_sensitive(group.items) or any(is_sensitive(place) for place in {a.place for a in group.items} if place),
        ask_team=_ask_team(group.items),
        sources=tuple(dict.fromkeys(a.source for a in group.items)),
        as_at=waiting.as_at if waiting is not None else first.as_at,
    )
    return replace(pathway, sayings=_say(pathway, group, booked.next, fresh=fresh, speaking=speaking))


def _specialty(items: Sequence[Activity]) -> Coded:
    named = next((a.specialty for a in items if a.specialty.code or a.specialty.name), None)
    if named is None:
        return Coded("", "")
    known = specialty(named.code or named.name)
    return known if known.name != known.code else Coded(named.code, named.name or named.code)


def _sensitive(items: Iterable[Activity]) -> bool:
    """A fact without any specialty counts as sensitive: nobody can say that it is not."""
    return any(
        not (of.code or of.name) or any(is_sensitive(w, provider) for w in (of.code, of.name) if w)
        for of, provider in {(a.specialty, a.provider) for a in items}
    )


def _ask_team(items: Iterable[Activity]) -> bool:
    held = tuple(items)
    return any(a.ask_team for a in held) or any(asks_team(w) for of in {a.specialty for a in held} for w in (of.code, of.name) if w)


def _standing(group: _Group, coming: Booking | None) -> str:
    if coming is not None:
        return Standing.BOOKED.value
    wrong = group.last_wrong
    if wrong is not None:
        return (Standing.CANCELLED if wrong.status is ActivityStatus.CANCELLED else Standing.MISSED).value
    if any(a.status is ActivityStatus.TO_BOOK for a in group.items):
        return ActivityStanding.TO_BOOK.value
    return (ActivityStanding.ON_LIST if group.waiting is not None else ActivityStanding.REFERRED).value


def _say(pathway: Pathway, group: _Group, coming: Booking | None, *, fresh: bool, speaking: Speaking) -> tuple[Saying, ...]:
    pages = speaking.pages
    known, following, ring = _rules(pathway, group, coming, pages, fresh=fresh)
    values: dict[str, str | None] = {
        "start": said(pathway.clock_start) if pathway.clock_start else None,
        "weeks": (pathway.weeks_band or "").rstrip("+") or None,
        "waited_to": said(pathway.waited_to),
        "counted": said(group.counted),
        "last_seen": said(day_of(group.last_seen.start)) if group.last_seen is not None and group.last_seen.start is not None else None,
    }
    values |= speaking.ring_values(group.today) | speaking.provider_values(pathway.provider)
    values |= event_values(coming, speaking.ring_day(group.today), pages)
    facts = _facts(pathway, group, coming, pages)
    parts = ((Part.KNOWN, known), (Part.NEXT, following), (Part.RING_BACK, ring))
    written = (Saying(part, tuple(s for r in rules if (s := pages.sentence(r, values, facts)) is not None)) for part, rules in parts)
    return (*written, speaking.worse())


def _facts(pathway: Pathway, group: _Group, coming: Booking | None, pages: Book) -> dict[str, Fact]:
    of = group.waiting or group.referral or group.items[0]
    facts = {"general": pages.general, "activity": Fact(of.source, of.as_at), "fact": Fact(of.source, pathway.as_at)}
    if coming is not None:
        facts["event"] = Fact(coming.source, coming.as_at, coming.field)
    for name, fact in _beside(group).items():
        facts[name] = Fact(fact.source, fact.as_at)
    return facts


def _beside(group: _Group) -> dict[str, Activity]:
    """The facts that a sentence may rest on besides what leads, by the name that its rule has for them."""
    named = {
        "wrong": group.last_wrong,
        "seen": group.last_seen,
        "arrived": group.here_now,
        "booking": group.first_of(ActivityStatus.TO_BOOK),
        "changing": group.first_of(ActivityStatus.PENDING),
        "unclear": group.first_of(ActivityStatus.UNKNOWN),
    }
    return {name: fact for name, fact in named.items() if fact is not None}


def _rules(pathway: Pathway, group: _Group, coming: Booking | None, pages: Book, *, fresh: bool) -> tuple[list[str], list[str], list[str]]:
    event = [_EVENT_RULE[coming.event.kind], *(["N04"] if coming.kept else [])] if coming is not None else []
    old = [] if fresh else ["K45"]
    if pathway.ask_team:
        page = pages.page("ask_team")
        return [*page["known"], *old], [*event, *page["next"]], page["ring"]
    known = ["K42"] if group.waiting is not None else ["K41"] if group.referral is not None else ["K40"]
    if pathway.weeks_band is not None:
        short = pathway.weeks_band == "0"
        known.append(("K04" if short else "K03") if fresh else ("K06" if short else "K05"))
    known += _STATUS_RULES
    wrong = group.last_wrong if coming is None else None
    if coming is not None:
        return [*known, *old], event, ["R03", "R04"]
    if wrong is not None:
        return [*known, _WENT_WRONG[wrong.status], *old], ["N09"], ["R06", "R07"]
    return [*known, *old], ["N10", "N11"], ["R01"]

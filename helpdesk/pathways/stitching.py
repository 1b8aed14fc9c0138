"""Makes one row for each real pathway of a patient out of waiting lists, e-RS referrals and providers' own systems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from helpdesk.clock import london_day
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.activity import Activity
from helpdesk.pathways.activity_pathway import is_live, pathway_of
from helpdesk.pathways.bookings import NamesOf, bookings, within_a_day
from helpdesk.pathways.clock import days_between, mark_18_weeks, weeks_band
from helpdesk.pathways.clock_reading import Reading, days_since_referral, read_clock
from helpdesk.pathways.completing import completed
from helpdesk.pathways.course import course_of
from helpdesk.pathways.disagreements import disagreements
from helpdesk.pathways.extract_pathway import is_open, pathway_of_extracts
from helpdesk.pathways.gaps import Day, with_gaps
from helpdesk.pathways.joining import Joined, Known, join
from helpdesk.pathways.live_bookings import of_extract, with_activity
from helpdesk.pathways.model import Coded, ListKind, Pathway, Referral
from helpdesk.pathways.ports import HeldRows
from helpdesk.pathways.reference import asks_team, is_sensitive, specialty
from helpdesk.pathways.speaking import Speaking
from helpdesk.pathways.standing import NEEDS_HELP, Standing, standing
from helpdesk.pathways.wording import Told, say


def stitch(
    held: Sequence[HeldRows],
    referrals: Sequence[Referral],
    *,
    about: NhsNumber,
    today: date,
    limit_days: int,
    organisations: NamesOf,
    desk_phone: str = "",
    speaking: Speaking | None = None,
    limits: Mapping[str, int] | None = None,
    activities: Sequence[Activity] = (),
) -> tuple[Pathway, ...]:
    """The pathways of the person asked about, those that need help first, then by the longest wait.

    A list is within its limit for `limit_days` after its week-ending date, or for what `limits` says of its source.
    `organisations` names an organisation by its
    code and gives back the code where it cannot. `speaking` says in which words, else those for a patient. Raises
    RuleBroken when any fact is about somebody else.
    """
    own, speaks = limits or {}, speaking or Speaking(desk_phone=desk_phone)
    found = []
    joins = _joined(about, held, referrals, activities)
    for joined in joins:
        if joined.rows or joined.referrals:
            found.append(_pathway(joined, today, _limit(joined, own, limit_days), organisations, speaks))
        elif is_live(joined, today):
            found.append(pathway_of(joined, today, limit_days, organisations, speaks))
    day = Day(today, limit_days, own, organisations, speaks)
    found = with_gaps(found, joins, held, about, day)
    weeks = {h.provider: h.week_ending for h in held}
    shown_keys = {p.key for p in found}
    quiet = [j for j in joins if j.key not in shown_keys and not (j.rows or j.referrals) and is_open(j, today, weeks)]
    found += [pathway_of_extracts(j, today, limit_days, organisations, speaks) for j in quiet]
    return tuple(sorted(completed(found, joins, today), key=_order))


def _joined(
    about: NhsNumber, held: Sequence[HeldRows], referrals: Sequence[Referral], activities: Sequence[Activity]
) -> tuple[Joined, ...]:
    return join(
        about,
        [row for h in held for row in h.rows],
        referrals,
        [*activities, *(of_extract(a) for h in held for a in h.activities)],
        clock_events=[event for h in held for event in h.clock_events],
        sent=[row for h in held for row in h.referrals],
    )


def visible_to(pathways: Sequence[Pathway], *, proxy: bool, sensitive_scope: bool) -> tuple[Pathway, ...]:
    """Those that may be shown to this caller: sensitive services are hidden from a proxy without that scope. Where any
    was hidden, nobody may be told that nothing is held; nor does another name it as alike."""
    shown = tuple(p for p in pathways if not (proxy and p.sensitive and not sensitive_scope))
    keys = {p.key for p in shown}
    return tuple(
        p if all(a.key in keys for a in p.may_be_same) else replace(p, may_be_same=tuple(a for a in p.may_be_same if a.key in keys))
        for p in shown
    )


def needs_help(pathway: Pathway) -> bool:
    """Whether something went by, was called off, missed or sent back and nobody is seen to act."""
    return pathway.standing.split(";")[0] in NEEDS_HELP


def _order(pathway: Pathway) -> tuple[bool, int, str]:
    waited = -1 if pathway.days_waited is None else pathway.days_waited
    return not needs_help(pathway), -waited, pathway.key


def _pathway(joined: Joined, today: date, limit_days: int, organisations: NamesOf, speaking: Speaking) -> Pathway:
    row, referral = joined.row, joined.referral
    booked = with_activity(bookings(joined, today, organisations), joined, today, organisations)
    fresh = _fresh(joined, today, limit_days)
    waited_to = _waited_to(joined, today, fresh)
    reading = read_clock(joined, waited_to)
    start, running = reading.start, reading.running
    booked = replace(booked, differs=(*disagreements(joined, reading.history, organisations), *booked.differs))
    stands = _stopped_since(standing(joined, booked, today), reading)
    days = days_between(start, waited_to) if running and start is not None else None
    provider = row.provider.value if row else referral.provider.value if referral and referral.provider else ""
    pathway = Pathway(
        key=joined.key,
        nhs_number=(row or joined.referrals[0]).nhs_number,
        specialty=specialty(row.treatment_function) if row and row.treatment_function.strip() else _specialty_of(referral),
        provider=Coded(provider, organisations(provider) if provider else ""),
        list_kind=row.list_kind if row else ListKind.UNKNOWN,
        clock_start=start,
        clock_running=running,
        days_waited=days,
        weeks_band=None if days is None else weeks_band(days),
        waited_to=waited_to,
        mark_18_weeks=mark_18_weeks(start) if running and start is not None else None,
        referred=row.referral_received if row else None,
        next_event=booked.next.event if booked.next else None,
        standing=_shown(stands, joined),
        sensitive=_sensitive(joined),
        ask_team=_ask_team(joined),
        sources=_sources(joined),
        as_at=row.week_ending if row else joined.referrals[0].as_at,
        differs=booked.differs,
        course=course_of(joined, reading, today, ask_team=_ask_team(joined)),
        days_since_referral=days_since_referral(joined, reading, waited_to),
        no_range=any(held.no_range for held in joined.rows),
    )
    told = Told(pathway, joined, booked, stands, fresh, today, speaking)
    return replace(pathway, sayings=say(told))


def _stopped_since(stands: Standing, reading: Reading) -> Standing:
    """Where a clock extract newer than the list has stopped the clock, that is where it stands."""
    return Standing.CLOCK_STOPPED if stands is Standing.ON_LIST and reading.stopped_since is not None else stands


def _sources(joined: Joined) -> tuple[str, ...]:
    facts: tuple[Known, ...] = (*joined.rows, *joined.referrals, *joined.activities, *joined.clock_events, *joined.sent)
    return tuple(dict.fromkeys(fact.source for fact in facts))


def _specialty_of(referral: Referral | None) -> Coded:
    return specialty(referral.specialty) if referral else Coded("", "")


def _shown(stands: Standing, joined: Joined) -> str:
    """The standing, and that no 18-week clock belongs to it where that is not already what it says."""
    row = joined.row
    if row is not None and row.list_kind is ListKind.NOT_RTT and stands is not Standing.NOT_18_WEEKS:
        return f"{stands.value}; {Standing.NOT_18_WEEKS.value}"
    return stands.value


def _limit(joined: Joined, limits: Mapping[str, int], usual: int) -> int:
    return limits.get(joined.row.source, usual) if joined.row is not None else usual


def _fresh(joined: Joined, today: date, limit_days: int) -> bool:
    if joined.row is not None:
        return days_between(joined.row.week_ending, today) <= limit_days
    return within_a_day(joined.referrals[0].as_at, today)


def _waited_to(joined: Joined, today: date, fresh: bool) -> date:
    if fresh:
        return today
    if joined.row is not None:
        return joined.row.week_ending
    seen: datetime | None = joined.referrals[0].as_at
    return london_day(seen) if seen is not None else today


def _sensitive(joined: Joined) -> bool:
    """A list row without a treatment function counts as sensitive, and so does what no list holds and nobody names: nobody
    can say that it is not. A place counts by its words, since it is said to the caller."""
    listed = any(not row.treatment_function.strip() or is_sensitive(row.treatment_function, row.provider) for row in joined.rows)
    named = [(words, a.provider) for a in joined.activities for words in (a.specialty.code, a.specialty.name) if words]
    named += [(words, r.provider) for r in joined.referrals for words in (r.specialty, r.service)]
    nameless = not joined.rows and not any(words.strip() for words, _ in named)
    places = {a.place for a in joined.activities} | {r.next_event.place for r in joined.referrals if r.next_event is not None}
    return listed or nameless or any(is_sensitive(*of) for of in named) or any(is_sensitive(place) for place in places if place)


def _ask_team(joined: Joined) -> bool:
    listed = any(row.ask_team or asks_team(row.treatment_function) for row in joined.rows)
    named = [words for r in joined.referrals for words in (r.specialty, r.service)]
    named += [words for a in joined.activities for words in (a.specialty.code, a.specialty.name) if words]
    return listed or any(a.ask_team for a in joined.activities) or any(asks_team(words) for words in named)

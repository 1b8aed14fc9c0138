"""One pathway as a card: its clock, its line from the start to what comes next, and where sources disagree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtWidgets import QWidget

from helpdesk.pathways.model import Course, GapKind, Pathway
from helpdesk.pathways.standing import Standing
from helpdesk.waits.model import WaitAnswer
from ui.call_desk.status import wait as wait_row
from ui.call_desk.status import words
from ui.call_desk.status.events import EventList, stops_of
from ui.call_desk.status.stuck import FACTS, headline, strip_of
from ui.call_desk.status.wait import WaitRow
from ui.theme.theme import current
from ui.widgets.chip import Chip
from ui.widgets.label import Paragraph
from ui.widgets.pathway_card import PathwayCard
from ui.widgets.strip import Strip
from ui.widgets.time_line import Limit, Stop, TimeLine, WaitLine

QUIET = (
    GapKind.NOT_BOOKED,
    GapKind.CANCELLED_NOT_REBOOKED,
    GapKind.MISSED_NOT_REBOOKED,
    GapKind.DEFERRED_OVERDUE,
    GapKind.REJECTED_NO_ACTION,
    GapKind.NO_ACTIVITY,
)
SAID_COURSES = (Course.PLANNED, Course.DIAGNOSTIC)


@dataclass(frozen=True)
class Beside:
    """What is shown with a pathway and is no part of it: the range of waiting, and the names of the others by their keys."""

    wait: WaitAnswer | None = None
    names: tuple[tuple[str, str], ...] = ()


def fill(card: PathwayCard, pathway: Pathway, today: date, *, opened: bool, beside: Beside = Beside()) -> list[Strip]:
    """Shows the pathway in the card; folded it is one row. Gives back the strips of its gaps, in their order."""
    clock = words.weeks(pathway)
    since = f"since {words.day(pathway.clock_start)}" if pathway.clock_start and clock else ""
    chips = _chips(pathway, opened)
    where = f"{pathway.provider.name} · {pathway.standing}"
    card.clear_parts()
    line = line_of(pathway, today)
    if line is not None and opened:
        card.add_part(TimeLine(line))
    strips = [strip_of(gap) for gap in pathway.gaps] if opened else []
    for part in _below(pathway, beside, strips) if opened else ():
        card.add_part(part)
    card.show_head(pathway.specialty.name, where, clock, since, opened=opened, chips=chips, spoken=spoken(pathway, beside.wait))
    return strips


def line_of(pathway: Pathway, today: date) -> WaitLine | None:
    """Start, today, the 18-week mark and the next event; None where no start is known."""
    start = pathway.clock_start or pathway.referred
    if start is None:
        return None
    first = min(start, pathway.referred or start)
    booked = None
    if pathway.next_event is not None:
        event = pathway.next_event
        at = f" {event.time:%H:%M}" if event.time else ""
        booked = Stop(event.day, event.kind.value.capitalize(), f"{event.day:%a} {words.day(event.day)}{at}", "booked")
    stops = stops_of(pathway, booked) if pathway.events else _known_stops(pathway, first, start, booked)
    clock = words.weeks(pathway)
    first = min([first, *(stop.day for stop in stops)])
    return WaitLine(first, today, f"Today, {clock}" if clock else "Today", spoken(pathway), tuple(stops), _limits(pathway), _quiet(pathway))


def _known_stops(pathway: Pathway, first: date, start: date, booked: Stop | None) -> list[Stop]:
    stops = [Stop(first, "Referred" if pathway.referred == first else "Clock started", words.day(first), "done")]
    if start != first:
        stops.append(Stop(start, "Clock started", words.day(start), "done"))
    return [*stops, booked] if booked is not None else stops


def _limits(pathway: Pathway) -> tuple[Limit, ...]:
    """The last days within 18 and 52 weeks of a clock that runs."""
    mark = pathway.mark_18_weeks
    if mark is None or not pathway.clock_running or pathway.clock_start is None:
        return ()
    year = pathway.clock_start + timedelta(weeks=52)
    return Limit(mark, f"18 weeks, {words.day(mark)}"), Limit(year, f"52 weeks, {words.day(year)}")


def _quiet(pathway: Pathway) -> date | None:
    """Since when nothing has happened, where that is what is wrong."""
    quiet = [gap.since for gap in pathway.gaps if gap.kind in QUIET]
    return min(quiet) if quiet else None


def _chips(pathway: Pathway, opened: bool) -> tuple[Chip, ...]:
    chips: tuple[Chip, ...] = ()
    if pathway.clock_start and not pathway.clock_running:
        chips = (Chip("Clock not known" if _unknown(pathway) else "Clock stopped", "neutral", "pause"),)
    if pathway.course in SAID_COURSES:
        chips = (*chips, Chip(pathway.course.value.capitalize(), "neutral"))
    if pathway.gaps and not opened:
        chips = (*chips, Chip(FACTS[pathway.gaps[0].kind], "warn", "warning"))
    return chips


def _unknown(pathway: Pathway) -> bool:
    """Whether nobody can say that the clock has stopped: it is only not counted."""
    gone = any(gap.kind is GapKind.LEFT_LIST_WITHOUT_STOP for gap in pathway.gaps)
    return gone or pathway.standing.startswith(Standing.NOT_RECORDED.value)


def spoken(pathway: Pathway, wait: WaitAnswer | None = None) -> str:
    """The whole card for a screen reader in one sentence, with long dates."""
    parts = [f"{pathway.specialty.name}, {pathway.provider.name}, {pathway.standing}"]
    if pathway.referred:
        parts.append(f"referred {words.long_day(pathway.referred)}")
    if pathway.clock_start:
        parts.append(f"clock started {words.long_day(pathway.clock_start)}")
    if pathway.weeks_band is not None:
        parts.append(f"{pathway.weeks_band} weeks to {words.long_day(pathway.waited_to)}")
    if pathway.mark_18_weeks and pathway.clock_running:
        parts.append(f"18 weeks end on {words.long_day(pathway.mark_18_weeks)}")
    if pathway.next_event:
        parts.append(f"next {pathway.next_event.kind.value} {words.long_day(pathway.next_event.day)}")
    if pathway.days_since_referral is not None:
        parts.append(f"{pathway.days_since_referral} days since the original referral")
    parts += [f"{headline(gap)}, since {words.long_day(gap.since)}" for gap in pathway.gaps]
    if pathway.differs:
        parts.append("sources differ")
    if wait is not None:
        parts.append(wait_row.spoken(wait))
    return ", ".join(parts)


def _below(pathway: Pathway, beside: Beside, strips: list[Strip]) -> list[QWidget]:
    below: list[QWidget] = []
    if pathway.next_event is not None:
        below.append(Paragraph(f"Next: {pathway.next_event.kind.value}, {words.event(pathway.next_event)}", "body", bold="Next:"))
    if beside.wait is not None:
        below.append(WaitRow(beside.wait))
    below += strips
    if pathway.ask_team:
        below.append(Strip("info", "Ask the team", "Questions about this pathway are answered by its own team only."))
    if pathway.differs:
        below.append(Strip("warn", "Two sources differ", " ".join(pathway.differs)))
    names = dict(beside.names)
    for alike in pathway.may_be_same:
        below.append(
            Strip("info", f"May be the same as {names.get(alike.key, 'another pathway')}", f"{'; '.join(alike.reasons)}. Kept apart.")
        )
    if pathway.weeks_band is not None:
        below.append(Paragraph(_counted(pathway), "caption", "text2"))
    if pathway.events:
        below.append(EventList(pathway.events))
    return below


def _counted(pathway: Pathway) -> str:
    """Both waits, where they differ."""
    on_clock = f"Counted to {words.day(pathway.waited_to)}: {pathway.days_waited} days on this clock"
    since = pathway.days_since_referral
    return on_clock if since is None else f"{on_clock}, {since} days since the original referral"


def key_words(number: int) -> str:
    """The figure on the key cap of the n-th card."""
    return str(number + 1)


def short(pathway: Pathway, room: int) -> str:
    """The specialty in as few words as fit, for a segment."""
    said = pathway.specialty.name.split()
    taken = said[0]
    for word in said[1:]:
        if current().width_of(f"{taken} {word}", "small_strong") > room:
            break
        taken = f"{taken} {word}"
    return taken.rstrip(",&") if not taken.endswith(" and") else taken.removesuffix(" and")

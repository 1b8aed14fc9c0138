"""One pathway as a card: its clock, its line from the start to what comes next, and where sources disagree."""

from __future__ import annotations

from datetime import date

from helpdesk.pathways.model import Pathway
from ui.call_desk.status import words
from ui.theme.theme import current
from ui.widgets.chip import Chip
from ui.widgets.label import Paragraph
from ui.widgets.pathway_card import PathwayCard
from ui.widgets.strip import Strip
from ui.widgets.time_line import Limit, Stop, TimeLine, WaitLine


def fill(card: PathwayCard, pathway: Pathway, today: date, *, opened: bool) -> None:
    """Shows the pathway in the card; folded it is one row with its line."""
    clock = words.weeks(pathway)
    since = f"since {words.day(pathway.clock_start)}" if pathway.clock_start and clock else ""
    chips = (Chip("Clock stopped", "neutral", "pause"),) if pathway.clock_start and not pathway.clock_running else ()
    where = f"{pathway.provider.name} · {pathway.standing}"
    card.clear_parts()
    line = line_of(pathway, today)
    if line is not None and opened:
        card.add_part(TimeLine(line))
    if opened:
        for part in _below(pathway):
            card.add_part(part)
    card.show_head(pathway.specialty.name, where, clock, since, opened=opened, chips=chips, spoken=spoken(pathway))


def line_of(pathway: Pathway, today: date) -> WaitLine | None:
    """Start, today, the 18-week mark and the next event; None where no start is known."""
    start = pathway.clock_start or pathway.referred
    if start is None:
        return None
    first = min(start, pathway.referred or start)
    stops = [Stop(first, "Referred" if pathway.referred == first else "Clock started", words.day(first), "done")]
    if start != first:
        stops.append(Stop(start, "Clock started", words.day(start), "done"))
    if pathway.next_event is not None:
        event = pathway.next_event
        at = f" {event.time:%H:%M}" if event.time else ""
        stops.append(Stop(event.day, event.kind.value.capitalize(), f"{event.day:%a} {words.day(event.day)}{at}", "booked"))
    mark = pathway.mark_18_weeks
    limits = (Limit(mark, f"18 weeks, {words.day(mark)}"),) if mark is not None and pathway.clock_running else ()
    clock = words.weeks(pathway)
    return WaitLine(first, today, f"Today, {clock}" if clock else "Today", spoken(pathway), tuple(stops), limits)


def spoken(pathway: Pathway) -> str:
    """The whole card for a screen reader, with long dates."""
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
    return ", ".join(parts)


def _below(pathway: Pathway) -> list[Paragraph | Strip]:
    below: list[Paragraph | Strip] = []
    if pathway.next_event is not None:
        below.append(Paragraph(f"Next: {pathway.next_event.kind.value}, {words.event(pathway.next_event)}", "body", bold="Next:"))
    if pathway.ask_team:
        below.append(Strip("info", "Ask the team", "Questions about this pathway are answered by its own team only."))
    if pathway.differs:
        below.append(Strip("warn", "Two sources differ", " ".join(pathway.differs)))
    told_to = pathway.waited_to
    if pathway.weeks_band is not None:
        below.append(Paragraph(f"Counted to {words.day(told_to)}, {pathway.days_waited} days", "caption", "text2"))
    return below


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

"""Rules that say in plain words where one pathway stands, each sentence with the fact it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from helpdesk.clock import london_day
from helpdesk.pathways.bookings import Booking, Bookings
from helpdesk.pathways.clock import ClockEffect, clock_effect, weeks_band
from helpdesk.pathways.contact import advice_rules, contact_values, next_rules, ring_rules
from helpdesk.pathways.days import said, said_time, said_with_weekday
from helpdesk.pathways.joining import Joined
from helpdesk.pathways.model import Course, EventKind, ListKind, ListRow, Part, Pathway, Saying, Sentence
from helpdesk.pathways.sentences import Book, Fact
from helpdesk.pathways.speaking import Speaking
from helpdesk.pathways.standing import Standing

_EVENT_RULE = {EventKind.OUTPATIENT: "N01", EventKind.ADMISSION: "N02", EventKind.DIAGNOSTIC: "N03"}


@dataclass(frozen=True)
class Told:
    """All that the words for one pathway may rest on. `fresh` = its source is within its limit."""

    pathway: Pathway
    joined: Joined
    booked: Bookings
    stands: Standing
    fresh: bool
    today: date
    speaking: Speaking


def say(told: Told) -> tuple[Saying, ...]:
    """What we know, what happens next, when to ring back: only what a source says, and never a date that is not booked;
    and where to turn if it gets worse."""
    pages = told.speaking.pages
    if told.speaking.silent:
        return ()
    known, following, ring = _rules(told, pages)
    values, facts = _values(told, pages), _facts(told, pages)
    parts = ((Part.KNOWN, known), (Part.NEXT, following), (Part.RING_BACK, ring))
    said = (Saying(part, _written(rules, values, facts, pages)) for part, rules in parts)
    return (*said, told.speaking.worse("check_first" if _check_first(told, pages) else "pathway"))


def _written(rules: Sequence[str], values: dict[str, str | None], facts: dict[str, Fact], pages: Book) -> tuple[Sentence, ...]:
    return tuple(s for rule in rules if (s := pages.sentence(rule, values, facts)) is not None)


def _rules(told: Told, pages: Book) -> tuple[list[str], list[str], list[str]]:
    row = told.joined.row
    if _check_first(told, pages):
        page = pages.page("check_first")
        return page["known"], page["next"], page["ring"]
    event = _event_rules(told)
    if told.pathway.ask_team:
        page = pages.page("ask_team")
        return [*page["known"], *_stale(told)], [*event, *page["next"]], page["ring"]
    if row is None and told.booked.next is None and told.booked.passed is None:
        page = _state_page(told, pages)
        return [*page["known"], *_wait(told), *_stale(told)], _with_day(told, page["next"]), _with_number(told, page["ring"])
    return _known(told, pages), [*event, *_with_day(told, _next(told, pages))], _with_number(told, _ring(told, pages))


def _check_first(told: Told, pages: Book) -> bool:
    """Whether the record says what nobody tells a caller before it was checked."""
    row = told.joined.row
    return row is not None and row.rtt_status.strip() in pages.page("check_first")["statuses"]


def _state_page(told: Told, pages: Book) -> dict[str, list[str]]:
    """The page of what e-RS alone knows of."""
    referral = told.joined.referrals[0]
    by_state: dict[str, dict[str, list[str]]] = pages.page("referral_state")
    if told.stands is Standing.ADVICE:
        alone: dict[str, list[str]] = pages.page("advice")
        return alone
    page = by_state[referral.state.value]
    return {**page, "known": [*page["known"], *advice_rules(referral)]}


def _with_day(told: Told, rules: Sequence[str]) -> list[str]:
    return next_rules(rules, told.joined, told.booked, told.today)


def _with_number(told: Told, rules: Sequence[str]) -> list[str]:
    return ring_rules(rules, told.joined, told.booked, told.today)


def _known(told: Told, pages: Book) -> list[str]:
    row = told.joined.row
    if row is None:
        return [*_state_page(told, pages)["known"], *_wait(told), *_stale(told), *_differs(told)]
    said_beside = [*_wait(told), *advice_rules(told.joined.referral), *_stale(told), *_differs(told)]
    return ["K01", *_first(told), *_course(told, pages), *_status(row, pages), *_seen(told), *said_beside]


def _first(told: Told) -> list[str]:
    """The day of the first referral, where the wait on this clock is not the whole of it."""
    if not _first_referred(told):
        return []
    return ["K07", *(["K13"] if told.fresh and _all_weeks(told) else [])]


def _course(told: Told, pages: Book) -> list[str]:
    """What kind of pathway it is; of a planned one also that its day has gone by."""
    row, course = told.joined.row, told.pathway.course
    by_course: dict[str, list[str]] = pages.page("course")
    overdue = course is Course.PLANNED and row is not None and row.due is not None and row.due < told.today
    return [*by_course[course.name], *(["C02"] if overdue else [])]


def _seen(told: Told) -> list[str]:
    row = told.joined.row
    return ["K12"] if row is not None and row.last_attended is not None and row.last_attended <= row.week_ending else []


def _status(row: ListRow, pages: Book) -> list[str]:
    """What the list says of the wait. A stop date beats a status that still counts."""
    if row.list_kind is ListKind.NOT_RTT:
        return ["S97"]
    if row.clock_stop is not None and clock_effect(row.rtt_status) is not ClockEffect.STOPPED:
        return ["S96"]
    statuses: dict[str, list[str]] = pages.page("rtt_status")
    return statuses.get(row.rtt_status.strip(), statuses["other"])


def _wait(told: Told) -> list[str]:
    if told.pathway.weeks_band is None:
        return []
    short = told.pathway.weeks_band == "0"
    if told.fresh:
        return ["K04" if short else "K03"]
    return ["K06" if short else "K05"]


def _stale(told: Told) -> list[str]:
    if told.fresh:
        return []
    return ["K08" if told.joined.row is not None else "K09"]


def _differs(told: Told) -> list[str]:
    return ["K10"] if told.booked.differs and not told.booked.contradicted else []


def _event_rules(told: Told) -> list[str]:
    if told.booked.next is None:
        return []
    unsure = not told.fresh or bool(told.booked.differs) or told.booked.next.kept
    return [_EVENT_RULE[told.booked.next.event.kind], *(["N04"] if unsure else [])]


def _next(told: Told, pages: Book) -> list[str]:
    listed: list[str] = _page_of(told, pages)["next"]
    return listed


def _ring(told: Told, pages: Book) -> list[str]:
    listed: list[str] = _page_of(told, pages)["ring"]
    return listed


def _page_of(told: Told, pages: Book) -> dict[str, list[str]]:
    """The page for where it stands; where e-RS alone says what went wrong, the page of its state."""
    by_standing: dict[str, dict[str, list[str]]] = pages.page("standing")
    by_state: dict[str, dict[str, list[str]]] = pages.page("referral_state")
    row, referral = told.joined.row, told.joined.referral
    listed = row is not None and (row.cancelled is not None or row.last_missed is not None)
    from_state = referral is not None and told.stands in (Standing.CANCELLED, Standing.MISSED) and not listed
    if referral is not None and (from_state or told.stands.name not in by_standing):
        page = by_state[referral.state.value]
        return {"next": [*(page["known"] if row is not None else []), *page["next"]], "ring": page["ring"]}
    return by_standing[told.stands.name]


def _first_referred(told: Told) -> date | None:
    row = told.joined.row
    first = row.original_referral_received if row else None
    return (
        first
        if row is not None and first is not None and first < min(row.referral_received or date.max, row.clock_start or date.max)
        else None
    )


def _all_weeks(told: Told) -> str | None:
    """The whole weeks that are more than gone by since the first referral, where that is no shorter than this clock's."""
    days = told.pathway.days_since_referral
    return None if days is None or days <= 7 else weeks_band(days).rstrip("+")


def _values(told: Told, pages: Book) -> dict[str, str | None]:
    row, pathway, speaking = told.joined.row, told.pathway, told.speaking
    values = {
        "referred": _said(pathway.referred),
        "first": _said(_first_referred(told)),
        "all_weeks": _all_weeks(told),
        "attended": _said(row.last_attended if row else None),
        "start": _said(pathway.clock_start),
        "stopped": _said(row.clock_stop if row else None),
        "weeks": (pathway.weeks_band or "").rstrip("+") or None,
        "waited_to": said(pathway.waited_to),
        "week_ending": _said(row.week_ending if row else None),
        "seen": _said(told.joined.referral.as_at if told.joined.referral else None),
        "cancelled": _said(row.cancelled if row else None),
        "missed": _said(row.last_missed if row else None),
        "passed_day": _said(told.booked.passed.event.day if told.booked.passed else None),
    }
    beside = speaking.ring_values(told.today) | speaking.provider_values(pathway.provider)
    contact = contact_values(told.joined.referral, pathway.provider, pages)
    return values | beside | contact | event_values(told.booked.next, speaking.ring_day(told.today), pages)


def event_values(booking: Booking | None, ring_day: date, pages: Book) -> dict[str, str | None]:
    if booking is None:
        return {"event_day": None, "event_time": None, "event_place": None, "letter_day": None}
    event = booking.event
    place = pages.speakable(event.place)
    return {
        "event_day": said_with_weekday(event.day),
        "event_time": f" at {said_time(event.time)}" if event.time else "",
        "event_place": f", at {place}" if place else "",
        "letter_day": said_with_weekday(ring_day) if ring_day + timedelta(days=2) < event.day else None,
    }


def _said(day: date | datetime | None) -> str | None:
    if day is None:
        return None
    return said(london_day(day) if isinstance(day, datetime) else day)


def _facts(told: Told, pages: Book) -> dict[str, Fact]:
    row, referral = told.joined.row, told.joined.referral
    facts = {"general": pages.general}
    if row is not None:
        facts["list"] = Fact(row.source, row.week_ending)
    if referral is not None:
        facts["referral"] = Fact(referral.source, referral.as_at)
    facts["fact"] = facts.get("list") or facts.get("referral") or pages.general
    for name, booking in _of(told.booked):
        facts[name] = Fact(booking.source, booking.as_at, booking.field)
    return facts


def _of(booked: Bookings) -> Iterable[tuple[str, Booking]]:
    if booked.next is not None:
        yield "event", booked.next
    if booked.passed is not None:
        yield "passed", booked.passed

"""Dates, states and weeks as the status screen words them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from helpdesk.answers import Answer, Remedy, SourceState
from helpdesk.calls.model import Dispositions, SavedCall
from helpdesk.clock import london_day, london_time
from helpdesk.pathways.model import NextEvent, Pathway, Sentence
from helpdesk.patients.model import PartialDate
from helpdesk.patients.related import Related

STATES = {
    SourceState.FRESH: "Fresh",
    SourceState.STALE: "Stale",
    SourceState.UNAVAILABLE: "Unavailable",
    SourceState.NOT_PERMITTED: "Not permitted",
    SourceState.NOTHING_HELD: "Nothing held",
}


@dataclass(frozen=True)
class SourceLine:
    """One source on the strip. `state` is None while it is being asked; `waited_s` is for how long."""

    name: str
    label: str
    state: SourceState | None
    words: str
    as_at: str = ""
    message: str = ""
    can_retry: bool = False
    waited_s: int = 0


def asking(name: str, label: str, waited_s: int = 0) -> SourceLine:
    after = f", {waited_s} sec" if waited_s else "…"
    return SourceLine(name, label, None, f"Asking{after}", waited_s=waited_s)


def answered(answer: Answer[object], now: datetime) -> SourceLine:
    return SourceLine(
        answer.source,
        answer.label,
        answer.state,
        STATES[answer.state],
        moment(answer.as_at, now),
        answer.message,
        answer.remedy is Remedy.RETRY,
    )


def failed(name: str, label: str, message: str) -> SourceLine:
    return SourceLine(name, label, SourceState.UNAVAILABLE, STATES[SourceState.UNAVAILABLE], "", message, can_retry=True)


def day(value: date) -> str:
    """03-Mar-2026. Source: NHS Common User Interface, date display."""
    return PartialDate.of(value).shown


def moment(value: date | datetime | None, now: datetime) -> str:
    """The time of a moment today, the day of one before, nothing for none."""
    if value is None:
        return ""
    if not isinstance(value, datetime):
        return day(value)
    return f"{london_time(value):%H:%M}" if london_day(value) == london_day(now) else day(london_day(value))


def evidence(sentence: Sentence) -> str:
    """The line that "why?" opens: source, the day of its facts, the field they rest on and the rule."""
    parts = (f"{sentence.source} {stamp(sentence.as_at)}".strip(), sentence.field, f"rule {sentence.rule}" if sentence.rule else "")
    return " · ".join(p for p in parts if p)


def stamp(as_at: date | datetime | None) -> str:
    if isinstance(as_at, datetime):
        return f"{day(london_day(as_at))} {london_time(as_at):%H:%M}"
    return day(as_at) if as_at else ""


def event(next_event: NextEvent) -> str:
    """Wed 16-Dec-2026 10:20, Fenmoor City Hospital."""
    at = f" {next_event.time:%H:%M}" if next_event.time else ""
    place = f", {next_event.place}" if next_event.place else ""
    return f"{next_event.day:%a} {day(next_event.day)}{at}{place}"


def pathways_found(count: int, waiting: int) -> str:
    """How many, and that more may come while sources are still being asked."""
    if count == 0:
        return "None yet" if waiting else "None found"
    return f"{count} so far" if waiting else f"{count} found"


def weeks(pathway: Pathway) -> str:
    """37w, or nothing without a running clock."""
    return f"{pathway.weeks_band}w" if pathway.weeks_band is not None else ""


def calls_before(calls: tuple[SavedCall, ...], now: datetime, choices: Dispositions) -> str:
    """2 in 30 days, last 09-Nov-2026: where a referral has got to."""
    if not calls:
        return "None on this desk"
    recent = sum(1 for call in calls if (now - call.started).days < 30)
    reason = next((c.words for c in choices.reasons if c.code == calls[0].disposition.reason), "")
    last = f"last {day(london_day(calls[0].started))}" + (f": {reason}" if reason else "")
    return f"{recent} in 30 days, {last}" if recent else f"None in 30 days, {last}"


def long_day(value: date) -> str:
    """3 March 2026, as it is read out."""
    return f"{value.day} {value:%B %Y}"


NO_CONSENT = "Related, next of kin or contact is not consent to be told anything."
NOBODY_RELATED = "PDS holds nobody as related to this person."


def related(person: Related) -> str:
    """Mother: ADEYEMI, Folake (Mrs), NHS number 999 300 1163."""
    number = f"NHS number {person.nhs_number.spaced}" if person.nhs_number is not None else ""
    name = person.name.shown if person.name.family or person.name.given else ""
    return f"{person.relationship}: {', '.join(part for part in (name, number) if part)}"

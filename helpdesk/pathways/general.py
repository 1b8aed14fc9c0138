"""What is said when it is about no single pathway: restricted, deceased, not verified, nothing held, a source down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from helpdesk.answers import Answer, SourceState
from helpdesk.clock import london_day
from helpdesk.pathways.days import said, said_with_weekday, working_day_after
from helpdesk.pathways.model import Part, Saying, Sentence
from helpdesk.pathways.sentences import Fact, book

_RULE = {
    SourceState.UNAVAILABLE: "A01",
    SourceState.NOT_PERMITTED: "A02",
    SourceState.STALE: "A03",
    SourceState.NOTHING_HELD: "A04",
}


class Situation(StrEnum):
    """`deceased` is a confirmed death; `death_reported` one that is not confirmed, of which nothing is said.
    `some_hidden`: something was left out because this caller may not be told of it."""

    RESTRICTED = "restricted"
    UNCONFIRMED = "unconfirmed"
    NOT_TOLD = "not_told"
    DECEASED = "deceased"
    DEATH_REPORTED = "death_reported"
    NOTHING_HELD = "nothing_held"
    NOT_ALL_ASKED = "not_all_asked"
    SOME_HIDDEN = "some_hidden"


def say_situation(situation: Situation, today: date, *, desk_phone: str = "") -> tuple[Saying, ...]:
    """The words for a situation, parts without words left out."""
    pages = book()
    page = pages.page("situations")[situation.value]
    values = {
        "ring_day": said_with_weekday(working_day_after(today, pages.days_to_ring_back)),
        "ring_us": f"ring us on {desk_phone}" if desk_phone else "ring us",
    }
    parts = ((Part.KNOWN, "known"), (Part.NEXT, "next"), (Part.RING_BACK, "ring"))
    sayings = (
        Saying(part, tuple(s for rule in page[key] if (s := pages.sentence(rule, values, {"general": pages.general}))))
        for part, key in parts
    )
    return tuple(saying for saying in sayings if saying.sentences)


def notice(situation: Situation) -> str:
    """The strip above everything for the handler, or ""."""
    return book().notice(situation.value)


def source_sentence(answer: Answer[object]) -> Sentence | None:
    """What may be said of a source that did not simply answer: None for a fresh one. Only "nothing held" says that
    there is nothing."""
    rule = _RULE.get(answer.state)
    if rule is None:
        return None
    values = {"label": answer.label or "one system", "as_at": _day(answer.as_at)}
    return book().sentence(rule, values, {"source": Fact(answer.source, answer.as_at)})


def nothing_found(answers: Sequence[Answer[object]], today: date, *, hidden: bool = False, desk_phone: str = "") -> tuple[Saying, ...]:
    """What to say when no pathway can be shown. `answers` are those of the sources of pathways. "Nothing held" is said
    only when every one of them said so; `hidden` when something was left out for this caller."""
    if hidden:
        return say_situation(Situation.SOME_HIDDEN, today, desk_phone=desk_phone)
    if answers and all(a.state is SourceState.NOTHING_HELD for a in answers):
        return say_situation(Situation.NOTHING_HELD, today, desk_phone=desk_phone)
    sayings = say_situation(Situation.NOT_ALL_ASKED, today, desk_phone=desk_phone)
    why = tuple(s for a in answers if (s := source_sentence(a)) is not None)
    return tuple(Saying(s.part, (*why, *s.sentences)) if s.part is Part.KNOWN else s for s in sayings)


def _day(as_at: date | datetime | None) -> str | None:
    if as_at is None:
        return None
    return said(london_day(as_at) if isinstance(as_at, datetime) else as_at)

"""What is said when it is about no single pathway: restricted, deceased, not verified, nothing held, a source down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

from helpdesk.answers import Answer, SourceState
from helpdesk.clock import london_day
from helpdesk.pathways.days import said
from helpdesk.pathways.model import Part, Saying, Sentence
from helpdesk.pathways.sentences import Book, Fact, book
from helpdesk.pathways.speaking import Speaking


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


_PARTS = ((Part.KNOWN, "known"), (Part.NEXT, "next"), (Part.RING_BACK, "ring"), (Part.WORSE, "worse"))


def say_situation(situation: Situation, today: date, speaking: Speaking | None = None) -> tuple[Saying, ...]:
    """The words for a situation, parts without words left out."""
    speaks = speaking or Speaking()
    pages, values = speaks.pages, speaks.ring_values(today)
    page = pages.page("situations")[situation.value]
    sayings = (Saying(part, _written(page[key], values, pages)) for part, key in _PARTS)
    return tuple(saying for saying in sayings if saying.sentences)


def _written(rules: Sequence[str], values: Mapping[str, str | None], pages: Book) -> tuple[Sentence, ...]:
    return tuple(s for rule in rules if (s := pages.sentence(rule, values, {"general": pages.general})) is not None)


def notice(situation: Situation) -> str:
    """The strip above everything for the handler, or ""."""
    return book().notice(situation.value)


def source_sentence(answer: Answer[object], port: str = "", pages: Book | None = None) -> Sentence | None:
    """What may be said of how a source answered; `port` is what it was asked for. Only "nothing held" says that there is
    nothing. None where an old answer has no day."""
    words = pages or book()
    by_port = words.page("source_state")
    rule = by_port.get(port, by_port[""])[answer.state.value]
    values = {"label": words.speakable(answer.label) or "one system", "as_at": _day(answer.as_at)}
    return words.sentence(rule, values, {"source": Fact(answer.source, answer.as_at)})


def nothing_found(
    answers: Sequence[Answer[object]],
    today: date,
    *,
    hidden: bool = False,
    ports: Mapping[str, str] | None = None,
    speaking: Speaking | None = None,
) -> tuple[Saying, ...]:
    """What to say when no pathway can be shown. `answers` are those of the sources of pathways. "Nothing held" is said
    only when every one of them said so; `hidden` when something was left out for this caller."""
    speaks = speaking or Speaking()
    if hidden:
        return say_situation(Situation.SOME_HIDDEN, today, speaks)
    if answers and all(a.state is SourceState.NOTHING_HELD for a in answers):
        return say_situation(Situation.NOTHING_HELD, today, speaks)
    sayings = say_situation(Situation.NOT_ALL_ASKED, today, speaks)
    of = ports or {}
    told = [source_sentence(a, of.get(a.source, ""), speaks.pages) for a in answers if a.state is not SourceState.FRESH]
    why = tuple(s for s in told if s is not None)
    return tuple(Saying(s.part, (*why, *s.sentences)) if s.part is Part.KNOWN else s for s in sayings)


def _day(as_at: date | datetime | None) -> str | None:
    if as_at is None:
        return None
    return said(london_day(as_at) if isinstance(as_at, datetime) else as_at)

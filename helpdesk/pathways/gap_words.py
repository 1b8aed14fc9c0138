"""What is told to a caller about a gap, by the rules of the wording."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from helpdesk.pathways.days import said, said_with_weekday, working_day_after
from helpdesk.pathways.gap_facts import Witness
from helpdesk.pathways.model import GapKind, Part, Pathway, Saying, Sentence
from helpdesk.pathways.sentences import Fact, book


def gap_sentences(kind: GapKind, pathway: Pathway, since: date, who: Witness) -> tuple[Sentence, ...]:
    """Nothing where only the pathway's own team answers."""
    if pathway.ask_team:
        return ()
    return _written(book().page("gaps")["say"][kind.value], _values(pathway, since), who)


def own_sayings(kind: GapKind, pathway: Pathway, since: date, who: Witness, today: date, desk_phone: str) -> tuple[Saying, ...]:
    """What is said of a pathway that is known by its gap alone."""
    pages = book()
    page = pages.page("ask_team") if pathway.ask_team else pages.page("gaps")["own"][kind.value]
    ring_day = said_with_weekday(working_day_after(today, pages.days_to_ring_back))
    beside: dict[str, str | None] = {"ring_day": ring_day, "ring_us": f"ring us on {desk_phone}" if desk_phone else "ring us"}
    parts = ((Part.KNOWN, "known"), (Part.NEXT, "next"), (Part.RING_BACK, "ring"))
    return tuple(Saying(part, _written(page[key], _values(pathway, since) | beside, who)) for part, key in parts)


def _values(pathway: Pathway, since: date) -> dict[str, str | None]:
    named = book().speakable(pathway.provider.name if pathway.provider.name != pathway.provider.code else "")
    return {"provider": named or "the service", "since": said(since)}


def _written(rules: Sequence[str], values: dict[str, str | None], who: Witness) -> tuple[Sentence, ...]:
    pages = book()
    of = Fact(who.source, who.as_at)
    facts = {"gap": of, "list": of, "fact": of, "general": pages.general}
    return tuple(s for rule in rules if (s := pages.sentence(rule, values, facts)) is not None)

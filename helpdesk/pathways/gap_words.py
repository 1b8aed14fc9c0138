"""What is told to a caller about a gap, by the rules of the wording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from helpdesk.pathways.days import said
from helpdesk.pathways.gap_facts import Witness
from helpdesk.pathways.model import GapKind, Part, Pathway, Saying, Sentence, Turn
from helpdesk.pathways.sentences import Fact
from helpdesk.pathways.speaking import Speaking

_ASK = "G_ask_"
"""Rules of what can be asked, one for each whose turn it can be."""


def gap_sentences(kind: GapKind, turn: Turn, pathway: Pathway, since: date, who: Witness, speaking: Speaking) -> tuple[Sentence, ...]:
    """What is wrong, and what can be asked of whose turn it is. Nothing where only the pathway's own team answers."""
    if pathway.ask_team or speaking.silent:
        return ()
    listed: Sequence[str] = speaking.pages.page("gaps")["say"][kind.value]
    rules = [f"{_ASK}{turn.name.lower()}" if rule.startswith(_ASK) else rule for rule in listed]
    return _written(rules, _values(pathway, since, speaking), who, speaking)


def own_sayings(kind: GapKind, pathway: Pathway, since: date, who: Witness, today: date, speaking: Speaking) -> tuple[Saying, ...]:
    """What is said of a pathway that is known by its gap alone."""
    pages = speaking.pages
    page = pages.page("ask_team") if pathway.ask_team else pages.page("gaps")["own"][kind.value]
    values = _values(pathway, since, speaking) | speaking.ring_values(today)
    parts = ((Part.KNOWN, "known"), (Part.NEXT, "next"), (Part.RING_BACK, "ring"))
    written = (Saying(part, _written(page[key], values, who, speaking)) for part, key in parts)
    return (*written, speaking.worse())


def _values(pathway: Pathway, since: date, speaking: Speaking) -> dict[str, str | None]:
    return speaking.provider_values(pathway.provider) | {"since": said(since)}


def _written(rules: Sequence[str], values: Mapping[str, str | None], who: Witness, speaking: Speaking) -> tuple[Sentence, ...]:
    pages = speaking.pages
    of = Fact(who.source, who.as_at)
    facts = {"gap": of, "list": of, "fact": of, "general": pages.general}
    return tuple(s for rule in rules if (s := pages.sentence(rule, values, facts)) is not None)

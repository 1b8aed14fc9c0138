"""The book of sentences: versioned texts by rule and audience, filled with facts and never with a guess."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from importlib.resources import files
from string import Formatter
from typing import Any

from helpdesk.pathways.audience import Audience
from helpdesk.pathways.model import Sentence
from helpdesk.pathways.versions import Wording, shipped


@dataclass(frozen=True)
class Fact:
    """What a sentence rests on: the instance that gave it, its date, and which field."""

    source: str
    as_at: date | datetime | None
    field: str = ""


class Book:
    """The texts of one version for one audience, and the rules of which is said where (wording.json)."""

    def __init__(self, content: Mapping[str, Any], wording: Wording, audience: Audience = Audience.PATIENT) -> None:
        self._content = content
        self.wording = wording
        self.audience = audience
        self.general = Fact(f"content:{wording.id}@{wording.version}", wording.effective)
        """The source of words that rest on no system: this content, with its version and its date."""
        self._texts = {rule: by[audience] for rule, by in wording.texts.items()}
        self._blanks = {rule: blanks_of(text) for rule, text in self._texts.items()}
        self._forbidden = forbidden_words()

    @property
    def days_to_ring_back(self) -> int:
        return int(self._content["days_to_ring_back"])

    def page(self, name: str) -> Any:
        return self._content[name]

    def notice(self, name: str) -> str:
        """The strip above everything for a situation, or ""."""
        return str(self._content["notices"].get(name, ""))

    def is_forbidden(self, text: str) -> bool:
        """Whether these words may not be said to a caller by this desk."""
        return self._forbidden.search(text) is not None

    def speakable(self, name: str) -> str:
        """A name from a source, or "" where it holds words that may not be said."""
        return "" if self.is_forbidden(name) else name.strip()

    def sentence(self, rule: str, values: Mapping[str, str | None], facts: Mapping[str, Fact]) -> Sentence | None:
        """The words of this rule with their fact, those of its `otherwise` where a blank cannot be filled, else None."""
        entry = self._content["sentences"][rule]
        fact = facts.get(entry["from"])
        if fact is None or any(values.get(name) is None for name in self._blanks[rule]):
            return self.sentence(entry["otherwise"], values, facts) if "otherwise" in entry else None
        return Sentence(self.text(rule, values), fact.source, fact.as_at, entry["field"] or fact.field, rule, self.wording.version)

    def text(self, rule: str, values: Mapping[str, str | None]) -> str:
        """The words alone, for what keeps its facts beside them. Raises KeyError where a blank is not filled."""
        text = self._texts[rule].format_map(values)
        return text[:1].upper() + text[1:]


def blanks_of(text: str) -> tuple[str, ...]:
    """The names of the blanks of a text. Raises ValueError where it is not well formed."""
    return tuple(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@cache
def rules() -> Mapping[str, Any]:
    """Which rule is said where, and on which fact it rests."""
    content: Mapping[str, Any] = json.loads((files("resources") / "reference" / "wording.json").read_text(encoding="utf-8"))
    return content


@cache
def forbidden_words() -> re.Pattern[str]:
    words = "|".join(re.escape(w) for w in rules()["forbidden"])
    return re.compile(rf"\b(?:{words})", re.IGNORECASE)


@lru_cache(maxsize=32)
def book(audience: Audience = Audience.PATIENT, wording: Wording | None = None) -> Book:
    """This version for this audience; without a version the latest that came with the program."""
    return Book(rules(), wording or max(shipped().versions, key=lambda w: w.effective), audience)

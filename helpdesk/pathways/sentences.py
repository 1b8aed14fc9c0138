"""The book of sentences: versioned texts by rule, filled with facts and never with a guess."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from helpdesk.pathways.model import Sentence


@dataclass(frozen=True)
class Fact:
    """What a sentence rests on: the instance that gave it, its date, and which field."""

    source: str
    as_at: date | datetime | None
    field: str = ""


class Book:
    """One version of wording.json."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._content = content
        words = "|".join(re.escape(w) for w in content["forbidden"])
        self._forbidden = re.compile(rf"\b(?:{words})", re.IGNORECASE)

    @property
    def general(self) -> Fact:
        """The source of words that rest on no system: this content, with its version and its date."""
        return Fact(f"content:{self._content['id']}@{self._content['version']}", date.fromisoformat(self._content["effective"]))

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
        blanks = [name for _, name, _, _ in Formatter().parse(entry["text"]) if name]
        fact = facts.get(entry["from"])
        if fact is None or any(values.get(name) is None for name in blanks):
            return self.sentence(entry["otherwise"], values, facts) if "otherwise" in entry else None
        text = entry["text"].format_map(values)
        return Sentence(text[:1].upper() + text[1:], fact.source, fact.as_at, entry["field"] or fact.field, rule)


@cache
def book() -> Book:
    """The wording in force."""
    return Book(json.loads((files("resources") / "reference" / "wording.json").read_text(encoding="utf-8")))

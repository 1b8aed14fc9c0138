"""When a range may be shown, how treatment functions are counted, and the words: all of it data with effective dates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

CHILDREN = "X04"
_OWN = "own"


@dataclass(frozen=True)
class Words:
    """One version of what is said; `sign_off` is who signed it off, "none" where nobody has."""

    version: str
    sign_off: str
    range: tuple[str, ...]

    @property
    def signed_off(self) -> bool:
        return self.sign_off != "none"


@dataclass(frozen=True)
class Rules:
    """The rules in force on one day. Source: wait_range.json."""

    values: Mapping[str, float]
    counted_as: Mapping[str, str]
    words: Words | None = field(default=None)

    def number(self, name: str) -> float:
        return self.values[name]

    def whole(self, name: str) -> int:
        return int(self.values[name])


@cache
def _data() -> Any:
    return json.loads((files("resources") / "reference" / "wait_range.json").read_text(encoding="utf-8"))


def _in_force(entry: Mapping[str, Any], day: date) -> bool:
    return entry["from"] <= day.isoformat() and (entry["to"] is None or day.isoformat() <= entry["to"])


@cache
def rules_on(day: date) -> Rules:
    """A day before the first of them is answered with what is known first: past months are reckoned by today's way."""
    held = _data()
    first = min(r["from"] for r in held["rules"])
    at = max(day, date.fromisoformat(first))
    words = [w for w in held["wording"] if _in_force(w, day)]
    latest = max(words, key=lambda w: str(w["from"])) if words else None
    return Rules(
        {r["id"]: float(r["value"]) for r in held["rules"] if _in_force(r, at)},
        {c: c if f["counted_as"] == _OWN else f["counted_as"] for f in held["functions"] if _in_force(f, at) for c in f["codes"]},
        Words(latest["version"], latest["sign_off"], tuple(latest["range"])) if latest else None,
    )


@cache
def published_functions() -> frozenset[str]:
    """The treatment functions that files have or had, without the total of all of them."""
    return frozenset(c for f in _data()["functions"] if f["counted_as"] == _OWN for c in f["codes"])

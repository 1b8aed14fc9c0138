"""The words of the 999 / 111 card, read from the program's own files: no service is needed for them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources


@dataclass(frozen=True)
class SafetyRoute:
    """One of the three ways to urgent help. `id` is what a call keeps of it."""

    id: str
    number: str
    when: str
    say: str
    act: str
    done: str


@dataclass(frozen=True)
class DeafRoute:
    name: str
    how: str
    note: str


@dataclass(frozen=True)
class SafetyContent:
    title: str
    ask: str
    ask_note: str
    rule: str
    routes: tuple[SafetyRoute, ...]
    deaf_title: str
    deaf_routes: tuple[DeafRoute, ...]
    also: tuple[tuple[str, str], ...]


@lru_cache(maxsize=1)
def load() -> SafetyContent:
    """The content as it is shipped."""
    told = json.loads((resources.files("resources") / "reference" / "safety.json").read_text(encoding="utf-8"))
    return SafetyContent(
        title=told["title"],
        ask=told["ask"],
        ask_note=told["ask_note"],
        rule=told["rule"],
        routes=tuple(SafetyRoute(**route) for route in told["routes"]),
        deaf_title=told["deaf"]["title"],
        deaf_routes=tuple(DeafRoute(**route) for route in told["deaf"]["routes"]),
        also=tuple((line["name"], line["number"]) for line in told["also"]),
    )

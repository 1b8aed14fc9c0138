"""What all sending services have in common: how text is counted, and the words for why a message was not delivered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from helpdesk.errors import RuleBroken


def characters(text: str) -> int:
    """How long the services count a text: a character outside the Basic Multilingual Plane, such as an emoji, is two."""
    return len(text.encode("utf-16-le")) // 2


def refuse_too_long(text: str, limit: int, name: str) -> None:
    """Raises RuleBroken saying by how many characters. `name` is what it would be sent as ("a text message")."""
    length = characters(text)
    if length > limit:
        over = f"{length - limit:,} character{'' if length - limit == 1 else 's'}"
        raise RuleBroken(f"This is {over} too long for {name}: it has {length:,}, and {limit:,} is the limit.", field="text")


def refuse_empty(text: str) -> None:
    """Raises RuleBroken where there are no words in it."""
    if not text.strip():
        raise RuleBroken("There is no text to send.", field="text")


def subject_of(text: str) -> str:
    """An e-mail's subject in one line. Raises RuleBroken where there is none."""
    subject = " ".join(text.split())
    if not subject:
        raise RuleBroken("An e-mail needs a subject.", field="subject")
    return subject


@cache
def failures(service: str) -> Mapping[str, Any]:
    """The words of one service ("nhs_notify"): `reasons` by code, and `unknown`."""
    text = files("resources").joinpath("reference", "notify_failures.json").read_text(encoding="utf-8")
    words: Mapping[str, Any] = json.loads(text)[service]
    return words

"""Who may ask e-RS what: the business functions and the calls they open, as data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class CallRule:
    """One call: `what` it does in words, the business functions of a user that may make it, the contexts ("provider",
    "practice") in which an application may, and whether it takes the user that an administrator acts for."""

    what: str
    user: frozenset[str]
    application: frozenset[str]
    on_behalf_of: bool


@cache
def _content() -> Mapping[str, Any]:
    listed: Mapping[str, Any] = json.loads((files("resources") / "reference" / "ers_functions.json").read_text(encoding="utf-8"))
    return listed


@cache
def call_rule(call: str) -> CallRule:
    """The rule of a call ("A005") or of a worklist ("APPOINTMENT_SLOT_ISSUES"). Raises KeyError for any other."""
    held = _content()["calls"][call]
    return CallRule(held["what"], frozenset(held["user"]), frozenset(held["application"]), held["on_behalf_of"])


def title(function: str) -> str:
    """A business function in words."""
    return str(_content()["functions"][function])


def acts_for_another(function: str) -> bool:
    """Whether a user of this function always names the clinician they act for."""
    return bool(function == _content()["acts_for_another"])

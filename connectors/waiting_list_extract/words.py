"""What the words of referral and activity extracts mean; data with its sources."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from helpdesk.pathways.activity import ActivityKind, ActivityStatus

_BETWEEN = re.compile(r"[\s_-]+")


@dataclass(frozen=True)
class ReferralStep:
    """How far a referral came: `step` is sent, received, accepted or closed; `outcome` the word for how it was closed."""

    step: str
    outcome: str = ""


@cache
def _words() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((files("resources") / "reference" / "extract_words.json").read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=1024)
def bare(text: str) -> str:
    """A word as it is compared."""
    return _BETWEEN.sub(" ", text.casefold()).strip()


@lru_cache(maxsize=1024)
def referral_step(text: str) -> ReferralStep | None:
    """None for a word that is not known; a blank one is not."""
    found = _words()["referral_states"].get(bare(text))
    return None if found is None else ReferralStep(found["step"], found.get("outcome", ""))


@lru_cache(maxsize=1024)
def activity_kind(text: str) -> ActivityKind | None:
    found = _words()["activity_kinds"].get(bare(text))
    return None if found is None else ActivityKind(found)


@lru_cache(maxsize=1024)
def activity_status(text: str) -> ActivityStatus | None:
    """UNKNOWN for a blank one; None for a word that is not known."""
    found = _words()["activity_statuses"].get(bare(text))
    return None if found is None else ActivityStatus(found)


@lru_cache(maxsize=1024)
def activity_outcome(text: str) -> str | None:
    """What the outcome says of the status; "" for a blank one, None for a word that is not known."""
    found: str | None = _words()["activity_outcomes"].get(bare(text))
    return found


def meaning(column: str, word: str) -> object | None:
    """What the word means in this column of a referral or activity extract; None where it means nothing there."""
    readers: Mapping[str, Callable[[str], object | None]] = {
        "state": referral_step,
        "kind": activity_kind,
        "status": activity_status,
        "outcome": activity_outcome,
    }
    return readers[column](word) if column in readers else None


def known_words(column: str) -> tuple[str, ...]:
    """The words that a column of codes may hold, for a proposal of a mapping; empty where there is no list."""
    lists = {"state": "referral_states", "kind": "activity_kinds", "status": "activity_statuses", "outcome": "activity_outcomes"}
    return tuple(w for w in _words()[lists[column]] if w) if column in lists else ()

"""From how many days each kind of gap counts, whose turn it then is, and what to propose: data with effective dates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from helpdesk.pathways.model import GapKind, Severity, Turn

WORST_FIRST = (Severity.HIGH, Severity.MEDIUM, Severity.LOW)


@dataclass(frozen=True)
class GapRule:
    """`first_days` holds the first day of each severity that the kind reaches, the worst first. `undated` is the severity
    where a source tells the state without a day. `hand_off` names the provider in one blank."""

    kind: GapKind
    first_days: tuple[tuple[int, Severity], ...]
    undated: Severity | None
    turn: Turn
    hand_off: str

    @property
    def low(self) -> int:
        """The first day from which it is a gap at all."""
        return self.first_days[-1][0]

    def severity(self, days: int) -> Severity | None:
        """How severe it is after so many days, None while it is no gap yet."""
        return next((severity for first, severity in self.first_days if days >= first), None)


@cache
def _content() -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads((files("resources") / "reference" / "gaps.json").read_text(encoding="utf-8"))
    return content


@cache
def gap_rules(day: date) -> Mapping[GapKind, GapRule]:
    """The rules in force on that day; a kind that is not among them is not looked for."""
    told = day.isoformat()
    in_force = [r for r in _content()["kinds"] if r["from"] <= told and (r["to"] is None or told <= r["to"])]
    return {GapKind(r["kind"]): _rule(r) for r in sorted(in_force, key=lambda r: str(r["from"]))}


def ask_team_hand_off() -> str:
    """What to propose where only the pathway's own team answers."""
    return str(_content()["ask_team_hand_off"])


def list_shows_by() -> int:
    """How many days after a referral was sent a list of its provider would show it."""
    return int(_content()["list_shows_by"])


def is_sent_back(outcome: str) -> bool:
    """Whether a referral that was closed with this word was sent back or rejected, and not simply over."""
    return not any(word in outcome.casefold() for word in _content()["not_sent_back"])


def _rule(entry: Mapping[str, Any]) -> GapRule:
    days = tuple((int(entry[s.value]), s) for s in WORST_FIRST if entry[s.value] is not None)
    undated = Severity(entry["undated"]) if entry["undated"] else None
    return GapRule(GapKind(entry["kind"]), days, undated, Turn[entry["turn"]], str(entry["hand_off"]))

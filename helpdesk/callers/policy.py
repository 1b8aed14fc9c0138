"""What a caller must get right before more may be told, as data with a version and a date."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from helpdesk.callers.model import Item, Level
from helpdesk.errors import RuleBroken


@dataclass(frozen=True)
class ItemRule:
    """How much one item counts, and whether somebody of the same household would know it."""

    weight: int
    known_at_home: bool


@dataclass(frozen=True)
class LevelRule:
    """What one level needs: matches in all, of these some not known at home, and the acts that were done."""

    matches: int
    not_known_at_home: int
    acts: frozenset[str]


@dataclass(frozen=True)
class Policy:
    """The rules in force. `sign_off` is "none" until somebody answerable signs. `spent_alert` is how many items spent
    for one patient in one day alert a supervisor."""

    version: str
    effective: date
    sign_off: str
    tries: int
    spent_alert: int
    items: Mapping[Item, ItemRule]
    levels: Mapping[Level, LevelRule]
    authorities: frozenset[str]

    @classmethod
    def load(cls, source: Traversable | None = None) -> Policy:
        """The policy in resources/reference/verification.json, or in another file. Raises RuleBroken when it is no
        policy: a desk without one tells nobody anything."""
        where = source or files("resources").joinpath("reference", "verification.json")
        try:
            return _policy(json.loads(where.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise RuleBroken("The rules for checking callers cannot be read. Ask an administrator.") from wrong

    @property
    def acts(self) -> frozenset[str]:
        """Every act that some level asks for: only these can be ticked."""
        return frozenset().union(*(rule.acts for rule in self.levels.values()))


def _policy(data: Mapping[str, Any]) -> Policy:
    policy = Policy(
        version=str(data["version"]),
        effective=date.fromisoformat(data["effective"]),
        sign_off=str(data["sign_off"]),
        tries=int(data["tries"]),
        spent_alert=int(data["spent_alert"]),
        items={Item(name): ItemRule(int(rule["weight"]), bool(rule["known_at_home"])) for name, rule in data["items"].items()},
        levels={Level[name.upper()]: _level(rule) for name, rule in data["levels"].items()},
        authorities=frozenset(data["authorities"]),
    )
    status, contact = policy.levels[Level.STATUS], policy.levels[Level.CONTACT_DETAILS]
    if policy.tries < 1 or status.matches < 1 or contact.matches < status.matches or min(r.weight for r in policy.items.values()) < 1:
        raise ValueError("a level without a check")
    return policy


def _level(rule: Mapping[str, Any]) -> LevelRule:
    return LevelRule(int(rule["matches"]), int(rule["not_known_at_home"]), frozenset(rule["acts"]))

"""The invented organisations of the practice area, and the week each provider's list is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from helpdesk.identifiers import OdsCode
from helpdesk.practice.content import content
from helpdesk.practice.model import Organisation


@dataclass(frozen=True)
class Provider:
    """One provider that sends a list. `instance` is the name of its list in the configuration, `share` how often
    people wait there; `weeks_old` is how much older than the newest its list is, `phone` the number
    that its patients may be given."""

    ods: OdsCode
    name: str
    kind: str
    instance: str
    label: str
    share: int
    weeks_old: int
    phone: str

    def week_ending(self, today: date) -> date:
        return last_sunday(today) - timedelta(weeks=self.weeks_old)


@dataclass(frozen=True)
class System:
    """One system that the area serves. `instance` is its name in the configuration; one that is not `enabled` runs, and
    the desk asks it only once somebody switches it on. `provider` is whose system it is, where it is one provider's."""

    instance: str
    kind: str
    label: str
    provider: str
    enabled: bool
    more: Mapping[str, Any]
    """Settings of its own, as the configuration writes them."""


def last_sunday(today: date) -> date:
    """The last Sunday before that day: the newest week that a weekly list can be for."""
    return today - timedelta(days=today.isoweekday())


@cache
def providers() -> tuple[Provider, ...]:
    return tuple(
        Provider(OdsCode(p["ods"]), p["name"], p["kind"], p["list"], p["label"], p["share"], p["weeks_old"], p["phone"])
        for p in content("organisations")["providers"]
    )


@cache
def systems() -> tuple[System, ...]:
    return tuple(
        System(s["instance"], s["kind"], s.get("label", ""), s.get("provider", ""), s.get("enabled", True), s.get("more", {}))
        for s in content("organisations")["systems"]
    )


@cache
def practices() -> tuple[Organisation, ...]:
    return tuple(Organisation(OdsCode(p["ods"]), p["name"], "practice") for p in content("organisations")["practices"])


@cache
def organisations() -> tuple[Organisation, ...]:
    """All of them: the board that runs the desk first, then providers, then practices."""
    icb = content("organisations")["icb"]
    own = tuple(Organisation(p.ods, p.name, p.kind) for p in providers())
    others = tuple(Organisation(OdsCode(o["ods"]), o["name"], o["kind"]) for o in content("organisations")["others"])
    return (Organisation(OdsCode(icb["ods"]), icb["name"], "icb"), *own, *others, *practices())

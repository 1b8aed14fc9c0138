"""The short lists from which the end of a call is coded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from helpdesk.calls.model import Choice, Dispositions

RESOLVED = "resolved"


def read(content: Mapping[str, Any]) -> Dispositions:
    """The lists of one version of dispositions.json."""

    def choices(name: str) -> tuple[Choice, ...]:
        return tuple(Choice(**entry) for entry in content[name])

    return Dispositions(choices("reasons"), choices("outcomes"), choices("next_actions"), choices("caller_types"))


@cache
def load() -> Dispositions:
    """The codes in use now."""
    return read(json.loads((files("resources") / "reference" / "dispositions.json").read_text(encoding="utf-8")))


def reason_groups(dispositions: Dispositions) -> Mapping[str, tuple[Choice, ...]]:
    """The reasons by group, both in the order of the list."""
    groups: dict[str, tuple[Choice, ...]] = {}
    for choice in dispositions.reasons:
        groups[choice.group] = (*groups.get(choice.group, ()), choice)
    return groups

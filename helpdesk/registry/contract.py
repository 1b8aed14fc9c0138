"""The contract between the desk and a connector, version 1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from helpdesk.clock import Clock

API = 1


@dataclass(frozen=True)
class ConnectorContext:
    """What a connector's `connect(settings, context)` is given. `instance` is its name in the configuration, `label`
    what the desk shows, `organisation` our ODS code; `secret(name)` reads a secret named in the manifest and raises
    ConnectorAuthFailed when there is none. `user_agent` goes out with every request."""

    instance: str
    label: str
    organisation: str
    clock: Clock
    secret: Callable[[str], str]
    user_agent: str = "NerveCentreHelpdesk"


@dataclass(frozen=True)
class Manifest:
    """What a connector says of itself in manifest.toml. `provides` are port names: demographics, waiting_lists,
    referrals, practice_appointments, messages, extracts."""

    id: str
    name: str
    api: int
    provides: tuple[str, ...]
    factory: str
    stub: str
    settings: str
    secrets: tuple[str, ...]
    short: str = ""
    """What the desk shows where there is little room ("PDS"); the whole name when left out."""

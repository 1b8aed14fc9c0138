"""The contract between the desk and a connector, version 1."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from helpdesk.clock import Clock

API = 1
CONNECTORS = "nerve_centre.connectors"
"""The group of entry points by which an installed package offers connectors: the id, and the package that holds its
manifest.toml."""


class Allowance(Protocol):
    """How often services may be asked, counted over every thread of this desk (over the whole room once desks share a
    database)."""

    def take(self, service: str, within_s: float, dropped: Callable[[], bool] = lambda: False) -> bool:
        """Waits for a turn, at most so long; False where none came, or where `dropped` said meanwhile that nobody
        waits for the answer any more."""


class DailyUse(Protocol):
    """Counts what a service allows only so often a day, over the whole room."""

    def take(self, source: str, key: str, limit: int) -> bool:
        """Counts one use of today (Europe/London) and returns True, or False where the day's limit is used up."""


class StaffIdentity(Protocol):
    """The member of staff as the national sign-in (CIS2) knows them, shared by every instance that needs it."""

    def id_token(self) -> str:
        """Raises ConnectorAuthFailed when nobody is signed in, or the sign-in has ended."""

    @property
    def role_id(self) -> str:
        """The URID of the role chosen at sign-in; "" where none was given."""


class Free:
    """An allowance without a limit: for tests and for one-off questions."""

    def take(self, service: str, within_s: float, dropped: Callable[[], bool] = lambda: False) -> bool:  # noqa: ARG002  # the port's names
        return not dropped()


class Uncounted:
    """A daily use that counts nothing, for connectors made without a database."""

    def take(self, source: str, key: str, limit: int) -> bool:  # noqa: ARG002  # the port's names
        return True


FREE = Free()
UNCOUNTED = Uncounted()


@dataclass(frozen=True)
class Asker:
    """The member of staff on whose behalf a connector asks, for the audit of whoever is asked. `id` is the same person's
    for ever."""

    id: str
    family_name: str
    given_name: str = ""


def nobody() -> Asker | None:
    """No member of staff asks: a background task, or a check of the connection."""
    return None


@dataclass(frozen=True)
class ConnectorContext:
    """What a connector's `connect(settings, context)` is given. `instance` is its name in the configuration, `label`
    what the desk shows, `organisation` our ODS code; `secret(name)` reads a secret named in the manifest and raises
    ConnectorAuthFailed when there is none. `user_agent` goes out with every request. `identity` is None where this
    desk has no national sign-in. `asker()` is who is signed in at this desk now, or None."""

    instance: str
    label: str
    organisation: str
    clock: Clock
    secret: Callable[[str], str]
    user_agent: str = "NerveCentreHelpdesk"
    allowance: Allowance = FREE
    daily: DailyUse = UNCOUNTED
    identity: StaffIdentity | None = None
    asker: Callable[[], Asker | None] = nobody


@dataclass(frozen=True)
class Package:
    """The installed package that a connector from outside the program comes in. `files` are the SHA-256 of its files by
    their path under `root`, and `sha256` that of their listing, "" where it cannot be taken (`no_hash` says why). `checked`:
    the configuration names this very hash, so nothing but these files may be loaded."""

    name: str
    version: str
    sha256: str = ""
    checked: bool = False
    root: Path = Path()
    files: Mapping[str, str] = field(default_factory=dict, repr=False)
    no_hash: str = ""


@dataclass(frozen=True)
class Manifest:
    """What a connector says of itself in manifest.toml. `provides` are port names: demographics, waiting_lists,
    referrals, worklists, hospital_activity, practice_appointments, prescriptions, authority, organisations, services,
    messages, extracts, links, deliveries. `notice` is a sentence for whoever sets it up where the service is limited to approved
    consumers, or must be agreed first; "" where it is open to any."""

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
    notice: str = ""
    package: Package | None = None
    """Where a connector from outside comes from; None for the program's own."""

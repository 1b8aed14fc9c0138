"""What the window is given once the desk is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from helpdesk.access.model import Session
from helpdesk.calls.model import Dispositions
from helpdesk.clock import Clock
from helpdesk.desk.call_desk import CallDesk
from helpdesk.desk.connections import Connections
from helpdesk.desk.stuck import StuckDesk
from helpdesk.patients.service import PatientSearch


class Smartcard(Protocol):
    """The national sign-in of whoever is at this desk."""

    @property
    def signed_in(self) -> bool: ...

    def sign_in(self, cancelled: Callable[[], bool]) -> None:
        """Opens the browser and waits. Raises a ConnectorError in plain words."""

    def sign_out(self) -> None: ...


@dataclass(frozen=True)
class Workstation:
    """`profile` is "practice", "sandbox" or "live"; `connections` is None where the role may not change them, `smartcard`
    where this desk has no national sign-in, `stuck` where the role does not work on gaps."""

    session: Session
    profile: str
    clock: Clock
    calls: CallDesk
    people: PatientSearch
    dispositions: Dispositions
    organisation_name: str
    connections: Connections | None = None
    smartcard: Smartcard | None = None
    stuck: StuckDesk | None = None

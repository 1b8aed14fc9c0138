"""What the window is given once the desk is open."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.access.model import Session
from helpdesk.calls.model import Dispositions
from helpdesk.clock import Clock
from helpdesk.desk.call_desk import CallDesk
from helpdesk.desk.connections import Connections
from helpdesk.patients.service import PatientSearch


@dataclass(frozen=True)
class Workstation:
    """`profile` is "practice", "sandbox" or "live"; `connections` is None where the role may not change them."""

    session: Session
    profile: str
    clock: Clock
    calls: CallDesk
    people: PatientSearch
    dispositions: Dispositions
    organisation_name: str
    connections: Connections | None = None

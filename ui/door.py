"""What the window needs from composition: a door that is opened away from the window's thread, and the desk behind it."""

from __future__ import annotations

from typing import Protocol

from helpdesk.access.model import Role, Session
from helpdesk.calls.model import Dispositions
from helpdesk.clock import Clock
from helpdesk.desk.connections import Connections
from helpdesk.desk.workstation import Smartcard
from ui.call_desk.services import PatientSearch
from ui.call_desk.together import Desk
from ui.stuck.ports import StuckService


class Workstation(Protocol):
    """An open desk, for one session. `profile` is "practice", "sandbox" or "live"."""

    @property
    def session(self) -> Session: ...

    @property
    def profile(self) -> str: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def calls(self) -> Desk: ...

    @property
    def people(self) -> PatientSearch: ...

    @property
    def dispositions(self) -> Dispositions: ...

    @property
    def organisation_name(self) -> str: ...

    @property
    def smartcard(self) -> Smartcard | None:
        """The national sign-in; None where this desk has none."""

    @property
    def stuck(self) -> StuckService | None:
        """Stuck pathways; None where the role does not work on them."""

    @property
    def connections(self) -> Connections | None:
        """The settings of connections; None where the role may not change them."""


class Door(Protocol):
    """The opened database and sources, before anybody is at the desk. Every method blocks and raises HelpdeskError."""

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that may be picked without signing in (practice and sandbox); empty on a live profile."""

    @property
    def needs_first_account(self) -> bool:
        """Live, and nobody has an account yet."""

    def enter(self, role: Role) -> Workstation:
        """Practice and sandbox: at the desk in that role. Live: the same member of staff in another role of theirs. Raises
        RuleBroken where they have none."""

    def sign_in(self, login: str, password: str) -> Workstation:
        """Live. Raises RuleBroken when they are not right; the refusal is audited."""

    def make_first_account(self, login: str, name: str, password: str) -> Workstation:
        """Live, first run. Raises RuleBroken with `field` "login", "name" or "password"."""

    def close(self) -> None: ...

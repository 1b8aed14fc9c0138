"""The way from an open data folder to somebody at the desk, as the window uses it."""

from __future__ import annotations

import logging

from helpdesk.access.model import Role, Session
from helpdesk.audit import AuditAction, AuditEvent
from helpdesk.composition import accounts
from helpdesk.composition.opening import DeskFolder
from helpdesk.composition.services import Services
from helpdesk.desk.workstation import Workstation
from helpdesk.errors import RuleBroken, StorageError
from helpdesk.start import Start
from helpdesk.storage.audit import SqlAuditTrail
from helpdesk.storage.staff import SqlStaff

_log = logging.getLogger(__name__)
PRACTISED = (Role.HANDLER, Role.NAVIGATOR, Role.SUPERVISOR, Role.ADMINISTRATOR)
FIRST_ACCOUNT = (Role.HANDLER, Role.ADMINISTRATOR, Role.SUPPORT)


class FolderDoor:
    """One open folder. Every method blocks."""

    def __init__(self, folder: DeskFolder) -> None:
        self._folder = folder
        self._session: Session | None = None

    @property
    def roles(self) -> tuple[Role, ...]:
        return () if self._folder.start.live else PRACTISED

    @property
    def needs_first_account(self) -> bool:
        return self._folder.start.live and not self._folder.has_accounts

    def enter(self, role: Role) -> Workstation:
        if self._session is not None and self._folder.start.live:
            return self._at_desk(self._folder.in_role(self._session, role))
        return self._at_desk(self._folder.practise_as(role))

    def sign_in(self, login: str, password: str) -> Workstation:
        """Raises RuleBroken, `field` "password", and audits the refusal."""
        return self._at_desk(self._folder.sign_in(login, password))

    def make_first_account(self, login: str, name: str, password: str) -> Workstation:
        """Raises RuleBroken with the field, and where there is an account already."""
        if not self.needs_first_account:
            raise RuleBroken("There is an account already. Sign in.", field="login")
        accounts.check_password(password)
        SqlStaff(self._folder.database, self._folder.clock).add(login, name, FIRST_ACCOUNT, password)
        own = accounts.program_session(
            Role.ADMINISTRATOR, self._folder.settings.desk.id, self._folder.settings.desk.organisation, self._folder.clock
        )
        trail = SqlAuditTrail(self._folder.database, own, self._folder.clock)
        trail.record(AuditEvent(AuditAction.STAFF_ADDED, "first account", details={"login": login}))
        return self.sign_in(login, password)

    def close(self) -> None:
        """Whoever is at the desk is signed out; what cannot be written down then is lost with the window."""
        try:
            self._leave()
        except StorageError as error:
            _log.warning("The sign-out could not be recorded: %s", error.message)
        self._folder.close()

    def _at_desk(self, services: Services) -> Workstation:
        self._leave()
        self._session = services.session
        return services.workstation()

    def _leave(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            accounts.end_session(self._folder.ground, session)


def open_door(start: Start) -> FolderDoor:
    return FolderDoor(DeskFolder(start))

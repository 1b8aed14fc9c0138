"""Accounts made and closed from the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from helpdesk.access.model import Action, Role, Session
from helpdesk.access.service import require
from helpdesk.audit import AuditAction, AuditEvent
from helpdesk.composition.accounts import COMMAND_DESK, check_password, program_session
from helpdesk.composition.opening import OpenFolder
from helpdesk.errors import RuleBroken
from helpdesk.start import Start
from helpdesk.storage.audit import SqlAuditTrail
from helpdesk.storage.staff import SqlStaff


@dataclass(frozen=True)
class Asking:
    """How somebody at the terminal is asked: for the passphrase of the database, for the password of a login, and for
    the password of a new account (told whether it is the first)."""

    passphrase: Callable[[], str]
    password: Callable[[str], str]
    new_password: Callable[[bool], str]


def add_staff(start: Start, login: str, name: str, roles: frozenset[Role], by: str, asking: Asking) -> None:
    """While nobody is there who manages accounts, whoever holds the database's key may make one; later only an
    administrator may. Raises RuleBroken."""
    folder = _open(start, asking)
    try:
        first = not folder.has_administrator
        session = None if first else as_administrator(folder, by, asking)
        password = asking.new_password(first)
        check_password(password)
        SqlStaff(folder.database, folder.clock).add(login, name, roles, password)
        _on_record(folder, session, AuditAction.STAFF_ADDED, login)
    finally:
        folder.close()


def disable_staff(start: Start, login: str, by: str, asking: Asking) -> None:
    """Raises RuleBroken, and NotFound for a login that nobody has."""
    folder = _open(start, asking)
    try:
        session = as_administrator(folder, by, asking)
        SqlStaff(folder.database, folder.clock).disable(login)
        _on_record(folder, session, AuditAction.STAFF_DISABLED, login)
    finally:
        folder.close()


def _on_record(folder: OpenFolder, session: Session | None, action: AuditAction, login: str) -> None:
    """Under the administrator's session; the program's own where there is none yet."""
    own = session or program_session(Role.ADMINISTRATOR, COMMAND_DESK, folder.settings.desk.organisation, folder.clock)
    SqlAuditTrail(folder.database, own, folder.clock).record(AuditEvent(action, "accounts", details={"login": login}))


def _open(start: Start, asking: Asking) -> OpenFolder:
    return OpenFolder(start, asking.passphrase)


def as_administrator(folder: OpenFolder, by: str, asking: Asking) -> Session | None:
    if not folder.start.live:
        return None
    if not by:
        raise RuleBroken("An administrator signs in for this: --staff LOGIN.")
    session = folder.sign_in(by, asking.password(by), Role.ADMINISTRATOR, COMMAND_DESK).session
    require(session, Action.MANAGE_STAFF)
    return session

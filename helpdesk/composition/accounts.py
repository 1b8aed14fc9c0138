"""Accounts and sessions of an embedded desk."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk.access.model import Action, Role, Session, Staff
from helpdesk.access.service import require
from helpdesk.audit import AuditAction, AuditEvent
from helpdesk.clock import Clock
from helpdesk.errors import RuleBroken
from helpdesk.lazy import load
from helpdesk.storage.audit import SqlAuditTrail
from helpdesk.storage.database import Database
from helpdesk.storage.staff import SqlStaff

if TYPE_CHECKING:
    from helpdesk.composition.opening import OpenFolder
    from helpdesk.composition.services import Ground
    from helpdesk.start import Start

PRACTICE_NAMES = {
    Role.HANDLER: "A. Handler",
    Role.NAVIGATOR: "N. Navigator",
    Role.SUPERVISOR: "S. Supervisor",
    Role.ADMINISTRATOR: "D. Administrator",
    Role.PRIVACY_OFFICER: "P. Officer",
}
SHORTEST_PASSWORD = 12
_COMMAND_DESK = "cli"


def check_password(password: str) -> None:
    """Raises RuleBroken, `field` "password", for one that is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise RuleBroken(f"A password has at least {SHORTEST_PASSWORD} characters.", field="password")


def make_practice_staff(database: Database, clock: Clock) -> None:
    """One person for each role; nobody can sign in to them by password."""
    staff = SqlStaff(database, clock)
    held = {role for s in staff.list() for role in s.roles}
    for role, name in PRACTICE_NAMES.items():
        if role not in held:
            staff.add(role.value, name, [role])


def all_staff(database: Database, clock: Clock) -> tuple[Staff, ...]:
    return SqlStaff(database, clock).list()


def checked(database: Database, clock: Clock, login: str, password: str) -> Staff | None:
    return SqlStaff(database, clock).check(login, password)


def open_session(ground: Ground, staff: Staff, role: Role, desk: str, organisation: str) -> Session:
    session = SqlStaff(ground.database, ground.clock).open_session(staff, role, desk, organisation)
    SqlAuditTrail(ground.database, session, ground.clock).record(AuditEvent(AuditAction.SIGN_IN, "sign in"))
    return session


def program_session(role: Role, desk: str, organisation: str, clock: Clock) -> Session:
    """Work the program does by itself, or a command on an area where nobody is real."""
    staff = Staff(id=str(uuid.uuid5(uuid.NAMESPACE_OID, "helpdesk")), login="helpdesk", name="The program", roles=frozenset({role}))
    return Session(str(uuid.uuid4()), staff, role, desk, organisation, clock.now())


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
        session = None if first else _as_administrator(folder, by, asking)
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
        session = _as_administrator(folder, by, asking)
        SqlStaff(folder.database, folder.clock).disable(login)
        _on_record(folder, session, AuditAction.STAFF_DISABLED, login)
    finally:
        folder.close()


def _on_record(folder: OpenFolder, session: Session | None, action: AuditAction, login: str) -> None:
    """Under the administrator's session; the program's own where there is none yet."""
    own = session or program_session(Role.ADMINISTRATOR, _COMMAND_DESK, folder.settings.desk.organisation, folder.clock)
    SqlAuditTrail(folder.database, own, folder.clock).record(AuditEvent(action, "accounts", details={"login": login}))


def _open(start: Start, asking: Asking) -> OpenFolder:
    folder: OpenFolder = load("helpdesk.composition.opening:OpenFolder")(start, asking.passphrase)
    return folder


def _as_administrator(folder: OpenFolder, by: str, asking: Asking) -> Session | None:
    if not folder.start.live:
        return None
    if not by:
        raise RuleBroken("An administrator signs in for this: --staff LOGIN.")
    session = folder.sign_in(by, asking.password(by), Role.ADMINISTRATOR, _COMMAND_DESK).session
    require(session, Action.MANAGE_STAFF)
    return session

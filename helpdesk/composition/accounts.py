"""Accounts and sessions of an embedded desk."""

from __future__ import annotations

import uuid
from collections.abc import Callable
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


def add_staff(start: Start, login: str, name: str, roles: frozenset[Role], password: str, by: str, ask: Callable[[str], str]) -> None:
    """The first account may be made by whoever holds the database's key; later ones only by an administrator."""
    if len(password) < SHORTEST_PASSWORD:
        raise RuleBroken(f"A password has at least {SHORTEST_PASSWORD} characters.", field="password")
    folder = _open(start)
    try:
        if folder.has_accounts:
            _as_administrator(folder, by, ask)
        SqlStaff(folder.database, folder.clock).add(login, name, roles, password)
    finally:
        folder.close()


def disable_staff(start: Start, login: str, by: str, ask: Callable[[str], str]) -> None:
    folder = _open(start)
    try:
        _as_administrator(folder, by, ask)
        SqlStaff(folder.database, folder.clock).disable(login)
    finally:
        folder.close()


def _open(start: Start) -> OpenFolder:
    folder: OpenFolder = load("helpdesk.composition.opening:OpenFolder")(start)
    return folder


def _as_administrator(folder: OpenFolder, by: str, ask: Callable[[str], str]) -> None:
    if not folder.start.live:
        return
    if not by:
        raise RuleBroken("An administrator signs in for this: --staff LOGIN.")
    services = folder.sign_in(by, ask(f"Password of {by}: "), Role.ADMINISTRATOR)
    require(services.session, Action.MANAGE_STAFF)

"""Accounts and sessions of an embedded desk."""

from __future__ import annotations

import uuid

from helpdesk.access.model import Role, Session, Staff
from helpdesk.audit import AuditAction, AuditEvent
from helpdesk.clock import Clock
from helpdesk.composition.services import Ground
from helpdesk.errors import RuleBroken
from helpdesk.storage.audit import SqlAuditTrail
from helpdesk.storage.database import Database
from helpdesk.storage.staff import SqlStaff

PRACTICE_NAMES = {
    Role.HANDLER: "A. Handler",
    Role.NAVIGATOR: "N. Navigator",
    Role.SUPERVISOR: "S. Supervisor",
    Role.ADMINISTRATOR: "D. Administrator",
    Role.PRIVACY_OFFICER: "P. Officer",
}
SHORTEST_PASSWORD = 12
COMMAND_DESK = "cli"


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


def end_session(ground: Ground, session: Session) -> None:
    SqlAuditTrail(ground.database, session, ground.clock).record(AuditEvent(AuditAction.SIGN_OUT, "sign out"))
    SqlStaff(ground.database, ground.clock).close_session(session)


def program_session(role: Role, desk: str, organisation: str, clock: Clock) -> Session:
    """Work the program does by itself, or a command on an area where nobody is real."""
    staff = Staff(id=str(uuid.uuid5(uuid.NAMESPACE_OID, "helpdesk")), login="helpdesk", name="The program", roles=frozenset({role}))
    return Session(str(uuid.uuid4()), staff, role, desk, organisation, clock.now())

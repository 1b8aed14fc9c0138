"""Local accounts of staff and the sessions they work in."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid4

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy import select

from helpdesk.access.model import Role, Session, Staff
from helpdesk.clock import Clock
from helpdesk.errors import NotFound, RuleBroken
from helpdesk.storage.database import Database
from helpdesk.storage.records import SessionRecord, StaffRecord


class SqlStaff:
    """The accounts of one database. Passwords are kept as argon2id hashes."""

    def __init__(self, database: Database, clock: Clock, hasher: PasswordHasher | None = None) -> None:
        self._database, self._clock = database, clock
        self._hasher = hasher or PasswordHasher()

    def add(self, login: str, name: str, roles: Iterable[Role], password: str | None = None) -> Staff:
        """A new account; without a password nobody can sign in to it by password. Raises RuleBroken for a login in use."""
        staff = Staff(id=str(uuid4()), login=_folded(login), name=name.strip(), roles=frozenset(roles))
        if not (staff.login and staff.name and staff.roles):
            raise RuleBroken("An account needs a login, a name and a role.", field="login")
        hashed = self._hasher.hash(password) if password else None
        with self._database.begin() as transaction:
            if transaction.scalar(select(StaffRecord.id).where(StaffRecord.login == staff.login)):
                raise RuleBroken("There is an account with this login already.", field="login")
            transaction.add(
                StaffRecord(
                    id=staff.id,
                    login=staff.login,
                    name=staff.name,
                    roles=" ".join(sorted(staff.roles)),
                    password_hash=hashed,
                    disabled=False,
                    added=self._clock.now(),
                )
            )
        return staff

    def list(self) -> tuple[Staff, ...]:
        """Every account, by login; disabled ones too."""
        with self._database.read() as transaction:
            return tuple(_staff(record) for record in transaction.scalars(select(StaffRecord).order_by(StaffRecord.login)))

    def disable(self, login: str) -> None:
        """Closes an account; what its owner did stays. Raises NotFound."""
        with self._database.begin() as transaction:
            record = transaction.scalars(select(StaffRecord).where(StaffRecord.login == _folded(login))).one_or_none()
            if record is None:
                raise NotFound("There is no account with this login.", field="login")
            record.disabled = True

    def check(self, login: str, password: str) -> Staff | None:
        """The member of staff whose login and password these are, or None. An unknown login takes as long as a wrong password."""
        with self._database.read() as transaction:
            record = transaction.scalars(select(StaffRecord).where(StaffRecord.login == _folded(login))).one_or_none()
        if record is None or record.password_hash is None or record.disabled:
            self._hasher.hash(password)
            return None
        try:
            self._hasher.verify(record.password_hash, password)
        except Argon2Error:
            return None
        return _staff(record)

    def open_session(self, staff: Staff, role: Role, desk: str, organisation: str) -> Session:
        """Starts a session of a member of staff in one of their roles. Raises RuleBroken for a role they do not have."""
        if staff.disabled or role not in staff.roles:
            raise RuleBroken("This account may not work in that role.", field="role")
        session = Session(id=str(uuid4()), staff=staff, role=role, desk=desk, organisation=organisation, started=self._clock.now())
        with self._database.begin() as transaction:
            transaction.add(
                SessionRecord(
                    id=session.id, staff_id=staff.id, role=role, desk=desk, organisation=organisation, started=session.started, ended=None
                )
            )
        return session

    def close_session(self, session: Session) -> None:
        with self._database.begin() as transaction:
            record = transaction.get(SessionRecord, session.id)
            if record is not None and record.ended is None:
                record.ended = self._clock.now()


def _folded(login: str) -> str:
    return login.strip().casefold()


def _staff(record: StaffRecord) -> Staff:
    roles = frozenset(Role(role) for role in record.roles.split())
    return Staff(id=record.id, login=record.login, name=record.name, roles=roles, disabled=record.disabled)

"""Staff, their roles and the session they work in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    HANDLER = "handler"
    NAVIGATOR = "navigator"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    PRIVACY_OFFICER = "privacy_officer"
    SUPPORT = "support"


class Action(StrEnum):
    """What a service may be asked to do for a member of staff."""

    TAKE_CALLS = "take_calls"
    SEARCH_PEOPLE = "search_people"
    SEE_STATUS = "see_status"
    SEE_CALLS = "see_calls"
    SEND_MESSAGES = "send_messages"
    SEE_RESTRICTED = "see_restricted"
    BREAK_GLASS = "break_glass"
    WORK_GAPS = "work_gaps"
    RELEASE_GAPS = "release_gaps"
    """Also those that somebody else has."""
    IMPORT_EXTRACTS = "import_extracts"
    MANAGE_STAFF = "manage_staff"
    MANAGE_CONNECTIONS = "manage_connections"
    READ_AUDIT = "read_audit"


@dataclass(frozen=True)
class Staff:
    """One member of staff. `id` is a UUID; `name` is shown, `login` is typed at sign-in."""

    id: str
    login: str
    name: str
    roles: frozenset[Role]
    disabled: bool = False


@dataclass(frozen=True)
class Session:
    """Who is at which desk, in which role, since when (UTC). Every call, note and audit row carries it."""

    id: str
    staff: Staff
    role: Role
    desk: str
    organisation: str
    started: datetime

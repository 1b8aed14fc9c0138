"""The one question every service asks before it acts: may this session do this?"""

from __future__ import annotations

from helpdesk.access.model import Action, Role, Session
from helpdesk.errors import RuleBroken

_DESK = frozenset({Action.TAKE_CALLS, Action.SEARCH_PEOPLE, Action.SEE_STATUS, Action.SEE_CALLS, Action.SEND_MESSAGES, Action.BREAK_GLASS})
_ALLOWED: dict[Role, frozenset[Action]] = {
    Role.HANDLER: _DESK,
    Role.NAVIGATOR: _DESK | {Action.WORK_GAPS},
    Role.SUPERVISOR: _DESK | {Action.SEE_RESTRICTED, Action.WORK_GAPS, Action.RELEASE_GAPS},
    Role.ADMINISTRATOR: frozenset({Action.IMPORT_EXTRACTS, Action.MANAGE_STAFF, Action.MANAGE_CONNECTIONS}),
    Role.PRIVACY_OFFICER: frozenset({Action.READ_AUDIT}),
    Role.SUPPORT: frozenset({Action.SEARCH_PEOPLE, Action.SEE_STATUS, Action.SEE_CALLS, Action.IMPORT_EXTRACTS, Action.READ_AUDIT}),
}


def may(session: Session, action: Action) -> bool:
    """Whether the session's role may do this; the service asked asks again with `require`."""
    return not session.staff.disabled and session.role in session.staff.roles and action in _ALLOWED[session.role]


def require(session: Session, action: Action) -> None:
    """Returns if the session's role may do this; otherwise raises RuleBroken with a sentence for the person."""
    if session.staff.disabled or session.role not in session.staff.roles:
        raise RuleBroken("This account may not work here. Ask an administrator.")
    if action not in _ALLOWED[session.role]:
        raise RuleBroken(f"The role {session.role.replace('_', ' ')} may not do this.")

"""Errors sorted by what the person at the desk can do about them, so that no caller has to read a message to decide.

Every message here may be shown to a call handler as it stands: one plain sentence, never an identifier of a patient.
"""

from __future__ import annotations

from enum import StrEnum


class HelpdeskError(Exception):
    """Anything that went wrong and was foreseen. `message` is one sentence for the person at the desk;
    `field` names the input it concerns, or is None."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotFound(HelpdeskError):
    """What was asked for does not exist, and the one who was asked is in a position to know."""


class NumberNoLongerUsed(NotFound):
    """The NHS number was withdrawn (PDS INVALIDATED_RESOURCE): the person must be searched for again."""


class RuleBroken(HelpdeskError):
    """The request is refused by a rule of the desk: bad input, or an act this member of staff may not do."""


class TooManyMatches(RuleBroken):
    """A search matched more people than may be listed: narrow it."""


class StorageError(HelpdeskError):
    """The desk's own database cannot be used: wrong key, damage, full disk. Nothing was overwritten."""


class Stage(StrEnum):
    """How far a question to a service came: what must be right before the next can be."""

    SETTINGS = "settings"
    NAME = "name"
    CONNECTION = "connection"
    TLS = "tls"
    SIGN_IN = "sign_in"
    PERMISSION = "permission"
    SHAPE = "shape"
    SERVICE = "service"


class ConnectorError(HelpdeskError):
    """A source or a sender could not do what was asked. `stage` is how far it came, for whoever looks after the
    connection."""

    usual_stage = Stage.SERVICE

    def __init__(self, message: str, *, field: str | None = None, stage: str = "") -> None:
        super().__init__(message, field=field)
        self.stage = stage or self.usual_stage


class ConnectorUnavailable(ConnectorError):
    """Try again: time-out, refused connection, 408, 425, 429, 5xx, or a reply that cannot be understood.
    `retry_after_s` is what the service asked for, or None."""

    def __init__(self, message: str, *, retry_after_s: float | None = None, stage: str = "") -> None:
        super().__init__(message, stage=stage)
        self.retry_after_s = retry_after_s


class ConnectorAuthFailed(ConnectorError):
    """Sign in again: the service did not accept who we are (401 after one refresh)."""

    usual_stage = Stage.SIGN_IN


class ConnectorNotPermitted(ConnectorError):
    """This desk or role may not ask this, here, about this person."""

    usual_stage = Stage.PERMISSION


class ConnectorRejected(ConnectorError):
    """Report it: the service says that the request itself is wrong (any other 4xx, any redirect)."""

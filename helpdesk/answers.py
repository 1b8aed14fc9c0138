"""What a source said when it was asked about one patient: one of five states, never confused with each other.

"No record" may be said to a caller only for NOTHING_HELD. The table of which reply is which state: docs/architecture.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from helpdesk.clock import london_day
from helpdesk.errors import (
    ConnectorAuthFailed,
    ConnectorNotPermitted,
    ConnectorRejected,
    ConnectorUnavailable,
    HelpdeskError,
    NotFound,
)
from helpdesk.identifiers import NhsNumber

T = TypeVar("T", covariant=True)  # an Answer is read only


class SourceState(StrEnum):
    FRESH = "fresh"
    STALE = "stale"
    UNAVAILABLE = "unavailable"
    NOT_PERMITTED = "not_permitted"
    NOTHING_HELD = "nothing_held"


class Remedy(StrEnum):
    """What the person at the desk can do about an answer that is not fresh."""

    NONE = ""
    RETRY = "try again"
    SIGN_IN = "sign in"
    REPORT = "report"
    ASK_SUPERVISOR = "ask a supervisor"


@dataclass(frozen=True)
class Answer(Generic[T]):
    """One source's answer about one patient. `source` is the instance's name in the configuration, `label` what the
    desk shows; `about` is the number it was asked for, and a screen drops an answer that is not about the patient on it.
    `as_at` is when the facts were true: a date for an extract (its week-ending date), else an instant."""

    source: str
    label: str
    about: NhsNumber
    state: SourceState
    as_at: date | datetime | None = None
    message: str = ""
    remedy: Remedy = Remedy.NONE
    value: T | None = None

    def without_value(self) -> Answer[T]:
        return replace(self, value=None)


def is_older_than(as_at: date | datetime, limit: timedelta, now: datetime) -> bool:
    """Whether facts of that moment are past the source's limit. A date counts as the whole of its day."""
    if isinstance(as_at, datetime):
        return now - as_at > limit
    return london_day(now) - as_at > limit


def state_of(error: HelpdeskError) -> tuple[SourceState, Remedy]:
    """Which of the five states an error of a source is, and what may be done about it. Source: design, section 5."""
    match error:
        case ConnectorNotPermitted():
            return SourceState.NOT_PERMITTED, Remedy.NONE
        case ConnectorAuthFailed():
            return SourceState.UNAVAILABLE, Remedy.SIGN_IN
        case ConnectorRejected():
            return SourceState.UNAVAILABLE, Remedy.REPORT
        case ConnectorUnavailable():
            return SourceState.UNAVAILABLE, Remedy.RETRY
        case NotFound():
            return SourceState.NOTHING_HELD, Remedy.NONE
        case _:
            return SourceState.UNAVAILABLE, Remedy.REPORT


@dataclass(frozen=True)
class Health:
    """How one source has been: when it last answered, when it last did not, and what it said then."""

    source: str
    answered: datetime | None
    failed: datetime | None
    message: str


class SourceHealth(Protocol):
    """Kept for whoever looks after the connections; nothing of a patient is in it."""

    def answered(self, source: str) -> None: ...

    def failed(self, source: str, message: str) -> None: ...

    def all(self) -> Sequence[Health]: ...

"""One piece of work and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from helpdesk.identifiers import NhsNumber


class WorkKind(StrEnum):
    CALL_BACK = "call_back"
    HAND_OFF = "hand_off"
    MESSAGE_FAILED = "message_failed"
    VERIFICATION_ALERT = "verification_alert"
    BREAK_GLASS_REVIEW = "break_glass_review"
    SUPERVISOR = "supervisor"
    GAP = "gap"
    EXTRACT_REFUSED = "extract_refused"


@dataclass(frozen=True)
class WorkItem:
    """`id` is a UUID made by whoever raised it, so that raising it twice makes one. `reason` is a short fact for the
    list, never a patient's name or number."""

    id: str
    kind: WorkKind
    raised: datetime
    reason: str
    subject: NhsNumber | None = None
    call_id: str | None = None
    owner_role: str = ""
    due: datetime | None = None
    done: datetime | None = None

"""The record of who saw what: events are committed before the data they speak of is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from helpdesk.identifiers import NhsNumber


class AuditAction(StrEnum):
    SIGN_IN = "sign_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGN_OUT = "sign_out"
    CALL_STARTED = "call_started"
    CALL_RESUMED = "call_resumed"
    CALL_SAVED = "call_saved"
    PEOPLE_LISTED = "people_listed"
    TRACE_ASKED = "trace_asked"
    PATIENT_OPENED = "patient_opened"
    PATIENT_CLOSED = "patient_closed"
    VERIFICATION_TRIED = "verification_tried"
    VERIFICATION_REACHED = "verification_reached"
    STATUS_ASKED = "status_asked"
    STATUS_SHOWN = "status_shown"
    HISTORY_SHOWN = "history_shown"
    GATE_CLOSED = "gate_closed"
    BREAK_GLASS = "break_glass"
    SAFETY_CARD = "safety_card"
    MESSAGE_QUEUED = "message_queued"
    MESSAGE_SENT = "message_sent"
    EXTRACT_IMPORTED = "extract_imported"
    EXTRACT_REFUSED = "extract_refused"
    RELATED_ASKED = "related_asked"
    WORKLIST_READ = "worklist_read"
    LINK_OPENED = "link_opened"
    AUTHORITY_ASKED = "authority_asked"
    CONNECTION_CHANGED = "connection_changed"
    CONNECTION_TESTED = "connection_tested"
    NUMBER_REPLACED = "number_replaced"
    GAPS_EVALUATED = "gaps_evaluated"
    GAPS_LISTED = "gaps_listed"
    GAP_CLAIMED = "gap_claimed"
    GAP_RELEASED = "gap_released"
    GAP_DONE = "gap_done"
    GAP_OPENED = "gap_opened"
    STAFF_ADDED = "staff_added"
    STAFF_DISABLED = "staff_disabled"


@dataclass(frozen=True)
class AuditEvent:
    """One act at the desk. `subjects` are the NHS numbers of the people whose data it touches; `details` are short
    facts by name (counts, item types, sources, ids), never what a caller said and never free text about a patient."""

    action: AuditAction
    purpose: str = ""
    subjects: tuple[NhsNumber, ...] = ()
    call_id: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)


class AuditTrail(Protocol):
    """Keeps the events of one session. `record` returns only once the row is committed; raises StorageError if it
    cannot be, and then nothing may be shown."""

    def record(self, event: AuditEvent) -> None: ...

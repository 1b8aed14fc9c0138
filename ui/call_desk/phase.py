"""Where a call has got to: the step that the desk shows."""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    OPENING = "opening"
    IDLE = "idle"
    SEARCH = "search"
    VERIFY = "verify"
    STATUS = "status"
    SIGNPOST = "signpost"
    HISTORY = "history"


class Place(StrEnum):
    """Where the keyboard goes when a key or a step asks for it."""

    SEARCH = "search"
    FIRST_ITEM = "first_item"
    WHAT_TO_SAY = "what_to_say"
    NOTES = "notes"
    REASON = "reason"
    OUTCOME = "outcome"
    NEXT_ACTION = "next_action"
    CALLER_TYPE = "caller_type"
    BREAK_GLASS = "break_glass"
    CALLER = "caller"
    SIGNPOST = "signpost"
    HISTORY = "history"

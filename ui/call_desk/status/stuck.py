"""Where a pathway is stuck, on its card: what is wrong, the evidence, and the one thing to do about it."""

from __future__ import annotations

from helpdesk.pathways.model import Gap, GapKind, Severity
from ui.widgets.strip import Strip, StripTone

FACTS = {
    GapKind.NOT_RECEIVED: "Sent, not received",
    GapKind.NOT_BOOKED: "Not booked",
    GapKind.DEFERRED_OVERDUE: "Put off past its due date",
    GapKind.REJECTED_NO_ACTION: "Sent back, nothing since",
    GapKind.CANCELLED_NOT_REBOOKED: "Cancelled, not rebooked",
    GapKind.MISSED_NOT_REBOOKED: "Missed, not rebooked",
    GapKind.DATE_PASSED_NO_OUTCOME: "Date passed, no outcome",
    GapKind.NO_ACTIVITY: "Nothing recorded",
    GapKind.LEFT_LIST_WITHOUT_STOP: "Gone from this week's list",
    GapKind.HELD_TWICE: "Held twice",
}
HAND_OFF = "Hand off"


def headline(gap: Gap) -> str:
    """Looks stuck: cancelled, not rebooked for 14 weeks."""
    fact = FACTS[gap.kind]
    return f"Looks stuck: {fact[:1].lower()}{fact[1:]}{_how_long(gap.days)}"


def strip_of(gap: Gap) -> Strip:
    """Its action is wanted where somebody else has to act on it."""
    tone: StripTone = "neutral" if gap.severity is Severity.LOW else "warn"
    turn = f"It is the turn of {gap.turn.value}."
    return Strip(tone, headline(gap), f"{gap.evidence} {turn}", action=HAND_OFF, icon="warning")


def hand_off_words(gap: Gap) -> str:
    """For the notes of the call: what is proposed, and why."""
    return f"{gap.hand_off} {FACTS[gap.kind]} since {gap.since:%d-%b-%Y}."


def _how_long(days: int) -> str:
    if days < 14:
        return f" for {days} days" if days > 1 else ""
    return f" for {days // 7} weeks"

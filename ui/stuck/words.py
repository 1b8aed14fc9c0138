"""What the list of stuck pathways says, in words."""

from __future__ import annotations

import re
from datetime import date

from helpdesk.clock import london_day, london_time
from helpdesk.desk.looking import Standing
from helpdesk.desk.stuck import StuckList, StuckRow
from helpdesk.pathways.model import GapKind
from helpdesk.queue.gaps import HIGH, LOW, MEDIUM

KINDS = {
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
SEVERITIES = {HIGH: "High", MEDIUM: "Medium", LOW: "Low"}
AGES = (
    ("7", "A week or more"),
    ("28", "4 weeks or more"),
    ("56", "8 weeks or more"),
    ("91", "13 weeks or more"),
    ("182", "26 weeks or more"),
)
_DATE = re.compile(r"\b\d\d-[A-Z][a-z]{2}-\d{4}\b")
NOBODY = "Nobody yet"
NAMED_LATER = "…"
NOT_NAMED = "Not listed any more"

NOTHING = (
    "Nothing in this area looks stuck",
    "After each import the whole area is looked through: referrals that nobody received or booked, appointments that were called off "
    "or missed and not booked again, dates that went by, and people who left a list without a reason. What is found stands here. "
    "An empty list says only that the lists held show none; it does not say that nobody waits too long.",
)
FIRST_LOOK = (
    "The area is being looked through for the first time",
    "Whatever looks stuck comes on this list by itself. You can go on with other work meanwhile.",
)
FIRST_LOOK_DUE = (
    "The area has not been looked through yet",
    "It is, by itself, within a few seconds of the first import; or press Look again.",
)
BUSY = ("A call is being taken.", "Save it first: others' names do not belong on the screen while somebody is on the line.")


def kind(key: str) -> str:
    return KINDS.get(GapKind(key), key) if key in set(GapKind) else key


def span(days: int) -> str:
    """A length of time as it is said: "today", "3 days", "14 weeks"."""
    if days < 1:
        return "today"
    if days < 14:
        return f"{days} day{'' if days == 1 else 's'}"
    return f"{days // 7} weeks"


def day(when: date) -> str:
    return f"{when:%d-%b-%Y}"


def bound(text: str) -> str:
    """The same with dates that no line breaks."""
    return _DATE.sub(lambda found: found.group().replace("-", "\u2011"), text)


def owner(row: StuckRow) -> str:
    if row.item.claimed_by is None:
        return NOBODY
    return "You" if row.mine else row.item.claimed_name


def head(seen: StuckList) -> str:
    """How many there are, and how many of them stand here."""
    if not seen.everything:
        return ""
    looks = f"{seen.everything:,} look{'s' if seen.everything == 1 else ''} stuck"
    return looks if seen.total == seen.everything else f"{seen.total:,} of {seen.everything:,} that look stuck"


def foot(seen: StuckList) -> str:
    """What is not on the list, in words."""
    parts = []
    if seen.total > len(seen.rows):
        parts.append(f"The first {len(seen.rows):,} are listed: narrow the list to see the others.")
    if seen.withheld:
        parts.append(f"{seen.withheld:,} more are for a supervisor: the person is restricted, or nothing here says that they are not.")
    return " ".join(parts)


def looking(standing: Standing) -> str:
    if not standing.running:
        return ""
    if not standing.total:
        return "Looking through the area…"
    return f"Looking through the area: {standing.done:,} of {standing.total:,} people"


def looked(standing: Standing) -> str:
    """When the last look ended."""
    if standing.trouble:
        return f"The area could not be looked through. {standing.trouble}"
    if standing.ended is None:
        return ""
    stopped = ", stopped before its end" if standing.last is not None and standing.last.stopped else ""
    return f"Looked through at {london_time(standing.ended):%H:%M} on {day(london_day(standing.ended))}{stopped}"


def nothing_here(seen: StuckList, standing: Standing) -> tuple[str, str]:
    """An empty list: what is true, and what it does not mean."""
    if seen.everything:
        more = f"Take a filter away: {seen.everything:,} in the whole area look stuck."
        return "Nothing stuck is left under these filters", more
    if standing.running and not standing.serial:
        return FIRST_LOOK
    return NOTHING

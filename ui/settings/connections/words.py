"""The list of connections in words: what state each is in."""

from __future__ import annotations

from datetime import datetime

from helpdesk.clock import london_day, london_time
from helpdesk.desk.connections import Connection
from ui.settings.connections.model import Row, Tone

SAVED = "Kept. It holds from the next start of the desk."
REMOVED = "Removed. It is asked until the desk is closed, and not after the next start."
STOPPED = "The test was stopped."
NOT_SAVED = "not saved"
WAITS = "from the next start"


AT_THE_FIELD = {
    "name": "No computer is found under this name.",
    "connection": "Nothing answers at this address.",
    "tls": "No safe connection can be made to this address.",
    "shape": "What answers at this address is not understood: it may be another service.",
    "sign_in": "This sign-in was not accepted.",
}


def row_of(connection: Connection, now: datetime, *, draft: bool) -> Row:
    state, icon, tone, detail = _state(connection, now)
    if draft or connection.waits:
        detail = NOT_SAVED if draft else WAITS
    return Row(connection.instance, connection.label, connection.provides, state, icon, tone, detail)


def _state(c: Connection, now: datetime) -> tuple[str, str, Tone, str]:
    if c.trouble:
        return "Setting wrong", "warning", "bad", ""
    if not c.enabled:
        return "Switched off", "minus", "quiet", ""
    if c.failed is not None and (c.answered is None or c.failed > c.answered):
        return "Failed", "unplugged", "bad", moment(c.failed, now)
    if c.answered is not None:
        return "Answered", "done", "ok", moment(c.answered, now)
    return "Not asked yet", "nothing", "quiet", ""


def moment(at: datetime, now: datetime) -> str:
    """The time of today, else the day too."""
    told = london_time(at)
    return f"{told:%H:%M}" if london_day(at) == london_day(now) else f"{told:%d-%b-%Y %H:%M}"


def history(c: Connection, now: datetime) -> str:
    """When it last answered and when it last did not, with what it said."""
    never = "It has not been asked yet." if c.enabled else "It is switched off."
    parts = [f"Last answered {moment(c.answered, now)}." if c.answered else "" if c.failed else never]
    if c.failed is not None:
        parts.append(f"Last failed {moment(c.failed, now)}: {c.words}")
    return " ".join(part for part in parts if part)

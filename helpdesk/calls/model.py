"""A call as it is taken, and as it is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from helpdesk.identifiers import NhsNumber


@dataclass(frozen=True)
class Disposition:
    """How the call ended, each field its own short list (resources/reference/dispositions.json). Empty = not chosen.
    `would_have_rung_gp`: "yes", "no", "not_asked"."""

    reason: str = ""
    outcome: str = ""
    next_action: str = ""
    caller_type: str = ""
    would_have_rung_gp: str = ""


@dataclass(frozen=True)
class Signposted:
    """One card given in this call, by which channel. `id` is a UUID and becomes the message reference when it is sent."""

    id: str
    card_id: str
    card_version: str
    channel: str


@dataclass(frozen=True)
class CallDraft:
    """A call being taken. `id` (a UUID) stays the id of the saved call. Times are UTC."""

    id: str
    started: datetime
    phone: str = ""
    patient: NhsNumber | None = None
    notes: str = ""
    disposition: Disposition = Disposition()
    level_reached: str = ""
    caller_kind: str = "patient"
    said: tuple[str, ...] = ()
    """Ids of the rules whose words were said."""
    signposts: tuple[Signposted, ...] = ()
    safety: tuple[str, ...] = ()
    """Which routes of the 999/111 card were used."""


@dataclass(frozen=True)
class SavedCall:
    """One version of one call. Version 1 is the call as it was saved; a correction is a further version."""

    id: str
    version: int
    started: datetime
    ended: datetime
    staff_id: str
    staff_name: str
    role: str
    desk: str
    organisation: str
    phone: str
    patient: NhsNumber | None
    notes: str
    disposition: Disposition
    level_reached: str
    caller_kind: str
    said: tuple[str, ...] = ()
    signposts: tuple[Signposted, ...] = ()
    safety: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """One code that may be picked, its words, and for reasons the group it stands in. `owner` of a next action is the
    role that owns it, empty = nobody; `needs` of an outcome says what its next action must be: "", "owner", or
    "owner_or_resolved"."""

    code: str
    words: str
    group: str = ""
    owner: str = ""
    needs: str = ""


@dataclass(frozen=True)
class Dispositions:
    """The codes in use now."""

    reasons: tuple[Choice, ...] = field(default_factory=tuple)
    outcomes: tuple[Choice, ...] = field(default_factory=tuple)
    next_actions: tuple[Choice, ...] = field(default_factory=tuple)
    caller_types: tuple[Choice, ...] = field(default_factory=tuple)

"""What can be given to a caller, and one message on its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from helpdesk.identifiers import NhsNumber


class Channel(StrEnum):
    SMS = "sms"
    APP = "app"
    EMAIL = "email"
    LETTER = "letter"
    READ_ALOUD = "read_aloud"


@dataclass(frozen=True)
class Twin:
    """The non-digital way to the same help; a card without one cannot be published."""

    kind: str
    text: str
    detail: str = ""


@dataclass(frozen=True)
class Card:
    """One waiting-well card. `texts` by channel; `treatment_functions` empty = for everybody.
    `sign_off` is "none" until a named clinician signs: a live profile refuses to send such a card."""

    id: str
    version: str
    title: str
    summary: str
    texts: Mapping[Channel, str]
    twins: tuple[Twin, ...]
    treatment_functions: tuple[str, ...] = ()
    email_subject: str = ""
    owner: str = ""
    sign_off: str = "none"
    review: date | None = None

    @property
    def source(self) -> str:
        return f"content:{self.id}@{self.version}"


class MessageState(StrEnum):
    QUEUED = "queued"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """It was accepted, and nobody ever said whether it was delivered."""


@dataclass(frozen=True)
class OutgoingMessage:
    """One message. `reference` (a UUID) is stored before the first try and used again on every retry.
    In the outbox the address is never here: most services find it themselves. `to` is set at the moment of sending alone,
    for a sender that needs it: a phone number, an e-mail address, or name and address by line. `tried_before` says that an
    earlier try failed, so that the service may have this message already."""

    reference: str
    call_id: str
    nhs_number: NhsNumber
    channel: Channel
    card_id: str
    card_version: str
    text: str
    subject: str = ""
    to: str = field(default="", repr=False)
    tried_before: bool = False


@dataclass(frozen=True)
class Receipt:
    """What the sending service answered. `service_id` is its own id, empty where it gave none (a duplicate)."""

    state: MessageState
    service_id: str = ""
    message: str = ""


@dataclass(frozen=True)
class OutboxEntry:
    message: OutgoingMessage
    state: MessageState
    queued: datetime
    attempts: int = 0
    next_try: datetime | None = None
    service_id: str = ""
    problem: str = ""

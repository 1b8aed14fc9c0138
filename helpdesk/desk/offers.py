"""Which waiting-well cards can be given to this patient, and by which channels."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.signposting.model import Card, Channel


@dataclass(frozen=True)
class ChannelOffer:
    """One way to give a card; `why` says what fits or what stands against it, `text` is exactly what goes out."""

    channel: Channel
    allowed: bool
    why: str
    text: str


@dataclass(frozen=True)
class CardOffer:
    card: Card
    reason: str
    channels: tuple[ChannelOffer, ...]

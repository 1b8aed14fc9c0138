"""Which waiting-well cards can be given to this patient, and by which channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.desk.model import StatusView
from helpdesk.errors import RuleBroken
from helpdesk.patients.model import Needs
from helpdesk.signposting.model import Card, Channel
from helpdesk.signposting.service import ContactNeeds, channels_for, mark, offer


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


class Offers:
    """The cards of one desk, as they stand for whoever is on the line."""

    def __init__(self, cards: Sequence[Card], profile: str) -> None:
        self._cards = tuple(cards)
        self._profile = profile

    def make(self, needs: Needs | None, status: StatusView | None) -> tuple[CardOffer, ...]:
        """Those for this person's waits first. Without a verified caller (`needs` None) nothing is fitted to a person."""
        functions = [p.specialty.code for p in status.pathways] if status is not None else []
        contact = _contact(needs) if needs is not None else ContactNeeds()
        return tuple(self._offer(chosen.card, chosen.reason, contact) for chosen in offer(self._cards, functions))

    def _offer(self, card: Card, reason: str, contact: ContactNeeds) -> CardOffer:
        try:
            sample = mark(card, self._profile)
        except RuleBroken as refused:
            blocked = tuple(ChannelOffer(channel, False, refused.message, text) for channel, text in card.texts.items())
            return CardOffer(card, refused.message, blocked)
        fits = tuple(ChannelOffer(f.channel, f.allowed, f.why, card.texts.get(f.channel, "")) for f in channels_for(card, contact))
        return CardOffer(card, f"{reason} ({sample})" if sample else reason, fits)


def _contact(needs: Needs) -> ContactNeeds:
    return ContactNeeds(needs.language, needs.interpreter, needs.format, needs.contact_method, needs.no_phone, needs.no_digital)

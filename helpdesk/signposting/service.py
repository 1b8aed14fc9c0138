"""Which cards suit a caller, by which channels they may go, and whether they may be used at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from helpdesk.errors import RuleBroken
from helpdesk.signposting.model import Card, Channel

SAMPLE = "sample"
UNSIGNED = "none"
_NOT_REAL = frozenset({"practice", "sandbox"})
_DIGITAL = frozenset({Channel.SMS, Channel.APP, Channel.EMAIL})
_SIGNED_LANGUAGES = ("bsl", "sign language", "makaton")
_BY_WORD = {"text": Channel.SMS, "sms": Channel.SMS, "e-mail": Channel.EMAIL, "email": Channel.EMAIL, "letter": Channel.LETTER}


class OfferedCard(NamedTuple):
    """A card and why it stands where it does in the list."""

    card: Card
    reason: str


class ChannelFit(NamedTuple):
    channel: Channel
    allowed: bool
    why: str


@dataclass(frozen=True)
class ContactNeeds:
    """What is known of how the person is to be reached, as plain words ("" = not recorded)."""

    language: str = ""
    interpreter: bool = False
    format: str = ""
    contact_method: str = ""
    no_phone: bool = False
    no_digital: bool = False

    @property
    def signs(self) -> bool:
        return any(word in self.language.casefold() for word in _SIGNED_LANGUAGES)

    def format_is(self, word: str) -> bool:
        return word in self.format.casefold()


def offer(cards: Iterable[Card], treatment_functions: Collection[str]) -> tuple[OfferedCard, ...]:
    """All cards: those written for one of these waits first, then those for everybody, then the rest, each by title."""
    wanted = {code.upper().removeprefix("C_") for code in treatment_functions}

    def rank(card: Card) -> tuple[int, str]:
        if not card.treatment_functions:
            return 1, "For anybody who is waiting"
        return (0, "For this wait") if wanted.intersection(card.treatment_functions) else (2, "For other waits")

    ordered = sorted(cards, key=lambda c: (rank(c)[0], c.title))
    return tuple(OfferedCard(card, rank(card)[1]) for card in ordered)


def channels_for(card: Card, needs: ContactNeeds) -> tuple[ChannelFit, ...]:
    """Every channel in its own order, whether it may be used for this person, and why or why not."""
    return tuple(_fit(card, channel, needs) for channel in Channel)


def _fit(card: Card, channel: Channel, needs: ContactNeeds) -> ChannelFit:
    against = "This card has no words for it" if channel not in card.texts else _against(channel, needs)
    return ChannelFit(channel, not against, against or _suits(channel, needs))


def _against(channel: Channel, needs: ContactNeeds) -> str:
    """What stands against this channel, or ""."""
    if channel in _DIGITAL and needs.no_digital:
        return "Not suitable: no digital access"
    if channel is Channel.SMS and needs.no_phone:
        return "Not suitable: no telephone contact"
    if channel is Channel.READ_ALOUD and needs.signs:
        return f"Not suitable: {needs.language}"
    if channel is Channel.LETTER:
        for word, needed in (("braille", "braille"), ("audio", "a recording"), ("easy", "easy words")):
            if needs.format_is(word):
                return f"Not suitable: needs {needed}, ask for it by phone"
    return ""


def _suits(channel: Channel, needs: ContactNeeds) -> str:
    if channel is Channel.LETTER and needs.format_is("large"):
        return "Large print, 18 point"
    if channel is Channel.READ_ALOUD and needs.interpreter:
        return f"Through the {needs.language or 'language'} interpreter"
    if channel is not Channel.READ_ALOUD and needs.language and needs.language != "English" and not needs.signs:
        return f"In English only: {needs.language} is recorded"
    if channel is _preferred(needs):
        return "The way they chose"
    return "Suitable"


def _preferred(needs: ContactNeeds) -> Channel | None:
    chosen = needs.contact_method.casefold()
    return next((channel for word, channel in _BY_WORD.items() if word in chosen), None)


def message_text(card: Card, channel: Channel) -> str:
    """Exactly what goes out. Raises RuleBroken where the card has no words for this channel."""
    try:
        return card.texts[channel]
    except KeyError:
        raise RuleBroken("This card has no words for this way of sending.", field="channel") from None


def refuse_unsigned(card: Card, profile: str) -> None:
    """Raises RuleBroken where nobody has signed the card and the profile is real: only practice and sandbox may show
    unsigned content, marked as a sample."""
    if profile not in _NOT_REAL and card.sign_off.strip().casefold() in ("", UNSIGNED):
        raise RuleBroken("This card has not been signed off by a clinician, so it cannot be given.", field="card")


def mark(card: Card, profile: str) -> str:
    """The word that stands on an unsigned card in practice and sandbox: "sample"; else ""."""
    refuse_unsigned(card, profile)
    return SAMPLE if card.sign_off.strip().casefold() in ("", UNSIGNED) else ""

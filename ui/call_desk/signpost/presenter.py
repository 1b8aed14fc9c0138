"""Help for this caller: cards, the channels that fit, exactly what goes out, and adding it to the call."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Protocol

from helpdesk.calls.model import Signposted
from helpdesk.signposting.model import Card, Channel, Twin
from helpdesk.tasks import Done
from ui.call_desk.current import CurrentCall
from ui.call_desk.line import Line

CHANNELS = {
    Channel.SMS: "Text",
    Channel.APP: "NHS App",
    Channel.EMAIL: "E-mail",
    Channel.LETTER: "Letter",
    Channel.READ_ALOUD: "Read aloud",
}


class ChannelOffer(Protocol):
    """One way to give a card, as the desk offers it."""

    @property
    def channel(self) -> Channel: ...

    @property
    def allowed(self) -> bool: ...

    @property
    def why(self) -> str: ...

    @property
    def text(self) -> str: ...


class CardOffer(Protocol):
    """One card, why it is offered, and the ways to give it."""

    @property
    def card(self) -> Card: ...

    @property
    def reason(self) -> str: ...

    @property
    def channels(self) -> tuple[ChannelOffer, ...]: ...


class SignpostDesk(Protocol):
    def cards(self, call_id: str) -> tuple[CardOffer, ...]: ...

    def may_send(self, call_id: str) -> str: ...


class SignpostView(Protocol):
    def show_waiting(self) -> None:
        """The cards are asked for; the search among them begins empty."""

    def show_cards(self, titles: tuple[tuple[str, str, str], ...], row: int, total: int) -> None:
        """Title, summary and reason of each card that fits the search; `row` is chosen (-1 for none)."""

    def show_card(self, title: str, channels: tuple[tuple[str, str, bool, str, str], ...], twins: tuple[Twin, ...], source: str) -> None:
        """One card: (channel, words, allowed, why, text) of each way to give it, and the ways without a computer."""

    def show_added(self, added: tuple[tuple[str, str], ...]) -> None:
        """Id and words of what goes out with this call."""

    def show_trouble(self, message: str) -> None:
        """Why nothing can be sent, or what went wrong; empty when nothing is."""


class SignpostPresenter:
    """Adding writes to the draft; it goes out when the call is saved, never from here. The offers are asked for in the
    call's own line: while a patient is still being closed, the desk would make them for that one."""

    def __init__(self, view: SignpostView, desk: SignpostDesk, current: CurrentCall, line: Line, added: Callable[[], None]) -> None:
        self._view, self._desk, self._current, self._line, self._added = view, desk, current, line, added
        self.dropped = 0
        self._opening = object()
        self._clear()

    def _clear(self) -> None:
        self._offers: tuple[CardOffer, ...] = ()
        self._shown: tuple[CardOffer, ...] = ()
        self._words: list[str] = []
        self._row = -1
        self._titles: dict[str, str] = {}

    def open(self) -> None:
        """The handler wants to give something: what fits this patient is asked for."""
        call_id, serial = self._current.call_id, self._current.serial
        if call_id is None:
            return
        opening = self._opening = object()
        self._clear()
        self._view.show_waiting()
        self._view.show_trouble("")
        self._show_added()

        def then(done: Done[tuple[tuple[CardOffer, ...], str]]) -> None:
            if opening is not self._opening or (call_id, serial) != (self._current.call_id, self._current.serial):
                self.dropped += 1
            elif done.error is not None:
                self._list()
                self._view.show_trouble(done.error.message)
            else:
                self._offers, why_not = done.result()
                self._list()
                self._view.show_trouble(why_not)

        self._line.run(lambda: (self._desk.cards(call_id), self._desk.may_send(call_id)), then)

    def close(self) -> None:
        """Another patient, none, or a caller who may not be told: nothing of the offers stays or comes."""
        self._opening = object()
        self._clear()
        self._list()
        self._view.show_added(())

    def searched(self, text: str) -> None:
        """Words to look for among the cards."""
        self._words = text.casefold().split()
        self._list()

    def chosen(self, row: int) -> None:
        """One of the listed cards."""
        if 0 <= row < len(self._shown):
            self._row = row
            self._show_card()

    def add(self, channel: Channel) -> None:
        """This card, by this channel, goes with the call."""
        offer = self._offer()
        draft = self._current.draft
        if offer is None or draft is None:
            return
        if not any(c.channel is channel and c.allowed for c in offer.channels):
            self._view.show_trouble(f"{CHANNELS[channel]} is not possible for this card.")
            return
        if any((s.card_id, s.channel) == (offer.card.id, channel.value) for s in draft.signposts):
            return
        one = Signposted(str(uuid.uuid4()), offer.card.id, offer.card.version, channel.value)
        self._titles[offer.card.id] = offer.card.title
        self._current.change(signposts=(*draft.signposts, one))
        self._show_added()
        self._added()

    def removed(self, signpost_id: str) -> None:
        """It shall not go with the call after all."""
        draft = self._current.draft
        if draft is not None:
            self._current.change(signposts=tuple(s for s in draft.signposts if s.id != signpost_id))
            self._show_added()

    def _offer(self) -> CardOffer | None:
        return self._shown[self._row] if 0 <= self._row < len(self._shown) else None

    def _list(self) -> None:
        before = self._offer()
        self._shown = tuple(o for o in self._offers if all(w in _text(o.card) for w in self._words))
        self._row = self._shown.index(before) if before in self._shown else (0 if self._shown else -1)
        self._titles.update({o.card.id: o.card.title for o in self._offers})
        titles = tuple((o.card.title, o.card.summary, o.reason) for o in self._shown)
        self._view.show_cards(titles, self._row, len(self._offers))
        self._show_card()

    def _show_card(self) -> None:
        offer = self._offer()
        if offer is None:
            self._view.show_card("", (), (), "")
            return
        channels = tuple((c.channel.value, CHANNELS[c.channel], c.allowed, c.why, c.text) for c in offer.channels)
        self._view.show_card(offer.card.title, channels, offer.card.twins, offer.card.source)

    def _show_added(self) -> None:
        draft = self._current.draft
        signposts = draft.signposts if draft else ()
        self._view.show_added(tuple((s.id, f"{self._titles.get(s.card_id, 'Card')}: {CHANNELS[Channel(s.channel)]}") for s in signposts))


def _text(card: Card) -> str:
    return f"{card.title} {card.summary}".casefold()

"""The calls before about the patient on screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from helpdesk.calls.model import Choice, Dispositions, SavedCall
from helpdesk.clock import Clock, london_time
from helpdesk.tasks import Done, TaskRunner
from ui.call_desk.current import CurrentCall
from ui.call_desk.services import CallDesk
from ui.call_desk.status import words

CHANNEL_WORDS = {"sms": "by text", "app": "in the NHS App", "email": "by e-mail", "letter": "by letter", "read_aloud": "read aloud"}
READING = "Reading…"


@dataclass(frozen=True)
class CallBefore:
    """One earlier call in words."""

    when: str
    who: str
    lasted: str
    ended: tuple[str, ...]
    notes: str


class HistoryView(Protocol):
    def show_calls(self, summary: str, calls: tuple[CallBefore, ...]) -> None: ...

    def show_trouble(self, message: str) -> None: ...


class HistoryPresenter:
    """`fetched` hands on how many there are, for the line on the status screen."""

    def __init__(
        self, view: HistoryView, desk: CallDesk, choices: Dispositions, current: CurrentCall, runner: TaskRunner, clock: Clock
    ) -> None:
        self._view, self._desk, self._choices, self._current = view, desk, choices, current
        self._runner, self._clock = runner, clock
        self.summary: Callable[[str], None] = _ignore
        self.dropped = 0
        self._opening = object()

    def open(self) -> None:
        """The level is reached: the calls before are read."""
        call_id, serial = self._current.call_id, self._current.serial
        opening = self._opening = object()
        if call_id is None or self._current.opened is None:
            return
        self._show(READING, ())

        def then(done: Done[tuple[SavedCall, ...]]) -> None:
            if opening is not self._opening or (call_id, serial) != (self._current.call_id, self._current.serial):
                self.dropped += 1
            elif done.error is not None:
                self._show(done.error.message, ())
                self._view.show_trouble(done.error.message)
            else:
                self._fetched(done.result())

        self._runner.run(lambda: self._desk.history(call_id), then)

    def close(self) -> None:
        """Another patient, none, or a caller who may not be told: nothing of the calls stays or comes."""
        self._opening = object()
        self._show("", ())

    def _fetched(self, calls: tuple[SavedCall, ...]) -> None:
        if any(call.patient != self._current.number for call in calls):
            self.dropped += 1
            return
        earlier = tuple(c for c in calls if c.id != self._current.call_id)
        summary = words.calls_before(earlier, self._clock.now(), self._choices)
        self._show(summary, tuple(self._in_words(c) for c in earlier))

    def _show(self, summary: str, calls: tuple[CallBefore, ...]) -> None:
        self._view.show_trouble("")
        self._view.show_calls(summary, calls)
        self.summary(summary)

    def _in_words(self, call: SavedCall) -> CallBefore:
        began = london_time(call.started)
        d, c = call.disposition, self._choices
        ended = (_words(c.reasons, d.reason), _words(c.outcomes, d.outcome), _words(c.next_actions, d.next_action))
        given = tuple(f"{s.card_id.replace('-', ' ').capitalize()}, {CHANNEL_WORDS.get(s.channel, s.channel)}" for s in call.signposts)
        minutes = max(1, round((call.ended - call.started).total_seconds() / 60))
        return CallBefore(
            when=f"{words.day(began.date())} {began:%H:%M}",
            who=f"{call.staff_name}, {call.role.replace('_', ' ')}",
            lasted=f"{minutes} min",
            ended=(*(w for w in ended if w), *given),
            notes=call.notes,
        )


def _words(choices: tuple[Choice, ...], code: str) -> str:
    return next((c.words for c in choices if c.code == code), code)


def _ignore(_words: str) -> None:
    return

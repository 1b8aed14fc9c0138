"""The call desk's presenters on stand-ins, with time and threads in the test's hands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helpdesk.callers.model import Item
from helpdesk.tasks import InlineRunner
from tests.fakes import CHOICES, NUMBERS, FakeDesk, FakePeople, HandClock, HandRunner, HandScheduler, Recorder
from ui.call_desk.together import CallDeskPresenters, Services, Views

RIGHT = "right"


class InHand:
    """`views` are recorders by name; `desk` is a made-up one. With `runner` answers come when the test says so."""

    def __init__(self, runner: Any = None, seen: Callable[[str, str, tuple[Any, ...]], None] | None = None) -> None:
        self.clock = HandClock()
        self.scheduler = HandScheduler(self.clock)
        self.runner = runner or InlineRunner()
        self.desk, self.people = FakeDesk(self.clock), FakePeople()
        names = ("call", "search", "verification", "status", "notes", "signpost", "history")
        self.views = {n: Recorder(self._watch(n, seen)) for n in names}
        services = Services(self.desk, self.people, CHOICES, self.runner, self.scheduler, self.clock)
        self.p = CallDeskPresenters(Views(**self.views), services)

    @staticmethod
    def _watch(name: str, seen: Callable[[str, str, tuple[Any, ...]], None] | None) -> Callable[[str, tuple[Any, ...]], None] | None:
        return None if seen is None else lambda what, args: seen(name, what, args)

    def take_call(self, words: str = "smith 1950") -> InHand:
        """F2, and the list of people who match."""
        self.p.call.new_call()
        self.p.search.typed(words)
        self.scheduler.pass_ms(200)
        return self

    def open(self, row: int = 0) -> InHand:
        self.p.search.chosen(row)
        return self

    def verify(self) -> InHand:
        for item in (Item.DATE_OF_BIRTH, Item.POSTCODE):
            self.p.verification.said(item, RIGHT)
        return self

    def fill_in(self) -> InHand:
        for field, code in (("reason", "wl_position"), ("outcome", "answered")):
            self.p.notes.chosen(field, code)
        return self

    @staticmethod
    def waiting() -> InHand:
        return InHand(HandRunner())


__all__ = ["NUMBERS", "RIGHT", "InHand"]

"""Asks every source about the patient on screen and shows each answer as it comes, never anybody else's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from helpdesk.answers import Answer
from helpdesk.clock import Clock
from helpdesk.desk.links import LinkOffer
from helpdesk.desk.model import SourceInfo, StatusView
from helpdesk.pathways.model import Part, Saying
from helpdesk.patients.related import Related
from helpdesk.tasks import Done, Errand, TaskRunner
from ui.call_desk.current import CurrentCall
from ui.call_desk.services import CallDesk
from ui.call_desk.status import words
from ui.call_desk.status.words import SourceLine

GENERAL = "general"
T = TypeVar("T")


class StatusScreen(Protocol):
    def clear(self) -> None:
        """Takes everything about the patient off the screen."""

    def show_sources(self, lines: tuple[SourceLine, ...]) -> None: ...

    def show_status(self, status: StatusView) -> None: ...

    def show_said(self, said: frozenset[tuple[str, Part]]) -> None:
        """Which parts of which pathway (its key, or "general") were said."""

    def show_trouble(self, message: str) -> None: ...

    def show_links(self, offers: tuple[LinkOffer, ...]) -> None: ...

    def show_related(self, words: str, lines: tuple[str, ...]) -> None:
        """Those PDS holds as related, and a sentence about them or why they are not there; nothing before it is asked."""

    def open_address(self, address: str) -> None:
        """In the browser; an address with a patient in it is good for one use."""


class StatusPresenter:
    """`dropped` counts answers that were not for the patient on screen. A view made before the last change of what the
    caller may be told, or from fewer answers than are on screen, is never shown."""

    def __init__(
        self, view: StatusScreen, desk: CallDesk, current: CurrentCall, runner: TaskRunner, clock: Clock, asking: TaskRunner | None = None
    ) -> None:
        self._view, self._desk, self._current, self._runner, self._clock = view, desk, current, runner, clock
        self._asking = asking or runner
        self._took: dict[str, timedelta] = {}
        self.dropped = 0
        self._is_open = self._drawn = False
        self._epoch = 0
        self._errand = Errand()
        self._known: tuple[SourceInfo, ...] = ()
        self._forget()

    def begin(self) -> None:
        """The level is reached: the sources are asked, those of the last time, so that asking waits for nothing."""
        opened = self._current.opened
        if opened is None or self._is_open:
            return
        self._forget(self._current.draft.said if self._current.draft else ())
        self._is_open = True
        self._lines[opened.pds.source] = words.answered(opened.pds, self._clock.now())
        self._ask_all(self._known)

    def open(self) -> None:
        """Begun if it is not yet, and now on the screen: what is known so far."""
        self.begin()
        if not self._is_open:
            return
        self._drawn = True
        self._view.clear()
        self._show_lines()
        if self._status is not None:
            self._view.show_status(self._status)
        self._run(
            lambda call_id: (self._desk.sources(call_id), self._desk.status(call_id)), self._begun, self._asking if self._known else None
        )
        self._run(self._desk.beside.links, self._linked, self._asking)

    def close(self) -> None:
        """Nobody's status is on the screen any more."""
        self._forget()
        self._view.clear()

    def refresh(self) -> None:
        """What may be told has changed: what is on the screen is worked out anew."""
        self._epoch += 1
        if self._is_open:
            self._run(self._desk.status, self._refreshed)
            self._run(self._desk.beside.links, self._linked)

    def retry(self, name: str) -> None:
        """Asks one source again."""
        if name in self._infos and self._lines[name].state is not None:
            self._ask(self._infos[name])
            self._show_lines()

    def said(self, key: str, part: Part, ticked: bool) -> None:
        """The words of one part were read to the caller, or were not after all."""
        (self._ticked.add if ticked else self._ticked.discard)((key, part))
        rules = [rule for one in self._sayings() if (one[0], one[1].part) in self._ticked for rule in _rules(one[1])]
        self._current.change(said=tuple(dict.fromkeys([*self._base, *rules])))
        self._view.show_said(frozenset(self._ticked))

    def open_link(self, name: str) -> None:
        """Another system is wanted for this patient."""
        self._run(lambda call_id: self._desk.beside.open_link(call_id, name), self._address)

    def related(self) -> None:
        """Who is related to the patient, as PDS holds it: asked only when it is wanted."""
        self._view.show_related("Asking PDS…", ())
        self._run(self._desk.beside.related, self._relations)

    def tick(self) -> None:
        """A second has passed: sources still being asked say for how long."""
        now = self._clock.now()
        waiting = {name: int((now - since).total_seconds()) for name, since in self._asked.items() if self._lines[name].state is None}
        for name, seconds in waiting.items():
            self._lines[name] = words.asking(name, self._lines[name].label, seconds)
        if waiting:
            self._show_lines()

    def _forget(self, said: tuple[str, ...] = ()) -> None:
        """What still waits for its turn at a source is dropped."""
        self._errand.give_up()
        self._errand = Errand()
        self._is_open, self._drawn = False, False
        self._infos: dict[str, SourceInfo] = {}
        self._lines: dict[str, SourceLine] = {}
        self._asked: dict[str, datetime] = {}
        self._status: StatusView | None = None
        self._ticked: set[tuple[str, Part]] = set()
        self._base = said
        self._opening = object()
        self._working = self._more_came = False

    def _begun(self, done: Done[tuple[tuple[SourceInfo, ...], StatusView]], epoch: int) -> None:
        if done.error is not None:
            self._view.show_trouble(done.error.message)
            return
        self._known, status = done.result()
        self._ask_all(self._known)
        self._show_lines()
        self._show(status, epoch)

    def _ask_all(self, infos: Sequence[SourceInfo]) -> None:
        """Those that were not asked yet, in the order they stand in: first whoever took longest the last time."""
        self._infos = {info.name: info for info in infos}
        fresh = [info for info in infos if info.name not in self._asked]
        for info in fresh:
            self._lines[info.name] = words.asking(info.name, info.label)
        slowest = sorted(fresh, key=lambda info: self._took.get(info.name, timedelta()), reverse=True)
        for info in slowest:
            self._ask(info)

    def _ask(self, info: SourceInfo) -> None:
        self._lines[info.name] = words.asking(info.name, info.label)
        self._asked[info.name] = self._clock.now()
        errand = self._errand

        def work(call_id: str) -> Answer[object]:
            with errand.running():
                return self._desk.ask(call_id, info)

        self._run(work, lambda done, epoch: self._answered(info, done, epoch), self._asking)

    def _answered(self, info: SourceInfo, done: Done[Answer[object]], _epoch: int) -> None:
        self._took[info.name] = self._clock.now() - self._asked[info.name]
        if done.error is not None:
            self._lines[info.name] = words.failed(info.name, info.label, done.error.message)
            self._show_lines()
            return
        answer = done.result()
        if answer.about != self._current.number:
            self.dropped += 1
            return
        self._lines[info.name] = words.answered(answer, self._clock.now())
        self._show_lines()
        self._work_out()

    def _work_out(self) -> None:
        """The view from the answers there are so far; of those that come meanwhile another one is made when it is done."""
        self._more_came = self._working
        if not self._working:
            self._working = True
            self._run(self._desk.status, self._worked_out)

    def _worked_out(self, done: Done[StatusView], epoch: int) -> None:
        self._working = False
        self._refreshed(done, epoch)
        if self._more_came:
            self._work_out()

    def _linked(self, done: Done[tuple[LinkOffer, ...]], _epoch: int) -> None:
        self._view.show_links(() if done.error is not None else done.result())

    def _relations(self, done: Done[tuple[Related, ...]], _epoch: int) -> None:
        if done.error is not None:
            self._view.show_related(done.error.message, ())
        else:
            found = done.result()
            self._view.show_related(words.NO_CONSENT if found else words.NOBODY_RELATED, tuple(words.related(r) for r in found))

    def _address(self, done: Done[str], _epoch: int) -> None:
        if done.error is not None:
            self._view.show_trouble(done.error.message)
        else:
            self._view.open_address(done.result())

    def _refreshed(self, done: Done[StatusView], epoch: int) -> None:
        if done.error is not None:
            self._view.show_trouble(done.error.message)
        else:
            self._show(done.result(), epoch)

    def _run(self, work: Callable[[str], T], then: Callable[[Done[T], int], None], runner: TaskRunner | None = None) -> None:
        """Does the work for the patient on screen now; its end is let in only if that is still so."""
        call_id, opening, epoch = self._current.call_id, self._opening, self._epoch
        asked_for = (call_id, self._current.serial)
        if call_id is None:
            return

        def ended(done: Done[T]) -> None:
            if opening is self._opening and asked_for == (self._current.call_id, self._current.serial):
                then(done, epoch)
            else:
                self.dropped += 1

        (runner or self._runner).run(lambda: work(call_id), ended)

    def _show(self, status: StatusView, epoch: int) -> None:
        number = self._current.number
        abouts = {status.number, *(a.about for a in status.sources), *(p.nhs_number for p in status.pathways)}
        if abouts != {number}:
            self.dropped += 1
        elif epoch != self._epoch:
            self._run(self._desk.status, self._refreshed)
        elif _names(status) >= _names(self._status):
            self._status = status
            if self._drawn:
                self._view.show_status(status)

    def _show_lines(self) -> None:
        """Not before the patient's name stands above it."""
        if self._drawn:
            self._view.show_sources(tuple(self._lines.values()))

    def _sayings(self) -> list[tuple[str, Saying]]:
        if self._status is None:
            return []
        of_pathways = [(p.key, saying) for p in self._status.pathways for saying in p.sayings]
        return [(GENERAL, saying) for saying in self._status.general] + of_pathways


def _names(status: StatusView | None) -> frozenset[str]:
    return frozenset(a.source for a in status.sources) if status else frozenset()


def _rules(saying: Saying) -> list[str]:
    """As the call keeps them: rule@version."""
    return [f"{s.rule}@{s.version}" if s.version else s.rule for s in saying.sentences if s.rule]

"""Taking one call: begun on disk, kept as it is typed, timed, saved, and found again after a crash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpdesk.calls.model import CallDraft, Disposition, SavedCall
from helpdesk.clock import Clock, london_day, london_time
from helpdesk.errors import HelpdeskError, StorageError
from helpdesk.tasks import Done, TaskRunner
from ui.call_desk.current import CurrentCall
from ui.call_desk.line import Line
from ui.call_desk.saver import DraftSaver, SaveState
from ui.call_desk.services import CallDesk, Scheduler
from ui.call_desk.status import words

SECOND_MS = 1000


class CallBar(Protocol):
    def show_call(self, phone: str, timer: str) -> None:
        """The call bar: the number that rings and how long; an empty timer when nobody is on the line."""

    def show_notice(self, message: str) -> None:
        """One strip above everything, in words; empty takes it away."""

    def show_unfinished(self, message: str) -> None:
        """A call of before that can be resumed; empty when there is none."""

    def show_saved(self, message: str) -> None:
        """The acknowledgement: the call is on disk."""


@dataclass(frozen=True)
class Course:
    """What the whole desk does as a call goes its way."""

    began: Callable[[CallDraft, bool], None]
    """The draft is on disk; the second value is whether it was resumed."""
    ticked: Callable[[SaveState], None]
    kept: Callable[[], None]
    refused: Callable[[HelpdeskError], None]
    ended: Callable[[SavedCall], None]


class CallTaking:
    """`finishing` is true from the wish to save until the answer; nothing typed then would belong to the call."""

    def __init__(
        self,
        view: CallBar,
        desk: CallDesk,
        current: CurrentCall,
        line: Line,
        runner: TaskRunner,
        scheduler: Scheduler,
        clock: Clock,
        course: Course,
    ) -> None:
        self._view, self._desk, self._current, self._line, self._runner = view, desk, current, line, runner
        self._scheduler, self._clock, self._course = scheduler, clock, course
        self._saver = DraftSaver(desk.keep, runner, scheduler, clock, course.kept)
        self._drafts: tuple[CallDraft, ...] = ()
        self._since: datetime | None = None
        self._phone = ""
        self._failed = self.finishing = False
        self._stop: Callable[[], None] = _nothing
        current.on_change(self._saver.changed)

    def look_for_unfinished(self) -> None:
        """Calls that a killed program left behind."""

        def then(done: Done[tuple[CallDraft, ...]]) -> None:
            if done.error is not None:
                self._view.show_notice(done.error.message)
            else:
                self._drafts = done.result()
                self._show_unfinished()

        self._runner.run(self._desk.unfinished, then)

    def begin(self, phone: str = "") -> bool:
        """A new call; False when one is being taken already."""
        if self._current.taking and not self._failed:
            return False
        self._enter(phone or self._phone)
        given = self._phone
        self._line.run(lambda: self._desk.begin(given), lambda done: self._begun(done, resumed=False))
        return True

    def resume(self) -> bool:
        """Goes on with the oldest unfinished call; False when there is none, or a call is being taken."""
        if (self._current.taking and not self._failed) or not self._drafts:
            return False
        draft, self._drafts = self._drafts[0], self._drafts[1:]
        self._enter(draft.phone)
        self._line.run(lambda: self._desk.resume(draft), lambda done: self._begun(done, resumed=True, lost=draft))
        return True

    def phone_typed(self, phone: str) -> None:
        self._phone = phone
        self._current.change(phone=phone)

    def finish(self, disposition: Disposition) -> None:
        """Saves the call; what stands against it comes back through the course."""
        if self._current.draft is None or self.finishing:
            return
        self.finishing = True
        self._current.change(disposition=disposition)
        final = self._current.draft
        self._line.run(lambda: self._save(final), self._finished)

    def flush(self) -> None:
        """Saves the draft now, without waiting for a pause."""
        self._saver.flush()

    def closing(self) -> None:
        """The window goes: what is not on disk yet is put there now, on this thread; a draft whose call is saved meanwhile
        stays away. Raises StorageError, also for a call that never came onto the disk."""
        draft = self._saver.unsaved()
        if draft is not None:
            self._desk.keep(draft)
        elif self._current.draft is None and self._current.notes:
            raise StorageError("This call is not on disk yet.")

    def _save(self, draft: CallDraft) -> SavedCall:
        self._desk.check(draft)
        return self._desk.finish(draft)

    def _enter(self, phone: str) -> None:
        self._phone = phone
        self._failed = False
        self._current.expect()
        self._since = self._clock.now()
        self._view.show_unfinished("")
        self._view.show_notice("")
        self._view.show_saved("")
        self._view.show_call(phone, "00:00")
        self._stop()
        self._stop = self._scheduler.after(SECOND_MS, self._tick)

    def _begun(self, done: Done[CallDraft], *, resumed: bool, lost: CallDraft | None = None) -> None:
        if done.error is not None:
            self._failed = True
            self._drafts = (lost, *self._drafts) if lost else self._drafts
            again = "Resume it again, or start a new call." if lost else "Start the call again."
            self._view.show_notice(f"This call is not on disk yet. {done.error.message} {again} What you type is kept here.")
            return
        draft = done.result()
        self._saver.begun()
        self._current.begun(draft)
        if self._phone != draft.phone:
            self._current.change(phone=self._phone)
        self._course.began(self._current.draft or draft, resumed)

    def _finished(self, done: Done[SavedCall]) -> None:
        self.finishing = False
        if done.error is not None:
            self._course.refused(done.error)
            return
        saved = done.result()
        self._stop()
        self._saver.stop()
        self._current.ended()
        self._since, self._phone = None, ""
        self._view.show_call("", "")
        self._view.show_notice("")
        self._view.show_saved(f"Saved at {london_time(saved.ended):%H:%M}. The desk is ready for the next call.")
        self._course.ended(saved)
        self._show_unfinished()

    def _tick(self) -> None:
        if self._since is None:
            return
        self._stop = self._scheduler.after(SECOND_MS, self._tick)
        self._line.go_on()
        self._view.show_call(self._phone, timer((self._clock.now() - self._since).total_seconds()))
        self._course.ticked(self._saver.state())

    def _show_unfinished(self) -> None:
        if not self._drafts or self._current.taking:
            self._view.show_unfinished("")
            return
        began = london_time(self._drafts[0].started)
        today = began.date() == london_day(self._clock.now())
        when = f"{began:%H:%M}" if today else f"{words.day(began.date())} {began:%H:%M}"
        others = len(self._drafts) - 1
        more = "" if others < 1 else " There is 1 more." if others == 1 else f" There are {others} more."
        self._view.show_unfinished(f"A call from {when} was not finished. Your notes are here.{more}")


def timer(seconds: float) -> str:
    """02:41, or 1:02:41 from one hour on."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def _nothing() -> None:
    return

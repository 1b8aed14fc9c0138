"""Keeps the draft of the call on disk as it is typed: soon after a pause, and within two seconds at the latest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk.calls.model import CallDraft
from helpdesk.clock import Clock
from helpdesk.tasks import Done, TaskRunner
from ui.call_desk.services import Scheduler

PAUSE = timedelta(milliseconds=700)
AT_LATEST = timedelta(milliseconds=1500)
AGAIN = timedelta(seconds=2)
SLOW = timedelta(seconds=3)


@dataclass(frozen=True)
class SaveState:
    """What stands beside the notes: `words`, and whether saving fails now."""

    words: str = ""
    failing: bool = False


class DraftSaver:
    """One save at a time, always the newest draft. A save that fails is said and tried again until it works."""

    def __init__(
        self, keep: Callable[[CallDraft], None], runner: TaskRunner, scheduler: Scheduler, clock: Clock, kept: Callable[[], None]
    ) -> None:
        self._keep, self._runner, self._scheduler, self._clock, self._kept = keep, runner, scheduler, clock, kept
        self._take_back: Callable[[], None] | None = None
        self._started = clock.now()
        self.stop()

    def stop(self) -> None:
        """The call is saved or gone: what is still in flight no longer concerns anybody."""
        self._disarm()
        self._pending: CallDraft | None = None
        self._in_flight: CallDraft | None = None
        self._since: datetime | None = None
        self._saved: datetime | None = None
        self._problem = ""

    def begun(self) -> None:
        """A new draft was committed now."""
        self.stop()
        self._saved = self._clock.now()

    def changed(self, draft: CallDraft) -> None:
        """The draft has new content."""
        now = self._clock.now()
        self._pending = draft
        self._since = self._since or now
        if self._in_flight is None and not self._problem:
            self._arm(min(PAUSE, max(timedelta(0), self._since + AT_LATEST - now)))

    def flush(self) -> None:
        """Saves now what is not saved yet."""
        self._disarm()
        if self._pending is None or self._in_flight is not None:
            return
        draft, self._pending, self._since = self._pending, None, None
        self._in_flight = draft
        self._started = self._clock.now()
        self._runner.run(lambda: self._keep(draft), lambda done: self._done(draft, done))

    def unsaved(self) -> CallDraft | None:
        """What is not on disk yet, for whoever closes the window."""
        return self._pending or self._in_flight

    def state(self) -> SaveState:
        """The words for now: "Saved 2 sec ago"."""
        now = self._clock.now()
        if self._problem:
            return SaveState(f"Not saved yet. {self._problem} Trying again.", failing=True)
        if self._in_flight is not None and now - self._started > SLOW:
            return SaveState("Saving takes long. Your words are still here.", failing=True)
        if self._pending is not None or self._in_flight is not None:
            return SaveState("Saving…")
        return SaveState(_ago(now - self._saved) if self._saved else "")

    def _done(self, draft: CallDraft, done: Done[None]) -> None:
        if self._in_flight is not draft:
            return
        self._in_flight = None
        if done.error is not None:
            self._problem = done.error.message
            self._pending = self._pending or draft
            self._arm(AGAIN)
            return
        self._problem = ""
        self._saved = self._clock.now()
        if self._pending is not None:
            self.changed(self._pending)
        self._kept()

    def _arm(self, wait: timedelta) -> None:
        self._disarm()
        self._take_back = self._scheduler.after(int(wait / timedelta(milliseconds=1)), self.flush)

    def _disarm(self) -> None:
        if self._take_back is not None:
            self._take_back()
            self._take_back = None


def _ago(age: timedelta) -> str:
    seconds = max(0, int(age.total_seconds()))
    if seconds < 1:
        return "Saved just now"
    return f"Saved {seconds} sec ago" if seconds < 60 else f"Saved {seconds // 60} min ago"

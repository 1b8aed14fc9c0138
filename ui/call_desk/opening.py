"""Opens the record of the person who was chosen, and of nobody who was chosen before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from helpdesk.calls.model import CallDraft
from helpdesk.desk.model import Opened
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Query
from helpdesk.tasks import Done
from ui.call_desk.current import CurrentCall
from ui.call_desk.line import Line
from ui.call_desk.services import CallDesk


class OpeningView(Protocol):
    def show_reopen(self, offered: bool) -> None:
        """Whether the patient of a resumed call can be opened again with one key."""

    def show_notice(self, message: str) -> None: ...


class Opening:
    """`opened` is told of a record only when it is the one asked for last, in the call it was asked for."""

    def __init__(self, view: OpeningView, desk: CallDesk, current: CurrentCall, line: Line, opened: Callable[[Opened], None]) -> None:
        self._view, self._desk, self._current, self._line, self._tell = view, desk, current, line, opened
        self._again: NhsNumber | None = None
        self._asked = 0
        self._pending = False
        self.dropped = 0

    def choose(self, number: NhsNumber, query: Query | None) -> None:
        """A person was chosen: their record is opened for this call, nothing of it is for the caller yet."""
        call_id = self._current.call_id
        if call_id is None or self._current.opened is not None:
            return
        self._drop()
        self._pending = True
        asked = self._asked
        self._view.show_notice("Opening the record: asking PDS…")
        self._line.run(lambda: self._desk.open_patient(call_id, number, query), lambda done: self._opened(asked, call_id, done))

    def once_begun(self, number: NhsNumber) -> None:
        """The person of the call that was just started: their record is opened as soon as the call is on disk, and not at all
        where it is not."""
        self._line.run(lambda: None, lambda _done: self.choose(number, None))

    def resumed(self, draft: CallDraft) -> None:
        """A call of before goes on: its patient can be opened again, if it had one."""
        self._again = draft.patient
        self._view.show_reopen(draft.patient is not None)

    def reopen(self) -> None:
        """Opens the patient of a resumed call; the caller is checked again."""
        if self._again is not None:
            self.choose(self._again, None)

    def give_up(self) -> None:
        """Whoever is open or still being opened is not wanted any more: not on the screen, and not at the desk."""
        self._drop()
        self._forget()

    def cancel(self) -> bool:
        """Whether somebody was still being opened; then they are not wanted any more."""
        if not self._pending:
            return False
        self._drop()
        self._view.show_notice("")
        return True

    def _drop(self) -> None:
        call_id = self._current.call_id
        self._asked += 1
        self._current.turn()
        if call_id is not None and (self._pending or self._current.opened is not None):
            self._line.run(lambda: self._desk.close_patient(call_id), self._closed)
        self._pending = False

    def _closed(self, done: Done[None]) -> None:
        if done.error is not None:
            self._view.show_notice(done.error.message)

    def _forget(self) -> None:
        self._again = None
        self._view.show_reopen(False)

    def _opened(self, asked: int, call_id: str, done: Done[Opened]) -> None:
        if asked != self._asked or call_id != self._current.call_id or self._current.opened is not None:
            self.dropped += 1
            return
        self._pending = False
        if done.error is not None:
            self._view.show_notice(done.error.message)
            return
        opened = done.result()
        if opened.call_id != call_id or opened.banner.number != opened.number:
            self.dropped += 1
            return
        self._forget()
        self._current.show(opened)
        self._view.show_notice(opened.repeat_note)
        self._tell(opened)

"""Makes the call desk's presenters, each with its view, its service and the others' ears."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from helpdesk.calls.model import Dispositions
from helpdesk.clock import Clock
from helpdesk.tasks import TaskRunner
from ui.call_desk.call_view import CallView, Steps
from ui.call_desk.current import CurrentCall
from ui.call_desk.history.presenter import HistoryPresenter, HistoryView
from ui.call_desk.line import Line
from ui.call_desk.notes.presenter import NotesPresenter, NotesView
from ui.call_desk.presenter import CallPresenter
from ui.call_desk.search.presenter import SearchPresenter, SearchView
from ui.call_desk.services import CallDesk, PatientSearch, Scheduler
from ui.call_desk.signpost.presenter import SignpostDesk, SignpostPresenter, SignpostView
from ui.call_desk.status.presenter import StatusPresenter, StatusScreen
from ui.call_desk.verification.presenter import VerificationPresenter, VerificationView


class Desk(CallDesk, SignpostDesk, Protocol):
    """The whole service behind the call desk."""


@dataclass(frozen=True)
class Views:
    call: CallView
    search: SearchView
    verification: VerificationView
    status: StatusScreen
    notes: NotesView
    signpost: SignpostView
    history: HistoryView


@dataclass(frozen=True)
class Services:
    """What the desk works with."""

    desk: Desk
    people: PatientSearch
    dispositions: Dispositions
    runner: TaskRunner
    scheduler: Scheduler
    clock: Clock
    asking: TaskRunner | None = None
    """Of what a patient's opening begins all at once, where it is another than `runner`."""


class CallDeskPresenters:
    """Holds them all: the connection of a signal to a bound method keeps nothing alive."""

    def __init__(self, views: Views, s: Services) -> None:
        self.current = current = CurrentCall()
        line = Line(s.runner)
        self.call = CallPresenter(views.call, s.desk, current, line, s.runner, s.scheduler, s.clock)
        opening = self.call.opening
        self.search = SearchPresenter(views.search, s.people, current, s.runner, s.scheduler, opening.choose, opening.cancel)
        self.verification = VerificationPresenter(views.verification, s.desk, current, line, self.call.checked)
        self.status = StatusPresenter(views.status, s.desk, current, s.runner, s.clock, s.asking)
        self.notes = NotesPresenter(views.notes, s.desk, s.dispositions, current, s.runner)
        self.signpost = SignpostPresenter(views.signpost, s.desk, current, line, self.notes.propose)
        self.history = HistoryPresenter(views.history, s.desk, s.dispositions, current, s.asking or s.runner, s.clock)
        self.call.steps = Steps(self.search, self.verification, self.status, self.notes, self.signpost, self.history)

    @property
    def dropped(self) -> int:
        """How many answers came back for a patient no longer on the screen."""
        return sum(p.dropped for p in (self.call.opening, self.search, self.verification, self.status, self.signpost, self.history))

"""What the presenter of the call shows, and the presenters of its steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from helpdesk.desk.model import Banner
from ui.call_desk.history.presenter import HistoryPresenter
from ui.call_desk.notes.presenter import NotesPresenter
from ui.call_desk.opening import OpeningView
from ui.call_desk.phase import Phase, Place
from ui.call_desk.search.presenter import SearchPresenter
from ui.call_desk.signpost.presenter import SignpostPresenter
from ui.call_desk.status.presenter import StatusPresenter
from ui.call_desk.taking import CallBar
from ui.call_desk.verification.presenter import VerificationPresenter


@dataclass(frozen=True)
class Ready:
    """What can be done now: open the status, save the call, save it with the caller unchecked; and whether the status
    is open behind another step."""

    may_open: bool = False
    may_finish: bool = False
    unchecked: bool = False
    status_open: bool = False


class CallView(CallBar, OpeningView, Protocol):
    def show_phase(self, phase: Phase) -> None: ...

    def show_banner(self, banner: Banner | None) -> None: ...

    def show_ready(self, ready: Ready) -> None: ...

    def show_added(self, count: int) -> None:
        """How much goes out with this call."""

    def show_finishing(self, on: bool) -> None:
        """While the call is being saved, nothing more can be typed into it."""

    def focus(self, place: Place) -> None:
        """The handler asked to go there."""

    def lead(self, place: Place) -> None:
        """The keyboard goes there by itself, unless the handler is writing notes just now."""

    def forget_safety(self) -> None:
        """Where the last caller was, and their number, leave the 999 / 111 card."""


@dataclass(frozen=True)
class Steps:
    """The presenters of the steps of a call."""

    search: SearchPresenter
    verification: VerificationPresenter
    status: StatusPresenter
    notes: NotesPresenter
    signpost: SignpostPresenter
    history: HistoryPresenter

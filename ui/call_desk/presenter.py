"""One call from ring to wrap-up: which step the desk shows, whose record is open, and what each key does now."""

from __future__ import annotations

from dataclasses import replace

from helpdesk.callers.model import Level
from helpdesk.calls.model import CallDraft, SavedCall
from helpdesk.clock import Clock
from helpdesk.desk.model import GateState, Opened
from helpdesk.errors import HelpdeskError
from helpdesk.tasks import Done, TaskRunner
from ui.call_desk import words
from ui.call_desk.call_view import CallView, Ready, Steps
from ui.call_desk.current import CurrentCall
from ui.call_desk.line import Line
from ui.call_desk.opening import Opening
from ui.call_desk.phase import Phase, Place
from ui.call_desk.saver import SaveState
from ui.call_desk.services import CallDesk, Scheduler
from ui.call_desk.taking import CallTaking, Course

SENT_MS = 15
"""How long the questions to the sources are given to go out before the status is drawn: both want the processor."""


class CallPresenter:
    """Holds the phase; the steps never change it, they call back here. `steps` is set once all are made."""

    steps: Steps

    def __init__(
        self, view: CallView, desk: CallDesk, current: CurrentCall, line: Line, runner: TaskRunner, scheduler: Scheduler, clock: Clock
    ) -> None:
        self._view, self._desk, self._current, self._runner, self._scheduler, self._clock = view, desk, current, runner, scheduler, clock
        course = Course(self._began, self._ticked, lambda: self.steps.notes.propose(), self._refused, self._ended)
        self.taking = CallTaking(view, desk, current, line, runner, scheduler, clock, course)
        self.phase = Phase.IDLE
        self.opening = Opening(view, desk, current, line, self._opened)
        self._status_open = self._cannot_check = False
        self._check_drawn = True
        current.on_change(lambda draft: view.show_added(len(draft.signposts)))

    def start(self) -> None:
        """The desk is ready: an idle screen, and the calls that a killed program left."""
        self._show(Phase.IDLE)
        self.taking.look_for_unfinished()

    def new_call(self, phone: str = "") -> None:
        """A call on disk; the keyboard is in the search box at once."""
        first = not self._current.taking
        if self.taking.begin(phone):
            if first:
                self._view.forget_safety()
            self._enter()
        else:
            self._view.show_notice(words.STILL_OPEN)

    def ring(self, phone: str) -> None:
        """The telephone system says who rings."""
        if self._current.taking:
            self._view.show_notice(words.STAYS_OPEN)
        else:
            self.new_call(phone)

    def resume(self) -> None:
        if self.taking.resume():
            self._enter()

    def without_patient(self) -> None:
        """A call about nobody in particular, or whose caller gives no name: straight to the notes."""
        if self.phase is Phase.SEARCH:
            self.opening.give_up()
            self._current.forget_patient()
            self._view.show_notice(words.WITHOUT_PATIENT)
            self._view.focus(Place.NOTES)
            self.steps.notes.propose()

    def wrong_person(self) -> None:
        """Everything about this patient leaves the screen; notes and search words stay."""
        if self._current.opened is None:
            return
        self._leave_patient()
        self._current.forget_patient()
        self._show(Phase.SEARCH)
        self._view.focus(Place.SEARCH)

    def checked(self, opened: Opened) -> None:
        """The check got further, or back: the banner follows, and the status opens by itself once it may."""
        self._view.show_banner(opened.banner)
        self._ready()
        if self._may_open and not self._status_open:
            self._open_status()
        elif self._may_open:
            self.steps.status.refresh()
        elif self._status_open:
            self._back_to_check(words.TAKEN_OUT if self._current.draft and self._current.draft.signposts else "")

    def cannot_check(self) -> None:
        """The caller cannot be checked: what they say is still written down."""
        if self.phase is Phase.VERIFY:
            self._cannot_check = True
            self._ready()
            self._view.show_notice(words.NOT_CHECKED)
            self._view.focus(Place.NOTES)

    def check_further(self) -> None:
        """Back to the check with the patient open, to reach the next level or to say who else is on the line; in the check
        itself, to the next fact to ask for."""
        if self.phase is Phase.STATUS:
            self._show(Phase.VERIFY)
        if self.phase is Phase.VERIFY:
            self._view.focus(Place.FIRST_ITEM)

    def signpost(self) -> None:
        if self._current.call_id is not None and (self._current.opened is None or self._status_open):
            self._show(Phase.SIGNPOST)
            self.steps.signpost.open()
            self._view.focus(Place.SIGNPOST)

    def history(self) -> None:
        if self._status_open:
            self._show(Phase.HISTORY)
            self._view.focus(Place.HISTORY)

    def call_back(self) -> None:
        self._next_action("desk_rings_back", "callback_booked")

    def hand_off(self, proposed: str = "") -> None:
        """`proposed` for a pathway that is stuck goes into the notes."""
        self.place_said(proposed)
        self._next_action("navigator_follows_up", "handed_off_pending")

    def safety(self, route: str) -> None:
        """A route of the 999 / 111 card was used: logged, also without a call and while everything else waits."""
        draft, call_id = self._current.draft, self._current.call_id
        self._current.change(safety=(*(draft.safety if draft else ()), route))
        self.taking.flush()
        self._runner.run(lambda: self._desk.safety(call_id, route), self._say_if_failed)

    def place_said(self, said: str) -> None:
        """What was typed into the 999 / 111 card is written into the notes of the call."""
        if said and self._current.taking:
            self.steps.notes.add(said)

    def go(self, place: Place) -> None:
        """The keyboard goes to a place of this call, if there is one."""
        if self.phase in (Phase.SIGNPOST, Phase.HISTORY):
            self.back()
        if not self._current.taking:
            self._view.show_notice(words.NOTHING_RUNS)
        elif place is Place.SEARCH and self.phase is not Phase.SEARCH:
            self._view.show_notice(words.SEARCH_FIRST)
        else:
            self._view.focus(place)

    def advance(self) -> None:
        """Opens the status once it may be seen, comes back from a side step, otherwise saves the call."""
        if self.phase in (Phase.SIGNPOST, Phase.HISTORY) or (self.phase is Phase.VERIFY and self._status_open):
            self.back()
        elif self.phase is Phase.VERIFY and self._may_open:
            self._open_status()
        elif self.phase is Phase.VERIFY and not self._cannot_check:
            self._view.show_notice(words.UNCHECKED)
        else:
            self.finish()

    def back(self) -> None:
        """From a side step to the status or the search; before the check is passed, wrong person; a record that is still
        being opened is not wanted any more."""
        if self._status_open and self.phase is not Phase.STATUS:
            self._show(Phase.STATUS)
            self._view.focus(Place.WHAT_TO_SAY)
        elif self.phase is Phase.VERIFY:
            self.wrong_person()
        elif self._current.taking and not self.opening.cancel():
            self._show(self.phase if self.phase is Phase.STATUS else Phase.SEARCH)
            self._view.focus(Place.WHAT_TO_SAY if self.phase is Phase.STATUS else Place.SEARCH)

    def finish(self) -> None:
        """Saves the call; what stands against it is said at its field."""
        if self._current.draft is not None and not self.taking.finishing:
            self._view.show_finishing(True)
            self.taking.finish(self.steps.notes.disposition())

    def _enter(self) -> None:
        self.steps.search.reset()
        self._show(Phase.SEARCH)
        self._view.focus(Place.SEARCH)

    def _began(self, draft: CallDraft, resumed: bool) -> None:
        if resumed:
            self.opening.resumed(draft)
            self._view.show_notice("Your notes are back. Open the patient again and check the caller again.")
            self.steps.notes.open(draft)
        self._ready()
        self.steps.search.begun()
        self.steps.notes.propose()

    def _opened(self, opened: Opened) -> None:
        self._cannot_check = opened.gate.state is GateState.RESTRICTED  # whoever rings, nothing may be told: it can be saved at once
        self._check_drawn = False
        if self._may_open:  # what was said in the search suffices: the check is drawn when somebody goes there
            self.steps.status.begin()
            serial = self._current.serial
            self._scheduler.after(SENT_MS, lambda: self.checked(opened) if serial == self._current.serial else None)
            return
        self._show(Phase.VERIFY)
        self._view.lead(Place.FIRST_ITEM)
        self.checked(opened)

    def _open_status(self) -> None:
        self._status_open = True
        opened = self._current.opened
        self._view.show_notice(opened.repeat_note if opened else "")
        self._show(Phase.STATUS)
        if self._check_drawn:
            self.steps.verification.tidy()
        self._view.lead(Place.WHAT_TO_SAY)
        self.steps.status.open()
        self.steps.history.open()
        self.steps.notes.propose()

    def _close_status(self) -> None:
        self._status_open = False
        self.steps.status.close()
        self.steps.signpost.close()
        self.steps.history.close()

    def _leave_patient(self) -> None:
        self.opening.give_up()
        self._cannot_check = False
        self._current.show(None)
        self._view.show_banner(None)
        self._view.show_notice("")
        self._check_drawn = True
        self.steps.verification.close()
        self._close_status()

    def _back_to_check(self, notice: str) -> None:
        """What was open is not for this caller any more, and nothing of it goes out."""
        self._close_status()
        self._current.change(signposts=())
        self._show(Phase.VERIFY)
        self._view.show_notice(notice)

    def _ticked(self, state: SaveState) -> None:
        self.steps.notes.show_saving(state)
        self.steps.status.tick()
        opened = self._current.opened
        if opened is not None and opened.glass_until is not None and self._clock.now() >= opened.glass_until:
            self._current.show(replace(opened, glass_until=None))
            self._back_to_check(words.GLASS_ENDED)
            self.steps.verification.look_again()

    def _refused(self, error: HelpdeskError) -> None:
        self._view.show_finishing(False)
        if self.phase in (Phase.SIGNPOST, Phase.HISTORY):
            self.back()
        field = self.steps.notes.refused(error)
        self._view.focus(Place(field) if field in set(Place) else Place.NOTES)

    def _ended(self, saved: SavedCall) -> None:
        self._leave_patient()
        self.steps.search.reset()
        self.steps.notes.open(CallDraft(saved.id, saved.started))
        self._view.show_finishing(False)
        self._view.show_added(0)
        self._view.forget_safety()
        self._show(Phase.IDLE)

    def _next_action(self, next_action: str, outcome: str) -> None:
        if self._current.taking:
            if self.phase in (Phase.SIGNPOST, Phase.HISTORY):
                self.back()
            self.steps.notes.choose_ending(next_action, outcome)
            self._view.focus(Place.NEXT_ACTION)

    def _show(self, phase: Phase) -> None:
        self.phase = phase
        self._view.show_phase(phase)
        if phase is Phase.VERIFY and not self._check_drawn:
            self._check_drawn = True
            self.steps.verification.open()
        self._ready()

    def _ready(self) -> None:
        ready = Ready(self._may_open, self._current.draft is not None, self._cannot_check, self._status_open)
        self._view.show_ready(ready)

    @property
    def _may_open(self) -> bool:
        opened = self._current.opened
        return opened is not None and (opened.glass_until is not None or opened.verification.level >= Level.STATUS)

    def _say_if_failed(self, done: Done[None]) -> None:
        if done.error is not None:
            self._view.show_notice(done.error.message)

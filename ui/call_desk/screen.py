"""The call desk put together: its room, its presenters, and every key and button between them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QMetaObject, QObject

from helpdesk.identifiers import NhsNumber
from ui.call_desk.frame import DeskFrame
from ui.call_desk.phase import Phase, Place
from ui.call_desk.together import CallDeskPresenters, Services, Views
from ui.call_desk.view import CallDeskRoom
from ui.keys import Act
from ui.shell.window import MainWindow
from ui.steady import keep_steady

STEP_PLACES = (Place.SEARCH, Place.FIRST_ITEM, Place.WHAT_TO_SAY, Place.WHAT_TO_SAY, Place.NEXT_ACTION, Place.REASON)
ELSEWHERE = (Act.KEYS, Act.SAFETY, Act.CALL_DESK, Act.STAFF, Act.SETTINGS, Act.TEST_CONNECTION, Act.SAVE_SETTINGS)
ON_THE_LIST = (Act.STUCK, Act.OPEN_ROW, Act.CLAIM, Act.RELEASE, Act.ROW_DONE, Act.LOOK_AGAIN)
FROM_ELSEWHERE = (Act.NEW_CALL, Act.SEARCH, Act.RESUME)
"""What brings the call desk back when another screen is there; its other keys mean nothing then."""
KEYS = tuple(act for act in Act if act not in (*ELSEWHERE, *ON_THE_LIST))


class CallDeskScreen:
    """Made with the window, before the desk is open; `attach` brings it to life. Holds the presenters."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.room = CallDeskRoom(window.keys)
        self.frame = DeskFrame(window, self.room, self.do)
        self.presenters: CallDeskPresenters | None = None
        self._links: list[QMetaObject.Connection] = []
        self._acts: dict[Act, Callable[[], None]] = {}
        self.elsewhere: Callable[[Act], None] = lambda _act: None
        window.add_screen(self.room)
        window.show_screen(self.room)
        for act in KEYS:
            window.bind(act, partial(self.do, act))
        window.search_asked.connect(lambda: self.do(Act.SEARCH))
        window.screen_asked.connect(self._show)
        window.navigation.steps.step_chosen.connect(self._step)

    def attach(self, services: Services) -> None:
        """The desk is open: its services are there."""
        room = self.room
        views = Views(self.frame, room.search, room.verify, room.status, room.notes, room.signpost, room.history)
        self.presenters = presenters = CallDeskPresenters(views, services)
        self._links = connect(room, self._window, presenters)
        self._acts = acts(self)
        presenters.call.start()
        keep_steady()

    def detach(self) -> None:
        """Another role, or another desk: what was connected is let go."""
        for link in self._links:
            QObject.disconnect(link)
        self._links, self._acts, self.presenters = [], {}, None

    def do(self, act: Act) -> None:
        """Carries out what a key or a button means now; before the desk is open, nothing. Where another screen is there, what
        begins a call brings the desk back, and every other key is that screen's."""
        what = self._acts.get(act)
        if what is None:
            return
        if not self.shown:
            if act not in FROM_ELSEWHERE:
                self.elsewhere(act)
                return
            self.come_back()
        what()

    @property
    def shown(self) -> bool:
        return self._window.body.currentWidget() is self.room

    @property
    def taking(self) -> bool:
        """Whether a call is being taken."""
        return self.presenters is not None and self.presenters.current.taking

    def come_back(self) -> None:
        """The call desk as it was left."""
        self._window.show_screen(self.room)
        self.frame.redraw()

    def ring(self, phone: str) -> None:
        """The telephone system says who rings; the desk is there before anything is shown of it."""
        if self.presenters is not None:
            if not self.shown and not self.taking:
                self.come_back()
            self.presenters.call.ring(phone)

    def call_about(self, number: NhsNumber) -> None:
        """Starts a call about somebody and opens their record in it, once the call is on disk. Nobody is checked by that."""
        if self.presenters is None or self.taking:
            return
        self.come_back()
        self.presenters.call.new_call()
        self.presenters.call.opening.once_begun(number)

    def _show(self, screen_id: str) -> None:
        if screen_id == "call_desk" and self.presenters is not None:
            self.come_back()

    def _step(self, number: int) -> None:
        if self.presenters is not None and number < len(STEP_PLACES):
            self.presenters.call.go(STEP_PLACES[number])


def connect(room: CallDeskRoom, window: MainWindow, p: CallDeskPresenters) -> list[QMetaObject.Connection]:
    """What the handler does in each view goes to its presenter."""
    p.history.summary = room.status.show_calls_before
    search, side, verify, status = room.search, room.search_side, room.verify, room.status
    return [
        search.typed.connect(p.search.typed),
        search.entered.connect(p.search.entered),
        search.wider.connect(p.search.wider),
        search.removed.connect(p.search.removed),
        search.chosen.connect(p.search.chosen),
        side.phone_typed.connect(p.call.taking.phone_typed),
        side.ask_pds.connect(p.search.entered),
        side.without_patient.connect(p.call.without_patient),
        side.reopen.connect(p.call.opening.reopen),
        verify.said.connect(p.verification.said),
        verify.cannot_say.connect(p.verification.cannot_say),
        verify.rang_back.connect(p.verification.rang_back),
        room.verify_side.caller_is.connect(p.verification.caller_is),
        room.verify_side.proxy_said.connect(p.verification.proxy_said),
        room.verify_side.glass_asked.connect(p.verification.break_glass),
        status.retry.connect(p.status.retry),
        status.said.connect(p.status.said),
        status.related_asked.connect(p.status.related),
        status.link_asked.connect(p.status.open_link),
        status.history_asked.connect(p.call.history),
        status.hand_off_asked.connect(p.call.hand_off),
        status.check_further.connect(p.call.check_further),
        status.other_person.connect(p.call.wrong_person),
        room.notes.typed.connect(p.notes.typed),
        room.notes.chosen.connect(p.notes.chosen),
        room.signpost.searched.connect(p.signpost.searched),
        room.signpost.chosen.connect(p.signpost.chosen),
        room.signpost.add.connect(p.signpost.add),
        room.signpost.removed.connect(p.signpost.removed),
        room.resume_asked.connect(p.call.resume),
        window.safety.route_used.connect(p.call.safety),
        window.safety.closed.connect(lambda: p.call.place_said(window.safety.where())),
    ]


def acts(screen: CallDeskScreen) -> dict[Act, Callable[[], None]]:
    """What each act does at this desk."""
    p, room = screen.presenters, screen.room
    assert p is not None, "made in attach"  # noqa: S101 - narrows the type
    call = p.call

    def advance() -> None:
        if call.phase is Phase.SIGNPOST and not room.signpost.add_ticked():
            room.signpost.show_trouble("Tick a channel first, or go back with Esc.")
        else:
            call.advance()

    def in_check(what: Callable[[], None]) -> Callable[[], None]:
        return lambda: what() if call.phase is Phase.VERIFY else None

    return {
        Act.NEW_CALL: call.new_call,
        Act.SEARCH: lambda: call.go(Place.SEARCH),
        Act.NOTES: lambda: call.go(Place.NOTES),
        Act.WHAT_TO_SAY: lambda: call.go(Place.WHAT_TO_SAY),
        Act.RESUME: call.resume,
        Act.ASK_WIDER: p.search.wider,
        Act.WITHOUT_PATIENT: call.without_patient,
        Act.CANNOT_SAY: in_check(room.verify.cannot_say_now),
        Act.CANNOT_CHECK: call.cannot_check,
        Act.WHO_RINGS: in_check(lambda: room.focus_place(Place.CALLER)),
        Act.BREAK_GLASS: in_check(lambda: room.focus_place(Place.BREAK_GLASS)),
        Act.CHECK_FURTHER: call.check_further,
        Act.OTHER_PERSON: call.wrong_person,
        Act.CALL_BACK: call.call_back,
        Act.HAND_OFF: call.hand_off,
        Act.SIGNPOST: call.signpost,
        Act.HISTORY: call.history,
        Act.ADVANCE: advance,
        Act.BACK: call.back,
    }

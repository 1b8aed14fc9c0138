"""The call desk in its window: what the presenter of the call shows goes to the bar, the banner, the room and the buttons."""

from __future__ import annotations

from collections.abc import Callable

from helpdesk.desk.model import Banner
from ui.call_desk.actions import Actions, steps_at
from ui.call_desk.call_view import Ready
from ui.call_desk.phase import Phase, Place
from ui.call_desk.view import CallDeskRoom
from ui.keys import Act
from ui.pieces import Pieces
from ui.shell.action_bar import Status
from ui.shell.window import MainWindow

DRAFT = Status("draft", "Call draft on this computer")
NOTHING = Status("closed", "Nothing from the record until checked", "lock", "text2")


class DeskFrame:
    """The CallView. `do` carries out an act, whether its key or its button was pressed."""

    def __init__(self, window: MainWindow, room: CallDeskRoom, do: Callable[[Act], None]) -> None:
        self._window, self._room = window, room
        self.actions = Actions(window.keys, do)
        self._phase = Phase.OPENING
        self._banner: Banner | None = None
        self._ready = Ready()
        self._added = 0
        self._pieces = Pieces(window)

    def show_phase(self, phase: Phase) -> None:
        self._phase = phase
        self._room.show_phase(phase)
        self._pieces.soon("buttons", self._draw_buttons)
        self.show_ready(self._ready)
        self.show_steps()
        if phase is Phase.IDLE:
            self._pieces.draw_all()
            self.actions.buttons[Act.NEW_CALL].setFocus()

    def redraw(self) -> None:
        """The desk is there again after another screen: its buttons and steps."""
        self._draw_buttons()
        self.show_steps()
        if self._phase is Phase.IDLE:
            self.actions.buttons[Act.NEW_CALL].setFocus()

    def show_call(self, phone: str, timer: str) -> None:
        if timer:
            self._window.call_bar.show_call("In call", timer, phone, live=True)
        else:
            self._window.call_bar.show_call("No call")
        side = self._room.search_side.phone
        if side.text() != phone and not side.line.hasFocus():
            side.set_text(phone)

    def show_banner(self, banner: Banner | None) -> None:
        """At once: nothing of a person stands on the screen without their name above it."""
        self._banner = banner
        self._window.banner.show_banner(banner)
        self.show_steps()

    def show_notice(self, message: str) -> None:
        self._room.notice.set_words(message)
        self._room.notice.setVisible(bool(message))

    def show_unfinished(self, message: str) -> None:
        self._room.unfinished.set_words(message)
        self._room.unfinished.setVisible(bool(message))

    def show_saved(self, message: str) -> None:
        self._room.saved.set_words(message)
        self._room.saved.setVisible(bool(message))

    def show_reopen(self, offered: bool) -> None:
        self._room.search_side.reopen_button.setVisible(offered)

    def show_ready(self, ready: Ready) -> None:
        self._ready = ready
        self.actions.ready(ready)
        self._statuses()

    def show_added(self, count: int) -> None:
        if count != self._added:
            self._added = count
            self.show_steps()

    def show_finishing(self, on: bool) -> None:
        self._room.notes.lock(on)

    def focus(self, place: Place) -> None:
        self._room.focus_place(place)

    def lead(self, place: Place) -> None:
        if not self._room.notes.notes.edit.hasFocus():
            self._room.focus_place(place)

    def forget_safety(self) -> None:
        self._window.safety.clear()

    def show_steps(self) -> None:
        self._pieces.soon("steps", self._draw_steps)

    def _draw_buttons(self) -> None:
        self._window.action_bar.show_buttons(self.actions.at(self._phase))

    def _draw_steps(self) -> None:
        checked = self._banner.checked.removeprefix("Checked: ") if self._banner else ""
        self._window.navigation.steps.show_steps(steps_at(self._phase, checked, self._added))

    def _statuses(self) -> None:
        bar = self._window.action_bar
        (bar.show_status(DRAFT) if self._phase not in (Phase.OPENING, Phase.IDLE) else bar.drop_status(DRAFT.key))
        (bar.show_status(NOTHING) if self._phase is Phase.VERIFY and not self._ready.may_open else bar.drop_status(NOTHING.key))

"""Opens the window at once, lets the desk be opened behind it, and puts the two together."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from helpdesk.access.model import Role
from helpdesk.errors import HelpdeskError
from helpdesk.lazy import load
from helpdesk.start import Start
from helpdesk.tasks import Done
from ui.call_desk.screen import CallDeskScreen
from ui.call_desk.together import Services
from ui.door import Door, Workstation
from ui.excepthook import BugHook
from ui.keys import KeyMap
from ui.keys_first import KeysFirst
from ui.settings.screen import SettingsScreen
from ui.shell.window import MainWindow
from ui.sign_in.presenter import SignInPresenter
from ui.sign_in.view import SignInPage
from ui.single import OneWindow, hand_over, phone_in
from ui.smartcard import SmartcardEntry
from ui.stuck.screen import StuckScreen
from ui.tasks import InTurns, PoolRunner, QtScheduler
from ui.theme.theme import Theme, use

WHAT_TO_DO = "Nothing was changed. Close this window, put it right and start again, or ask your administrator. 999 and 111 still work: F12."

UNSAVED_SETTINGS = "Something in the settings is not saved."
AT_A_DESK = (Role.HANDLER, Role.NAVIGATOR, Role.SUPERVISOR, Role.ADMINISTRATOR)
UNSAVED = "The window stays open so that nothing is lost. Copy the notes, or close it again to leave without them."


def main(start: Start, pop_from: str = "", pop_id: str = "", pop_queue: str = "") -> int:
    """The desk in its window. With `pop_from` an open desk is told who rings, or this one begins with that call."""
    message = {"from": pop_from, "call_id": pop_id, "queue": pop_queue}
    return open_window(start, partial(_open, start), message)


def _open(start: Start) -> Door:
    door: Door = load("helpdesk.composition:open_door")(start)
    return door


def open_window(start: Start, build: Callable[[], Door], message: dict[str, str] | None = None) -> int:
    """Runs the window until it is closed. `build` opens the desk, away from the window's thread."""
    application = _application()
    if hand_over(start.folder, message or {}):
        return 0
    use(Theme(scale=start.scale), application)
    desk = DeskWindow(start, phone_in(message))
    desk.open(build)
    code = application.exec()
    desk.close()
    return code


def _application() -> QApplication:
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    made = QApplication(sys.argv[:1])
    made.setApplicationName("nerve-centre-helpdesk")
    made.setApplicationDisplayName("Nerve Centre")
    return made


@dataclass(frozen=True)
class _Unlocked:
    """The door, and what was asked of it away from the window's thread."""

    door: Door
    roles: tuple[Role, ...]
    first: bool

    @classmethod
    def of(cls, door: Door) -> _Unlocked:
        return cls(door, door.roles, door.needs_first_account)


class DeskWindow(QObject):
    """The window and whoever is at it. `workstation` is None until the desk is open and somebody has come in."""

    def __init__(self, start: Start, phone: str = "") -> None:
        super().__init__()
        self.window = MainWindow(KeyMap(), start.kind)
        self.screen = CallDeskScreen(self.window)
        self.settings = SettingsScreen(self.window)
        self.stuck = StuckScreen(self.window, self.screen)
        self.sign_in = SignInPage()
        self.window.add_screen(self.sign_in)
        self.workstation: Workstation | None = None
        self.runner, self.scheduler = PoolRunner(), QtScheduler()
        self._smartcard = SmartcardEntry(self.window, self.runner)
        self._door: Door | None = None
        self._signing: SignInPresenter | None = None
        self._ringing = phone
        self._hook = BugHook(self.window.show_notice)
        self._hook.install()
        self._one = OneWindow(start.folder, self._called, self)
        self._keys_first = KeysFirst(self.window.keys, self)
        self.window.may_close = self._may_close
        self._told_unsaved = self._offered = False

    def open(self, build: Callable[[], Door]) -> None:
        """Shows the window, then opens the desk behind it."""
        _application().installEventFilter(self._keys_first)
        self.window.open_on_screen()
        self.runner.run(lambda: _Unlocked.of(build()), self._opened)

    def close(self) -> None:
        """After the window: nothing more is listened for or begun, and the desk is shut."""
        _application().removeEventFilter(self._keys_first)
        self._one.close()
        self.scheduler.close()
        self.runner.close()
        if self._door is not None:
            self._door.close()
            self._door = None

    def attach(self, workstation: Workstation) -> None:
        """Somebody is at the desk: the screens come to life."""
        w = self.workstation = workstation
        self.screen.detach()
        self.settings.detach()
        self.stuck.detach()
        role = w.session.role.value.replace("_", " ")
        self.window.call_bar.show_staff(w.session.staff.name, role)
        self._smartcard.offer(w.smartcard)
        self._offer_roles(w)
        self.window.navigation.show_for(calls=w.connections is None, settings=w.connections is not None, stuck=w.stuck is not None)
        self.window.call_bar.search.setVisible(w.connections is None)
        if w.connections is not None:
            self.window.navigation.steps.show_steps(())
            self.settings.attach(w.connections, self.runner, w.clock)
            return
        self.window.show_screen(self.screen.room)
        self.screen.attach(
            Services(w.calls, w.people, w.dispositions, self.runner, self.scheduler, w.clock, InTurns(self.runner, self.scheduler))
        )
        if w.stuck is not None:
            self.stuck.attach(w.stuck, self.runner, self.scheduler)
        if self._ringing:
            self._called(self._ringing)

    def _opened(self, done: Done[_Unlocked]) -> None:
        if done.error is not None:
            self._refused(done.error)
            return
        found = done.result()
        self._door = door = found.door
        if found.roles:
            self._offer(found.roles)
            self._enter(door, found.roles[0])
            return
        self._signing = SignInPresenter(self.sign_in, door, self.runner, self.attach, first=found.first)
        self.sign_in.submitted.connect(self._signing.submitted)
        self.window.show_screen(self.sign_in)
        self.sign_in.login.setFocus()

    def _offer_roles(self, w: Workstation) -> None:
        """Live: somebody with several roles changes between them in the menu under their name."""
        own = tuple(role for role in AT_A_DESK if role in w.session.staff.roles)
        if not self._offered and len(own) > 1 and w.profile == "live":
            self._offer(own)

    def _offer(self, roles: tuple[Role, ...]) -> None:
        self._offered = True
        for role in roles:
            words = f"Work as {role.value.replace('_', ' ')}"
            self.window.call_bar.add_staff_action(words).triggered.connect(partial(self._switch, role))

    def _enter(self, door: Door, role: Role) -> None:
        self.runner.run(lambda: door.enter(role), self._entered)

    def _entered(self, done: Done[Workstation]) -> None:
        if done.error is not None:
            self._refused(done.error) if self.workstation is None else self.window.show_notice(done.error.message)
        elif self._taking:
            self._say_taking()
        else:
            self.attach(done.result())

    def _switch(self, role: Role, _checked: bool = False) -> None:
        if self._door is None or self._taking:
            self._say_taking()
            return
        if self.settings.unsaved:
            self.window.show_notice(UNSAVED_SETTINGS, "Save it or undo it first, then change the role.")
            return
        self.window.show_notice("")
        self._enter(self._door, role)

    @property
    def _taking(self) -> bool:
        return self.screen.taking

    def _say_taking(self) -> None:
        self.window.show_notice("A call is being taken.", "Save it first, then change the role.")

    def _refused(self, error: HelpdeskError) -> None:
        self.screen.room.opening.show_trouble(error.message, WHAT_TO_DO)

    def _called(self, phone: str) -> None:
        """A later start, or the telephone system."""
        self.window.showNormal() if self.window.isMinimized() else self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        if self.screen.presenters is None:
            self._ringing = phone or self._ringing
        elif phone:
            self._ringing = ""
            self.screen.ring(phone)

    def _may_close(self) -> bool:
        """The first time words would be lost the window stays and says so; whoever closes it again means it."""
        if self.settings.unsaved and not self._told_unsaved:
            self._told_unsaved = True
            self.window.show_notice(UNSAVED_SETTINGS, "Save it, or close the window again to leave without it.")
            return False
        if self.screen.presenters is None or self._told_unsaved:
            return True
        try:
            self.screen.presenters.call.taking.closing()
        except HelpdeskError as error:
            self._told_unsaved = True
            self.window.show_notice(f"What was typed is not saved. {error.message}", UNSAVED)
            return False
        return True

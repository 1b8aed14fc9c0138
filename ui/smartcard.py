"""The national sign-in in the menu under the member of staff's name: through the browser, and it can be given up."""

from __future__ import annotations

import threading
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from helpdesk.desk.workstation import Smartcard
from helpdesk.tasks import Done, TaskRunner
from ui.shell.window import MainWindow

SIGN_IN, SIGN_OUT, GIVE_UP = "Sign in with smartcard (CIS2)", "Sign out of smartcard (CIS2)", "Give up the smartcard sign-in"
WAITING = ("Finish the smartcard sign-in in your browser.", "It can be given up in the menu under your name.")


class SmartcardEntry(QObject):
    """One entry of the staff menu, for whoever is at the desk; hidden where the desk has no national sign-in."""

    def __init__(self, window: MainWindow, runner: TaskRunner) -> None:
        super().__init__(window)
        self._window, self._runner = window, runner
        self._card: Smartcard | None = None
        self._giving_up: threading.Event | None = None
        self._entry: QAction | None = None

    def offer(self, card: Smartcard | None) -> None:
        """Somebody is at the desk; a sign-in that was begun for another is given up."""
        if self._giving_up is not None:
            self._giving_up.set()
        self._card, self._giving_up = card, None
        if card is not None and self._entry is None:
            self._entry = self._window.call_bar.add_staff_action(SIGN_IN)
            self._entry.triggered.connect(self._chosen)
        if self._entry is not None:
            self._entry.setVisible(card is not None)
            self._entry.setText(SIGN_OUT if card is not None and card.signed_in else SIGN_IN)

    def _chosen(self, _checked: bool = False) -> None:
        card = self._card
        if card is None or self._entry is None:
            return
        if self._giving_up is not None:
            self._giving_up.set()
        elif self._entry.text() == SIGN_OUT:
            self._runner.run(card.sign_out, partial(self._ended, card, SIGN_IN, "Signed out"))
        else:
            giving_up = self._giving_up = threading.Event()
            self._entry.setText(GIVE_UP)
            self._window.show_notice(*WAITING, tone="info")
            self._runner.run(lambda: card.sign_in(giving_up.is_set), partial(self._ended, card, SIGN_OUT, "Signed in with smartcard"))

    def _ended(self, card: Smartcard, entry: str, told: str, done: Done[None]) -> None:
        if card is not self._card or self._entry is None:
            return
        self._giving_up = None
        self._window.show_notice(done.error.message if done.error is not None else "")
        self._entry.setText(SIGN_IN if done.error is not None else entry)
        if done.error is None:
            self._window.tell(told)

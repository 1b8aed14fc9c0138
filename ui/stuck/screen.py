"""Stuck pathways in their window: their entry, their keys and buttons, and the presenter while somebody works on them."""

from __future__ import annotations

from PySide6.QtCore import QMetaObject, QObject

from helpdesk.tasks import TaskRunner
from ui.call_desk.screen import CallDeskScreen
from ui.keys import Act
from ui.shell.window import MainWindow
from ui.stuck import words
from ui.stuck.filters import typed
from ui.stuck.ports import Scheduler, StuckService
from ui.stuck.presenter import StuckPresenter
from ui.stuck.view import StuckPage

ID = "stuck"


class StuckScreen:
    """Made with the window; `attach` brings it to life for a role that works on gaps. Holds the presenter. While a call is
    being taken the list is not shown: no screen with other people's names stands over a patient's."""

    def __init__(self, window: MainWindow, call_desk: CallDeskScreen) -> None:
        self._window, self._call_desk = window, call_desk
        self.page = StuckPage(window.keys)
        self.page.told.connect(window.tell)
        self.presenter: StuckPresenter | None = None
        self._links: list[QMetaObject.Connection] = []
        window.add_screen(self.page)
        window.bind(Act.STUCK, self._asked)
        window.bind(Act.LOOK_AGAIN, self._look_again)
        window.screen_asked.connect(self._go)
        window.body.currentChanged.connect(self._changed)
        call_desk.elsewhere = self._other_act
        table = self.page.table
        for act, button in (
            (Act.OPEN_ROW, self.page.open),
            (Act.CLAIM, self.page.claim),
            (Act.RELEASE, self.page.release),
            (Act.ROW_DONE, self.page.done),
        ):
            table.act(act, button.click)

    def attach(self, desk: StuckService, runner: TaskRunner, scheduler: Scheduler) -> None:
        page = self.page
        self.presenter = p = StuckPresenter(page, desk, runner, scheduler, self._call_desk.call_about)
        self._links = [
            page.filters.narrowed.connect(lambda name, value: p.narrow(**{name: typed(name, value)})),
            page.table.chosen.connect(p.choose),
            page.table.in_view.connect(p.in_view),
            page.table.opened.connect(page.open.click),
            page.open.activated.connect(p.open),
            page.claim.activated.connect(p.claim),
            page.release.activated.connect(p.release),
            page.done.activated.connect(p.ask_note),
            page.detail.noted.connect(p.finish),
            page.detail.left.connect(p.drop_note),
            page.again.activated.connect(p.look_again),
            page.looking.stop.activated.connect(p.look_again),
        ]

    def detach(self) -> None:
        """Somebody else, or another role: nobody who was listed stays."""
        for link in self._links:
            QObject.disconnect(link)
        self._links = []
        if self.presenter is not None:
            self.presenter.close()
            self.presenter = None

    @property
    def shown(self) -> bool:
        return self._window.body.currentWidget() is self.page

    def _asked(self) -> None:
        self._go(ID)

    def _go(self, screen_id: str) -> None:
        if screen_id != ID or self.presenter is None or self.shown:
            return
        if self._call_desk.taking:
            self._window.tell(*words.BUSY)
            return
        self._window.show_screen(self.page, ID, banner=False)
        self._window.action_bar.show_buttons(self.page.buttons)
        self.presenter.show()
        self.page.table.setFocus()

    def _changed(self) -> None:
        if self.presenter is not None and not self.shown:
            self.presenter.hide()

    def _look_again(self) -> None:
        if self.presenter is not None and self.shown:
            self.presenter.look_again()

    def _other_act(self, act: Act) -> None:
        """Keys of the call desk while the list is there: the way back closes the note, the way on keeps it."""
        if self.presenter is None or not self.shown or not self.page.detail.noting:
            return
        if act is Act.BACK:
            self.presenter.drop_note()
        elif act is Act.ADVANCE:
            self.presenter.finish(self.page.detail.note.text())

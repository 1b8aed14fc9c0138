"""The settings in their window: their entry, their keys and buttons, and the presenter while an administrator is there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMetaObject, QObject

from helpdesk.clock import Clock
from helpdesk.desk.connections import Connections
from helpdesk.tasks import TaskRunner
from ui.keys import Act
from ui.settings.connections.presenter import ConnectionsPresenter
from ui.settings.connections.view import ConnectionsPage
from ui.shell.action_bar import Status
from ui.shell.window import MainWindow

LATER = Status("settings", "Changes hold from the next start of the desk", "info", "text2")


class SettingsScreen:
    """Made with the window; `attach` brings it to life for an administrator. Holds the presenter."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.page = ConnectionsPage(window.keys)
        self.presenter: ConnectionsPresenter | None = None
        self._links: list[QMetaObject.Connection] = []
        window.add_screen(self.page)
        window.bind(Act.SETTINGS, self._asked)
        window.bind(Act.TEST_CONNECTION, self.page.test.click)
        window.bind(Act.SAVE_SETTINGS, self.page.save.click)
        window.screen_asked.connect(self._go)

    def attach(self, connections: Connections, runner: TaskRunner, clock: Clock) -> None:
        page = self.page
        self.presenter = p = ConnectionsPresenter(page, connections, runner, clock)
        self._links = [
            page.chosen.connect(p.choose),
            page.add_asked.connect(p.add),
            page.kind_chosen.connect(p.add_kind),
            page.edited.connect(p.edited),
            page.test_asked.connect(self._with_typed(p.test)),
            page.save.activated.connect(self._with_typed(p.save)),
            page.remove.activated.connect(p.remove),
            page.undo.activated.connect(p.undo),
        ]
        self._go("settings")
        p.start()
        page.connections.setFocus()

    @property
    def unsaved(self) -> bool:
        return self.presenter is not None and self.presenter.unsaved

    def detach(self) -> None:
        """Somebody else, or another role."""
        for link in self._links:
            QObject.disconnect(link)
        self._links = []
        if self.presenter is not None:
            self.presenter.close()
            self.presenter = None
            self.page.forget()
            self._window.action_bar.drop_status(LATER.key)
            self._window.action_bar.show_buttons(())

    def _with_typed(self, act: Callable[..., None]) -> Callable[[], None]:
        return lambda: act(self.page.typed())

    def _asked(self) -> None:
        self._go("settings")

    def _go(self, screen_id: str) -> None:
        if screen_id == "settings" and self.presenter is not None:
            self._window.show_screen(self.page, "settings")
            self._window.action_bar.show_status(LATER)
            self._window.action_bar.show_buttons(self.page.buttons)

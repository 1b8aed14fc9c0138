"""Signing in, and making the first account of a new desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from helpdesk.tasks import Done, TaskRunner
from ui.door import Door, Workstation


class SignInView(Protocol):
    def show_first(self, first: bool) -> None:
        """Whether the first account is made here, or somebody signs in."""

    def show_waiting(self, on: bool) -> None: ...

    def show_error(self, field: str, message: str) -> None:
        """Said at "login", "name" or "password"; "" is the whole form. An empty message takes it away."""

    def clear_password(self) -> None: ...


class SignInPresenter:
    """Passwords go straight to the door and are not kept here."""

    def __init__(self, view: SignInView, door: Door, runner: TaskRunner, entered: Callable[[Workstation], None], *, first: bool) -> None:
        self._view, self._door, self._runner, self._entered = view, door, runner, entered
        self._busy = False
        self.first = first
        view.show_first(first)

    def submitted(self, login: str, name: str, password: str, again: str) -> None:
        """The form was sent."""
        for field in ("", "login", "name", "password"):
            self._view.show_error(field, "")
        problem = self._problem(login, name, password, again)
        if problem is not None:
            self._view.show_error(*problem)
        elif not self._busy:
            self._busy = True
            self._view.show_waiting(True)
            self._runner.run(lambda: self._enter(login.strip(), name.strip(), password), self._answered)

    def _problem(self, login: str, name: str, password: str, again: str) -> tuple[str, str] | None:
        if not login.strip():
            return "login", "Type your login."
        if self.first and not name.strip():
            return "name", "Type your name as colleagues know it."
        if not password:
            return "password", "Type your password."
        if self.first and password != again:
            return "password", "The two passwords differ. Type them again."
        return None

    def _enter(self, login: str, name: str, password: str) -> Workstation:
        return self._door.make_first_account(login, name, password) if self.first else self._door.sign_in(login, password)

    def _answered(self, done: Done[Workstation]) -> None:
        self._busy = False
        self._view.show_waiting(False)
        self._view.clear_password()
        if done.error is not None:
            field = done.error.field if done.error.field in ("login", "name", "password") else ""
            self._view.show_error(field or "", done.error.message)
        else:
            self._entered(done.result())

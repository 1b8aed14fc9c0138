"""What the settings screen shows, in plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from helpdesk.desk.connections import Form, Kind, Secrets, Tried

Tone = Literal["ok", "warn", "bad", "quiet"]


@dataclass(frozen=True)
class Row:
    """One connection of the list: its state as an icon and in words, and what stands beside it."""

    instance: str
    label: str
    gives: str
    state: str
    icon: str
    tone: Tone
    detail: str = ""

    @property
    def words(self) -> str:
        return ", ".join(part for part in (self.label, self.state, self.detail, self.gives) if part)


@dataclass(frozen=True)
class Typed:
    """What stands in the form now. `name` is what a new connection shall be called."""

    name: str
    values: Mapping[str, str]
    secrets: Secrets = field(default_factory=Secrets)


@dataclass(frozen=True)
class Shown:
    """A form, and over what is kept whatever was typed before and not saved. `told` says what has been kept just now."""

    form: Form
    typed: Typed
    told: str = ""


class ConnectionsView(Protocol):
    def show_loading(self, what: str) -> None:
        """What is being read; "" when it is there."""

    def show_rows(self, rows: tuple[Row, ...], chosen: str) -> None: ...

    def show_around(self, broken: tuple[tuple[str, str], ...], where: str) -> None:
        """Connectors that cannot be used, and the file that changes go to."""

    def show_form(self, shown: Shown) -> None: ...

    def show_kinds(self, kinds: tuple[Kind, ...]) -> None:
        """What can be added, to choose from."""

    def show_error(self, field: str, message: str) -> None:
        """At that field, with the keyboard there; "" is the whole form."""

    def clear_errors(self) -> None: ...

    def show_testing(self, label: str) -> None:
        """Who is being asked; "" when nobody is."""

    def show_tested(self, tested: Tried | None) -> None: ...

    def show_told(self, message: str) -> None:
        """What was done; "" takes it away."""

    def show_confirm(self, words: str) -> None:
        """What removing means, to be pressed once more; "" takes it away."""

    def show_ready(self, save: str, test: str, remove: str) -> None:
        """Why each cannot be done now; "" where it can."""

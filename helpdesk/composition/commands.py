"""Opens a data folder for one command, which then closes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from helpdesk.composition.opening import OpenFolder
from helpdesk.composition.services import Services
from helpdesk.composition.sources import settings_of
from helpdesk.errors import StorageError
from helpdesk.secrets import DATABASE_FILE
from helpdesk.start import Start


def open_for_command(
    start: Start,
    sign_in: Callable[[], tuple[str, str]] | None,
    reason: str,
    ask_passphrase: Callable[[], str] | None = None,
    *,
    takes_files: bool = False,
) -> Services:
    """`sign_in` gives login and password, asked for once the database is open; None where nobody need sign in."""
    _must_exist(start)
    folder = OpenFolder(start, ask_passphrase, takes_files=takes_files)
    try:
        return folder.for_command(sign_in() if sign_in is not None else None, reason)
    except BaseException:
        folder.close()
        raise


def _must_exist(start: Start) -> None:
    """A command opens a live database, it never makes one."""
    if start.live and not (start.folder / Path(DATABASE_FILE)).exists() and settings_of(start.tables).database.url == "sqlite":
        raise StorageError("There is no live database here yet. Open the desk once, or make the first account with: helpdesk staff add.")

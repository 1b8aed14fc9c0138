"""Opens the desk's services for one command, signed in as its rules ask, and closes them after it."""

from __future__ import annotations

import getpass
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from helpdesk.cli.options import Options
from helpdesk.errors import RuleBroken
from helpdesk.lazy import load
from helpdesk.start import Start

PASSWORD_VARIABLE = "HELPDESK_PASSWORD_FILE"  # noqa: S105 - the name of a variable, not a password
NEW_PASSWORD_VARIABLE = "HELPDESK_NEW_PASSWORD_FILE"  # noqa: S105 - the name of a variable, not a password


@contextmanager
def opened(options: Options, start: Start, *, reason: str = "", takes_files: bool = False) -> Iterator[Any]:
    """The services (helpdesk.composition.Services), with `reason` set. A live profile asks for a member of staff and,
    where the command has no `reason` of its own, for --reason; raises RuleBroken without them."""
    why = options.text("reason").strip() or reason or ("" if start.live else "practice")
    if not why:
        raise RuleBroken("On a live profile say why: --reason TEXT.")
    sign_in = _signing_in(options) if start.live else None
    services = load("helpdesk.composition:open_for_command")(start, sign_in, why, passphrase, takes_files=takes_files)
    try:
        yield services
    finally:
        services.close()


def _signing_in(options: Options) -> Callable[[], tuple[str, str]]:
    login = options.text("staff")
    if not login:
        raise RuleBroken("On a live profile a member of staff signs in: --staff LOGIN.")
    return lambda: (login, password_of(login))


def password_of(login: str) -> str:
    return password(f"Password of {login}: ")


def password(prompt: str, variable: str = PASSWORD_VARIABLE) -> str:
    """Asked for at the terminal, or read from the owner-only file that this variable of the environment names."""
    named = os.environ.get(variable)
    if named:
        return _owner_only(Path(named))
    if not _has_terminal():
        raise RuleBroken(f"There is no terminal to ask for the password; name an owner-only file in {variable}.")
    return getpass.getpass(prompt)


def new_password(login: str, *, first: bool) -> str:
    """The password of an account about to be made. The `first` account's may stand in either variable; a later one's
    only in its own, so that nobody is given the administrator's."""
    variable = PASSWORD_VARIABLE if first and NEW_PASSWORD_VARIABLE not in os.environ else NEW_PASSWORD_VARIABLE
    return password(f"New password of {login}: ", variable)


def passphrase() -> str:
    """The passphrase of the desk's database, asked for at the terminal. Raises RuleBroken where there is none."""
    if not _has_terminal():
        raise RuleBroken("There is no terminal to ask for the passphrase; name an owner-only file in HELPDESK_PASSPHRASE_FILE.")
    return getpass.getpass("Passphrase of the desk's database: ")


def _has_terminal() -> bool:
    """Whether somebody can be asked, also while standard input is a pipe."""
    if os.name != "posix":
        return sys.stdin.isatty()
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _owner_only(path: Path) -> str:
    try:
        mode = path.stat().st_mode
        words = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise RuleBroken("The password file cannot be read.") from None
    if not stat.S_ISREG(mode) or (os.name == "posix" and mode & 0o077):
        raise RuleBroken("The password file must be a plain file that only its owner can read (mode 0600).")
    return words

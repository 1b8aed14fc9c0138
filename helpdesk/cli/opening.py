"""Opens the desk's services for one command, signed in as its rules ask, and closes them after it."""

from __future__ import annotations

import getpass
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from helpdesk.cli.options import Options
from helpdesk.errors import RuleBroken
from helpdesk.lazy import load
from helpdesk.start import Start

PASSWORD_VARIABLE = "HELPDESK_PASSWORD_FILE"  # noqa: S105 - the name of a variable, not a password


@contextmanager
def opened(options: Options, start: Start, *, reason: str = "") -> Iterator[Any]:
    """The services (helpdesk.composition.Services), with `reason` set. A live profile asks for a member of staff and a
    reason, and raises RuleBroken without them."""
    why = options.text("reason") or reason or ("" if start.live else "practice")
    if not why:
        raise RuleBroken("On a live profile say why: --reason TEXT.")
    credentials = _credentials(options) if start.live else None
    services = load("helpdesk.composition:open_for_command")(start, credentials, why)
    try:
        yield services
    finally:
        services.close()


def _credentials(options: Options) -> tuple[str, str]:
    login = options.text("staff")
    if not login:
        raise RuleBroken("On a live profile a member of staff signs in: --staff LOGIN.")
    return login, password(f"Password of {login}: ")


def password(prompt: str) -> str:
    """Asked for at the terminal, or read from the owner-only file that HELPDESK_PASSWORD_FILE names."""
    named = os.environ.get(PASSWORD_VARIABLE)
    if named:
        return _owner_only(Path(named))
    if not sys.stdin.isatty():
        raise RuleBroken(f"There is no terminal to ask for the password; name an owner-only file in {PASSWORD_VARIABLE}.")
    return getpass.getpass(prompt)


def _owner_only(path: Path) -> str:
    try:
        mode = path.stat().st_mode
        words = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise RuleBroken("The password file cannot be read.") from None
    if not stat.S_ISREG(mode) or (os.name == "posix" and mode & 0o077):
        raise RuleBroken("The password file must be a plain file that only its owner can read (mode 0600).")
    return words

"""`helpdesk` without a command, and `helpdesk pop`: opening the desk's window."""

from __future__ import annotations

import os
import sys

from helpdesk.cli.options import Options
from helpdesk.errors import RuleBroken
from helpdesk.lazy import load

NO_DISPLAY = (
    "There is no display here, so no window can open. On a computer with a screen this opens the desk; "
    "without one, `make look` plays a call on a virtual screen and writes pictures of it to build/look."
)


def run(options: Options) -> int:
    start = options.start()
    _need_display()
    code: int = load("ui.app:main")(start)
    return code


def pop(options: Options) -> int:
    """Hands the announced call to the desk that is open on this data folder, or opens it."""
    start = options.start()
    _need_display()
    code: int = load("ui.app:main")(start, pop_from=options.text("phone"), pop_id=options.text("call_id"), pop_queue=options.text("queue"))
    return code


def _need_display() -> None:
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise RuleBroken(NO_DISPLAY)

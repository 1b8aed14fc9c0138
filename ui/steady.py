"""Keeps the window moving while other threads of the program work hard."""

from __future__ import annotations

import gc
import sys

SWITCH_S = 0.001
"""The window asks for the interpreter many times while it lays out and paints one answer; with Python's usual 5 ms each
time, an answer that is parsed meanwhile held it up for a quarter of a second."""
_YOUNG, _MIDDLE, _OLD = 20_000, 20, 20
"""A large reply is a hundred thousand objects and gone a moment later: with Python's usual 700 new ones the collector went
over all that the program holds, and nothing else ran meanwhile."""


def keep_steady() -> None:
    """Called once the desk is open: what is there then stays, and is not looked through again. A second time does nothing."""
    if gc.get_freeze_count():
        return
    sys.setswitchinterval(SWITCH_S)
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)

"""The one place where a bug ends up: written down without any value, and said in one calm sentence."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import PurePath
from types import TracebackType

LOG = logging.getLogger("ui.bug")
SENTENCE = "Something in this program went wrong. The call is kept on this computer. You can go on; if it happens again, report it."


def places(trace: TracebackType | None) -> list[str]:
    """Where it happened, innermost last: file, line and function of each frame. No source line and no value, since
    either may hold a patient's identifier."""
    return [f"{PurePath(frame.filename).name}:{line} {frame.name}" for frame, line in _frames(trace)]


def _frames(trace: TracebackType | None) -> list[tuple[traceback.FrameSummary, int]]:
    found = traceback.StackSummary.extract(traceback.walk_tb(trace), lookup_lines=False, capture_locals=False)
    return [(frame, frame.lineno or 0) for frame in found]


class BugHook:
    """Takes every exception that nobody caught, of the window's thread and of others. `tell` gets the sentence to show;
    it is called on the thread of the exception."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._telling = False

    def install(self) -> None:
        """From now on this hook gets what nobody caught."""
        sys.excepthook = self
        threading.excepthook = self._in_thread

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self._write(kind, trace)
        if not self._telling:
            self._telling = True
            try:
                self._tell(SENTENCE)
            finally:
                self._telling = False

    def _in_thread(self, told: threading.ExceptHookArgs) -> None:
        self._write(told.exc_type, told.exc_traceback)

    def _write(self, kind: type[BaseException], trace: TracebackType | None) -> None:
        LOG.error("%s at %s", kind.__name__, " < ".join(reversed(places(trace))))

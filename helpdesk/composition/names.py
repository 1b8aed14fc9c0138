"""What organisations are called: as the configuration says, else as the Organisation Data Service said when it was asked."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping

from helpdesk.directory.service import Directory
from helpdesk.errors import HelpdeskError

_log = logging.getLogger(__name__)
_MOST = 500
"""How many codes without a name are asked about in one run."""


class OrganisationNames:
    """Never waits: a code without a known name is given back as it is, and its name is learnt behind the desk for the
    next time. `learning` runs on a thread of its own until `stop`."""

    def __init__(self, configured: Mapping[str, str], directory: Directory) -> None:
        self._configured = configured
        self._directory = directory
        self._unnamed: dict[str, None] = {}
        self._new = False
        self._changed = threading.Condition()
        self._over = False

    def __call__(self, code: str) -> str:
        named = self._configured.get(code) or self._directory.name_of(code)
        if named == code:
            with self._changed:
                if code not in self._unnamed and len(self._unnamed) < _MOST:
                    self._unnamed[code] = None
                    self._new = True
                    self._changed.notify()
        return named

    def start(self) -> Callable[[], None]:
        """Begins to learn; the answer ends it."""
        threading.Thread(target=self._learning, name="names", daemon=True).start()
        return self._stop

    def _stop(self) -> None:
        with self._changed:
            self._over = True
            self._changed.notify()

    def _learning(self) -> None:
        """Asks when a new code turns up, and then also about those that it could not be asked about before; a code that the
        service does not know keeps its code."""
        while codes := self._next():
            try:
                self._directory.learn(codes)
            except HelpdeskError as error:
                _log.warning("Names of organisations could not be learnt: %s", error.message)

    def _next(self) -> list[str]:
        """The codes to ask about now, the newest first, waited for; none once it is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._over or self._new)
            self._new = False
            return [] if self._over else list(reversed(self._unnamed))

"""Access tokens: kept until shortly before they end, and fetched by one thread for all."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field

from helpdesk.errors import ConnectorUnavailable, HelpdeskError, Stage

_EARLY_S = 30.0
_EARLY_SHARE = 0.1


@dataclass(frozen=True)
class Token:
    """`good_for_s` counts from when it came."""

    text: str = field(repr=False)
    good_for_s: float


@dataclass
class _Kept:
    text: str = field(repr=False)
    holder: str = field(repr=False)
    until: float


class TokenKeeper:
    """Shared by every thread that asks one service. `fetch` is given what the token is made for and the moment (monotonic)
    it must have ended by; it has `fetch_s` seconds, however little time is left to whoever asked first."""

    def __init__(self, fetch: Callable[[str, float], Token], fetch_s: float, label: str) -> None:
        self._fetch = fetch
        self._fetch_s = fetch_s
        self._label = label
        self._lock = threading.Lock()
        self._kept: _Kept | None = None
        self._fetching: dict[str, Future[str]] = {}

    def token(self, holder: str, ends: float) -> str:
        """The token made for this holder ("" for the desk itself), and for no other. Raises ConnectorError."""
        fetching = self._kept_or_fetching(holder)
        if isinstance(fetching, str):
            return fetching
        try:
            error = fetching.exception(timeout=max(0.0, ends - time.monotonic()))
        except FutureTimeout:
            error = ConnectorUnavailable(f"{self._label} did not answer in time.", stage=Stage.CONNECTION)
        if error is None:
            return fetching.result()
        # every thread raises a copy of its own: a traceback belongs to one thread
        raise (copy.copy(error) if isinstance(error, HelpdeskError) else error) from None

    def forget(self, text: str) -> None:
        """A token that was not accepted is not used again; a newer one stays."""
        with self._lock:
            if self._kept is not None and self._kept.text == text:
                self._kept = None

    def _kept_or_fetching(self, holder: str) -> str | Future[str]:
        with self._lock:
            kept = self._kept
            if kept is not None and kept.holder == holder and time.monotonic() < kept.until:
                return kept.text
            future = self._fetching.get(holder)
            if future is None:
                future = self._fetching[holder] = Future()
                threading.Thread(target=self._work, args=(holder, future), name="token", daemon=True).start()
            return future

    def _work(self, holder: str, future: Future[str]) -> None:
        try:
            token = self._fetch(holder, time.monotonic() + self._fetch_s)
        except BaseException as error:  # noqa: BLE001  # handed to the threads that asked, which raise it
            with self._lock:
                del self._fetching[holder]
            future.set_exception(error)
            return
        early = min(_EARLY_S, token.good_for_s * _EARLY_SHARE)
        with self._lock:
            self._kept = _Kept(token.text, holder, time.monotonic() + token.good_for_s - early)
            del self._fetching[holder]
        future.set_result(token.text)

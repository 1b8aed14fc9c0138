"""The connections to one service, each used by one call at a time; every call has an end."""

from __future__ import annotations

import ssl
import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout

from connectors.calls import Call, Failed, Raw, late, send
from connectors.origin import Origin
from connectors.wire import Session, tls_context
from helpdesk.errors import ConnectorRejected, Stage

_IDLE_SESSIONS = 6


class Lines:
    """May be used from several threads at once. `label` is the service's name in sentences, `name` the thread's."""

    def __init__(self, origin: Origin, label: str, name: str) -> None:
        self._origin = origin
        self._label = label
        self._name = name
        self._lock = threading.Lock()
        self._idle: list[Session] = []
        self._tls: ssl.SSLContext | None = None

    def ask(self, call: Call) -> Raw | Failed:
        """The call on a thread of its own: name look-up, TLS and a dripping server take no notice of socket time-outs."""
        session = self._take(fresh=call.method != "GET")
        if isinstance(session, Failed):
            return session
        future: Future[Raw | Failed] = Future()
        threading.Thread(target=self._work, args=(session, call, future), name=f"http-{self._name}", daemon=True).start()
        try:
            return future.result(timeout=max(0.0, call.ends - time.monotonic()))
        except FutureTimeout:
            session.wire.cut()
        with self._lock:
            self._idle = [other for other in self._idle if other is not session]
        return late(self._label)

    def close(self) -> None:
        """Closes the idle connections; the lines may still be used."""
        with self._lock:
            idle, self._idle = self._idle, []
        for session in idle:
            session.close()

    def _work(self, session: Session, call: Call, future: Future[Raw | Failed]) -> None:
        try:
            came = send(session, call, self._label)
        except BaseException as error:  # noqa: BLE001  # handed to the thread that asked, which raises it
            session.close()
            future.set_exception(error)
            return
        self._give_back(session, keep=isinstance(came, Raw))
        future.set_result(came)

    def _take(self, *, fresh: bool) -> Session | Failed:
        """A session that is nobody else's. What is sent only once never goes out on a connection that may have died idle."""
        with self._lock:
            if self._idle and not fresh:
                return self._idle.pop()
            try:
                if self._tls is None and self._origin.parts.scheme == "https":
                    self._tls = tls_context(self._origin)
            except OSError:
                return Failed(ConnectorRejected(f"A certificate file set for {self._label} cannot be read.", stage=Stage.SETTINGS))
            return Session(self._origin, self._tls)

    def _give_back(self, session: Session, *, keep: bool) -> None:
        with self._lock:
            if keep and not session.wire.is_cut and len(self._idle) < _IDLE_SESSIONS:
                self._idle.append(session)
                return
        session.close()

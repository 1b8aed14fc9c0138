"""How every connector speaks HTTP: always with an end to it, never with a patient in a log line or an error."""

from __future__ import annotations

import json
import logging
import ssl
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from connectors import json_door
from connectors.calls import Call, Failed, Params, Raw, late, send
from connectors.http_settings import HttpSettings
from connectors.wire import Session, tls_context
from helpdesk.errors import ConnectorAuthFailed, ConnectorRejected
from helpdesk.registry.contract import ConnectorContext

__all__ = ["Params", "Reply", "Transport"]

_SIGN_INS = {"cis2": "with a smartcard (CIS2)", "signed_jwt": "by signed token", "api_key": "by API key"}
_IDLE_SESSIONS = 4
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Reply:
    """What came back, whatever its status. `body` is the JSON value; None for 204, and for an error whose body is not
    JSON. `headers` may be asked in any case. `request_id` is the X-Request-ID we sent."""

    status: int
    headers: Mapping[str, str]
    body: Any | None = field(repr=False)
    content_type: str
    request_id: str
    received: datetime = _NEVER


class Transport:
    """Speaks to one service. May be used from several threads at once; a call takes at most `settings.timeout_s`.

    Raises ConnectorUnavailable (no answer in time, no connection, broken or oversized body), ConnectorAuthFailed
    (a sign-in this desk does not have) and ConnectorRejected (`localhost` that is another computer, an unreadable
    certificate file). A reply of any status is returned: connectors.errors_http.raise_for says what it means."""

    def __init__(self, settings: HttpSettings, context: ConnectorContext) -> None:
        self._settings = settings
        self._context = context
        self._label = context.label or context.instance
        self._log = logging.getLogger(f"connectors.{context.instance}")
        self._lock = threading.Lock()
        self._idle: list[Session] = []
        self._tls: ssl.SSLContext | None = None

    def get_json(
        self, path: str, params: Params | None = None, headers: Mapping[str, str] | None = None, *, request_id: str | None = None
    ) -> Reply:
        """Asks for `path` under the base address. A refused or reset connection is tried once more, within the same time."""
        return self._exchange("GET", path, params, headers, None, request_id)

    def post_json(self, path: str, body: Any, headers: Mapping[str, str] | None = None, *, request_id: str | None = None) -> Reply:
        """Sends `body` as JSON, once. Pass the former `request_id` when sending the same thing again."""
        data = json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8")
        return self._exchange("POST", path, None, {"Content-Type": "application/json", **(headers or {})}, data, request_id)

    def close(self) -> None:
        """Closes the idle connections; the transport may still be used."""
        with self._lock:
            idle, self._idle = self._idle, []
        for session in idle:
            session.close()

    def _exchange(
        self,
        method: str,
        path: str,
        params: Params | None,
        headers: Mapping[str, str] | None,
        data: bytes | None,
        request_id: str | None,
    ) -> Reply:
        self._sign_in()
        request_id = request_id or str(uuid4())
        started = time.monotonic()
        call = Call(method, self._settings.url(path), self._headers(headers, request_id), params, data, started + self._settings.timeout_s)
        came = self._in_time(call)
        if isinstance(came, Failed) and came.again and method == "GET":
            came = self._in_time(call)
        status = "none" if isinstance(came, Failed) else str(came.status)
        self._log.info("%s %s %s %d ms", self._context.instance, request_id, status, (time.monotonic() - started) * 1000)
        if isinstance(came, Failed):
            raise came.error
        return self._reply(came, request_id)

    def _sign_in(self) -> None:
        if self._settings.sign_in != "none":
            raise ConnectorAuthFailed(f"Sign-in {_SIGN_INS[self._settings.sign_in]} is not set up on this desk for {self._label}.")

    def _headers(self, own: Mapping[str, str] | None, request_id: str) -> dict[str, str]:
        general = {"User-Agent": self._context.user_agent, "Accept": "application/fhir+json, application/json", "Accept-Encoding": "gzip"}
        return {**general, **(own or {}), "X-Request-ID": request_id}

    def _reply(self, raw: Raw, request_id: str) -> Reply:
        """A good status must bring JSON; an error may bring anything."""
        content_type = raw.headers.get("Content-Type", "").split(";", 1)[0].strip().lower()
        if raw.status == 204:
            body = None
        elif 200 <= raw.status < 300:
            body = json_door.parse(raw.data, self._label)
        else:
            body = json_door.parse_if_json(raw.data)
        return Reply(raw.status, raw.headers, body, content_type, request_id, self._context.clock.now())

    def _in_time(self, call: Call) -> Raw | Failed:
        """The call on a thread of its own: name look-up, TLS and a dripping server take no notice of socket time-outs."""
        session = self._take_session(fresh=call.method != "GET")
        if isinstance(session, Failed):
            return session
        future: Future[Raw | Failed] = Future()
        threading.Thread(target=self._work, args=(session, call, future), name=f"http-{self._context.instance}", daemon=True).start()
        try:
            return future.result(timeout=max(0.0, call.ends - time.monotonic()))
        except FutureTimeout:
            session.wire.cut()
        with self._lock:
            self._idle = [other for other in self._idle if other is not session]
        return late(self._label)

    def _work(self, session: Session, call: Call, future: Future[Raw | Failed]) -> None:
        try:
            came = send(session, call, self._label)
        except BaseException as error:  # noqa: BLE001  # handed to the thread that asked, which raises it
            session.close()
            future.set_exception(error)
            return
        self._give_back(session, keep=isinstance(came, Raw))
        future.set_result(came)

    def _take_session(self, *, fresh: bool) -> Session | Failed:
        """A session that is nobody else's. What is sent only once never goes out on a connection that may have died idle."""
        with self._lock:
            if self._idle and not fresh:
                return self._idle.pop()
            try:
                if self._tls is None and self._settings.parts.scheme == "https":
                    self._tls = tls_context(self._settings)
            except OSError:
                return Failed(ConnectorRejected(f"A certificate file set for {self._label} cannot be read."))
            return Session(self._settings, self._tls)

    def _give_back(self, session: Session, *, keep: bool) -> None:
        with self._lock:
            if keep and not session.wire.is_cut and len(self._idle) < _IDLE_SESSIONS:
                self._idle.append(session)
                return
        session.close()

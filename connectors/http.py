"""How every connector speaks HTTP: always with an end to it, never with a patient in a log line or an error."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from connectors import json_door
from connectors.calls import Call, Failed, Params, Raw
from connectors.http_settings import HttpSettings
from connectors.lines import Lines
from helpdesk.errors import ConnectorAuthFailed
from helpdesk.registry.contract import ConnectorContext

__all__ = ["Params", "Reply", "Transport"]

_SIGN_INS = {"cis2": "with a smartcard (CIS2)", "signed_jwt": "by signed token", "api_key": "by API key"}
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
        self._lines = Lines(settings.origin, self._label, context.instance)

    def get_json(
        self, path: str, params: Params | None = None, headers: Mapping[str, str] | None = None, *, request_id: str | None = None
    ) -> Reply:
        """Asks for `path` under the base address. A refused or reset connection is tried once more, within the same time."""
        return self._exchange("GET", path, params, headers, None, request_id, True)

    def post_json(
        self,
        path: str,
        body: Any,
        headers: Mapping[str, str] | None = None,
        *,
        request_id: str | None = None,
        repeatable: bool = False,
    ) -> Reply:
        """Sends `body` as JSON, once; more than once only where the caller says that a repeat is harmless (`repeatable`).
        Pass the former `request_id` when sending the same thing again."""
        data = json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8")
        return self._exchange("POST", path, None, {"Content-Type": "application/json", **(headers or {})}, data, request_id, repeatable)

    def close(self) -> None:
        """Closes the idle connections; the transport may still be used."""
        self._lines.close()

    def _exchange(
        self,
        method: str,
        path: str,
        params: Params | None,
        headers: Mapping[str, str] | None,
        data: bytes | None,
        request_id: str | None,
        repeatable: bool,
    ) -> Reply:
        self._sign_in()
        request_id = request_id or str(uuid4())
        started = time.monotonic()
        call = Call(method, self._settings.url(path), self._headers(headers, request_id), params, data, started + self._settings.timeout_s)
        came = self._lines.ask(call)
        if isinstance(came, Failed) and came.again and repeatable:
            came = self._lines.ask(call)
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

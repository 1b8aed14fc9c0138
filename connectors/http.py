"""How every connector speaks HTTP: always with an end to it, never with a patient in a log line or an error."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias
from uuid import uuid4

from connectors import json_door
from connectors.breaker import Breaker
from connectors.calls import Call, Failed, Into, Params, Raw, Sink
from connectors.http_settings import HttpSettings
from connectors.lines import Lines
from connectors.repeats import pause_s
from connectors.sign_in.ways import way_of
from helpdesk.errors import ConnectorUnavailable
from helpdesk.registry.contract import ConnectorContext
from helpdesk.tasks import nobody_waits, pause

__all__ = ["Params", "Reply", "Transport"]

Anew: TypeAlias = Callable[[], Mapping[str, str]]

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Reply:
    """What came back, whatever its status. `body` is the JSON value; None for 204, for an error whose body is not JSON,
    and where none was asked for. `headers` may be asked in any case. `request_id` is the X-Request-ID we sent."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: Any | None = field(repr=False)
    content_type: str
    request_id: str
    received: datetime = _NEVER
    sink: Sink | None = field(default=None, repr=False)
    """The whole body where it was downloaded; `body` is None then."""


class Transport:
    """Speaks to one service. May be used from several threads at once; a call takes at most `settings.timeout_s`, with the
    sign-in, the wait for a turn and every repeat in it.

    Raises ConnectorUnavailable (no answer in time, no connection, broken or oversized body, too busy, left alone for a
    while), ConnectorAuthFailed (a sign-in this desk does not have, or that was refused) and ConnectorRejected (`localhost`
    that is another computer, an unreadable certificate file). A reply of any status is returned, 401 after one new
    sign-in: connectors.errors_http.raise_for says what it means."""

    def __init__(self, settings: HttpSettings, context: ConnectorContext) -> None:
        self._settings = settings
        self._context = context
        self._label = context.label or context.instance
        self._log = logging.getLogger(f"connectors.{context.instance}")
        self._lines = Lines(settings.origin, self._label, context.instance)
        self._sign_in = way_of(settings, context)
        self._breaker = Breaker(settings.breaker_failures, settings.breaker_cool_down_s)

    def get_json(
        self,
        path: str,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        request_id: str | None = None,
        anew: Anew | None = None,
    ) -> Reply:
        """Asks for `path` under the base address. A refused or reset connection, and a 429 or 503 that says when, are tried
        again within the same time. `anew` makes the headers that may be sent only once, for each try."""
        return self._exchange("GET", path, params, headers, None, request_id, repeatable=True, anew=anew)

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
        own = {"Content-Type": "application/json", **(headers or {})}
        return self._exchange("POST", path, None, own, data, request_id, repeatable=repeatable)

    def tell(self, method: str, path: str, headers: Mapping[str, str] | None = None, *, anew: Anew | None = None) -> Reply:
        """A request whose good reply needs no body, harmless to repeat: PUT of a state, or the question whether one may
        come in. Tried again like get_json."""
        return self._exchange(method, path, None, headers, None, None, repeatable=True, anew=anew, wants_body=False)

    def download(
        self, path: str, headers: Mapping[str, str] | None = None, *, into: Into, anew: Anew | None = None, request_id: str | None = None
    ) -> Reply:
        """Asks for what may be too long to hold: a reply for which `into` gives a sink is poured into it as it comes, a new
        one for each try; any other is read like get_json's. Raises also what the sink raises."""
        return self._exchange("GET", path, None, headers, None, request_id, repeatable=True, anew=anew, into=into)

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
        *,
        repeatable: bool,
        anew: Anew | None = None,
        into: Into | None = None,
        wants_body: bool = True,
    ) -> Reply:
        request_id = request_id or str(uuid4())
        started = time.monotonic()
        ends = started + self._settings.timeout_s
        call = Call(method, self._settings.url(path), self._headers(headers, request_id), params, data, ends, into)
        came: Raw | Failed | None = None
        passage = self._breaker.enter()
        if passage is None:
            raise ConnectorUnavailable(f"{self._label} has not answered several times; it is tried again shortly.")
        try:
            came = self._ask(call, anew, repeatable=repeatable)
        finally:
            passage.leave(answered=_answered(came))
            status = came.status if isinstance(came, Raw) else "none"
            self._log.info("%s %s %s %d ms", self._context.instance, request_id, status, (time.monotonic() - started) * 1000)
        if isinstance(came, Failed):
            raise came.error
        return self._reply(came, request_id, wants_body=wants_body)

    def _ask(self, call: Call, anew: Anew | None, *, repeatable: bool) -> Raw | Failed:
        """The last of what came: after one new sign-in where the first was not accepted, and after the repeats allowed."""
        left = self._settings.retries if repeatable else 0
        tried, refused = 0, False
        while True:
            signed = self._sign_in.headers(call.ends)
            self._take_turn(call.ends)
            once = anew() if anew is not None else {}
            came = self._lines.ask(replace(call, headers={**call.headers, **signed, **once}))
            if isinstance(came, Raw) and came.status == 401 and not refused and self._sign_in.refused(signed):
                refused = True
                continue
            wait_s = pause_s(came, tried, self._context.clock.now())
            if tried >= left or wait_s is None or time.monotonic() + wait_s >= call.ends:
                return came
            if not pause(wait_s):
                raise self._dropped()
            tried += 1

    def _take_turn(self, ends: float) -> None:
        if not self._context.allowance.take(self._settings.service, ends - time.monotonic(), nobody_waits):
            raise self._dropped() if nobody_waits() else ConnectorUnavailable(f"{self._label} is busy: too many questions at once.")

    def _dropped(self) -> ConnectorUnavailable:
        return ConnectorUnavailable(f"{self._label} was not asked: nobody waits for the answer any more.")

    def _headers(self, own: Mapping[str, str] | None, request_id: str) -> dict[str, str]:
        general = {"User-Agent": self._context.user_agent, "Accept": "application/fhir+json, application/json", "Accept-Encoding": "gzip"}
        return {**general, **(own or {}), "X-Request-ID": request_id}

    def _reply(self, raw: Raw, request_id: str, *, wants_body: bool) -> Reply:
        """A good status must bring JSON; an error may bring anything."""
        content_type = raw.headers.get("Content-Type", "").split(";", 1)[0].strip().lower()
        if raw.status == 204 or raw.sink is not None:
            body = None
        elif 200 <= raw.status < 300 and wants_body:
            body = json_door.parse(raw.data, self._label)
        else:
            body = json_door.parse_if_json(raw.data)
        return Reply(raw.status, raw.headers, body, content_type, request_id, self._context.clock.now(), raw.sink)


def _answered(came: Raw | Failed | None) -> bool | None:
    """For the breaker: a service answers by any reply but a 5xx. None where it was not asked, or the fault is our own."""
    if isinstance(came, Raw):
        return came.status < 500
    return False if came is not None and came.down else None

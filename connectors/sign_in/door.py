"""Speaks to sign-in services as carefully as to any other: TLS, an end to every call, no redirect, a limit to every reply."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from connectors import json_door
from connectors.calls import Call, Failed, Raw
from connectors.lines import Lines
from connectors.origin import Origin, is_protected
from helpdesk.errors import ConnectorRejected, ConnectorUnavailable, Stage


@dataclass(frozen=True)
class Answer:
    """`body` is None where it is not JSON. `retry_after` is the header as it came."""

    status: int
    body: Any = field(repr=False)
    retry_after: str = ""


class Door:
    """Asks any address of a sign-in service. `like` says whom to trust and which certificate we show; `label` names the
    service in sentences ("The sign-in service of PDS"); `instance` names it in the log."""

    def __init__(self, like: Origin, label: str, instance: str, user_agent: str) -> None:
        self._like = like
        self.label = label
        self._instance = instance
        self._user_agent = user_agent
        self._log = logging.getLogger(f"connectors.{instance}")
        self._lock = threading.Lock()
        self._lines: dict[str, Lines] = {}

    def get(self, url: str, ends: float) -> Answer:
        """Raises ConnectorUnavailable, and ConnectorRejected for an address that would not be protected."""
        return self._ask("GET", url, {}, None, ends)

    def post(self, url: str, form: dict[str, str], ends: float) -> Answer:
        """Sends the form, once. Raises like `get`."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", url, headers, urlencode(form).encode("ascii"), ends)

    def close(self) -> None:
        with self._lock:
            lines, self._lines = self._lines, {}
        for line in lines.values():
            line.close()

    def misunderstood(self) -> ConnectorUnavailable:
        return ConnectorUnavailable(f"{self.label} sent a reply that could not be understood.", stage=Stage.SHAPE)

    def _ask(self, method: str, url: str, headers: dict[str, str], data: bytes | None, ends: float) -> Answer:
        if not is_protected(url):
            raise ConnectorRejected(f"{self.label} is at an address that is not protected (https).")
        general = {"User-Agent": self._user_agent, "Accept": "application/json", "Accept-Encoding": "gzip"}
        started = time.monotonic()
        came = self._line(url).ask(Call(method, url, general | headers, None, data, ends))
        status = "none" if isinstance(came, Failed) else str(came.status)
        self._log.info("%s sign-in %s %d ms", self._instance, status, (time.monotonic() - started) * 1000)
        if isinstance(came, Failed):
            raise came.error
        return self._answer(came)

    def _answer(self, came: Raw) -> Answer:
        good = 200 <= came.status < 300
        body = json_door.parse(came.data, self.label) if good else json_door.parse_if_json(came.data)
        return Answer(came.status, body, came.headers.get("Retry-After", ""))

    def _line(self, url: str) -> Lines:
        origin = self._like.at(url)
        where = f"{origin.parts.scheme}://{origin.parts.netloc}"
        with self._lock:
            return self._lines.setdefault(where, Lines(origin, self.label, f"{self._instance}-sign-in"))

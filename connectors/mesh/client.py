"""Asks MESH for what was sent to one mailbox, and tells it what was taken.

Source: MESH API, version 2 (application/vnd.mesh.v2+json): handshake, check an inbox, download message, acknowledge."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.errors_http import misunderstood, raise_for
from connectors.http import Reply, Transport
from connectors.mesh.authorisation import Signer
from connectors.mesh.download import Downloads
from connectors.mesh.settings import MeshSettings
from helpdesk.desk.deliveries import Delivery
from helpdesk.errors import ConnectorAuthFailed
from helpdesk.registry.contract import ConnectorContext
from helpdesk.spool import Spool

_AT_ONCE = 500
_MOST_PAGES = 20
_ID = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_DIGITS = re.compile(r"\d+(?:\.\d+)*")


class MeshMailbox:
    """Fulfils the port `Deliveries` for one mailbox."""

    def __init__(self, settings: MeshSettings, context: ConnectorContext) -> None:
        self._settings = settings
        self._label = context.label or context.instance
        self._transport = Transport(settings, context)
        self._signer = Signer(settings.mailbox, context)
        self._headers = _headers(context)
        self._downloads = Downloads(settings, self._label, self._transport, self._signer, self._headers)

    @property
    def label(self) -> str:
        return self._label

    @property
    def read_as(self) -> str:
        return self._settings.read_as

    @property
    def every(self) -> timedelta:
        return timedelta(minutes=self._settings.every_minutes)

    def check(self) -> None:
        """The handshake, by which MESH says whether this mailbox may come in. Raises a ConnectorError."""
        reply = self._transport.tell("POST", self._path(), self._headers, anew=self._signer.headers)
        if reply.status in (401, 403):
            raise ConnectorAuthFailed(f"{self._label} did not accept the mailbox, its password, the shared key or our certificate.")
        raise_for(reply, self._label)

    def arrived(self) -> tuple[str, ...]:
        found = dict.fromkeys(message for workflow in self._settings.workflows for message in self._of(workflow))
        return tuple(found)

    def fetch(self, message: str, spool: Spool) -> Delivery:
        return self._downloads.fetch(message, spool)

    def acknowledge(self, message: str) -> None:
        path = self._path("inbox", message, "status", "acknowledged")
        raise_for(self._transport.tell("PUT", path, self._headers, anew=self._signer.headers), self._label)

    def close(self) -> None:
        self._transport.close()

    def _of(self, workflow: str) -> Iterator[str]:
        """The messages of one workflow, page after page, oldest first."""
        params = {"max_results": str(_AT_ONCE), "workflow_filter": workflow}
        for _ in range(_MOST_PAGES):
            reply = self._transport.get_json(self._path("inbox"), params, self._headers, anew=self._signer.headers)
            raise_for(reply, self._label)
            messages, further = self._page(reply)
            yield from messages
            if not further:
                return
            params = {**params, "continue_from": further}

    def _page(self, reply: Reply) -> tuple[list[str], str]:
        """The ids of one page, and from where the next goes on ("" for the last). Raises ConnectorUnavailable."""
        body: Any = reply.body
        messages = body.get("messages") if isinstance(body, dict) else None
        links = body.get("links", {}) if isinstance(body, dict) else None
        if not isinstance(messages, list) or not isinstance(links, dict | None):
            raise misunderstood(self._label)
        if not all(isinstance(one, str) and _ID.fullmatch(one) for one in messages):
            raise misunderstood(self._label)
        following = (links or {}).get("next") or ""
        if not isinstance(following, str):
            raise misunderstood(self._label)
        return messages, next(iter(parse_qs(urlsplit(following).query).get("continue_from", ())), "")

    def _path(self, *parts: str) -> str:
        return "/".join(("/messageexchange", self._settings.mailbox, *parts))


def _headers(context: ConnectorContext) -> Mapping[str, str]:
    """What MESH wants to know of every client."""
    version = _DIGITS.search(context.user_agent)
    release = _DIGITS.search(platform.release())
    return {
        "Accept": "application/vnd.mesh.v2+json",
        "Mex-ClientVersion": context.user_agent,
        "Mex-OSName": platform.system() or "unknown",
        "Mex-OSVersion": release.group() if release else version.group() if version else "0",
    }

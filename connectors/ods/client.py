"""Asks the Organisation Data Service."""

from __future__ import annotations

from typing import Any

from connectors.errors_http import misunderstood, raise_for
from connectors.fhir import entries
from connectors.http import Reply, Transport
from connectors.ods.mapping import organisation_of, says_not_known
from connectors.ods.query import BY_NAME, searches_for
from connectors.ods.settings import OdsSettings
from helpdesk.directory.model import Organisation
from helpdesk.errors import ConnectorRejected, NotFound
from helpdesk.identifiers import OdsCode
from helpdesk.registry.contract import ConnectorContext

_PAGE = 50
_MOST = 200
_TOO_MUCH = 422


class OdsDirectory:
    """Fulfils the port `Organisations`. Source: ODS FHIR API (Organisation Data Terminology), R4."""

    def __init__(self, settings: OdsSettings, context: ConnectorContext, transport: Transport) -> None:
        self._settings = settings
        self._context = context
        self._label = context.label or context.instance
        self._transport = transport

    def organisation(self, code: OdsCode) -> Organisation:
        """Raises NotFound where the service says that it knows no such code, or a ConnectorError."""
        reply = self._transport.get_json(f"/Organization/{code.value}")
        if reply.status == 404 and says_not_known(reply.body):
            raise NotFound(f"{self._label} knows no organisation with this code.")
        self._refuse(reply)
        return self._one(reply.body, reply, code)

    def search(self, words: str, limit: int = 20) -> tuple[Organisation, ...]:
        """By code, by postcode or its beginning, and where those find nothing by any part of a name; at most 200. Raises
        RuleBroken for words that cannot be searched for, or a ConnectorError."""
        found: dict[OdsCode, Organisation] = {}
        most = max(1, min(limit, _MOST))
        for parameter, value in searches_for(words):
            if found and parameter == BY_NAME:
                break
            found |= {o.ods: o for o in self._all(parameter, value, most) if o.ods not in found}
        return tuple(found.values())[:most]

    def check(self) -> None:
        """Asks for one organisation by our own code; none is an answer too. Raises a ConnectorError."""
        reply = self._transport.get_json("/Organization", [("_id", self._context.organisation or "X26"), ("_count", "1")])
        self._refuse(reply)
        entries(reply.body, self._label)

    def _all(self, parameter: str, value: str, limit: int) -> tuple[Organisation, ...]:
        """Page by page until there are enough or no more. A page that brings nothing new ends it."""
        found: dict[OdsCode, Organisation] = {}
        for offset in range(0, limit, _PAGE):
            count = min(_PAGE, limit - offset)
            page = self._page([(parameter, value), ("_count", str(count)), ("_offset", str(offset))])
            new = [o for o in page if o.ods not in found]
            found |= {o.ods: o for o in new}
            if len(page) < count or not new:
                break
        return tuple(found.values())[:limit]

    def _page(self, params: list[tuple[str, str]]) -> tuple[Organisation, ...]:
        if self._settings.open_only:
            params = [*params, ("active", "true")]
        reply = self._transport.get_json("/Organization", params)
        self._refuse(reply)
        held = [r for r in entries(reply.body, self._label) if r.get("resourceType") != "OperationOutcome"]
        if any(r.get("resourceType") != "Organization" for r in held):
            raise misunderstood(self._label)
        return tuple(self._one(resource, reply) for resource in held)

    def _one(self, body: Any, reply: Reply, asked_for: OdsCode | None = None) -> Organisation:
        return organisation_of(body, source=self._context.instance, label=self._label, at=reply.received, asked_for=asked_for)

    def _refuse(self, reply: Reply) -> None:
        if reply.status == _TOO_MUCH:
            raise ConnectorRejected(f"{self._label} found more than it may send: narrow the search.")
        raise_for(reply, self._label)

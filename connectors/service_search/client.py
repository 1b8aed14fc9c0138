"""Asks the Directory of Healthcare Services."""

from __future__ import annotations

from connectors.errors_http import raise_for
from connectors.http import Reply, Transport
from connectors.postcodes import postcode_of
from connectors.service_search.mapping import place_of, services_of
from connectors.service_search.query import Params, Place, at_postcode, is_code, wanted
from connectors.service_search.settings import ServiceSearchSettings
from helpdesk.directory.model import CareService
from helpdesk.errors import RuleBroken
from helpdesk.registry.contract import ConnectorContext

_MOST = 50


class ServiceSearch:
    """Fulfils the port `CareServices`. Source: Directory of Healthcare Services (Service Search) API, version 3."""

    def __init__(self, settings: ServiceSearchSettings, context: ConnectorContext, transport: Transport) -> None:
        self._settings = settings
        self._context = context
        self._label = context.label or context.instance
        self._transport = transport

    def find(self, words: str, postcode: str = "", limit: int = 20) -> tuple[CareService, ...]:
        """At most 50. The directory does not know where postcodes are: the place is that of what lies there, or where
        nothing does of what lies in its first part; where neither is known the order is the service's own. Raises
        RuleBroken for nothing to search for or no postcode, or a ConnectorError."""
        if not words.strip() and not postcode.strip():
            raise RuleBroken("Type what is looked for, or a postcode.", field="text")
        place = self._place(postcode) if postcode.strip() else None
        most = max(1, min(limit, _MOST))
        if is_code(words):
            found = self._services(wanted(words.strip().upper(), place, most, by_code=True), place)
            if found:
                return found
        return self._services(wanted(words, place, most), place)

    def check(self) -> None:
        """Asks for one organisation. Raises a ConnectorError."""
        reply = self._ask([("search", "*"), ("$select", "SearchKey,OrganisationName"), ("$top", "1")])
        services_of(reply.body, None, source=self._context.instance, label=self._label, at=reply.received)

    def _services(self, params: Params, near: Place | None) -> tuple[CareService, ...]:
        reply = self._ask(params)
        found = services_of(reply.body, near, source=self._context.instance, label=self._label, at=reply.received)
        if near is None:
            return found
        return tuple(sorted(found, key=lambda s: (s.miles is None, s.miles or 0.0)))

    def _place(self, text: str) -> Place | None:
        postcode = postcode_of(text)
        if not postcode:
            raise RuleBroken("This is not a postcode or the first part of one.", field="postcode")
        for one in dict.fromkeys((postcode, postcode.split()[0])):
            place = place_of(self._ask(at_postcode(one)).body, one, self._label)
            if place is not None:
                return place
        return None

    def _ask(self, params: Params) -> Reply:
        reply = self._transport.get_json("/", [("api-version", self._settings.api_version), *params], {"Accept": "application/json"})
        raise_for(reply, self._label)
        return reply

"""The Directory of Healthcare Services: what a patient can be sent to, where it is and when it is open."""

from __future__ import annotations

from connectors.http import Transport
from connectors.service_search.client import ServiceSearch
from connectors.service_search.settings import ServiceSearchSettings
from helpdesk.registry.contract import ConnectorContext


def connect(settings: ServiceSearchSettings, context: ConnectorContext) -> ServiceSearch:
    return ServiceSearch(settings, context, Transport(settings, context))

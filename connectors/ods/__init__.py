"""The Organisation Data Service: which organisation a code means, and what organisations are called."""

from __future__ import annotations

from connectors.http import Transport
from connectors.ods.client import OdsDirectory
from connectors.ods.settings import OdsSettings
from helpdesk.registry.contract import ConnectorContext


def connect(settings: OdsSettings, context: ConnectorContext) -> OdsDirectory:
    return OdsDirectory(settings, context, Transport(settings, context))

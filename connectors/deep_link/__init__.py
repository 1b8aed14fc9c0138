"""Opens another system in the member of staff's browser: a shared care record, a portal, an online consultation."""

from __future__ import annotations

from connectors.deep_link.client import DeepLink
from connectors.deep_link.settings import DeepLinkSettings
from helpdesk.registry.contract import ConnectorContext


def connect(settings: DeepLinkSettings, context: ConnectorContext) -> DeepLink:
    return DeepLink(settings, context)

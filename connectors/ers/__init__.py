"""e-Referral Service: one referral by its booking reference (UBRN) and the worklists of those that may be stuck; read only."""

from __future__ import annotations

from connectors.ers.client import ErsReferrals
from connectors.ers.settings import ErsSettings
from connectors.http import Transport
from helpdesk.registry.contract import ConnectorContext


def connect(settings: ErsSettings, context: ConnectorContext) -> ErsReferrals:
    return ErsReferrals(settings, context, Transport(settings, context))

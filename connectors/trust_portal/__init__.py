"""A trust's patient portal by the national producer standard, or the aggregator of them all: what patients are shown."""

from __future__ import annotations

from connectors.trust_portal.client import PortalActivity
from connectors.trust_portal.settings import TrustPortalSettings
from helpdesk.pathways.ports import HospitalActivity
from helpdesk.registry.contract import ConnectorContext


def connect(settings: TrustPortalSettings, context: ConnectorContext) -> HospitalActivity:
    """The hospital activity port over one portal, or the aggregator. Nothing is asked until somebody asks."""
    return PortalActivity(settings, context)

"""A mailbox of NHS England's Message Exchange for Social Care and Health, to which extracts are sent."""

from __future__ import annotations

from connectors.mesh.client import MeshMailbox
from connectors.mesh.settings import MeshSettings
from helpdesk.desk.deliveries import Deliveries
from helpdesk.registry.contract import ConnectorContext


def connect(settings: MeshSettings, context: ConnectorContext) -> Deliveries:
    """Files that are sent to one mailbox. Nothing is asked until somebody asks."""
    return MeshMailbox(settings, context)

"""The Validated Relationships Service (proxy FHIR R4): who the NHS says may act for a patient."""

from __future__ import annotations

from connectors.validated_relationships.client import ValidatedRelationships
from connectors.validated_relationships.settings import ValidatedRelationshipsSettings
from helpdesk.callers.ports import Authorities
from helpdesk.registry.contract import ConnectorContext


def connect(settings: ValidatedRelationshipsSettings, context: ConnectorContext) -> Authorities:
    """The authority port over the proxy service. Nothing is asked until somebody asks."""
    return ValidatedRelationships(settings, context)

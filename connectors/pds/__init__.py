"""The Personal Demographics Service (PDS FHIR R4): who a person is, and whether their record is restricted."""

from __future__ import annotations

from connectors.pds.client import Pds
from connectors.pds.settings import PdsSettings
from helpdesk.patients.ports import Demographics
from helpdesk.registry.contract import ConnectorContext


def connect(settings: PdsSettings, context: ConnectorContext) -> Demographics:
    """The demographics port over one PDS. Nothing is asked until somebody asks."""
    return Pds(settings, context)

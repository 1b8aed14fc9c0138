"""A hospital's, community provider's or shared care record's own system over FHIR R4: what it holds of one patient."""

from __future__ import annotations

from connectors.fhir_r4.client import FhirActivity
from connectors.fhir_r4.settings import FhirR4Settings
from helpdesk.pathways.ports import HospitalActivity
from helpdesk.registry.contract import ConnectorContext


def connect(settings: FhirR4Settings, context: ConnectorContext) -> HospitalActivity:
    """The hospital activity port over one FHIR R4 server. Nothing is asked until somebody asks."""
    return FhirActivity(settings, context)

"""The Clinical Prescription Tracker: how far a patient's prescriptions have got, never what is prescribed."""

from __future__ import annotations

from connectors.http import Transport
from connectors.prescription_tracker.client import PrescriptionTracker
from connectors.prescription_tracker.settings import PrescriptionTrackerSettings
from helpdesk.registry.contract import ConnectorContext


def connect(settings: PrescriptionTrackerSettings, context: ConnectorContext) -> PrescriptionTracker:
    return PrescriptionTracker(settings, context, Transport(settings, context))

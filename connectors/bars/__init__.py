"""The Booking and Referral Standard (BaRS FHIR R4): the referrals and bookings that one provider holds for a patient."""

from __future__ import annotations

from connectors.bars.client import Bars
from connectors.bars.settings import BarsSettings
from helpdesk.pathways.ports import HospitalActivity
from helpdesk.registry.contract import ConnectorContext


def connect(settings: BarsSettings, context: ConnectorContext) -> HospitalActivity:
    """The hospital activity port over one provider's BaRS service. Nothing is asked until somebody asks."""
    return Bars(settings, context)

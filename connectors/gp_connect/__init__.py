"""GP Connect: future appointments at the patient's practice, read only."""

from __future__ import annotations

from connectors.gp_connect.client import GpConnectAppointments
from connectors.gp_connect.settings import GpConnectSettings
from connectors.http import Transport
from helpdesk.registry.contract import ConnectorContext


def connect(settings: GpConnectSettings, context: ConnectorContext) -> GpConnectAppointments:
    return GpConnectAppointments(settings, context, Transport(settings, context))

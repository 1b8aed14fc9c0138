"""GP Connect: future appointments at the patient's practice, read only."""

from __future__ import annotations

from dataclasses import replace

from connectors.gp_connect.client import GpConnectAppointments
from connectors.gp_connect.headers import FIND_APPOINTMENTS
from connectors.gp_connect.providers import DIRECTORY, SpineDirectory
from connectors.gp_connect.settings import GpConnectSettings
from connectors.http import Transport
from helpdesk.registry.contract import ConnectorContext


def connect(settings: GpConnectSettings, context: ConnectorContext) -> GpConnectAppointments:
    directory = None
    if settings.sds_url:
        directory = SpineDirectory(Transport(settings.directory, replace(context, label=DIRECTORY)), FIND_APPOINTMENTS)
    return GpConnectAppointments(settings, context, Transport(settings, context), directory)

"""NHS Notify: text messages, NHS App messages and e-mails to a person named only by NHS number."""

from __future__ import annotations

from connectors.http import Transport
from connectors.nhs_notify.client import NotifySender
from connectors.nhs_notify.settings import NhsNotifySettings
from helpdesk.registry.contract import ConnectorContext


def connect(settings: NhsNotifySettings, context: ConnectorContext) -> NotifySender:
    return NotifySender(settings, context, Transport(settings, context))

"""GOV.UK Notify: text messages, e-mails and letters to a number or address that the desk takes from PDS."""

from __future__ import annotations

from connectors.govuk_notify.client import GovukNotifySender
from connectors.govuk_notify.settings import GovukNotifySettings
from connectors.http import Transport
from helpdesk.registry.contract import ConnectorContext


def connect(settings: GovukNotifySettings, context: ConnectorContext) -> GovukNotifySender:
    return GovukNotifySender(settings, context, Transport(settings, context))

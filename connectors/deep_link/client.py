"""Fulfils the port Link: where the other system is opened, and whether it is told who the patient is."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from connectors.deep_link.handover import hand_over
from connectors.deep_link.settings import PLACE, DeepLinkSettings
from connectors.origin import is_loopback_host
from helpdesk.errors import ConnectorRejected
from helpdesk.identifiers import NhsNumber
from helpdesk.registry.contract import ConnectorContext


class DeepLink:
    def __init__(self, settings: DeepLinkSettings, context: ConnectorContext) -> None:
        self._settings = settings
        self._label = context.label or context.instance

    @property
    def tells_patient(self) -> bool:
        """Whether the other system is given the patient's NHS number."""
        return self._settings.context == "nhs_number"

    @property
    def host(self) -> str:
        return self._settings.host

    def address(self, number: NhsNumber | None) -> str:
        """What the browser is given. With a patient in it, a loopback address that leads there once, so that the number is
        on no command line. Raises ConnectorRejected where a patient is needed and none is given."""
        if not self.tells_patient:
            return self._settings.url
        if number is None:
            raise ConnectorRejected(f"{self._label} can be opened for a patient only.")
        return hand_over(self._settings.url.replace(PLACE, quote(number.value, safe="")))

    def check(self) -> None:
        """Nothing is asked: a link is opened by the browser, with that member of staff's own sign-in there. Raises
        ConnectorRejected where the address does not lead to the allowed host any more."""
        if (urlsplit(self._settings.url).hostname or "") != self._settings.host and not is_loopback_host(self._settings.host):
            raise ConnectorRejected(f"{self._label} does not lead to its allowed host.")

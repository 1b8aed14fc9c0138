"""Asks the proxy service for the consents by which somebody may act for one patient."""

from __future__ import annotations

from contextlib import suppress
from typing import Final
from uuid import uuid4

from connectors.errors_http import Documented, raise_for
from connectors.fhir import NHS_NUMBER
from connectors.http import Transport
from connectors.validated_relationships.mapping import proxies_of
from connectors.validated_relationships.settings import ValidatedRelationshipsSettings
from helpdesk.callers.ports import Proxy
from helpdesk.errors import ConnectorUnavailable, NotFound, NumberNoLongerUsed
from helpdesk.identifiers import NhsNumber
from helpdesk.registry.contract import ConnectorContext

_NOBODY: Final = NhsNumber("9999999999")
_DOCUMENTED: Final[Documented] = {
    (404, "INVALIDATED_RESOURCE"): (NumberNoLongerUsed, "The NHS proxy service no longer uses this NHS number."),
    (404, "GP_PRACTICE_NOT_FOUND"): (ConnectorUnavailable, "The NHS proxy service could not find the practice, so it could not say."),
}


class ValidatedRelationships:
    """The Authorities port over the Validated Relationships Service. May be used from several threads at once.

    Only consents are asked for. The service's RelatedPerson search names people who might become a proxy; it is nobody's
    authority, so it is not called at all."""

    def __init__(self, settings: ValidatedRelationshipsSettings, context: ConnectorContext) -> None:
        self._label = context.label or context.instance
        self._transport = Transport(settings, context)

    def proxies(self, number: NhsNumber) -> tuple[Proxy, ...]:
        """Those with an active consent in its period about this patient, as the service holds them now."""
        params = (("patient:identifier", f"{NHS_NUMBER}|{number}"), ("status", "active"), ("_include", "Consent:performer"))
        headers = {"Accept": "application/fhir+json", "X-Correlation-ID": str(uuid4())}
        reply = self._transport.get_json("/Consent", params, headers)
        raise_for(reply, self._label, _DOCUMENTED)
        return proxies_of(reply.body, about=str(number), at=reply.received, label=self._label)

    def check(self) -> None:
        """Asks for a number that is never issued: "nobody" shows that the service answers. Raises a ConnectorError."""
        with suppress(NotFound):
            self.proxies(_NOBODY)

    def close(self) -> None:
        """Closes the idle connections."""
        self._transport.close()

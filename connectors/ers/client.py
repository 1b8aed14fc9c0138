"""Asks e-RS for one referral."""

from __future__ import annotations

from uuid import uuid4

from connectors.errors_http import Documented, codes_of, raise_for
from connectors.ers.mapping import referral_from
from connectors.ers.settings import ErsSettings
from connectors.http import Transport
from helpdesk.errors import ConnectorNotPermitted, ConnectorRejected, NotFound
from helpdesk.identifiers import Ubrn
from helpdesk.pathways.model import Referral
from helpdesk.registry.contract import ConnectorContext

_NO_REFERRAL = "0" * 12
_UNKNOWN = (NotFound, "e-RS holds no referral with this booking reference.")
_DOCUMENTED: Documented = {
    (404, "REC_NOT_FOUND"): _UNKNOWN,
    (404, "REFERENCE_NOT_FOUND"): _UNKNOWN,
    (404, "RESOURCE_NOT_FOUND"): _UNKNOWN,
    (422, "NO_RELATIONSHIP"): (ConnectorNotPermitted, "e-RS shows this referral only to the organisations that are part of it."),
    (422, "PATIENT_ERROR"): (ConnectorRejected, "e-RS could not read this referral's patient. Do not ask again."),
    (422, "INVALID_REQUEST_TYPE"): (ConnectorRejected, "This booking reference is not an active referral in e-RS."),
}
"""A005 prints no code for its 404: these are e-RS's own words for "not found" elsewhere. A 404 without one of them says
nothing about the referral. Source: e-RS FHIR API, A005 and error codes."""


class ErsReferrals:
    """Fulfils the port `Referrals`."""

    def __init__(self, settings: ErsSettings, context: ConnectorContext, transport: Transport) -> None:
        self._settings = settings
        self._context = context
        self._label = context.label or context.instance
        self._transport = transport

    def referral(self, ubrn: Ubrn) -> Referral:
        """The referral as it stands now. Raises NotFound, or a ConnectorError: also when e-RS answers about another one."""
        reply = self._transport.get_json(f"/STU3/ReferralRequest/{ubrn.value}", headers=self._headers())
        raise_for(reply, self._label, _DOCUMENTED)
        return referral_from(reply.body, asked=ubrn, source=self._context.instance, now=reply.received, label=self._label)

    def check(self) -> None:
        """Asks for a booking reference that is never given: any refusal that e-RS documents shows that it answers.
        Raises a ConnectorError."""
        reply = self._transport.get_json(f"/STU3/ReferralRequest/{_NO_REFERRAL}", headers=self._headers())
        if not any((reply.status, code) in _DOCUMENTED for code in codes_of(reply.body)):
            raise_for(reply, self._label)

    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "application/fhir+json", "X-Correlation-ID": str(uuid4())}
        if self._settings.asks_as_user:
            headers["NHSD-End-User-Organisation-ODS"] = self._context.organisation
            headers["NHSD-eRS-Business-Function"] = self._settings.business_function
        return headers

"""What goes with each request to a practice's system: the proxy's headers with a new token, or the gateway's."""

from __future__ import annotations

from uuid import uuid4

from connectors.gp_connect.providers import Provider
from connectors.gp_connect.settings import GpConnectSettings
from connectors.gp_connect.token import READ_ORGANISATION, READ_PATIENT, Requester, bearer
from helpdesk.registry.contract import ConnectorContext

_INTERACTION = "urn:nhs:names:services:gpconnect:fhir:rest:"
FIND_PATIENT = f"{_INTERACTION}search:patient-1"
FIND_APPOINTMENTS = f"{_INTERACTION}search:patient_appointments-1"
READ_LOCATION = f"{_INTERACTION}read:location-1"


class RequestHeaders:
    """The headers of one request. Through a gateway the sign-in is the platform's and the practice is found by the gateway."""

    def __init__(self, settings: GpConnectSettings, context: ConnectorContext) -> None:
        self._settings = settings
        self._context = context

    def of(self, provider: Provider, interaction: str) -> dict[str, str]:
        general = {"Accept": "application/fhir+json", "Ssp-TraceID": str(uuid4())}
        if self._settings.through == "gateway":
            return {**general, "Ods-from": self._context.organisation}
        scope = READ_ORGANISATION if interaction == READ_LOCATION else READ_PATIENT
        token = bearer(self._who(), provider.address, self._context.clock.now(), scope)
        return {
            **general,
            "Authorization": f"Bearer {token}",
            "Ssp-From": self._settings.from_asid,
            "Ssp-To": provider.asid,
            "Ssp-InteractionID": interaction,
        }

    def _who(self) -> Requester:
        """The member of staff at this desk now; where nobody is signed in, whom the settings name."""
        settings, context = self._settings, self._context
        software, _, version = context.user_agent.partition("/")
        asker = context.asker()
        role = context.identity.role_id if context.identity is not None else ""
        return Requester(
            system_url=settings.system_url,
            device_id=context.instance,
            software=software,
            version=version or "1",
            organisation=context.organisation,
            organisation_name=settings.organisation_name or context.organisation,
            user_id=asker.id if asker else settings.user_id,
            family=asker.family_name if asker else settings.user_family_name,
            given=asker.given_name if asker else settings.user_given_name,
            sds_user_id="" if asker else settings.sds_user_id,
            sds_role_id=role or settings.sds_role_id,
        )

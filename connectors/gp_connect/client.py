"""Asks a practice's system for a patient's future appointments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

from connectors.errors_http import Documented, codes_of, raise_for
from connectors.fhir import NHS_NUMBER, entries
from connectors.gp_connect.mapping import WOULD_NOT_SAY, Found, appointments, location_name, patient_id
from connectors.gp_connect.settings import GpConnectSettings
from connectors.gp_connect.token import READ_ORGANISATION, READ_PATIENT, Requester, bearer
from connectors.http import Params, Reply, Transport
from helpdesk.clock import london_day
from helpdesk.errors import ConnectorError, ConnectorNotPermitted, ConnectorRejected, ConnectorUnavailable
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.primary_care.model import PracticeAppointment
from helpdesk.registry.contract import ConnectorContext

_LOOKS_AHEAD = timedelta(days=365)
_MOST_PLACES = 2
_NOBODY = NhsNumber("9999999999")
_INTERACTION = "urn:nhs:names:services:gpconnect:fhir:rest:"
FIND_PATIENT = f"{_INTERACTION}search:patient-1"
FIND_APPOINTMENTS = f"{_INTERACTION}search:patient_appointments-1"
READ_LOCATION = f"{_INTERACTION}read:location-1"

_NOT_SHARED = (ConnectorNotPermitted, "The practice does not share this patient's appointments with this desk.")
_DOCUMENTED: Documented = {
    (403, "NO_PATIENT_CONSENT"): _NOT_SHARED,
    (403, "NO_ORGANISATION_CONSENT"): _NOT_SHARED,
    (403, "ACCESS_DENIED"): (ConnectorNotPermitted, "The practice's system does not let this desk ask."),
    (400, "INVALID_NHS_NUMBER"): (ConnectorRejected, "The practice's system does not accept this NHS number."),
}
"""Source: GP Connect 1.2.7, error handling guidance."""


class GpConnectAppointments:
    """Fulfils the port `PracticeAppointments`. Never asked about a restricted person: the desk's gate stands before it."""

    def __init__(self, settings: GpConnectSettings, context: ConnectorContext, transport: Transport) -> None:
        self._settings = settings
        self._context = context
        self._label = context.label or context.instance
        self._transport = transport
        self._who = _requester(settings, context)

    def future(self, number: NhsNumber, practice: OdsCode) -> tuple[PracticeAppointment, ...]:
        """Soonest first, cancelled ones with their status; empty means no future appointment here, nothing more.

        Raises ConnectorError."""
        if self._settings.practices and practice.value not in self._settings.practices:
            raise ConnectorNotPermitted("This desk has no connection to the practice's system.")
        person = patient_id(self._get("/Patient", FIND_PATIENT, {"identifier": f"{NHS_NUMBER}|{number}"}).body, number, self._label)
        today = london_day(self._context.clock.now())
        reply = self._get(f"/Patient/{person}/Appointment", FIND_APPOINTMENTS, _window(today))
        return self._placed(appointments(reply.body, person, self._context.clock.now(), self._label))

    def check(self) -> None:
        """Looks for a number that is never issued: "nobody has it", in either form that GP Connect gives it, shows that
        the practice's system answers. Raises a ConnectorError."""
        reply = self._ask("/Patient", FIND_PATIENT, {"identifier": f"{NHS_NUMBER}|{_NOBODY}"})
        if "PATIENT_NOT_FOUND" not in codes_of(reply.body):
            raise_for(reply, self._label, _DOCUMENTED)
            entries(reply.body, self._label)

    def _placed(self, found: list[Found]) -> tuple[PracticeAppointment, ...]:
        """The appointments with their places, asked for where the list did not name them."""
        names = self._names(list(dict.fromkeys(f.location_id for f in found if f.location_id)))
        return tuple(replace(f.appointment, place=f.appointment.place or names.get(f.location_id, "")) for f in found)

    def _names(self, locations: list[str]) -> dict[str, str]:
        """The names of a few places at most, up to the first that cannot be learnt: an appointment without is still true."""
        names: dict[str, str] = {}
        try:
            for location in locations[:_MOST_PLACES]:
                reply = self._get(f"/Location/{location}", READ_LOCATION)
                names[location] = location_name(reply.body, location, self._label)
        except ConnectorError:
            return names
        return names

    def _get(self, path: str, interaction: str, params: Params | None = None) -> Reply:
        reply = self._ask(path, interaction, params)
        if "PATIENT_NOT_FOUND" in codes_of(reply.body):
            raise ConnectorUnavailable(WOULD_NOT_SAY)
        raise_for(reply, self._label, _DOCUMENTED)
        return reply

    def _ask(self, path: str, interaction: str, params: Params | None = None) -> Reply:
        return self._transport.get_json(path, params, self._headers(interaction))

    def _headers(self, interaction: str) -> dict[str, str]:
        scope = READ_ORGANISATION if interaction == READ_LOCATION else READ_PATIENT
        token = bearer(self._who, self._settings.base_url, self._context.clock.now(), scope)
        return {
            "Accept": "application/fhir+json",
            "Authorization": f"Bearer {token}",
            "Ssp-TraceID": str(uuid4()),
            "Ssp-From": self._settings.from_asid,
            "Ssp-To": self._settings.to_asid,
            "Ssp-InteractionID": interaction,
        }


def _window(today: date) -> list[tuple[str, str]]:
    """Days only and none of them past. Source: GP Connect 1.2.7, Retrieve a patient's appointments."""
    return [("start", f"ge{today.isoformat()}"), ("start", f"le{(today + _LOOKS_AHEAD).isoformat()}")]


def _requester(settings: GpConnectSettings, context: ConnectorContext) -> Requester:
    software, _, version = context.user_agent.partition("/")
    return Requester(
        system_url=settings.system_url,
        device_id=context.instance,
        software=software,
        version=version or "1",
        organisation=context.organisation,
        organisation_name=settings.organisation_name or context.organisation,
        user_id=settings.user_id,
        family=settings.user_family_name,
        given=settings.user_given_name,
        sds_user_id=settings.sds_user_id,
        sds_role_id=settings.sds_role_id,
    )

"""Asks a practice's system for a patient's future appointments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from connectors.errors_http import codes_of, raise_for
from connectors.fhir import NHS_NUMBER, entries
from connectors.gp_connect.headers import FIND_APPOINTMENTS, FIND_PATIENT, READ_LOCATION, RequestHeaders
from connectors.gp_connect.mapping import WOULD_NOT_SAY, Found, appointments, location_name, patient_id
from connectors.gp_connect.providers import NOT_OFFERED, Directory, Provider, Providers
from connectors.gp_connect.settings import GpConnectSettings
from connectors.http import Params, Reply, Transport
from helpdesk.clock import london_day
from helpdesk.errors import ConnectorError, ConnectorNotPermitted, ConnectorRejected, ConnectorUnavailable
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.primary_care.model import PracticeAppointment
from helpdesk.registry.contract import ConnectorContext

_LOOKS_AHEAD = timedelta(days=365)
_MOST_PLACES = 2
_NOBODY = NhsNumber("9999999999")
_NOT_FOUND = "PATIENT_NOT_FOUND"

_NOT_SHARED = (ConnectorNotPermitted, "The practice does not share this patient's appointments with this desk.")
_DOCUMENTED: Mapping[str, tuple[type[ConnectorError], str]] = {
    _NOT_FOUND: (ConnectorUnavailable, WOULD_NOT_SAY),
    "NO_PATIENT_CONSENT": _NOT_SHARED,
    "NO_ORGANISATION_CONSENT": _NOT_SHARED,
    "ACCESS_DENIED": (ConnectorNotPermitted, "The practice's system does not let this desk ask."),
    "INVALID_NHS_NUMBER": (ConnectorRejected, "The practice's system does not accept this NHS number."),
}
"""By code, whatever the status it comes with. PATIENT_NOT_FOUND is also said of the dead, the restricted and those whose
registration is another, so it is never "not registered". Source: GP Connect 1.2.7, error handling guidance; Find a patient."""


class GpConnectAppointments:
    """Fulfils the port `PracticeAppointments`. Never asked about a restricted person: the desk's gate stands before it."""

    def __init__(
        self, settings: GpConnectSettings, context: ConnectorContext, transport: Transport, directory: Directory | None = None
    ) -> None:
        self._context = context
        self._label = context.label or context.instance
        self._transport = transport
        self._providers = Providers(settings, directory, context.clock.now)
        self._headers = RequestHeaders(settings, context)

    def future(self, number: NhsNumber, practice: OdsCode) -> tuple[PracticeAppointment, ...]:
        """Soonest first, cancelled ones with their status; empty means no future appointment here, nothing more.

        Raises ConnectorError."""
        at = self._providers.of(practice)
        person = patient_id(self._get(at, "/Patient", FIND_PATIENT, _sought(number)).body, number, self._label)
        today = london_day(self._context.clock.now())
        reply = self._get(at, f"/Patient/{person}/Appointment", FIND_APPOINTMENTS, _window(today))
        return self._placed(at, appointments(reply.body, person, self._context.clock.now(), self._label))

    def check(self) -> None:
        """Looks for a number that is never issued: "nobody has it", in either form that GP Connect gives it, shows that
        a practice's system answers. With a directory and no practice named, our own entry is looked up instead.
        Raises a ConnectorError."""
        at = self._providers.any()
        if at is None:
            self._check_directory()
            return
        reply = self._ask(at, "/Patient", FIND_PATIENT, _sought(_NOBODY))
        if _NOT_FOUND not in codes_of(reply.body):
            self._raise_for(reply)
            entries(reply.body, self._label)

    def _check_directory(self) -> None:
        """Our own organisation offers no appointments: hearing just that shows that the directory answers."""
        try:
            self._providers.of(OdsCode.parse(self._context.organisation))
        except ConnectorNotPermitted as refusal:
            if refusal.message != NOT_OFFERED:
                raise

    def _placed(self, at: Provider, found: list[Found]) -> tuple[PracticeAppointment, ...]:
        """The appointments with their places, asked for where the list did not name them."""
        names = self._names(at, list(dict.fromkeys(f.location_id for f in found if f.location_id)))
        return tuple(replace(f.appointment, place=f.appointment.place or names.get(f.location_id, "")) for f in found)

    def _names(self, at: Provider, locations: list[str]) -> dict[str, str]:
        """The names of a few places at most, up to the first that cannot be learnt: an appointment without is still true."""
        names: dict[str, str] = {}
        try:
            for location in locations[:_MOST_PLACES]:
                reply = self._get(at, f"/Location/{location}", READ_LOCATION)
                names[location] = location_name(reply.body, location, self._label)
        except ConnectorError:
            return names
        return names

    def _get(self, at: Provider, path: str, interaction: str, params: Params | None = None) -> Reply:
        reply = self._ask(at, path, interaction, params)
        self._raise_for(reply)
        return reply

    def _ask(self, at: Provider, path: str, interaction: str, params: Params | None = None) -> Reply:
        return self._transport.get_json(f"{at.prefix}{path}", params, anew=partial(self._headers.of, at, interaction))

    def _raise_for(self, reply: Reply) -> None:
        for code in codes_of(reply.body):
            if code in _DOCUMENTED:
                kind, message = _DOCUMENTED[code]
                raise kind(message)
        raise_for(reply, self._label)


def _sought(number: NhsNumber) -> dict[str, str]:
    return {"identifier": f"{NHS_NUMBER}|{number}"}


def _window(today: date) -> list[tuple[str, str]]:
    """Days only and none of them past. Source: GP Connect 1.2.7, Retrieve a patient's appointments."""
    return [("start", f"ge{today.isoformat()}"), ("start", f"le{(today + _LOOKS_AHEAD).isoformat()}")]

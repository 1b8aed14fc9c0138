"""Asks the tracker how far a patient's prescriptions have got."""

from __future__ import annotations

from itertools import islice
from urllib.parse import quote

from connectors.errors_http import Documented, raise_for
from connectors.http import Params, Reply, Transport
from connectors.prescription_tracker.mapping import Tracked, prescriptions, with_since
from connectors.prescription_tracker.settings import PrescriptionTrackerSettings
from helpdesk.errors import ConnectorAuthFailed, ConnectorError, NotFound
from helpdesk.identifiers import NhsNumber
from helpdesk.primary_care.model import Prescription
from helpdesk.registry.contract import ConnectorContext

_NOBODY = NhsNumber("9999999999")
_MOST_DETAILS = 3
_DOCUMENTED: Documented = {(404, "not-found"): (NotFound, "The tracker holds no prescription.")}
"""Source: Clinical Prescription Tracker API, both operations, 4XX."""


class PrescriptionTracker:
    """Fulfils the port `Prescriptions`. Never asked about a restricted person: the desk's gate stands before it."""

    def __init__(self, settings: PrescriptionTrackerSettings, context: ConnectorContext, transport: Transport) -> None:
        self._settings = settings
        self._context = context
        self._label = context.label or context.instance
        self._transport = transport

    def prescriptions(self, number: NhsNumber) -> tuple[Prescription, ...]:
        """Latest first; an empty tuple means that the tracker holds none. Raises NotFound or a ConnectorError."""
        found = prescriptions(self._get("/RequestGroup", {"nhsNumber": number.value}).body, number, self._label)
        if self._settings.status_days:
            found = self._with_days(found, number)
        return tuple(tracked.prescription for tracked in found)

    def check(self) -> None:
        """Asks for a number that is never issued: "none" shows that the tracker answers us. Raises a ConnectorError."""
        try:
            prescriptions(self._get("/RequestGroup", {"nhsNumber": _NOBODY.value}).body, _NOBODY, self._label)
        except NotFound:
            return

    def _with_days(self, found: list[Tracked], number: NhsNumber) -> list[Tracked]:
        """The first few that are on their way, with the day of their status, up to the first that cannot be learnt: a
        prescription without is still true."""
        known: dict[int, Tracked] = {}
        asked = ((i, t) for i, t in enumerate(found) if t.id and not t.is_later)
        try:
            for i, tracked in islice(asked, _MOST_DETAILS):
                params = {"issueNumber": str(tracked.number)} if tracked.number else None
                reply = self._get(f"/RequestGroup/{quote(tracked.id, safe='')}", params)
                known[i] = with_since(tracked, reply.body, number, self._label)
        except (ConnectorError, NotFound):
            pass
        return [known.get(i, tracked) for i, tracked in enumerate(found)]

    def _get(self, path: str, params: Params | None) -> Reply:
        reply = self._transport.get_json(path, params, self._headers())
        raise_for(reply, self._label, _DOCUMENTED)
        return reply

    def _headers(self) -> dict[str, str]:
        """Who asks, beside the sign-in. Source: the parameters of the operation."""
        return {
            "Accept": "application/fhir+json",
            "nhsd-session-urid": self._role(),
            "nhsd-organization-uuid": self._settings.organisation_uuid,
            "nhsd-session-jobrole": self._settings.job_role,
        }

    def _role(self) -> str:
        role = self._context.identity.role_id if self._context.identity is not None else ""
        if role:
            return role
        if self._settings.sign_in == "cis2":
            raise ConnectorAuthFailed(f"Sign in with a smartcard (CIS2) and choose a role to ask {self._label}.")
        return self._settings.role_id

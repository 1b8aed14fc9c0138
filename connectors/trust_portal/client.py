"""Asks a portal, or the aggregator, what it shows a patient."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from connectors.errors_http import Documented, raise_for
from connectors.fhir import NHS_NUMBER
from connectors.fhir_activity import AboutAnother
from connectors.http import Reply, Transport
from connectors.several import ask_all, worst
from connectors.trust_portal.aggregator import activity_of
from connectors.trust_portal.pieces import Sheet
from connectors.trust_portal.producer import Left, Reading, appointment, task
from connectors.trust_portal.settings import TrustPortalSettings
from connectors.trust_portal.sources import failed_sources
from helpdesk.errors import ConnectorAuthFailed, ConnectorNotPermitted, ConnectorRejected, HelpdeskError, Stage
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.pathways.activity import Activity, ActivityFound
from helpdesk.registry.contract import ConnectorContext

_NOBODY = NhsNumber("9999999999")
_PARTIAL = 207
_ONLY_HERE = base64.b64encode(b"a desk on this computer").decode()
"""Good enough for a stub on this computer, where nobody signs in."""
_DOCUMENTED: Documented = {
    (403, "forbidden"): (ConnectorNotPermitted, "The portal does not answer about this person: it leaves out people under 16."),
    (404, "not-found"): (ConnectorRejected, "The portal does not know the service that this desk asked for."),
}
"""Source: Get Appointments standard 3.12, 4XX."""


@dataclass(frozen=True)
class _Part:
    items: tuple[Activity, ...]
    missing: tuple[str, ...]


class PortalActivity:
    """Fulfils the port `HospitalActivity`. `limits` always says what a portal leaves out: nothing shown is not nothing
    booked. May be used from several threads at once."""

    def __init__(self, settings: TrustPortalSettings, context: ConnectorContext) -> None:
        self._settings = settings
        self._context = context
        self._label = context.label or context.instance
        self._transport = Transport(settings, context)

    def activity(self, number: NhsNumber) -> ActivityFound:
        """What the portal shows now. Raises a ConnectorError where nothing of it came; systems behind it, or paths of it,
        that did not answer are named in `missing`."""
        came, failed = self._ask(number)
        if not came:
            raise worst(failed)
        items = dict.fromkeys(item for part in came.values() for item in part.items)
        missing = dict.fromkeys([*failed, *(name for part in came.values() for name in part.missing)])
        return ActivityFound(tuple(items), tuple(missing), self._settings.limits)

    def check(self) -> None:
        """Asks about a number that is never issued. Raises a ConnectorError where any of the paths does not answer."""
        _, failed = self._ask(_NOBODY)
        if failed:
            raise worst(failed)

    def _ask(self, number: NhsNumber) -> tuple[dict[str, _Part], dict[str, HelpdeskError]]:
        headers = {"X-Correlation-ID": str(uuid4()), "NHSD-ID-Token": self._id_token()}
        parts = {name: partial(read, path, number, headers) for name, path, read in self._paths() if path}
        if not parts:
            raise ConnectorRejected(f"No path is set for {self._label}.", stage=Stage.SETTINGS)
        came, failed = ask_all(parts, time.monotonic() + self._settings.timeout_s, self._label)
        for error in failed.values():
            if isinstance(error, AboutAnother):
                raise error
        return came, failed

    def _paths(self) -> list[tuple[str, str, Callable[[str, NhsNumber, dict[str, str]], _Part]]]:
        if self._settings.shape == "aggregator":
            return [("its events", self._settings.events_path, self._events)]
        return [
            ("its appointments", self._settings.appointment_path, self._appointments),
            ("its questionnaires", self._settings.task_path, self._tasks),
        ]

    def _appointments(self, path: str, number: NhsNumber, headers: dict[str, str]) -> _Part:
        reply, sheet = self._get(path, number, headers, "Appointment")
        found = [appointment(resource, self._reading(number, reply)) for resource in sheet.found]
        items = [item for item in found if isinstance(item, Activity)]
        return self._part(reply, sheet, items, ("part of its appointments",) if sheet.goes_on or Left.UNNAMED in found else ())

    def _tasks(self, path: str, number: NhsNumber, headers: dict[str, str]) -> _Part:
        reply, sheet = self._get(path, number, headers, "Task")
        found = [task(resource, self._reading(number, reply)) for resource in sheet.found]
        items = [item for item in found if isinstance(item, Activity)]
        return self._part(reply, sheet, items, ("part of its questionnaires",) if sheet.goes_on else ())

    def _events(self, path: str, number: NhsNumber, headers: dict[str, str]) -> _Part:
        reply, sheet = self._get(path, number, headers, "CarePlan")
        found = [item for resource in sheet.found for item in activity_of(resource, self._reading(number, reply))]
        return self._part(reply, sheet, found, ("part of its events",) if sheet.goes_on else ())

    def _part(self, reply: Reply, sheet: Sheet, items: list[Activity], more: tuple[str, ...]) -> _Part:
        partial_answer = reply.status == _PARTIAL
        failed = failed_sources(sheet.outcomes, partial=partial_answer, names=self._settings.source_names, label=self._label)
        return _Part(tuple(items), (*failed, *more))

    def _get(self, path: str, number: NhsNumber, headers: dict[str, str], kind: str) -> tuple[Reply, Sheet]:
        reply = self._transport.get_json(path, {"patient:identifier": f"{NHS_NUMBER}|{number}"}, headers)
        raise_for(reply, self._label, _DOCUMENTED)
        return reply, Sheet(reply.body, kind, self._label)

    def _reading(self, number: NhsNumber, reply: Reply) -> Reading:
        provider = OdsCode(self._settings.provider) if self._settings.provider else None
        return Reading(number, provider, self._context.instance, self._label, reply.received)

    def _id_token(self) -> str:
        """Raises ConnectorAuthFailed where nobody is signed in, or the trust's token is not kept."""
        if self._settings.identity == "issued":
            return self._context.secret("id_token")
        if self._context.identity is not None:
            return self._context.identity.id_token()
        if self._settings.is_loopback:
            return _ONLY_HERE
        raise ConnectorAuthFailed(f"{self._label} needs a member of staff who is signed in with a smartcard.")

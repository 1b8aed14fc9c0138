"""Asks the Elective Waiting List API what the national list holds of one person."""

from __future__ import annotations

from typing import Final

from connectors.elective_waiting_list.mapping import activities_of
from connectors.elective_waiting_list.settings import ElectiveWaitingListSettings
from connectors.errors_http import raise_for
from connectors.fhir import NHS_NUMBER
from connectors.http import Reply, Transport
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.activity import ActivityFound
from helpdesk.registry.contract import ConnectorContext

_NOBODY: Final = NhsNumber("9999999999")
_HEADERS: Final = {"Accept": "application/json"}
_LIST: Final = "/elective-waiting-list"
"""In the specification both the last part of the base address and the first part of the path."""


class ElectiveWaitingList:
    """The HospitalActivity port over the Elective Waiting List API. May be used from several threads at once."""

    def __init__(self, settings: ElectiveWaitingListSettings, context: ConnectorContext) -> None:
        self._settings = settings
        self._context = context
        self._label = context.label or context.instance
        self._transport = Transport(settings, context)

    def activity(self, number: NhsNumber) -> ActivityFound:
        """The person's open pathways as the list counted them; each is as old as its week-ending date."""
        reply = self._asked(number)
        return ActivityFound(activities_of(reply.body, number, source=self._context.instance, label=self._label))

    def check(self) -> None:
        """Asks for a number that is never issued: any answer but an error shows that the service answers. Raises a
        ConnectorError."""
        self._asked(_NOBODY)

    def close(self) -> None:
        """Closes the idle connections."""
        self._transport.close()

    def _asked(self, number: NhsNumber) -> Reply:
        reply = self._get(number)
        raise_for(reply, self._label)
        return reply

    def _get(self, number: NhsNumber) -> Reply:
        if self._settings.form == "path":
            return self._transport.get_json(f"{_LIST}/{number}", headers=_HEADERS)
        path = "/patient" if self._settings.base_url.rstrip("/").endswith(_LIST) else f"{_LIST}/patient"
        return self._transport.get_json(path, {"patient.identifier": f"{NHS_NUMBER}|{number}"}, _HEADERS)

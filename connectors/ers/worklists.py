"""Asks for the worklists that the settings name: signals that a referral is stuck."""

from __future__ import annotations

from typing import Any

from connectors.ers.asking import Asking
from connectors.ers.resource import SERVICE
from connectors.ers.settings import ErsSettings
from connectors.ers.worklist_mapping import entries_from
from helpdesk.errors import ConnectorNotPermitted
from helpdesk.pathways.model import WorklistEntry, WorklistKind
from helpdesk.registry.contract import ConnectorContext

OF_PROVIDERS = (WorklistKind.REFERRALS_FOR_REVIEW, WorklistKind.APPOINTMENT_SLOT_ISSUES)
"""Lists of a provider may be asked for one service; lists of a practice take no filter."""
CALLS_A_DAY = 2
PATH = "/STU3/ReferralRequest/$ers.fetchworklist"
_PROFILE = "https://fhir.nhs.uk/STU3/StructureDefinition/eRS-FetchWorklist-Parameters-1"
_SELECTOR = "https://fhir.nhs.uk/STU3/CodeSystem/eRS-ReferralListSelector-1"


class WorklistReader:
    """The lists of one instance. Source: e-RS FHIR API, A008."""

    def __init__(self, settings: ErsSettings, context: ConnectorContext, asking: Asking) -> None:
        self._settings = settings
        self._daily = context.daily
        self._asking = asking

    def worklists(self) -> tuple[tuple[WorklistKind, str], ...]:
        """Each list that is set, with each service that is set where the list is of a provider."""
        services = self._settings.services or ("",)
        return tuple((kind, s) for kind in self._settings.worklists for s in (services if kind in OF_PROVIDERS else ("",)))

    def entries(self, kind: WorklistKind, service: str) -> tuple[WorklistEntry, ...]:
        """The list as it stands now. Raises ConnectorNotPermitted for a list this role may not read and, of an
        application, once the day's calls of that service are used up; else a ConnectorError."""
        if not self._settings.asks_as_user and self._asking.may(kind.value):
            self._count(service)
        reply = self._asking.post(kind.value, PATH, question(kind, service))
        label, source = self._asking.label, self._asking.instance
        return entries_from(reply.body, kind=kind, source=source, now=reply.received, label=label)

    def _count(self, service: str) -> None:
        """An application names a service, and asks for its lists twice a day at most."""
        if not service:
            raise ConnectorNotPermitted("An application may read an e-RS list for one service only, and none is set.")
        if not self._daily.take(self._asking.instance, f"worklist:{service}", CALLS_A_DAY):
            raise ConnectorNotPermitted("This service's lists were read twice today, which is as often as e-RS allows.")


def question(kind: WorklistKind, service: str) -> dict[str, Any]:
    """The body that asks for a list."""
    coding = {"system": _SELECTOR, "code": kind.value}
    parameters: list[dict[str, Any]] = [{"name": "listType", "valueCodeableConcept": {"coding": [coding]}}]
    if service and kind in OF_PROVIDERS:
        parameters.append({"name": "service", "valueIdentifier": {"system": SERVICE, "value": service}})
    return {"resourceType": "Parameters", "meta": {"profile": [_PROFILE]}, "parameter": parameters}

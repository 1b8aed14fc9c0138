"""What is asked beside a referral, all at once: the day to be in touch by, whom to ring, the advice, the appointment.

None of it may hold the referral up or spoil it: what fails or is late is left out. Only an answer about somebody else
makes the whole unusable. Two calls that could be made are not:
- A029 (permitted actions) lists what the user who asks might do in e-RS, such as make an appointment for the patient. The
  desk does none of it, and it does not say what patients can do themselves, so it would help nobody on a call.
- A041 (search by reference) gives the R4 ids of requests. Nothing here is asked by these ids, and it is not yet stable.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import Any

from connectors.ers.advice import Advice, advice_from
from connectors.ers.asking import Asking
from connectors.ers.contact_days import ContactDays, contact_by, contact_days_from, waits_for_contact
from connectors.ers.kept import Kept
from connectors.ers.mapping import event_from
from connectors.ers.resource import AboutAnother, ReferralRequest
from connectors.ers.service import Service, service_from
from helpdesk.desk.deadline import within
from helpdesk.errors import HelpdeskError
from helpdesk.identifiers import Ubrn
from helpdesk.pathways.model import NextEvent, Referral, ReferralState

_PRIORITY = "PRIORITY"


class Details:
    """Adds to a referral what e-RS tells in other calls."""

    def __init__(self, asking: Asking, kept_days: Kept[ContactDays], kept_services: Kept[Service]) -> None:
        self._asking = asking
        self._days = kept_days
        self._services = kept_services

    def added(self, referral: Referral, resource: ReferralRequest, left_s: float) -> Referral:
        """The referral with all that came within `left_s` seconds. Raises AboutAnother."""
        wanted = self._wanted(referral, resource)
        futures = dict(zip(wanted, within(left_s, list(wanted.values())) if wanted else (), strict=True))
        by, event = _value(futures.get("contact_by")), _value(futures.get("event"))
        service, advice = _value(futures.get("service")), _value(futures.get("advice"))
        return replace(
            referral,
            contact_by=by,
            next_event=event or referral.next_event,
            service=referral.service or (service.name if service else ""),
            service_phone=service.phone if service else "",
            advice=advice.words if advice else "",
        )

    def advice(self, ubrn: Ubrn) -> Advice:
        """The request for advice of that reference. Raises NotFound or a ConnectorError."""
        reply = self._asking.get("A024", f"/STU3/CommunicationRequest/{ubrn.value}", "e-RS holds no such request for advice.")
        return advice_from(reply.body, asked=ubrn, label=self._asking.label)

    def contact_days(self) -> ContactDays:
        """How soon patients are to be contacted, asked anew. Raises NotFound or a ConnectorError."""
        reply = self._asking.get("A004", f"/STU3/CodeSystem/{_PRIORITY}", "e-RS has no such list of codes.")
        return contact_days_from(reply.body, self._asking.label)

    def _wanted(self, referral: Referral, resource: ReferralRequest) -> dict[str, Callable[[], object]]:
        """What may be asked, and would tell something, by what it tells."""
        wanted: dict[str, Callable[[], object]] = {}
        if waits_for_contact(resource) and self._asking.may("A004"):
            wanted["contact_by"] = lambda: contact_by(resource, self._days.get(_PRIORITY, self.contact_days), self._asking.label)
        service = resource.service.identifier.value if resource.service else ""
        if service.isascii() and service.isalnum() and self._asking.may("A033"):
            wanted["service"] = lambda: self._services.get(service, partial(self._ask_service, service))
        # With a state that is not known, advice would make it look like a reference of advice alone.
        known = referral.state is not ReferralState.UNKNOWN
        if known and resource.came_from_advice(referral.ubrn) and self._asking.may("A024"):
            wanted["advice"] = partial(self._advice_about, referral)
        unseen = referral.state is ReferralState.BOOKED and resource.inside("Appointment") is None
        if unseen and resource.appointment_id and self._asking.may("A038"):
            wanted["event"] = partial(self._ask_event, referral, resource.appointment_id)
        return wanted

    def _ask_service(self, service: str) -> Service:
        reply = self._asking.get("A033", f"/R4/HealthcareService/{service}", "e-RS has no such service.")
        return service_from(reply.body, asked=service, label=self._asking.label)

    def _advice_about(self, referral: Referral) -> Advice:
        advice = self.advice(referral.ubrn)
        if advice.nhs_number != referral.nhs_number:
            raise AboutAnother(self._asking.label)
        return advice

    def _ask_event(self, referral: Referral, appointment: str) -> NextEvent | None:
        reply = self._asking.get("A038", f"/STU3/Appointment/{appointment}", "e-RS holds no such appointment.")
        return event_from(reply.body, of=referral, now=reply.received, label=self._asking.label)


def _value(future: Future[object] | None) -> Any:
    """What came in time, or None. Raises AboutAnother."""
    if future is None or not future.done():
        return None
    try:
        return future.result()
    except AboutAnother:
        raise
    except HelpdeskError:
        return None

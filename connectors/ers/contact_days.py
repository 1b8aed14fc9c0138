"""By when a provider should have been in touch: e-RS's own number of working days, from when the referral reached it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pydantic import Field

from connectors.ers.mapping import state_of
from connectors.ers.resource import ReferralRequest, in_london
from connectors.fhir import Piece, extension, read
from helpdesk.pathways.days import working_days_later
from helpdesk.pathways.model import ReferralState

ContactDays = Mapping[str, Mapping[str, int]]
"""By e-RS code, then by property, a number of working days."""

_PROPERTY = {
    ReferralState.DEFERRED_TO_PROVIDER: "deferToProviderContactDays",
    ReferralState.AWAITING_TRIAGE: "triageContactDays",
}
_MOST_DAYS = 400


class _Property(Piece):
    code: str
    value: int | None = Field(default=None, alias="valueInteger")


class _Concept(Piece):
    code: str
    properties: list[_Property] = Field(default_factory=list, alias="property")


class _CodeSystem(Piece):
    concept: list[_Concept]


def contact_days_from(body: object, label: str) -> ContactDays:
    """The numbers in e-RS's list of codes. Raises ConnectorUnavailable for a body of another shape."""
    listed = read(_CodeSystem, body, label, "CodeSystem")
    wanted = set(_PROPERTY.values())
    return {c.code: {p.code: p.value for p in c.properties if p.code in wanted and p.value is not None} for c in listed.concept}


def waits_for_contact(resource: ReferralRequest) -> bool:
    """Whether the provider acts next and e-RS says since when."""
    appointment = resource.inside("Appointment")
    return state_of(resource) in _PROPERTY and appointment is not None and bool(appointment.created)


def contact_by(resource: ReferralRequest, days: ContactDays, label: str) -> date | None:
    """The day that e-RS lets a patient be told, or None where it gives no number. How soon a referral is to be seen is
    looked at here and goes no further.

    Source: e-RS FHIR API, A004: working days from the moment that the appointment was made; bank holidays, which it
    does not speak of, are no working days either."""
    appointment = resource.inside("Appointment")
    if appointment is None or not waits_for_contact(resource):
        return None
    named = extension(resource.extension, "Extension-eRS-ReferralPriority-1")
    number = days.get(named.code if named else "", {}).get(_PROPERTY[state_of(resource)])
    if number is None or not 0 <= number <= _MOST_DAYS:
        return None
    return working_days_later(in_london(appointment.created, label).date(), number)

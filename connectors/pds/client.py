"""Asks PDS: one person by NHS number, or the people who match what was said."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from connectors.errors_http import Documented, misunderstood, raise_for
from connectors.fhir import entries
from connectors.http import Reply, Transport
from connectors.pds.mapping import patient_of
from connectors.pds.settings import PdsSettings
from connectors.pds.trace import MAX_RESULTS, Parameters, traces
from helpdesk.errors import NotFound, NumberNoLongerUsed, TooManyMatches
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Candidate, FactKind, Origin, PartialDate, Patient, Query
from helpdesk.patients.words import folded
from helpdesk.registry.contract import ConnectorContext

_GET: Final[Documented] = {
    (404, "RESOURCE_NOT_FOUND"): (NotFound, "PDS holds nobody with this NHS number."),
    (404, "INVALIDATED_RESOURCE"): (NumberNoLongerUsed, "This NHS number is no longer used: search for the person again."),
}
_NOBODY: Final = NhsNumber("9999999999")
_TOO_MANY = "PDS: too many people match. Add a first name, the whole date of birth or a postcode."
_SEARCH: Final[Documented] = {(200, "TOO_MANY_MATCHES"): (TooManyMatches, _TOO_MANY)}


class Pds:
    """The Demographics port over PDS FHIR R4. May be used from several threads at once."""

    def __init__(self, settings: PdsSettings, context: ConnectorContext) -> None:
        self._context = context
        self._label = context.label or context.instance
        self._transport = Transport(settings, context)

    def get(self, number: NhsNumber) -> Patient:
        """One person; where the reply's number differs from the one asked for, that one is superseded."""
        reply = self._transport.get_json(f"/Patient/{number}", headers=self._headers)
        raise_for(reply, self._label, _GET)
        return patient_of(reply.body, asked_for=number, source=self._context.instance, label=self._label, at=reply.received)

    def check(self) -> None:
        """Asks for a number that is never issued: "nobody has it" shows that PDS answers. Raises a ConnectorError."""
        with suppress(NotFound):
            self.get(_NOBODY)

    def trace(self, query: Query, *, fuzzy: bool = False) -> tuple[Candidate, ...]:
        """The people who match, in PDS's own order; how well each matches is not kept, as PDS asks."""
        for parameters in traces(query, fuzzy=fuzzy):
            found = self._search(parameters)
            if found:
                return tuple(_candidate(patient, query, fuzzy=fuzzy) for patient in found)
        return ()

    def _search(self, parameters: Parameters) -> list[Patient]:
        reply = self._transport.get_json("/Patient", parameters, self._headers)
        raise_for(reply, self._label, _SEARCH)
        found = [self._match(resource, reply) for resource in entries(reply.body, self._label)]
        if len(found) > MAX_RESULTS:
            raise TooManyMatches(_TOO_MANY)
        if len({patient.nhs_number for patient in found}) != len(found):
            raise misunderstood(self._label)
        return found

    def _match(self, resource: object, reply: Reply) -> Patient:
        return patient_of(resource, asked_for=None, source=self._context.instance, label=self._label, at=reply.received)

    @property
    def _headers(self) -> Mapping[str, str]:
        return {"Accept": "application/fhir+json", "NHSD-End-User-Organisation-ODS": self._context.organisation}


def _candidate(patient: Patient, query: Query, *, fuzzy: bool) -> Candidate:
    same_name = _same_name(patient, query)
    return Candidate(
        nhs_number=patient.nhs_number,
        name=patient.name,
        born=patient.born,
        gender=patient.gender,
        restricted=patient.restricted,
        deceased=patient.death is not None,
        origin=Origin.PDS,
        why=_why(patient, query, same_name=same_name),
        similar=fuzzy and not same_name,
        postcode=patient.address.postcode if patient.address else "",
    )


def _same_name(patient: Patient, query: Query) -> bool:
    typed = {word for part in query.of(FactKind.NAME) for word in folded(part).split()}
    held = {word for part in (patient.name.family, *patient.name.given) for word in folded(part).split()}
    return typed <= held


def _why(patient: Patient, query: Query, *, same_name: bool) -> tuple[str, ...]:
    """Which of the things said the person's record bears out as it stands; PDS may have matched by a former name or address."""
    born = patient.born or PartialDate(1)
    postcode = "".join(patient.address.postcode.split()) if patient.address else ""
    said = [
        ("Name, exact", same_name),
        ("Date of birth", born.iso in query.of(FactKind.BORN)),
        ("Year of birth", f"{born.year:04}" in query.of(FactKind.BORN_YEAR)),
        ("Postcode", any(postcode.startswith("".join(p.upper().split())) for p in query.of(FactKind.POSTCODE) if postcode)),
    ]
    return tuple(words for words, holds in said if holds)

"""Asks PDS: one person by NHS number, or the people who match what was said."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from connectors.errors_http import Documented, misunderstood, raise_for
from connectors.fhir import entries
from connectors.http import Reply, Transport
from connectors.pds.mapping import patient_of
from connectors.pds.names import names_of
from connectors.pds.related import related_to
from connectors.pds.settings import PdsSettings
from connectors.pds.trace import MAX_RESULTS, Parameters, traces
from helpdesk.clock import london_day
from helpdesk.errors import ConnectorAuthFailed, ConnectorNotPermitted, NotFound, NumberNoLongerUsed, TooManyMatches
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Candidate, FactKind, Origin, PartialDate, Patient, Query
from helpdesk.patients.related import Related
from helpdesk.patients.words import folded
from helpdesk.registry.contract import ConnectorContext

_GET: Final[Documented] = {
    (404, "RESOURCE_NOT_FOUND"): (NotFound, "PDS holds nobody with this NHS number."),
    (404, "INVALIDATED_RESOURCE"): (NumberNoLongerUsed, "This NHS number is no longer used: search for the person again."),
}
_NOBODY: Final = NhsNumber("9999999999")
_TOO_MANY = "PDS: too many people match. Add a first name, the whole date of birth or a postcode."
_NOT_ONE = "PDS: more than one person matches, and this desk may be given one only. Add a first name or the whole date of birth."
_SIGN_IN = "PDS lists people only for a member of staff who is signed in with a smartcard (CIS2)."
_SEARCH: Final[Documented] = {
    (200, "TOO_MANY_MATCHES"): (TooManyMatches, _TOO_MANY),
    (403, "INVALID_VALUE"): (ConnectorNotPermitted, "PDS does not list several people for the way in which this desk is signed in."),
}
_ONE_MATCH: Final[Documented] = {**_SEARCH, (200, "TOO_MANY_MATCHES"): (TooManyMatches, _NOT_ONE)}
_RELATED: Final[Documented] = {**_GET, (404, "RESOURCE_NOT_FOUND"): (NotFound, "PDS holds nobody related to this person.")}


class Pds:
    """The Demographics port over PDS FHIR R4. May be used from several threads at once."""

    def __init__(self, settings: PdsSettings, context: ConnectorContext) -> None:
        self._settings = settings
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
        asks = traces(query, fuzzy=fuzzy, one_match=self._settings.one_match)
        if self._settings.lists_nobody:
            raise ConnectorAuthFailed(_SIGN_IN)
        for parameters in asks:
            found = self._search(parameters)
            if found:
                return tuple(_candidate(patient, query, fuzzy=fuzzy) for patient in found)
        return ()

    def related(self, number: NhsNumber) -> tuple[Related, ...]:
        """Those related to a person now; none for a restricted one. Pass the number that PDS gave, not a superseded one."""
        reply = self._transport.get_json(f"/Patient/{number}/RelatedPerson", headers=self._headers)
        try:
            raise_for(reply, self._label, _RELATED)
        except NumberNoLongerUsed:
            raise
        except NotFound:
            return ()
        return related_to(reply.body, number, self._label, london_day(reply.received))

    def _search(self, parameters: Parameters) -> list[Patient]:
        reply = self._transport.get_json("/Patient", parameters, self._headers)
        raise_for(reply, self._label, _ONE_MATCH if self._settings.one_match else _SEARCH)
        found = [self._match(resource, reply) for resource in entries(reply.body, self._label)]
        if len(found) > (1 if self._settings.one_match else MAX_RESULTS):
            raise TooManyMatches(_NOT_ONE if self._settings.one_match else _TOO_MANY)
        if len({patient.nhs_number for patient in found}) != len(found):
            raise misunderstood(self._label)
        return found

    def _match(self, resource: object, reply: Reply) -> Patient:
        return patient_of(resource, asked_for=None, source=self._context.instance, label=self._label, at=reply.received)

    @property
    def _headers(self) -> Mapping[str, str]:
        """Who asks: the organisation, and the member of staff's role where one is signed in. PDS takes no empty ones."""
        headers = {"Accept": "application/fhir+json", "NHSD-End-User-Organisation-ODS": self._context.organisation}
        if self._context.identity is not None and not self._settings.one_match:
            headers["NHSD-Session-URID"] = self._context.identity.role_id
        return {name: value for name, value in headers.items() if value}


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


def _starts_so(patient: Patient, query: Query) -> bool:
    """What was typed with a star, borne out by the name held now."""
    held = [folded(part) for part in (patient.name.family, *patient.name.given)]
    begun = [folded(word.partition("*")[0]) for word in names_of(query) if "*" in word]
    return bool(begun) and all(any(name.startswith(word) for name in held) for word in begun)


def _why(patient: Patient, query: Query, *, same_name: bool) -> tuple[str, ...]:
    """Which of the things said the person's record bears out as it stands; PDS may have matched by a former name or address."""
    born = patient.born or PartialDate(1)
    postcode = "".join(patient.address.postcode.split()) if patient.address else ""
    said = [
        ("Name, exact", same_name),
        ("Name starts so", not same_name and _starts_so(patient, query)),
        ("Date of birth", born.iso in query.of(FactKind.BORN)),
        ("Year of birth", f"{born.year:04}" in query.of(FactKind.BORN_YEAR)),
        ("Postcode", any(postcode.startswith("".join(p.upper().split())) for p in query.of(FactKind.POSTCODE) if postcode)),
    ]
    return tuple(words for words, holds in said if holds)

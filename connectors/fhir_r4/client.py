"""Asks a FHIR R4 server what it holds of one patient."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import wait
from contextlib import suppress
from functools import partial
from typing import Any

from connectors.errors_http import misunderstood, raise_for
from connectors.fhir_r4.bundle import page_of
from connectors.fhir_r4.capabilities import Capabilities, capabilities_of
from connectors.fhir_r4.codes import NAMES
from connectors.fhir_r4.links import joined
from connectors.fhir_r4.mapping import Reading
from connectors.fhir_r4.pages import FATAL, Pages, Part
from connectors.fhir_r4.settings import FhirR4Settings
from connectors.fhir_r4.subjects import Subjects
from connectors.http import Transport
from connectors.several import ask_all, worst
from helpdesk.clock import london_day
from helpdesk.desk.deadline import within
from helpdesk.errors import ConnectorRejected, HelpdeskError, NotFound
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.activity import ActivityFound
from helpdesk.registry.contract import ConnectorContext

_NOBODY = NhsNumber("9999999999")
_MOST_RECORDS = 10
"""Of one person on one server: a shared care record has one for each organisation."""
_FOR_THE_PARTS = 0.7
"""Which share of the time-out is not spent on waiting for what the server says it offers."""


class FhirActivity:
    """Fulfils the port `HospitalActivity`. May be used from several threads at once; a look-up takes at most the
    time-out of the settings, whatever has not answered by then counts as missing."""

    def __init__(self, settings: FhirR4Settings, context: ConnectorContext) -> None:
        self._settings = settings
        self._context = context
        self._label = context.label or context.instance
        self._transport = Transport(settings, context)
        self._offered: Capabilities | None = None
        self._learnt = False

    def activity(self, number: NhsNumber) -> ActivityFound:
        """All that is held now. Raises NotFound where the server has no Patient with this number (it is only asked for
        where patients are found so), else a ConnectorError; a part that could not answer is named in `missing`."""
        ends = time.monotonic() + self._settings.timeout_s
        subjects = Subjects(number, self._settings.nhs_number_system, self._settings.base_url, self._label, self._read_patient)
        whose = self._begin(number, subjects, ends)
        reading = Reading(self._settings, number, subjects, self._context.instance, self._label)
        pages = Pages(self._transport, reading, ends)
        today = london_day(self._context.clock.now())
        asked = [r for r in self._settings.resources if self._offered is None or self._offered.offers(r)]
        parts: dict[str, Callable[[], Part]] = {r: partial(pages.read, r, [*whose, *self._settings.parameters(r, today)]) for r in asked}
        came, failed = ask_all(parts, ends, self._label)
        for error in failed.values():
            if isinstance(error, FATAL):
                raise error
        if not came:
            raise worst(failed) if failed else ConnectorRejected(f"{self._label} offers nothing of what this desk asks.")
        items = joined(f for part in came.values() for f in part.found)
        return ActivityFound(items, self._missing(came), self._settings.limits)

    def check(self) -> None:
        """Reads what the server offers, then asks about a number that is never issued. Raises a ConnectorError that
        says which resources or search parameters are not offered."""
        self._offered = None
        self._offered = self._read_offered()
        self._learnt = True
        lacking = self._offered.lacks(self._settings)
        if lacking:
            raise ConnectorRejected(f"{self._label} does not offer: {', '.join(lacking)}.")
        with suppress(NotFound):
            found = self.activity(_NOBODY)
            if found.missing:
                raise ConnectorRejected(f"{self._label} answers, but not about {', '.join(found.missing)}.")

    def _missing(self, came: dict[str, Part]) -> tuple[str, ...]:
        """The parts that did not come, or not whole, as the desk names them."""
        return tuple(
            name if r not in came else f"part of {name}"
            for r in self._settings.resources
            for name in (NAMES[r],)
            if r not in came or not came[r].whole
        )

    def _begin(self, number: NhsNumber, subjects: Subjects, ends: float) -> list[tuple[str, str]]:
        """The parameters that say whose activity is asked for. What the server offers is learnt at the same time, once."""
        learning = [] if self._learnt else within(0, [self._learn])
        if self._settings.patient_by == "patient":
            whose = self._find_patient(number, subjects)
        else:
            whose = f"{self._settings.nhs_number_system}|{number}"
        done, _late = wait(learning, timeout=max(0.0, ends - time.monotonic() - self._settings.timeout_s * _FOR_THE_PARTS))
        for learnt in done:
            learnt.result()
        return [(self._settings.patient_by, whose)]

    def _learn(self) -> None:
        """A server that does not say what it offers is asked for everything."""
        self._learnt = True
        with suppress(HelpdeskError):
            self._offered = self._read_offered()

    def _read_offered(self) -> Capabilities:
        reply = self._transport.get_json("/metadata", None, self._settings.headers)
        raise_for(reply, self._label)
        return capabilities_of(reply.body, self._label)

    def _find_patient(self, number: NhsNumber, subjects: Subjects) -> str:
        """The server's own id of the patient, or its ids separated by commas."""
        identifier = f"{self._settings.nhs_number_system}|{number}"
        reply = self._transport.get_json("/Patient", {"identifier": identifier}, self._settings.headers)
        raise_for(reply, self._label)
        page = page_of(reply.body, "Patient", self._label, first=True)
        ids = dict.fromkeys(subjects.take(match) for match in page.matches)
        if page.partial or page.next_url or len(ids) > _MOST_RECORDS:
            raise misunderstood(self._label)
        if not ids:
            raise NotFound(f"{self._label} holds nobody with this NHS number.")
        return ",".join(ids)

    def _read_patient(self, logical_id: str) -> Any:
        reply = self._transport.get_json(f"/Patient/{logical_id}", None, self._settings.headers)
        raise_for(reply, self._label)
        return reply.body

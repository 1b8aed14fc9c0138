"""Whether a resource is about the person asked for: by their NHS number itself, or by a Patient that was seen to have it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

from connectors.errors_http import misunderstood
from connectors.fhir import read
from connectors.fhir_activity import AboutAnother
from connectors.fhir_r4.pieces import Actor, AppointmentPiece, Item, PatientPiece
from helpdesk.identifiers import NhsNumber

_LOGICAL_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_MOST_IDS = 10
"""Servers that hold one person several times (a record for each organisation) hold them a few times."""


class Subjects:
    """Knows the patient of one look-up. Used by every thread of it; `read_patient` asks the server for a Patient by its id."""

    def __init__(self, number: NhsNumber, system: str, base_url: str, label: str, read_patient: Callable[[str], Any]) -> None:
        self._number = number
        self._system = system
        self._base = f"{base_url.rstrip('/')}/"
        self._label = label
        self._read_patient = read_patient
        self._known: set[str] = set()
        self._asking = threading.Lock()
        self._asked = 0

    def take(self, resource: dict[str, Any], full_url: str = "") -> str:
        """Takes a Patient that the server sent in, and gives its id. Raises AboutAnother unless it has our NHS number."""
        patient = read(PatientPiece, resource, self._label)
        if not is_id(patient.id):
            raise misunderstood(self._label)
        numbers = {i.value for i in patient.identifier if i.system == self._system and i.use != "old"}
        if numbers != {self._number.value}:
            raise AboutAnother(self._label)
        self._known.update({f"Patient/{patient.id}", full_url} - {""})
        return patient.id

    def check(self, item: Item) -> None:
        """Raises AboutAnother unless the item is about our patient and nobody else; ConnectorUnavailable where the server
        would not say whose it is."""
        actors = self._patients(item)
        if not actors or not all(self._is_ours(actor, item) for actor in actors):
            raise AboutAnother(self._label)

    def is_patient(self, actor: Actor) -> bool:
        """Whether this actor is known to be our patient; nobody is asked."""
        return actor.reference in self._known or (actor.identifier.system, actor.identifier.value) == (self._system, self._number.value)

    def _patients(self, item: Item) -> list[Actor]:
        """All that an item names as its subject; of the many who take part in an appointment, those who are patients."""
        if not isinstance(item, AppointmentPiece):
            return item.whose
        contained = {f"#{c.get('id')}" for c in item.contained if c.get("resourceType") == "Patient"}
        return [a for a in item.whose if self._says_patient(a) or a.reference in contained]

    def _says_patient(self, actor: Actor) -> bool:
        known = actor.reference in self._known
        return known or actor.type == "Patient" or actor.identifier.system == self._system or "Patient/" in actor.reference

    def _is_ours(self, actor: Actor, item: Item) -> bool:
        if actor.identifier.system == self._system:
            return actor.identifier.value == self._number.value
        if actor.reference.startswith("#"):
            return self._is_contained(actor.reference, item)
        return actor.reference in self._known or self._is_known(actor.reference)

    def _is_contained(self, reference: str, item: Item) -> bool:
        held = [c for c in item.contained if f"#{c.get('id')}" == reference]
        if len(held) != 1:
            return False
        patient = read(PatientPiece, held[0], self._label)
        return {i.value for i in patient.identifier if i.system == self._system} == {self._number.value}

    def _is_known(self, reference: str) -> bool:
        """One at a time, so that several threads that meet the same Patient ask for it once."""
        kind, _, found = reference.removeprefix(self._base).split("/_history/", 1)[0].partition("/")
        if kind != "Patient" or not is_id(found):
            return False
        with self._asking:
            if f"Patient/{found}" in self._known:
                return True
            self._asked += 1
            return self._asked <= _MOST_IDS and self.take(self._read_patient(found)) == found


def is_id(text: str) -> bool:
    """Whether it can stand as one step of a path. Source: FHIR R4, id."""
    return bool(_LOGICAL_ID.fullmatch(text)) and text.strip(".") != ""

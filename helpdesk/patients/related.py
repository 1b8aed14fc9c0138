"""Somebody PDS holds as related to a patient, or as a contact of theirs."""

from __future__ import annotations

from dataclasses import dataclass, field

from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import PersonName


@dataclass(frozen=True, repr=False)
class Related:
    """`relationship` in words ("Mother, next of kin"). Either a name or the other person's NHS number is held, or both.

    Next of kin, or a contact for the patient, is not consent to disclose. Their own address and phone are not taken.
    Its `repr` shows nobody."""

    relationship: str
    name: PersonName = field(default_factory=PersonName)
    nhs_number: NhsNumber | None = None

    def __repr__(self) -> str:
        return "Related(•••)"

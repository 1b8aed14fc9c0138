"""Turns an e-RS worklist into the desk's own entries, by white list: no priority, no reason, no clinician."""

from __future__ import annotations

import re
from datetime import date, datetime

from pydantic import Field

from connectors.errors_http import misunderstood
from connectors.ers.mapping import specialty_named, state_named
from connectors.ers.resource import NHS_NUMBERS, in_london, number_or_none
from connectors.fhir import Coding, Extension, Identifier, Piece, Reference, extension, read
from connectors.text import plain
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber, Ubrn
from helpdesk.pathways.model import ReferralState, WorklistEntry, WorklistKind

_ITEM = re.compile(r"ReferralRequest/([0-9]{12})(?:/_history/[0-9]+)?")
_STATE_OF_TYPE = {"TRIAGE_DEFERRAL": ReferralState.AWAITING_TRIAGE, "APPOINTMENT": ReferralState.BOOKED}
_SINCE = {
    WorklistKind.APPOINTMENT_SLOT_ISSUES: "ubrnReceived",
    WorklistKind.AWAITING_BOOKING: "referralLastUpdated",
    WorklistKind.REJECTED_TRIAGE_RESPONSE: "referralLastUpdated",
    WorklistKind.ASSESSMENT_RETURNED_CANCELLED_DNA: "referralLastUpdated",
}
"""The day it came onto the list, or the last on which anything happened to it; the other lists do not say."""


class _Patient(Piece):
    kind: str = Field(alias="resourceType")
    id: str = ""
    identifier: list[Identifier] = Field(default_factory=list)


class _Fact(Extension):
    value_date: str = Field(default="", alias="valueDate")


class _Row(Piece):
    extension: list[_Fact]


class _Entry(Piece):
    item: Reference
    extension: list[_Row] = Field(default_factory=list)


class _Worklist(Piece):
    contained: list[_Patient] = Field(default_factory=list)
    entry: list[_Entry] = Field(default_factory=list)

    def identifier(self, reference: Reference) -> Identifier | None:
        """Whom a reference means: by itself, or in the list's own index."""
        if reference.identifier.value:
            return reference.identifier
        inner = next((c for c in self.contained if c.kind == "Patient" and reference.reference == f"#{c.id}"), None)
        return next((i for i in inner.identifier if i.system in NHS_NUMBERS), None) if inner else None


def entries_from(body: object, *, kind: WorklistKind, source: str, now: datetime, label: str) -> tuple[WorklistEntry, ...]:
    """The list in the body of a reply; one without an entry is empty. Raises ConnectorUnavailable for any other shape."""
    listed = read(_Worklist, body, label, "List")
    return tuple(_entry(e, listed, kind, source, now, label) for e in listed.entry)


def _entry(entry: _Entry, listed: _Worklist, kind: WorklistKind, source: str, now: datetime, label: str) -> WorklistEntry:
    facts = [fact for row in entry.extension for fact in row.extension]
    service = _reference(facts, "service")
    return WorklistEntry(
        ubrn=_ubrn(entry.item, label),
        nhs_number=_patient(listed, _reference(facts, "patient")),
        kind=kind,
        state=_state(facts, kind),
        service=plain(service.display) if service else "",
        specialty=_specialty(facts),
        since=_since(facts, kind, label),
        source=source,
        as_at=now,
        contact_by=_contact_by(facts, label),
    )


def _ubrn(item: Reference, label: str) -> Ubrn:
    found = _ITEM.fullmatch(item.reference)
    try:
        return Ubrn(found.group(1) if found else "")
    except RuleBroken:
        raise misunderstood(label) from None


def _reference(facts: list[_Fact], name: str) -> Reference | None:
    fact = extension(list(facts), name)
    return fact.value_reference if fact else None


def _patient(listed: _Worklist, reference: Reference | None) -> NhsNumber | None:
    found = listed.identifier(reference) if reference else None
    return number_or_none(found.value) if found and found.system in NHS_NUMBERS else None


def _coding(facts: list[_Fact], name: str) -> Coding | None:
    fact = extension(list(facts), name)
    return next(iter(fact.value_concept.coding), None) if fact and fact.value_concept else None


def _state(facts: list[_Fact], kind: WorklistKind) -> ReferralState:
    """As the list says, or as being on it means."""
    if kind is WorklistKind.APPOINTMENT_SLOT_ISSUES:
        return ReferralState.DEFERRED_TO_PROVIDER
    if kind is WorklistKind.REFERRALS_FOR_REVIEW:
        of_type = _coding(facts, "referralType")
        return _STATE_OF_TYPE.get(of_type.code if of_type else "", ReferralState.UNKNOWN)
    status = _coding(facts, "status")
    return state_named(status.code if status else "")


def _specialty(facts: list[_Fact]) -> str:
    """The specialty. Lists of a practice write it before a clinic type, which is nearly a diagnosis and is left."""
    named = _coding(facts, "specialty")
    if named is not None:
        return specialty_named(named)
    context = extension(list(facts), "clinicalContext")
    return specialty_named(Coding(code=context.value_string.split("/")[0])) if context else ""


def _since(facts: list[_Fact], kind: WorklistKind, label: str) -> date | None:
    fact = extension(list(facts), _SINCE.get(kind, ""))
    return in_london(fact.value_datetime, label).date() if fact else None


def _contact_by(facts: list[_Fact], label: str) -> date | None:
    """The day by which the patient was to be contacted, as the list gives it."""
    fact = next((f for f in facts if f.url == "patientContactExpected"), None)
    if fact is None:
        return None
    try:
        return date.fromisoformat(fact.value_date)
    except ValueError:
        raise misunderstood(label) from None

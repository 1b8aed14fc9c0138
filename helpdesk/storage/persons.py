"""One person as a record: how a patient is written, read and wiped, whichever origin they come from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import aliased

from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Patient, Sensitivity
from helpdesk.storage.database import Transaction
from helpdesk.storage.index_records import PDS, LiveRecord, PersonKeyRecord, PersonRecord
from helpdesk.storage.payloads import facts_from, facts_json, location_from, location_json
from helpdesk.storage.search_keys import LOCATION, keys_of

PERSONS = "persons"


def person_values(patient: Patient, origin: int, row_no: int, status: str = "01") -> dict[str, Any]:
    parts = vars(patient)
    located = any(parts[name] for name in ("address", "phones", "emails", "practice", "removal"))
    return {
        "origin": origin,
        "row_no": row_no,
        "number": str(patient.nhs_number),
        "number_status": status,
        "sensitivity": patient.sensitivity,
        "source": patient.source,
        "as_at": patient.as_at,
        "born": patient.born.iso if patient.born else "",
        "facts": facts_json({name: parts[name] for name in _FACTS}),
        "location": location_json(parts) if located else None,
    }


_FACTS = ("name", "former_family_names", "born", "gender", "death", "hospital_numbers", "needs")


def key_values(patient: Patient, origin: int, row_no: int) -> list[dict[str, Any]]:
    born = patient.born.iso if patient.born else ""
    return [{"kind": kind, "value": value, "origin": origin, "row_no": row_no, "born": born} for kind, value in keys_of(patient)]


def patient_of(record: PersonRecord, *, asked_for: NhsNumber | None = None) -> Patient:
    number = NhsNumber(record.number)
    return Patient(
        nhs_number=number,
        asked_for=asked_for or number,
        sensitivity=Sensitivity(record.sensitivity),
        source=record.source,
        as_at=record.as_at,
        **facts_from(record.facts),
        **(location_from(record.location) if record.location else {}),
    )


def without_location(patient: Patient) -> Patient:
    """The patient as they may be kept while another source says restricted: the flag is this source's own."""
    return replace(patient, address=None, phones=(), emails=(), practice=None, removal="")


def is_live(person: type[PersonRecord] = PersonRecord) -> ColumnElement[bool]:
    """Rows that may be read: what PDS answered, and the live persons snapshots."""
    return or_(person.origin == PDS, person.origin.in_(select(LiveRecord.no).where(LiveRecord.kind == PERSONS)))


def known_restricted(number: Any) -> ColumnElement[bool]:
    """Whether PDS or a live extract says that this person is restricted."""
    other = aliased(PersonRecord)
    restricted = other.sensitivity == Sensitivity.RESTRICTED
    return exists().where(other.number == number, other.number_status == "01", restricted, is_live(other))


def wipe_location(transaction: Transaction, which: ColumnElement[bool]) -> None:
    """Takes out all that says where these people are, live or staged, from every origin."""
    theirs = select(PersonRecord.origin, PersonRecord.row_no).where(which)
    for origin, row_no in transaction.execute(theirs).all():
        transaction.execute(
            delete(PersonKeyRecord).where(
                PersonKeyRecord.origin == origin, PersonKeyRecord.row_no == row_no, PersonKeyRecord.kind.in_(LOCATION)
            )
        )
    transaction.execute(
        update(PersonRecord).where(which, PersonRecord.location.is_not(None)).values(location=None),
        execution_options={"synchronize_session": False},
    )

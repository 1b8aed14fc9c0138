"""One person as a record: how a patient is written, read and wiped, whichever origin they come from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Text, cast, delete, exists, or_, select, update
from sqlalchemy.orm import aliased

from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Patient, Sensitivity
from helpdesk.storage.database import Transaction
from helpdesk.storage.extract_records import ActivityRowRecord, ReferralRowRecord
from helpdesk.storage.index_records import PDS, LiveRecord, PersonKeyRecord, PersonRecord
from helpdesk.storage.payloads import facts_from, facts_json, location_from, location_json
from helpdesk.storage.records import MetaRecord
from helpdesk.storage.search_keys import identity_keys, keys_in, location_keys

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
        "facts": facts_json({name: parts[name] for name in FACTS}),
        "location": location_json(parts) if located else None,
        "keys": identity_keys(patient),
        "location_keys": location_keys(patient) or None,
    }


FACTS = ("name", "former_family_names", "born", "gender", "death", "hospital_numbers", "needs")


def key_values(person: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of `person_key` for one row of `person`."""
    place = {name: person[name] for name in ("origin", "row_no", "born")}
    return [{"kind": kind, "value": value, **place} for kind, value in keys_in(person["keys"] + (person["location_keys"] or ""))]


def forget_keys(transaction: Transaction, origin: int, row_no: int, keys: str) -> None:
    """Takes these keys of one person, given as one text, out of the index."""
    for kind, value in keys_in(keys):
        held = PersonKeyRecord
        transaction.execute(
            delete(held).where(held.kind == kind, held.value == value, held.origin == origin, held.row_no == row_no),
            execution_options={"synchronize_session": False},
        )


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
    _count_a_wipe(transaction)
    theirs = select(PersonRecord.origin, PersonRecord.row_no, PersonRecord.location_keys).where(which)
    for origin, row_no, keys in transaction.execute(theirs.where(PersonRecord.location_keys.is_not(None))).all():
        forget_keys(transaction, origin, row_no, keys or "")
    transaction.execute(
        update(PersonRecord).where(which, PersonRecord.location.is_not(None)).values(location=None, location_keys=None),
        execution_options={"synchronize_session": False},
    )


_WIPES = "wipes"


def wipes(connection: Connection) -> str:
    """Another text after each wipe. On PostgreSQL a wipe that is not committed yet is waited for, and one that has not begun
    waits for the reader's transaction: whoever adds keys either sees it or is seen by it."""
    counted = select(MetaRecord.value).where(MetaRecord.name == _WIPES).with_for_update(read=True)
    return connection.scalar(counted) or ""


def _count_a_wipe(transaction: Transaction) -> None:
    one_more = cast(cast(MetaRecord.value, BigInteger) + 1, Text)
    transaction.execute(
        update(MetaRecord).where(MetaRecord.name == _WIPES).values(value=one_more), execution_options={"synchronize_session": False}
    )


def forget_places(transaction: Transaction, who: ColumnElement[bool] | Any) -> None:
    """What other extracts say of where these people are: a practice that referred them, a place they go to. `who` are numbers."""
    for rows, nothing in ((ReferralRowRecord, {"referrer": None}), (ActivityRowRecord, {"place": ""})):
        transaction.execute(update(rows).where(rows.number.in_(who)).values(nothing), execution_options={"synchronize_session": False})

"""The local index of people: found as somebody types, and kept in step with what PDS says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, insert, select

from helpdesk.clock import Clock
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Candidate, Patient, Query, Sensitivity
from helpdesk.storage import numbers
from helpdesk.storage.database import Database, Transaction, one_at_a_time
from helpdesk.storage.finding import find
from helpdesk.storage.index_records import PDS, PersonKeyRecord, PersonRecord
from helpdesk.storage.persons import (
    forget_keys,
    forget_places,
    is_live,
    key_values,
    known_restricted,
    patient_of,
    person_values,
    wipe_location,
    without_location,
)
from helpdesk.storage.records import ObservationRecord

_AT_ONCE = 500


class SqlPeople:
    """The people of the area (PersonIndex). Only rows whose NHS number is verified (status 01) answer to their number."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def find(self, query: Query, limit: int) -> tuple[tuple[Candidate, ...], int]:
        with self._database.read() as transaction:
            return find(transaction, query, limit)

    def person(self, number: NhsNumber) -> Patient | None:
        """PDS's answer where one is kept, else the newest extract's row; hospital numbers from all of them, the
        sensitivity as `known_sensitivity` gives it. A replaced number gives the person with `asked_for` set to it."""
        with self._database.read() as transaction:
            now = numbers.current(transaction, number)
            records = transaction.scalars(_rows_of([now])).all()
            if not records:
                return None
            patients = [patient_of(record, asked_for=number) for record in _pds_first(records)]
        held = dict.fromkeys(one for patient in patients for one in patient.hospital_numbers)
        strictest = Sensitivity.RESTRICTED if any(patient.restricted for patient in patients) else Sensitivity.UNRESTRICTED
        return replace(patients[0], sensitivity=strictest, hospital_numbers=tuple(held))

    def known_sensitivity(self, number: NhsNumber) -> Sensitivity | None:
        return self.known_sensitivities([number]).get(number)

    def known_sensitivities(self, numbers_asked: Iterable[NhsNumber]) -> dict[NhsNumber, Sensitivity]:
        asked = list(dict.fromkeys(numbers_asked))
        known: dict[NhsNumber, Sensitivity] = {}
        with self._database.read() as transaction:
            for at in range(0, len(asked), _AT_ONCE):
                known |= _flags(transaction, asked[at : at + _AT_ONCE])
        return known

    def remember(self, patient: Patient) -> None:
        """An answer older than the one kept changes nothing, unless it says restricted: should the computer's clock have been
        put back, the stricter is the safe one. What sources said of a restricted person goes too: it names hospitals, places and
        days. Returns only after its commit."""
        with self._database.begin() as transaction:
            one_at_a_time(transaction, "people as PDS knows them")
            patient = numbers.settled(transaction, patient)
            if patient.superseded:
                numbers.replace_number(transaction, patient.asked_for, patient.nhs_number, self._clock.now())
            kept = transaction.get(PersonRecord, (PDS, int(patient.nhs_number.value)))
            if kept is None or kept.as_at <= patient.as_at or patient.restricted:
                _keep(transaction, patient, kept)


def _keep(transaction: Transaction, patient: Patient, kept: PersonRecord | None) -> None:
    row_no = int(patient.nhs_number.value)
    if kept is not None and not patient.restricted and _says_the_same(transaction, kept, patient):
        kept.as_at = patient.as_at
        return
    if kept is not None:
        forget_keys(transaction, PDS, row_no, kept.keys + (kept.location_keys or ""))
        transaction.delete(kept)
        transaction.flush()
    if patient.restricted:
        wipe_location(transaction, (PersonRecord.number == str(patient.nhs_number)) & (PersonRecord.number_status == "01"))
        transaction.execute(delete(ObservationRecord).where(ObservationRecord.patient == str(patient.nhs_number)))
        forget_places(transaction, [str(patient.nhs_number)])
    elif transaction.scalar(select(known_restricted(str(patient.nhs_number)))):
        patient = without_location(patient)
    values = person_values(patient, PDS, row_no)
    transaction.execute(insert(PersonRecord), [values])
    if keys := key_values(values):
        transaction.execute(insert(PersonKeyRecord), keys)


def _says_the_same(transaction: Transaction, kept: PersonRecord, patient: Patient) -> bool:
    """Whether PDS says of them what it said before, so that only the moment is new."""
    if transaction.scalar(select(known_restricted(str(patient.nhs_number)))):
        patient = without_location(patient)
    values = person_values(patient, PDS, kept.row_no)
    return all(getattr(kept, name) == value for name, value in values.items() if name != "as_at")


def _rows_of(asked: Iterable[str]) -> Any:
    return select(PersonRecord).where(PersonRecord.number.in_(asked), PersonRecord.number_status == "01", is_live())


def _pds_first(records: Sequence[PersonRecord]) -> list[PersonRecord]:
    return sorted(records, key=lambda record: (record.origin != PDS, -record.as_at.timestamp(), -record.origin, record.row_no))


def _flags(transaction: Transaction, asked: Sequence[NhsNumber]) -> dict[NhsNumber, Sensitivity]:
    """Restricted if PDS or an extract says so: where both flags are known and differ, the stricter counts."""
    now = {str(number): str(number) for number in asked}
    now |= numbers.all_replaced(transaction, set(now))
    found: dict[str, str] = {}
    for number, flag in transaction.execute(_rows_of(set(now.values())).with_only_columns(PersonRecord.number, PersonRecord.sensitivity)):
        if found.get(number) != Sensitivity.RESTRICTED:
            found[number] = flag
    return {number: Sensitivity(found[now[str(number)]]) for number in asked if now[str(number)] in found}
